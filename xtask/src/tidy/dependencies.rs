//! Who may depend on whom (ARCHITECTURE.md), and what the core may use.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use super::{
    finding::Finding,
    package::{Package, packages},
};

#[cfg(test)]
mod tests;

/// Each crate with those of ours that it may use, and those that its tests may
/// use besides.
const DIRECTIONS: [(&str, &[&str], &[&str]); 9] = [
    ("chat-bench", &["chat-core", "chat-proto", "chat-seal"], &[]),
    ("chat-core", &[], &[]),
    ("chat-proto", &[], &[]),
    ("chat-seal", &["chat-core"], &[]),
    ("chat-client", &["chat-core", "chat-proto", "chat-seal"], &["chat-server"]),
    ("chat-server", &["chat-core", "chat-proto"], &["chat-client"]),
    ("chat-cli", &["chat-client"], &["chat-core", "chat-server"]),
    ("chat-load", &["chat-proto"], &["chat-server"]),
    ("xtask", &[], &[]),
];

/// A server that can't open a message must not even link what could, by any way.
const NEVER: (&str, &str) = ("chat-server", "chat-seal");

/// All that the core may use of others: each works without std, and none of
/// them does I/O.
const CORE_EXTERNALS: [&str; 6] =
    ["rand_core", "sha2", "thiserror", "unicase", "unicode-normalization", "zeroize"];

/// The crates of the workspace depend on each other as the table says.
pub(crate) fn directions(root: &Path) -> io::Result<Vec<Finding>> {
    let packages = packages(root)?;
    let ours: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut findings = Vec::new();
    for package in &packages {
        let Some((_, uses, tests_use)) = DIRECTIONS.iter().find(|(name, ..)| *name == package.name)
        else {
            findings.push(package.finding(
                "name",
                format!(
                    "no rule says what {} may depend on: add it to xtask/src/tidy/dependencies.rs",
                    package.name
                ),
            ));
            continue;
        };
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            let allowed =
                uses.contains(&name) || dependency.tests_only && tests_use.contains(&name);
            if ours.contains(name) && !allowed {
                findings.push(package.finding(
                    name,
                    format!(
                        "{} must not depend on {name}: move what it needs to where it may look, \
                         see ARCHITECTURE.md",
                        package.name
                    ),
                ));
            }
        }
    }
    findings.extend(forbidden_way(&packages));
    Ok(findings)
}

/// The core uses no crate of others but the few that are known to fit it.
pub(crate) fn core_externals(root: &Path) -> io::Result<Vec<Finding>> {
    let packages = packages(root)?;
    let ours: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut findings = Vec::new();
    for package in packages.iter().filter(|package| package.name == "chat-core") {
        for dependency in package.dependencies.iter().filter(|one| !one.tests_only) {
            let name = dependency.name.as_str();
            if !ours.contains(name) && !CORE_EXTERNALS.contains(&name) {
                findings.push(package.finding(
                    name,
                    format!(
                        "chat-core must not use {name}: it does no I/O and reads no clock, and \
                         uses {} only",
                        CORE_EXTERNALS.join(", ")
                    ),
                ));
            }
        }
    }
    Ok(findings)
}

/// The core's promise stands where the compiler sees it: right after the docs.
pub(crate) fn core_is_no_std(root: &Path) -> io::Result<Vec<Finding>> {
    let path = "crates/chat-core/src/lib.rs";
    let text = match fs::read_to_string(root.join(path)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let first = text
        .lines()
        .enumerate()
        .find(|(_, line)| !line.starts_with("//") && !line.trim().is_empty());
    Ok(match first {
        Some((_, "#![no_std]")) => Vec::new(),
        other => vec![Finding::new(
            path,
            other.map_or(1, |(before, _)| before + 1),
            "the core's first line after its docs must be `#![no_std]`: put it back",
        )],
    })
}

fn forbidden_way(packages: &[Package]) -> Option<Finding> {
    let (from, never) = NEVER;
    let by_name: BTreeMap<&str, &Package> =
        packages.iter().map(|package| (package.name.as_str(), package)).collect();
    let (mut reached, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(name) = next.pop() {
        let Some(package) = by_name.get(name).filter(|_| reached.insert(name)) else { continue };
        let uses = package.dependencies.iter().filter(|one| !one.tests_only);
        for dependency in uses {
            if dependency.name == never && name != from {
                return Some(package.finding(
                    never,
                    format!("{from} gets {never} by way of {name}: the server must not link it"),
                ));
            }
            next.push(&dependency.name);
        }
    }
    None
}
