//! Whose page it is: an origin, and the addresses that this server's own page
//! is reached by.

use std::str::FromStr;

use hyper::Uri;
use thiserror::Error;

use crate::host::{Authority, Host};

/// An origin as browsers send it: scheme, host and port (RFC 6454).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    scheme: Scheme,
    host: Host,
    port: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

/// Why a text is no origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "write an origin as browsers send it: scheme, host, and the port where it isn't the usual \
     one, as in https://example.org or http://app.lan:3000, and nothing after it"
)]
pub struct ParseOriginError;

impl Origin {
    pub(crate) fn is_https(&self) -> bool {
        self.scheme == Scheme::Https
    }

    /// The host of the page.
    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    /// Whether a page of this origin came from where a request goes. The
    /// spellings of loopback are equal to each other. The scheme doesn't count:
    /// a proxy in front may speak TLS for us.
    pub(crate) fn is_at(&self, place: &Authority) -> bool {
        let port = place.port.unwrap_or(self.scheme.port());
        let loopback = self.host.is_loopback() && place.host.is_loopback();
        self.port == port && (loopback || self.host == place.host)
    }
}

impl Scheme {
    fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl FromStr for Origin {
    type Err = ParseOriginError;

    fn from_str(text: &str) -> Result<Self, ParseOriginError> {
        let (scheme, rest) = text.split_once("://").ok_or(ParseOriginError)?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return Err(ParseOriginError),
        };
        let Authority { host, port } = Authority::parse(rest).ok_or(ParseOriginError)?;
        Ok(Self { scheme, host, port: port.unwrap_or(scheme.port()) })
    }
}

/// An address that the page is reached by: `http://` or `https://`, a host,
/// perhaps a port and a path.
///
/// The path is for people: a proxy takes it off before it asks here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(Origin);

/// Why a text is no public address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "write the address of the page, such as https://chat.example.org or \
     https://example.org/chat, without a user, `?` and `#`"
)]
pub struct ParsePublicUrlError;

impl PublicUrl {
    /// The origin of the page there.
    pub(crate) fn origin(&self) -> &Origin {
        &self.0
    }
}

impl FromStr for PublicUrl {
    type Err = ParsePublicUrlError;

    fn from_str(text: &str) -> Result<Self, ParsePublicUrlError> {
        let error = |_| ParsePublicUrlError;
        if text.contains(['?', '#', '@']) {
            return Err(ParsePublicUrlError);
        }
        let uri: Uri = text.parse().map_err(|_| ParsePublicUrlError)?;
        let scheme = uri.scheme_str().ok_or(ParsePublicUrlError)?;
        let authority = uri.authority().ok_or(ParsePublicUrlError)?;
        format!("{scheme}://{authority}").parse().map(Self).map_err(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(origin: &str, host: &str) -> bool {
        let place = Authority::parse(host).unwrap();
        origin.parse::<Origin>().is_ok_and(|origin| origin.is_at(&place))
    }

    #[test]
    fn only_pages_of_this_server_are_its_own() {
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
            ("http://127.0.0.2:8080", "127.0.0.1:8080"),
            ("http://[2001:db8::1]", "[2001:db8::2]"),
            ("null", "chat.example"),
            ("file://", "chat.example"),
            ("ws://chat.example", "chat.example"),
            ("", "chat.example"),
        ] {
            assert!(!own(origin, host), "{origin} {host}");
        }
    }

    #[test]
    fn an_origin_ends_with_its_port() {
        let origin = |text: &str| text.parse::<Origin>();
        assert_eq!(origin("HTTPS://Example.org"), origin("https://example.org:443"));
        assert_ne!(origin("http://example.org:443"), origin("https://example.org"));
        for text in
            ["https://a/", "https://a/b", "https://u@a", "a", "*", "https://", "https://*.a"]
        {
            assert_eq!(origin(text), Err(ParseOriginError), "{text}");
        }
    }

    #[test]
    fn a_public_url_may_have_a_path() {
        let public = |text: &str| text.parse::<PublicUrl>();
        for text in ["https://a.example", "https://a.example/", "https://A.example:443/chat/"] {
            assert_eq!(public(text).unwrap().origin(), &"https://a.example".parse().unwrap());
        }
        for text in
            ["a.example", "ftp://a", "https://u@a", "https://a/?b", "https://a/#b", "/chat", ""]
        {
            assert_eq!(public(text), Err(ParsePublicUrlError), "{text}");
        }
    }
}
