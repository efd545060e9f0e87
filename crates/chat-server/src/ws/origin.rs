//! Whose page opened a WebSocket.

use hyper::HeaderMap;
use hyper::header::{HOST, ORIGIN};

/// Whether the request comes from no page or from one of this server: an
/// origin whose host and port are the request's `Host`. The spellings of
/// loopback are equal to each other.
pub(super) fn is_own(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let origin = origin.to_str().ok().and_then(Place::of_origin);
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    match (origin, host) {
        (Some(origin), Some(host)) => origin == Place::of_host(host, origin.default_port),
        _ => false,
    }
}

#[derive(Debug)]
struct Place<'a> {
    host: &'a str,
    port: &'a str,
    default_port: &'static str,
}

impl<'a> Place<'a> {
    fn of_origin(origin: &'a str) -> Option<Self> {
        let (scheme, rest) = origin.split_once("://")?;
        let default_port = match scheme {
            "http" => "80",
            "https" => "443",
            _ => return None,
        };
        Some(Self::of_host(rest, default_port))
    }

    fn of_host(host: &'a str, default_port: &'static str) -> Self {
        // A colon inside brackets is of an IPv6 address, not before a port.
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port),
            _ => (host, default_port),
        };
        Self { host, port, default_port }
    }

    fn is_loopback(&self) -> bool {
        ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| self.host.eq_ignore_ascii_case(name))
    }
}

impl PartialEq for Place<'_> {
    fn eq(&self, other: &Self) -> bool {
        let same = self.host.eq_ignore_ascii_case(other.host);
        self.port == other.port && (same || self.is_loopback() && other.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;

    fn own(origin: &str, host: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ORIGIN, HeaderValue::from_str(origin).unwrap());
        headers.insert(HOST, HeaderValue::from_str(host).unwrap());
        is_own(&headers)
    }

    #[test]
    fn only_pages_of_this_server_are_its_own() {
        assert!(is_own(&HeaderMap::new()));
        for (origin, host) in [
            ("http://chat.example", "chat.example"),
            ("http://chat.example", "Chat.Example:80"),
            ("https://chat.example", "chat.example:443"),
            ("https://chat.example", "chat.example"),
            ("http://localhost:8080", "127.0.0.1:8080"),
            ("http://[::1]:8080", "localhost:8080"),
            ("http://[2001:db8::1]", "[2001:db8::1]"),
        ] {
            assert!(own(origin, host), "{origin} {host}");
        }
        for (origin, host) in [
            ("http://evil.example", "chat.example"),
            ("http://chat.example:8081", "chat.example:8080"),
            ("http://localhost:8081", "127.0.0.1:8080"),
            ("http://localhost.evil.example:8080", "localhost:8080"),
            ("http://[2001:db8::1]", "[2001:db8::2]"),
            ("null", "chat.example"),
            ("file://", "chat.example"),
            ("", "chat.example"),
        ] {
            assert!(!own(origin, host), "{origin} {host}");
        }
    }
}
