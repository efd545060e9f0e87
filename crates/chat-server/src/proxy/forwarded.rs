//! What proxies write into a request: `Forwarded` (RFC 7239) and
//! `X-Forwarded-For`.

use std::net::IpAddr;

/// An address, or `None` where it is none: `unknown`, an obfuscated identifier,
/// or nothing that can be read.
pub(super) type Node = Option<IpAddr>;

/// The nodes of a line of `Forwarded`, in their order. In a line that breaks
/// the grammar (RFC 7239, section 4) none is known: a quote that one element
/// opens could swallow the next.
pub(super) fn nodes(line: &str) -> Vec<Node> {
    elements(line).unwrap_or_else(|| vec![None])
}

/// The nodes of a line of `X-Forwarded-For`, in their order.
pub(super) fn x_nodes(line: &str) -> Vec<Node> {
    line.split(',').map(str::trim).filter(|node| !node.is_empty()).map(address).collect()
}

/// An address as it is or in brackets, with a port or without one.
fn address(node: &str) -> Node {
    let (host, port) = match node.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            (host.parse().ok().map(IpAddr::V6)?, port)
        }
        None => match node.parse() {
            Ok(address) => (address, ""),
            Err(_) => {
                let (host, _) = node.split_once(':')?;
                (host.parse().ok().map(IpAddr::V4)?, &node[host.len()..])
            }
        },
    };
    (port.is_empty() || is_port(port.strip_prefix(':')?)).then(|| host.to_canonical())
}

/// A number, or an obfuscated one (RFC 7239, section 6).
fn is_port(port: &str) -> bool {
    match port.strip_prefix('_') {
        Some(hidden) => !hidden.is_empty() && hidden.bytes().all(is_obfuscated),
        None => (1..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit()),
    }
}

fn is_obfuscated(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-')
}

/// Of each element what stands under `for`; `None` where the grammar is broken.
fn elements(line: &str) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    let mut rest = line;
    loop {
        let (node, after) = element(rest)?;
        // A list may have empty elements (RFC 9110, section 5.6.1.2).
        nodes.extend(node);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return after.is_empty().then_some(nodes),
        }
    }
}

/// An element up to its comma; no node where it is empty.
fn element(line: &str) -> Option<(Option<Node>, &str)> {
    let (mut node, mut rest) = (None::<Node>, line.trim_start_matches(is_space));
    if rest.is_empty() || rest.starts_with(',') {
        return Some((None, rest));
    }
    loop {
        let (pair, after) = pair(rest)?;
        if let Some((name, value)) = pair
            && name.eq_ignore_ascii_case("for")
            && node.replace(address(&value)).is_some()
        {
            return None;
        }
        match after.strip_prefix(';') {
            Some(next) => rest = next,
            None => return Some((Some(node.flatten()), after)),
        }
    }
}

type Pair<'a> = Option<(&'a str, String)>;

/// `name=value`, or nothing at all, up to what follows it.
fn pair(line: &str) -> Option<(Pair<'_>, &str)> {
    let line = line.trim_start_matches(is_space);
    let (name, rest) = token(line);
    if name.is_empty() {
        return Some((None, line));
    }
    let (value, rest) = match rest.strip_prefix('=')? {
        quoted if quoted.starts_with('"') => quoted_string(&quoted[1..])?,
        plain => {
            let (value, rest) = token(plain);
            (value.to_owned(), rest)
        }
    };
    (!value.is_empty()).then_some((Some((name, value)), rest.trim_start_matches(is_space)))
}

/// RFC 9110, section 5.6.2, and the characters of an address, which many don't
/// quote.
fn token(line: &str) -> (&str, &str) {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:[]".contains(c);
    line.split_at(line.find(|c| !is_token(c)).unwrap_or(line.len()))
}

/// What stands in a quoted string (RFC 9110, section 5.6.4), and what after it.
fn quoted_string(line: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut all = line.char_indices();
    loop {
        match all.next()? {
            (at, '"') => return Some((value, &line[at + 1..])),
            (_, '\\') => value.push(all.next()?.1),
            (_, c) => value.push(c),
        }
    }
}

