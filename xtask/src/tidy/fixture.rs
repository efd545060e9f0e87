//! A small workspace in a folder of its own, for a rule to look at.

use std::{fs, io, path::Path};

use tempfile::TempDir;

use super::finding::Finding;

pub(crate) struct Tree(TempDir);

impl Tree {
    /// A folder with these files, given as path and text.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let tree = Self(TempDir::new().unwrap());
        for (path, text) in files {
            let path = tree.0.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        tree
    }

    /// What the rule finds here, as it is printed.
    pub(crate) fn findings(&self, rule: fn(&Path) -> io::Result<Vec<Finding>>) -> Vec<String> {
        rule(self.0.path()).unwrap().iter().map(ToString::to_string).collect()
    }

    /// Where the rule finds something here.
    pub(crate) fn places(&self, rule: fn(&Path) -> io::Result<Vec<Finding>>) -> Vec<String> {
        let found = rule(self.0.path()).unwrap();
        found.iter().map(|finding| format!("{}:{}", finding.path, finding.line)).collect()
    }
}
