//! The page asks nothing of another host.

use std::{io, net::Ipv4Addr, path::Path};

use super::{
    finding::Finding,
    tree::{File, files},
};

/// A name, not an address: browsers never fetch it.
const SVG_NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// No file of the page names another host; its tests name this machine, and
/// names that are reserved for examples.
pub(crate) fn foreign_hosts(root: &Path) -> io::Result<Vec<Finding>> {
    let kinds = [".html", ".js", ".mjs", ".css", ".svg", ".json", ".webmanifest"];
    let mut findings = Vec::new();
    for file in files(root, "web", &kinds)? {
        // npm writes this one, with the addresses that it fetched from.
        if file.path.ends_with("/package-lock.json") {
            continue;
        }
        let is_test = matches!(file.parts()[..], ["web", "tests", ..]);
        for (number, url, host) in urls(&file) {
            let lower = host.to_ascii_lowercase();
            let good = if is_test {
                is_loopback(&lower) || is_reserved(&lower)
            } else {
                url == SVG_NAMESPACE
            };
            if !good {
                let what = if is_test {
                    format!("`{host}` is another machine: tests use this one, or example.org")
                } else {
                    format!("the page names the host `{host}`: make the URL relative")
                };
                findings.push(Finding::new(&file.path, number, what));
            }
        }
    }
    Ok(findings)
}

/// All URLs with a host that stands there in full, with their line and host.
fn urls(file: &File) -> impl Iterator<Item = (usize, &str, &str)> {
    file.lines().flat_map(|(number, line)| {
        line.match_indices("//").filter_map(move |(at, _)| {
            let start = url_start(&line[..at])?;
            let rest = &line[at + 2..];
            let ends_url = |c: char| c.is_whitespace() || "\"'`<>(),;\\".contains(c);
            let url = &line[start..at + 2 + rest.find(ends_url).unwrap_or(rest.len())];
            let (_, host) = url.split_once("//")?;
            let host = host.split(['/', '?', '#']).next()?;
            let host = host.rsplit('@').next()?;
            let host = if host.starts_with('[') {
                host.split_inclusive(']').next()?
            } else {
                host.split(':').next()?
            };
            let is_written = host.starts_with(|c: char| c.is_alphanumeric() || c == '[');
            is_written.then_some((number, url, host))
        })
    })
}

/// Where the URL begins whose `//` follows `before`: at its scheme, or, where
/// it takes the page's scheme, right here. Otherwise `//` is a comment.
fn url_start(before: &str) -> Option<usize> {
    if before.ends_with(['"', '\'', '`', '(', '=']) {
        return Some(before.len());
    }
    let scheme_end = before.strip_suffix(':')?;
    let is_of_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let scheme = scheme_end.trim_end_matches(is_of_scheme).len();
    (scheme < scheme_end.len()).then_some(scheme)
}

fn is_loopback(host: &str) -> bool {
    host == "[::1]"
        || is_below(host, "localhost")
        || host.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
}

/// Names that never lead anywhere (RFC 2606), and the one that the protocol
/// writes for any host.
fn is_reserved(host: &str) -> bool {
    ["example", "invalid", "test", "example.com", "example.net", "example.org"]
        .iter()
        .any(|name| is_below(host, name))
        || host == "host"
}

fn is_below(host: &str, name: &str) -> bool {
    host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Tree;
    use super::*;

    #[test]
    fn a_foreign_host_in_the_page_is_found() {
        let tree = Tree::new(&[
            (
                "web/index.html",
                "<link href=\"https://fonts.example/a.css\">\n<img src=//cdn.example/a>\n",
            ),
            ("web/css/a.css", "p { background: url(//cdn.example/a.png) }\n"),
            (
                "web/js/a.js",
                "\nnew WebSocket('ws://localhost:8080/ws');\n// see https://example.org\n",
            ),
        ]);
        assert_eq!(
            tree.findings(foreign_hosts),
            [
                "web/css/a.css:1: the page names the host `cdn.example`: make the URL relative",
                "web/index.html:1: the page names the host `fonts.example`: make the URL relative",
                "web/index.html:2: the page names the host `cdn.example`: make the URL relative",
                "web/js/a.js:2: the page names the host `localhost`: make the URL relative",
                "web/js/a.js:3: the page names the host `example.org`: make the URL relative",
            ]
        );
    }

    #[test]
    fn what_is_no_foreign_host_is_left_alone() {
        let tree = Tree::new(&[
            ("web/icon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n"),
            (
                "web/js/a.js",
                "// A comment.\nconst a = `${scheme}://${location.host}/ws`;\n\
                 const b = 'wss://' + host; //c\nconst d = /^https?:\\/\\//;\n\
                 createElementNS('http://www.w3.org/2000/svg', 'svg');\n",
            ),
            ("web/tests/package-lock.json", "\"url\": \"https://sponsor.com/a\"\n"),
        ]);
        assert_eq!(tree.findings(foreign_hosts), [""; 0]);
    }

    #[test]
    fn a_name_that_only_begins_like_the_namespace_is_foreign() {
        let tree = Tree::new(&[("web/js/a.js", "'http://www.w3.org/2000/svg/evil'\n")]);
        assert_eq!(tree.places(foreign_hosts), ["web/js/a.js:1"]);
    }

    #[test]
    fn the_pages_tests_stay_on_this_machine() {
        let tree = Tree::new(&[(
            "web/tests/unit/a.test.js",
            "'http://localhost:8080/' 'http://127.0.0.1:1/' 'ws://[::1]:80/' 'https://Chat.Example'\n\
             'https://user@localhost.evil.com:1/#a'\n'http://10.0.0.1/'\n'http://notlocalhost/'\n",
        )]);
        let places: Vec<String> =
            (2..=4).map(|line| format!("web/tests/unit/a.test.js:{line}")).collect();
        assert_eq!(tree.places(foreign_hosts), places);
    }
}