const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ip(address: &str) -> Option<IpAddr> {
        Some(address.parse().unwrap())
    }

    #[test]
    fn the_examples_of_rfc_7239() {
        for (line, expected) in [
            ("for=\"_gazonk\"", vec![None]),
            ("For=\"[2001:db8:cafe::17]:4711\"", vec![ip("2001:db8:cafe::17")]),
            ("for=192.0.2.60;proto=http;by=203.0.113.43", vec![ip("192.0.2.60")]),
            ("for=192.0.2.43, for=198.51.100.17", vec![ip("192.0.2.43"), ip("198.51.100.17")]),
            ("for=_hidden, for=_SEVKISEK", vec![None, None]),
            (
                "for=192.0.2.43,for=\"[2001:db8:cafe::17]\",for=unknown",
                vec![ip("192.0.2.43"), ip("2001:db8:cafe::17"), None],
            ),
            ("for=\"192.0.2.43:47011\"", vec![ip("192.0.2.43")]),
            ("for=\"192.0.2.43:_port\"", vec![ip("192.0.2.43")]),
        ] {
            assert_eq!(nodes(line), expected, "{line}");
        }
    }

    #[test]
    fn what_else_proxies_write() {
        for (line, expected) in [
            ("", vec![]),
            (" , ,", vec![]),
            ("for=2001:db8::1", vec![ip("2001:db8::1")]),
            ("for=192.0.2.1:80", vec![ip("192.0.2.1")]),
            ("for=\"::ffff:192.0.2.1\"", vec![ip("192.0.2.1")]),
            ("proto=https", vec![None]),
            (" for = 192.0.2.1", vec![None]),
            (
                " for=192.0.2.1 ; host=\"a,b;for=1.1.1.1\" , for=\"192.0.2.\\2\"",
                vec![ip("192.0.2.1"), ip("192.0.2.2")],
            ),
            ("for=192.0.2.1;", vec![ip("192.0.2.1")]),
        ] {
            assert_eq!(nodes(line), expected, "{line}");
        }
    }

    #[test]
    fn a_quote_that_is_opened_swallows_nothing() {
        for line in [
            "for=\", for=192.0.2.1",
            "for=1.1.1.1;a=\", for=\"[2001:db8::1]:4711\"",
            "a=\", for=192.0.2.1;by=\"_x\"",
            "for=1.1.1.1;for=192.0.2.1",
            "for=1.1.1.1 for=192.0.2.1",
            "for=\"1.1.1.1\"x, for=192.0.2.1",
            "for, for=192.0.2.1",
            "for=, for=192.0.2.1",
            "for=\"192.0.2.1\\",
        ] {
            assert_eq!(nodes(line), [None], "{line}");
        }
    }

    #[test]
    fn x_forwarded_for_is_a_list_of_addresses() {
        for (line, expected) in [
            ("", vec![]),
            ("192.0.2.1", vec![ip("192.0.2.1")]),
            (" 192.0.2.1 ,\t2001:db8::1,", vec![ip("192.0.2.1"), ip("2001:db8::1")]),
            (
                "192.0.2.1:4711, [2001:db8::1]:4711, [2001:db8::2]",
                vec![ip("192.0.2.1"), ip("2001:db8::1"), ip("2001:db8::2")],
            ),
            (
                "unknown, _hidden, 192.0.2, 192.0.2.1:, 192.0.2.1:x, [192.0.2.1], [::1]x",
                vec![None; 7],
            ),
            ("\"192.0.2.1\"", vec![None]),
        ] {
            assert_eq!(x_nodes(line), expected, "{line}");
        }
    }

    fn written() -> impl Strategy<Value = (String, Option<IpAddr>)> {
        let v4 = any::<[u8; 4]>().prop_map(IpAddr::from);
        let v6 = any::<[u8; 16]>().prop_map(IpAddr::from);
        prop_oneof![
            v4.clone().prop_map(|ip| (ip.to_string(), Some(ip))),
            (v4, any::<u16>()).prop_map(|(ip, port)| (format!("\"{ip}:{port}\""), Some(ip))),
            v6.prop_map(|ip| (format!("\"[{ip}]\""), Some(ip.to_canonical()))),
            Just(("unknown".to_owned(), None)),
            "_[a-zA-Z0-9._-]{1,8}".prop_map(|hidden| (hidden, None)),
        ]
    }

    proptest! {
        #[test]
        fn any_line_is_read_without_a_panic(line in "\\PC*", tricky in "[\"\\\\=;,:\\[\\] for1.]*") {
            for line in [line, tricky] {
                nodes(&line);
                x_nodes(&line);
            }
        }

        #[test]
        fn what_is_written_is_read(all in prop::collection::vec(written(), 0..6)) {
            let expected: Vec<_> = all.iter().map(|(_, ip)| *ip).collect();
            let line: Vec<_> = all.iter().map(|(node, _)| format!("proto=http;for={node}")).collect();
            prop_assert_eq!(nodes(&line.join(", ")), expected.clone());
            let line: Vec<_> = all.iter().map(|(node, _)| node.replace('"', "")).collect();
            prop_assert_eq!(x_nodes(&line.join(", ")), expected);
        }

        /// Whatever a client writes before it, what the proxy appends is the last or nothing is
        /// believed.
        #[test]
        fn what_stands_before_changes_nothing_of_the_last(
            before in "[\"\\\\=;, afor1.\\[\\]:]{0,20}",
            (node, ip) in written(),
        ) {
            let last = *nodes(&format!("{before}, for={node}")).last().unwrap();
            prop_assert!(last == ip || last.is_none(), "{last:?}");
        }
    }
}
