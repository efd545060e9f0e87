//! Small files.

use std::{io, path::Path};

use super::{finding::Finding, tree::files};

const MAX_LINES: usize = 400;

/// No source file has more than 400 lines.
pub(crate) fn long_files(root: &Path) -> io::Result<Vec<Finding>> {
    let mut sources = files(root, "crates", &[".rs"])?;
    sources.retain(|file| matches!(file.parts()[..], ["crates", _, "src", ..]));
    sources.extend(files(root, "xtask/src", &[".rs"])?);
    sources.extend(files(root, "web/js", &[".js"])?);

    let mut findings = Vec::new();
    for file in sources {
        let lines = file.text.lines().count();
        if lines > MAX_LINES {
            findings.push(Finding::new(
                &file.path,
                MAX_LINES + 1,
                format!("{lines} lines are more than {MAX_LINES}: split the file by what it does"),
            ));
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Tree;
    use super::*;

    #[test]
    fn long_files_are_found_where_sources_are() {
        let (full, over) = ("\n".repeat(400), "\n".repeat(401));
        let tree = Tree::new(&[
            ("crates/a/src/full.rs", &full),
            ("crates/a/src/deep/over.rs", &over),
            ("crates/a/tests/over.rs", &over),
            ("xtask/src/over.rs", &over),
            ("web/js/io/over.js", &over),
            ("web/tests/over.js", &over),
        ]);
        assert_eq!(
            tree.places(long_files),
            ["crates/a/src/deep/over.rs:401", "xtask/src/over.rs:401", "web/js/io/over.js:401"]
        );
    }
}
