//! The address of a server, as people write it.

use std::{fmt, str::FromStr};

use hyper::Uri;

/// `http://` or `https://`, a host, perhaps a port and a path below which the server answers.
///
/// ```
/// use chat_client::ServerUrl;
///
/// let server: ServerUrl = "https://example.org/chat".parse()?;
/// assert_eq!(server.to_string(), "https://example.org/chat/");
/// assert_eq!(server.path("create"), "/chat/create");
/// # Ok::<(), chat_client::ParseServerError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerUrl {
    pub(crate) tls: bool,
    /// As in a URL: an IPv6 address has its brackets.
    host: String,
    port: Option<u16>,
    /// Begins and ends with `/`.
    prefix: String,
}

/// Why a text is no server's address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseServerError {
    /// No `http://` or `https://` at the beginning.
    #[error("a server's address begins with http:// or https://, as http://localhost:8080 does")]
    Scheme,
    /// Something else than host, port and path.
    #[error("a server's address has no user name, no `?` and nothing after `#`: leave it out")]
    Surplus,
    /// No host, a bad port, or characters that no address has.
    #[error(
        "this is no server's address: write it like https://example.org or http://localhost:8080"
    )]
    Malformed,
}

impl ServerUrl {
    /// The absolute path of something below the server's prefix.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// The port that is connected to.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(if self.tls { 443 } else { 80 })
    }

    /// The host for the resolver and for certificates: an IPv6 address has no brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    /// Host and port as the `Host` header has them.
    pub(crate) fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }

    /// Host and port as a proxy is asked for them: the port is always there.
    pub(crate) fn authority_with_port(&self) -> String {
        format!("{}:{}", self.host, self.port())
    }
}

impl FromStr for ServerUrl {
    type Err = ParseServerError;

    fn from_str(text: &str) -> Result<Self, ParseServerError> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").ok_or(ParseServerError::Scheme)?;
        let tls = match scheme.to_ascii_lowercase().as_str() {
            "http" => false,
            "https" => true,
            _ => return Err(ParseServerError::Scheme),
        };
        if rest.contains(['@', '?', '#']) {
            return Err(ParseServerError::Surplus);
        }
        let uri: Uri = text.parse().map_err(|_| ParseServerError::Malformed)?;
        let authority = uri.authority().ok_or(ParseServerError::Malformed)?;
        let host = authority.host();
        let port = authority.port_u16();
        // `Authority` reads a port that is no number, or none after `:`, as no port.
        let plain = authority.as_str().len() == host.len();
        if host.is_empty() || port == Some(0) || (port.is_none() && !plain) {
            return Err(ParseServerError::Malformed);
        }
        let path = uri.path();
        let slash = if path.ends_with('/') { "" } else { "/" };
        Ok(Self { tls, host: host.to_ascii_lowercase(), port, prefix: format!("{path}{slash}") })
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::{ParseServerError as E, ServerUrl};

    #[test]
    fn host_port_and_prefix_are_told_apart() {
        for (text, shown, host, port, create) in [
            ("http://localhost:8080", "http://localhost:8080/", "localhost", 8080, "/create"),
            ("HTTPS://Example.org", "https://example.org/", "example.org", 443, "/create"),
            (" http://a/b/c ", "http://a/b/c/", "a", 80, "/b/c/create"),
            ("http://a/b/", "http://a/b/", "a", 80, "/b/create"),
            ("http://[::1]:9", "http://[::1]:9/", "::1", 9, "/create"),
            ("https://[::1]", "https://[::1]/", "::1", 443, "/create"),
        ] {
            let server: ServerUrl = text.parse().unwrap();
            let found = (server.to_string(), server.host(), server.port(), server.path("create"));
            assert_eq!(found, (shown.to_owned(), host, port, create.to_owned()));
            assert_eq!(shown.parse(), Ok(server), "{shown}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_a_reason() {
        for (text, error) in [
            ("", E::Scheme),
            ("localhost:8080", E::Scheme),
            ("ftp://a", E::Scheme),
            ("http://me@a", E::Surplus),
            ("http://a/?x", E::Surplus),
            ("http://a/#x", E::Surplus),
            ("http://", E::Malformed),
            ("http:///x", E::Malformed),
            ("http://a:", E::Malformed),
            ("http://a:x", E::Malformed),
            ("http://a:0", E::Malformed),
            ("http://a:70000", E::Malformed),
            ("http://a b", E::Malformed),
            ("http://[::1", E::Malformed),
        ] {
            assert_eq!(text.parse::<ServerUrl>(), Err(error), "{text:?}");
        }
    }
}
