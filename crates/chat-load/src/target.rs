//! The server under test.

use std::net::{SocketAddr, ToSocketAddrs};
use std::str::FromStr;

use crate::failure::Failure;

/// A URL of the form `http://host:port/prefix`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// As it was given, without a slash at the end.
    pub(crate) url: String,
    /// What requests say in `Host`.
    pub(crate) host: String,
    /// What stands before every path: empty, or `/prefix`.
    pub(crate) prefix: String,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write where the server is, such as http://127.0.0.1:8080".to_string();
        let url = text.trim_end_matches('/');
        let rest = url.strip_prefix("http://").ok_or_else(wrong)?;
        let (host, prefix) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '?' | '#' | '@');
        if host.is_empty() || !rest.chars().all(plain) {
            return Err(wrong());
        }
        Ok(Self { url: url.into(), host: host.into(), prefix: prefix.into() })
    }
}

impl Target {
    /// Where to connect to, by the first address of the host's name.
    pub(crate) fn address(&self) -> Result<SocketAddr, Failure> {
        let has_port = self.host.rsplit(':').next().is_some_and(|port| {
            !port.is_empty() && port.len() < self.host.len() && !port.ends_with(']')
        });
        let place = if has_port { self.host.clone() } else { format!("{}:80", self.host) };
        let found = place.to_socket_addrs().map_err(|error| {
            Failure::new(format!("the server's name {place} can't be looked up: {error}"))
        })?;
        // A server on localhost listens on both, or on this one.
        let all: Vec<SocketAddr> = found.collect();
        let v4 = all.iter().find(|address| address.is_ipv4());
        v4.or(all.first())
            .copied()
            .ok_or_else(|| Failure::new(format!("the server's name {place} has no address")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let target: Target = "http://127.0.0.1:8080/a/chat/".parse().unwrap();
        assert_eq!((&*target.host, &*target.prefix), ("127.0.0.1:8080", "/a/chat"));
        assert_eq!(target.address().unwrap().to_string(), "127.0.0.1:8080");
        let target: Target = "http://[::1]".parse().unwrap();
        assert_eq!((&*target.host, &*target.prefix), ("[::1]", ""));
        assert_eq!(target.address().unwrap().to_string(), "[::1]:80");
        let target: Target = "http://127.0.0.1".parse().unwrap();
        assert_eq!(target.address().unwrap().to_string(), "127.0.0.1:80");
    }

    #[test]
    fn what_is_no_such_url_is_refused() {
        for text in
            ["", "127.0.0.1:80", "https://a", "http://", "http:///a", "http://a b", "http://a?b"]
        {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
