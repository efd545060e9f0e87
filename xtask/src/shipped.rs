//! What the programs hold that are given on: packages by `cargo tree`, with
//! what Cargo.lock knows of them.

use std::{collections::BTreeMap, fs, path::Path};

use crate::command::{cargo, said};

/// The programs that are given on.
pub(crate) const PROGRAMS: [&str; 2] = ["chat-server", "chat-cli"];

/// What is looked at, wherever one looks from: other systems link others.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// A package that is in a program.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// As it says itself (SPDX).
    pub(crate) licence: String,
    /// SHA-256 of what was downloaded; nothing where it is ours.
    pub(crate) checksum: Option<String>,
}

/// The packages in a program, in the order of their names, and the program's
/// own first.
///
/// # Errors
///
/// A sentence, where cargo or Cargo.lock can't tell.
pub(crate) fn packages(root: &Path, program: &str) -> Result<Vec<Package>, String> {
    let words = ["tree", "--edges", "normal,no-proc-macro", "--prefix", "none", "--no-dedupe"];
    let tree = said(cargo().current_dir(root).args(words).args([
        "--format",
        "{p}|{l}",
        "--target",
        TARGET,
        "--package",
        program,
    ]))?;
    let lock = root.join("Cargo.lock");
    let lock = fs::read_to_string(&lock).map_err(|why| format!("{}: {why}", lock.display()))?;
    let checksums = checksums(&lock);
    let mut packages = Vec::new();
    for line in tree.lines().filter(|line| !line.is_empty()) {
        let mut package = parse(line).ok_or_else(|| format!("`cargo tree` says `{line}`"))?;
        let key = (package.name.clone(), package.version.clone());
        package.checksum = checksums.get(&key).cloned();
        packages.push(package);
    }
    packages.sort();
    packages.dedup();
    packages.sort_by_key(|package| package.name != program);
    Ok(packages)
}

/// A line like `clap v4.6.9|MIT OR Apache-2.0`, with a path where it is ours.
fn parse(line: &str) -> Option<Package> {
    let (package, licence) = line.split_once('|')?;
    let mut words = package.split(' ');
    Some(Package {
        name: words.next()?.into(),
        version: words.next()?.strip_prefix('v')?.into(),
        // Before SPDX a slash was the same as OR.
        licence: licence.replace(" / ", " OR ").replace('/', " OR "),
        checksum: None,
    })
}

/// The checksums of a Cargo.lock, by name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let mut checksums = BTreeMap::new();
    for package in lock.split("[[package]]") {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
            line.map(|value| value.trim_matches('"').to_owned())
        };
        if let (Some(name), Some(version), Some(checksum)) =
            (value("name"), value("version"), value("checksum"))
        {
            checksums.insert((name, version), checksum);
        }
    }
    checksums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_cargo_tree_is_a_package() {
        let clap = parse("clap v4.6.9|MIT/Apache-2.0").unwrap();
        assert_eq!((clap.name.as_str(), clap.version.as_str()), ("clap", "4.6.9"));
        assert_eq!(clap.licence, "MIT OR Apache-2.0");
        assert_eq!(parse("chat-core v0.1.0 (/a/b)|MIT").unwrap().version, "0.1.0");
        assert_eq!(parse("what?"), None);
    }

    #[test]
    fn the_programs_are_known_with_their_checksums() {
        let root = crate::root();
        for program in PROGRAMS {
            let packages = packages(&root, program).unwrap();
            assert_eq!(packages[0].name, program);
            assert_eq!(packages[0].checksum, None);
            let clap = packages.iter().find(|package| package.name == "clap").unwrap();
            assert_eq!(clap.checksum.as_ref().map(String::len), Some(64));
            assert!(packages.iter().all(|package| !package.licence.is_empty()));
            assert!(!packages.iter().any(|package| package.name == "clap_derive"), "a macro");
        }
    }
}
