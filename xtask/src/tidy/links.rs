//! The documents' links lead somewhere.

use std::{io, path::Path};

use super::{
    finding::Finding,
    tree::{File, files},
};

/// Each relative link in a Markdown file points at a file that is there.
pub(crate) fn dead_links(root: &Path) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in files(root, "", &[".md"])? {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (number, target) in links(&file) {
            let path = target.split(['#', '?']).next().unwrap_or_default();
            // `/` means the repository's folder where a forge shows the file.
            let there = match path.strip_prefix('/') {
                Some(path) => root.join(path),
                None => root.join(folder).join(path),
            };
            if !path.is_empty() && !has_scheme(path) && !there.exists() {
                findings.push(Finding::new(
                    &file.path,
                    number,
                    format!("nothing is at `{path}`: correct the link, or add the file"),
                ));
            }
        }
    }
    Ok(findings)
}

/// The targets of links and images outside of code, with their lines.
fn links(file: &File) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (number, line) in file.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if !in_code {
            found.extend(targets(line).into_iter().map(|target| (number, target)));
        }
    }
    found
}

fn targets(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    // Every second part between backticks is code.
    for text in line.split('`').step_by(2) {
        for (opening, closing) in [("](", ')'), ("src=\"", '"'), ("href=\"", '"')] {
            for (at, _) in text.match_indices(opening) {
                let rest = &text[at + opening.len()..];
                found.extend(rest.split_once(closing).map(|(target, _)| target));
            }
        }
    }
    if line.starts_with('[') {
        found.extend(line.split_once("]: ").map(|(_, target)| target));
    }
    // A title may follow a target, and `<` and `>` may stand around it.
    found
        .into_iter()
        .filter_map(|target| target.split_whitespace().next())
        .map(|target| target.trim_start_matches('<').trim_end_matches('>'))
        .collect()
}

fn has_scheme(target: &str) -> bool {
    target.split_once(':').is_some_and(|(scheme, _)| scheme.chars().all(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Tree;
    use super::*;

    #[test]
    fn dead_links_are_found() {
        let tree = Tree::new(&[
            (
                "README.md",
                "[a](docs/a.md)\n![b](docs/b.png \"B\")\n<img src=\"c.png\">\n\n[d]: d.md\n",
            ),
            ("docs/a.md", "[a](README.md#top) and [b](../README.md)\n"),
        ]);
        assert_eq!(
            tree.findings(dead_links),
            [
                "README.md:2: nothing is at `docs/b.png`: correct the link, or add the file",
                "README.md:3: nothing is at `c.png`: correct the link, or add the file",
                "README.md:5: nothing is at `d.md`: correct the link, or add the file",
                "docs/a.md:1: nothing is at `README.md`: correct the link, or add the file",
            ]
        );
    }

    #[test]
    fn what_is_no_relative_link_is_left_alone() {
        let tree = Tree::new(&[(
            "README.md",
            "[a](#top) [b](https://example.org/b) [c](mailto:c@example.org) `[d](d)` [e](/README.md)\n\
             ```\n[f](f)\n```\n[g](<README.md>)\n",
        )]);
        assert_eq!(tree.findings(dead_links), [""; 0]);
    }
}
