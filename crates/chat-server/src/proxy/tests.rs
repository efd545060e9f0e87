//! Whom the proxies are believed.

use super::*;
use hyper::header::HeaderValue;

fn proxies(networks: &[&str]) -> Proxies {
    Proxies::new(networks.iter().map(|network| network.parse().unwrap()).collect(), false)
}

/// Who sent a request with these headers that came from `peer`.
fn client(peer: &str, headers: &[(&'static str, &str)]) -> String {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, HeaderValue::from_str(value).unwrap());
    }
    let trusted = proxies(&["10.0.0.0/8", "127.0.0.1/32", "2001:db8:1::/48"]);
    trusted.client(peer.parse().unwrap(), &map).to_string()
}

#[test]
fn who_is_not_trusted_speaks_for_nobody() {
    let headers = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")];
    for peer in ["203.0.113.9", "127.0.0.2", "2001:db8:2::1"] {
        assert_eq!(client(peer, &headers), peer);
    }
}

#[test]
fn the_rightmost_that_is_not_trusted_is_the_client() {
    let xff = |value| client("127.0.0.1", &[("x-forwarded-for", value)]);
    assert_eq!(xff("192.0.2.1"), "192.0.2.1");
    assert_eq!(xff("1.1.1.1, 192.0.2.1"), "192.0.2.1", "what the client wrote is not believed");
    assert_eq!(xff("1.1.1.1, 192.0.2.1, 10.1.2.3, 127.0.0.1"), "192.0.2.1");
    assert_eq!(xff("10.0.0.7, 10.0.0.8"), "10.0.0.7", "a client of the trusted network");
    assert_eq!(xff("192.0.2.1, unknown"), "0.0.0.0");
    assert_eq!(xff("192.0.2.1, unknown, 10.0.0.1"), "0.0.0.0");
    assert_eq!(xff("::ffff:192.0.2.1"), "192.0.2.1");
    assert_eq!(xff("1.1.1.1, 2001:db8:2::1, [2001:db8:1::1]:443"), "2001:db8:2::1");
    assert_eq!(xff(" "), "127.0.0.1");
    assert_eq!(client("::ffff:10.0.0.1", &[("x-forwarded-for", "192.0.2.1")]), "192.0.2.1");
    assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");

    let lines = [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "192.0.2.1, 10.0.0.1")];
    assert_eq!(client("127.0.0.1", &lines), "192.0.2.1");
}

#[test]
fn forwarded_is_read_the_same_way() {
    let forwarded = |value| client("127.0.0.1", &[("forwarded", value)]);
    assert_eq!(forwarded("for=1.1.1.1, for=\"[2001:db8:2::1]:47\";proto=https"), "2001:db8:2::1");
    assert_eq!(forwarded("for=192.0.2.1, for=10.0.0.1"), "192.0.2.1");
    assert_eq!(forwarded("for=192.0.2.1, for=_hidden"), "0.0.0.0");
    assert_eq!(forwarded("for=192.0.2.1, proto=http"), "0.0.0.0");
    assert_eq!(forwarded("a=\", for=192.0.2.1"), "0.0.0.0");
    let lines = [("forwarded", "for=\""), ("forwarded", "for=192.0.2.1")];
    assert_eq!(client("127.0.0.1", &lines), "192.0.2.1");
}

#[test]
fn headers_that_contradict_each_other_are_not_believed() {
    let both =
        |forwarded, xff| client("127.0.0.1", &[("forwarded", forwarded), ("x-forwarded-for", xff)]);
    assert_eq!(both("for=192.0.2.1", "1.1.1.1, 192.0.2.1"), "192.0.2.1");
    assert_eq!(both("for=1.1.1.1", "192.0.2.1"), "0.0.0.0");
    assert_eq!(both("for=127.0.0.1", "192.0.2.1"), "0.0.0.0");
}
