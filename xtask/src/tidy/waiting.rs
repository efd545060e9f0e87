//! Tests wait for events, not for time to pass.

use std::{io, path::Path};

use super::{
    finding::Finding,
    tree::{File, files},
};

/// What a line says that may wait all the same, followed by the reason.
const MARKER: &str = "// tidy: ";

/// No test sleeps, unless its line (or the comment above it) says why.
pub(crate) fn sleeping_tests(root: &Path) -> io::Result<Vec<Finding>> {
    let mut tests = files(root, "crates", &[".rs"])?;
    tests.retain(|file| matches!(file.parts()[..], ["crates", _, "tests", ..]));
    let mut findings: Vec<Finding> = tests.iter().flat_map(|file| waits(file, "sleep(")).collect();
    for file in files(root, "web/tests", &[".js", ".mjs"])? {
        findings.extend(waits(&file, "waitForTimeout"));
    }
    Ok(findings)
}

fn waits(file: &File, word: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut excused = false;
    for (number, line) in file.lines() {
        if line.contains(word) && !excused && !says_why(line) {
            findings.push(Finding::new(
                &file.path,
                number,
                format!(
                    "a test must not wait for time to pass (`{word}`): wait for the event, or say \
                     why not in a comment `{MARKER}…` on this line"
                ),
            ));
        }
        excused = line.trim_start().starts_with(MARKER) && says_why(line);
    }
    findings
}

fn says_why(line: &str) -> bool {
    line.split_once(MARKER).is_some_and(|(_, why)| !why.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Tree;
    use super::*;

    #[test]
    fn a_test_that_sleeps_is_found() {
        let tree = Tree::new(&[
            ("crates/a/tests/a.rs", "//! A.\nstd::thread::sleep(second);\n"),
            ("crates/a/src/lib.rs", "sleep(second);\n"),
            ("web/tests/e2e/a.test.js", "\n\nawait page.waitForTimeout(100);\n"),
        ]);
        assert_eq!(
            tree.places(sleeping_tests),
            ["crates/a/tests/a.rs:2", "web/tests/e2e/a.test.js:3"]
        );
    }

    #[test]
    fn a_reason_excuses_its_own_line_only() {
        let tree = Tree::new(&[(
            "crates/a/tests/a.rs",
            "sleep(a); // tidy: the peer is slow by design\n\
             // tidy: so is this one\n\
             sleep(b);\n\
             sleep(c);\n\
             sleep(d); // tidy: \n",
        )]);
        assert_eq!(tree.places(sleeping_tests), ["crates/a/tests/a.rs:4", "crates/a/tests/a.rs:5"]);
    }
}
