//! What may not stand in the page: whatever could turn text into code.

use std::{io, path::Path};

use super::{
    finding::Finding,
    html::{Tag, tags},
    tree::{File, files},
};

/// Ways by which text becomes markup or code.
const SINKS: [&str; 5] =
    ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("];

/// The page's scripts and markup turn no text into markup or code.
pub(crate) fn sinks(root: &Path) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in served(root, &[".js", ".mjs", ".html", ".svg"])? {
        for (number, line) in file.lines() {
            for sink in SINKS.iter().filter(|sink| has_word(line, sink)) {
                findings.push(Finding::new(
                    &file.path,
                    number,
                    format!("`{sink}` turns text into code: use textContent and elements"),
                ));
            }
        }
    }
    Ok(findings)
}

/// The page's markup holds no script, style or handler of its own, so that the
/// content security policy can forbid them all.
pub(crate) fn inline_code(root: &Path) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in served(root, &[".html"])? {
        for tag in tags(&file.text) {
            findings.extend(
                inline_in(&tag).into_iter().map(|what| Finding::new(&file.path, tag.line, what)),
            );
        }
    }
    Ok(findings)
}

/// The files of `web/` without the tests, which nobody is served.
fn served(root: &Path, extensions: &[&str]) -> io::Result<Vec<File>> {
    let mut found = files(root, "web", extensions)?;
    found.retain(|file| !matches!(file.parts()[..], ["web", "tests", ..]));
    Ok(found)
}

fn inline_in(tag: &Tag<'_>) -> Vec<String> {
    let mut found = Vec::new();
    if tag.name == "script" && (tag.attribute("src").is_none() || !tag.content.trim().is_empty()) {
        found.push("an inline script: move it to a file in web/js".into());
    }
    if tag.name == "style" {
        found.push("an inline style sheet: move it to a file in web/css".into());
    }
    for (name, value) in &tag.attributes {
        if name == "style" {
            found.push("a style attribute: give it a class and a rule in web/css".into());
        } else if name.starts_with("on") {
            found.push(format!("an inline handler `{name}`: use addEventListener in web/js"));
        } else if value.trim_start().to_ascii_lowercase().starts_with("javascript:") {
            found.push(format!("a script in `{name}`: use addEventListener in web/js"));
        }
    }
    found
}

/// Whether `word` stands in the line, not as the end of a longer name.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$'))
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Tree;
    use super::*;

    #[test]
    fn an_inline_script_is_found() {
        let tree = Tree::new(&[(
            "web/index.html",
            "<!doctype html>\n<script src=\"js/main.js\" type=\"module\"></script>\n\
             <script>start()</script>\n",
        )]);
        assert_eq!(
            tree.findings(inline_code),
            ["web/index.html:3: an inline script: move it to a file in web/js"]
        );
    }

    #[test]
    fn whatever_else_is_inline_is_found() {
        let tree = Tree::new(&[(
            "web/a.html",
            "<script src=a.js>b()</script>\n\
             <style>p { color: red }</style>\n\
             <p style=\"color: red\">\n\
             <P OnClick = 'a()'>\n\
             <a href=\" JavaScript:a()\">\n\
             <script type=\"importmap\">{}</script>\n\
             <!-- <script>a()</script> -->\n\
             <p title=\"on a style\" class=style>\n",
        )]);
        let places: Vec<String> = (1..=6).map(|line| format!("web/a.html:{line}")).collect();
        assert_eq!(tree.places(inline_code), places);
    }

    #[test]
    fn ways_from_text_to_code_are_found() {
        let tree = Tree::new(&[
            (
                "web/js/view/a.js",
                "a.innerHTML = b;\na.outerHTML = b;\na.insertAdjacentHTML(b, c);\n\
                 document.writeln(b);\nwindow.eval(b);\n",
            ),
            ("web/js/view/good.js", "a.textContent = b;\nretrieval(b);\npage.$eval(b);\n"),
            ("web/tests/e2e/a.test.js", "assert.equal(a.innerHTML, '');\n"),
        ]);
        let places: Vec<String> = (1..=5).map(|line| format!("web/js/view/a.js:{line}")).collect();
        assert_eq!(tree.places(sinks), places);
    }
}
