//! The host of an address: a name or an IP address, whatever its spelling.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use thiserror::Error;

/// The longest name (RFC 1035, section 2.3.4).
const NAME_MAX: usize = 253;

/// The longest part of a name between two dots.
const LABEL_MAX: usize = 63;

/// A host as `Host` and `Origin` name it. Case and a dot at the end make no
/// difference.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Host(Kind);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Kind {
    /// In lower case, without a dot at the end.
    Name(String),
    Address(IpAddr),
}

/// Why a text is no host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "write a name alone, such as chat.example.org or chat.lan, without http://, port and path; \
     one with letters beyond a to z is written as browsers send it, with xn--"
)]
pub struct ParseHostError;

impl Host {
    /// Whether it is an IP address: a browser comes by one only where that was
    /// typed, never because somebody's name server says so.
    pub(crate) fn is_address(&self) -> bool {
        matches!(self.0, Kind::Address(_))
    }

    /// Whether it is `localhost`, or a name below it (RFC 6761, section 6.3).
    pub(crate) fn is_localhost(&self) -> bool {
        match &self.0 {
            Kind::Name(name) => name == "localhost" || name.ends_with(".localhost"),
            Kind::Address(_) => false,
        }
    }

    /// Whether it is one of the usual spellings of this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        match &self.0 {
            Kind::Name(name) => name == "localhost",
            Kind::Address(IpAddr::V4(address)) => *address == Ipv4Addr::LOCALHOST,
            Kind::Address(IpAddr::V6(address)) => *address == Ipv6Addr::LOCALHOST,
        }
    }
}

impl FromStr for Host {
    type Err = ParseHostError;

    fn from_str(text: &str) -> Result<Self, ParseHostError> {
        if let Some(inside) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            // A zone is the sender's own affair (RFC 6874).
            let address = inside.split('%').next().unwrap_or_default();
            let address: Ipv6Addr = address.parse().map_err(|_| ParseHostError)?;
            return Ok(Self(Kind::Address(address.into())));
        }
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Ok(Self(Kind::Address(address.into())));
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        let is_part = |part: &str| {
            let fits = (1..=LABEL_MAX).contains(&part.len());
            fits && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        if name.len() > NAME_MAX || !name.split('.').all(is_part) {
            return Err(ParseHostError);
        }
        Ok(Self(Kind::Name(name.to_ascii_lowercase())))
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Name(name) => f.write_str(name),
            Kind::Address(IpAddr::V4(address)) => address.fmt(f),
            Kind::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

/// A host and perhaps a port (RFC 3986, section 3.2, without a user).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authority {
    pub(crate) host: Host,
    pub(crate) port: Option<u16>,
}

impl Authority {
    /// Reads it; `None` where it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // A colon inside brackets is of an IPv6 address, not before a port.
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port),
            _ => (text, ""),
        };
        let port = match port {
            "" => None,
            port if port.bytes().all(|b| b.is_ascii_digit()) => Some(port.parse().ok()?),
            _ => return None,
        };
        Some(Self { host: host.parse().ok()?, port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_host_are_equal() {
        let host = |text: &str| text.parse::<Host>().unwrap();
        for (one, other) in [
            ("chat.lan", "Chat.LAN"),
            ("chat.lan", "chat.lan."),
            ("[::1]", "[0:0::0:1]"),
            ("[fe80::1]", "[fe80::1%25eth0]"),
        ] {
            assert_eq!(host(one), host(other));
        }
        assert_eq!(host("Chat.Lan.").to_string(), "chat.lan");
        assert_eq!(host("[2001:DB8::1]").to_string(), "[2001:db8::1]");
    }

    #[test]
    fn what_is_no_host_is_refused() {
        let long = ["a"; 128].join(".");
        let label = "a".repeat(64);
        for text in [
            "",
            ".",
            "a..b",
            "a b",
            "a/b",
            "user@a",
            "*",
            "чат.рф",
            "a:80",
            "http://a",
            "::1",
            "[127.0.0.1]",
            "[::1",
            &long,
            &label,
        ] {
            assert_eq!(text.parse::<Host>(), Err(ParseHostError), "{text}");
        }
    }

    #[test]
    fn this_machine_and_addresses_are_known() {
        let host = |text: &str| text.parse::<Host>().unwrap();
        for text in ["127.0.0.1", "10.1.2.3", "[::1]", "[2001:db8::1]"] {
            assert!(host(text).is_address(), "{text}");
        }
        for text in ["localhost", "LOCALHOST.", "chat.localhost"] {
            assert!(host(text).is_localhost(), "{text}");
        }
        for text in ["localhost.evil.example", "notlocalhost", "127.0.0.1.evil.example", "1.2.3"] {
            assert!(!host(text).is_localhost() && !host(text).is_address(), "{text}");
        }
    }

    #[test]
    fn a_port_is_a_number_or_not_there() {
        let port = |text: &str| Authority::parse(text).map(|authority| authority.port);
        assert_eq!(port("a"), Some(None));
        assert_eq!(port("a:"), Some(None));
        assert_eq!(port("a:8080"), Some(Some(8080)));
        assert_eq!(port("[::1]:8080"), Some(Some(8080)));
        assert_eq!(port("[::1]"), Some(None));
        for text in ["a:b", "a:99999", "a:+80", ":80", "a:80:80", "::1"] {
            assert_eq!(Authority::parse(text), None, "{text}");
        }
    }
}
