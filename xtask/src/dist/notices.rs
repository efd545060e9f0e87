//! The licences of all that is in a program, in full.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    command::{cargo, said},
    shipped::Package,
};

/// How a file of a licence begins.
const NAMES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"];

/// Our own licence, and below it each text with the packages that it is for.
///
/// # Errors
///
/// A sentence, where a package's files can't be found.
pub(super) fn notices(
    root: &Path,
    packages: &[Package],
    beside: &[Package],
) -> Result<String, String> {
    let read = |path: PathBuf| {
        fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))
    };
    let mut all = read(root.join("LICENSE"))?;
    let folders = folders(root)?;
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages.iter().filter(|package| package.checksum.is_some()) {
        let Package { name, version, licence, .. } = package;
        let folder = folders.get(&(name.clone(), version.clone()));
        let folder = folder.ok_or_else(|| format!("cargo doesn't say where {name} is"))?;
        let mut found = String::new();
        for path in licences(folder, licence)? {
            found += read(path)?.trim();
            found += "\n\n";
        }
        // Some packages come without: then the name of the licence has to do.
        texts.entry(found).or_default().push(format!("{name} {version} ({licence})"));
    }
    let mut texts: Vec<_> = texts.into_iter().map(|(text, of)| (of, text)).collect();
    texts.sort();
    all += "\nIt contains other works, under the licences that follow";
    for Package { name, version, licence, .. } in beside {
        all += &format!("; {name} {version} ({licence})");
    }
    all += ".\n";
    for (of, text) in texts {
        all += &format!("\n{}\n{}\n\n{text}", "-".repeat(80), of.join("\n"));
    }
    Ok(all)
}

/// Where each package's files are, by name and version.
fn folders(root: &Path) -> Result<BTreeMap<(String, String), PathBuf>, String> {
    let words = ["metadata", "--format-version", "1", "--locked"];
    let metadata = said(cargo().current_dir(root).args(words))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|why| why.to_string())?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let folder = |package: &Value| {
        let manifest = PathBuf::from(text(&package["manifest_path"]));
        let key = (text(&package["name"]), text(&package["version"]));
        Some((key, manifest.parent()?.to_path_buf()))
    };
    Ok(packages.filter_map(folder).collect())
}

/// The files of a package's licences. Of those that one may choose from, MIT is
/// ours, too.
fn licences(folder: &Path, licence: &str) -> Result<Vec<PathBuf>, String> {
    let said = |why| format!("{}: {why}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(said)? {
        let path = entry.map_err(said)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        let is_other = licence.contains("MIT OR") || licence.contains("OR MIT");
        let is_apache = name.contains("APACHE");
        if path.is_file()
            && NAMES.iter().any(|begin| name.starts_with(begin))
            && !(is_other && is_apache)
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mit_is_chosen_where_one_may_choose() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["LICENSE-MIT", "LICENSE-APACHE", "README.md", "notice.txt"] {
            fs::write(folder.path().join(file), "").unwrap();
        }
        let names = |licence| {
            let files = licences(folder.path(), licence).unwrap();
            files.iter().map(|path| path.file_name().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("MIT OR Apache-2.0"), ["LICENSE-MIT", "notice.txt"]);
        assert_eq!(names("Apache-2.0"), ["LICENSE-APACHE", "LICENSE-MIT", "notice.txt"]);
    }
}
