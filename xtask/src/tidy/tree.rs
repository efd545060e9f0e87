//! The text files that the rules read.

use std::{fs, io, path::Path};

/// What isn't ours: built, or fetched.
const SKIPPED: [&str; 3] = ["target", "node_modules", ".git"];

/// A text file of the workspace.
pub(crate) struct File {
    /// Below the workspace's folder, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    /// The path's parts, to match a place like `["crates", _, "src", ..]`.
    pub(crate) fn parts(&self) -> Vec<&str> {
        self.path.split('/').collect()
    }

    /// The lines with their numbers, counted from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(before, line)| (before + 1, line))
    }
}

/// The files below `folder` that end in one of `extensions`, in the order of
/// their paths. A folder that isn't there holds none.
pub(crate) fn files(root: &Path, folder: &str, extensions: &[&str]) -> io::Result<Vec<File>> {
    let mut found = Vec::new();
    if root.join(folder).is_dir() {
        walk(root, folder, extensions, &mut found)?;
    }
    found.sort_by(|a: &File, b: &File| a.path.cmp(&b.path));
    Ok(found)
}

fn walk(root: &Path, folder: &str, extensions: &[&str], found: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_dir() && !SKIPPED.contains(&name.as_str()) {
            walk(root, &path, extensions, found)?;
        } else if kind.is_file() && extensions.iter().any(|end| name.ends_with(end)) {
            let text = fs::read_to_string(entry.path())
                .map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))?;
            found.push(File { path, text });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_in_order_and_without_what_is_built() {
        let root = tempfile::tempdir().unwrap();
        for path in ["b/x.rs", "a.rs", "b/target/y.rs", "node_modules/z.rs", "b/a.txt"] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let paths: Vec<String> =
            files(root.path(), "", &[".rs"]).unwrap().into_iter().map(|file| file.path).collect();
        assert_eq!(paths, ["a.rs", "b/x.rs"]);
    }

    #[test]
    fn a_folder_that_is_not_there_holds_nothing() {
        let root = tempfile::tempdir().unwrap();
        assert!(files(root.path(), "web", &[".js"]).unwrap().is_empty());
    }
}
