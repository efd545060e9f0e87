//! Each Rust file begins by saying what it is.

use std::{io, path::Path};

use super::{finding::Finding, tree::files};

/// The first line of each Rust file is a `//!` line.
pub(crate) fn first_lines(root: &Path) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for folder in ["crates", "xtask"] {
        for file in files(root, folder, &[".rs"])? {
            let said = file.text.lines().next().and_then(|line| line.strip_prefix("//! "));
            if said.is_none_or(|line| line.trim().is_empty()) {
                findings.push(Finding::new(
                    &file.path,
                    1,
                    "the file doesn't say what it is: begin it with a `//!` line",
                ));
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Tree;
    use super::*;

    #[test]
    fn a_file_says_what_it_is() {
        let tree = Tree::new(&[
            ("crates/a/src/good.rs", "//! Good.\n"),
            ("crates/a/src/late.rs", "\n//! Late.\n"),
            ("crates/a/tests/empty.rs", ""),
            ("crates/a/tests/mute.rs", "//!\n"),
            ("xtask/src/none.rs", "fn main() {}\n"),
            ("crates/a/target/built.rs", "fn main() {}\n"),
        ]);
        assert_eq!(
            tree.places(first_lines),
            [
                "crates/a/src/late.rs:1",
                "crates/a/tests/empty.rs:1",
                "crates/a/tests/mute.rs:1",
                "xtask/src/none.rs:1",
            ]
        );
    }
}
