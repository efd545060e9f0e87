//! A way through a proxy: CONNECT (RFC 9110, section 9.3.6).

use std::{io, net::IpAddr, sync::Arc};

use hyper::{Uri, header::HeaderValue};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{connector::Io, server_url::ServerUrl};

/// The most bytes of a proxy's answer.
const MAX_ANSWER: usize = 8 * 1024;

/// Which servers are reached through which proxy.
#[derive(Clone, Debug)]
pub(crate) struct Proxies(Arc<Matcher>);

/// The proxy on the way to a server.
pub(crate) struct Proxy {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Whether it is talked to through TLS itself.
    pub(crate) tls: bool,
    authorization: Option<HeaderValue>,
}

impl Proxies {
    /// As HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say.
    pub(crate) fn from_env() -> Self {
        Self(Arc::new(Matcher::from_env()))
    }

    /// The proxy for this server; none for one on this machine, which no proxy would find.
    pub(crate) fn on_the_way(&self, server: &ServerUrl) -> io::Result<Option<Proxy>> {
        if is_here(server.host()) {
            return Ok(None);
        }
        let uri: Uri = server.to_string().parse().map_err(io::Error::other)?;
        self.0.intercept(&uri).map(|found| Proxy::new(&found)).transpose()
    }
}

impl Proxy {
    fn new(found: &Intercept) -> io::Result<Self> {
        let uri = found.uri();
        let tls = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            other => {
                let kind = other.unwrap_or("unknown");
                let what = format!("a proxy of kind {kind} can't be used, only http and https");
                return Err(io::Error::new(io::ErrorKind::Unsupported, what));
            }
        };
        let host = uri.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
        Ok(Self { host, port, tls, authorization: found.basic_auth().cloned() })
    }

    /// Asks for a way to the server; what comes after the answer is the server's.
    pub(crate) async fn connect(
        &self,
        mut io: Box<dyn Io>,
        server: &ServerUrl,
    ) -> io::Result<Box<dyn Io>> {
        let target = server.authority_with_port();
        let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n").into_bytes();
        if let Some(authorization) = &self.authorization {
            request.extend_from_slice(b"Proxy-Authorization: ");
            request.extend_from_slice(authorization.as_bytes());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        io.write_all(&request).await?;
        io.flush().await?;
        match status(&answer(&mut io).await?) {
            Some(200..=299) => Ok(io),
            Some(407) => Err(io::Error::other(
                "the proxy wants a name and a password: write them into its address",
            )),
            Some(status) => {
                Err(io::Error::other(format!("the proxy refused with status {status}")))
            }
            None => Err(io::Error::other("this is no proxy")),
        }
    }
}

/// The head of the answer, and not a byte more.
async fn answer(io: &mut Box<dyn Io>) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() == MAX_ANSWER {
            return Err(io::Error::other("the proxy's answer has no end"));
        }
        head.push(io.read_u8().await?);
    }
    Ok(head)
}

/// The status of `HTTP/1.1 200 …`.
fn status(head: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(head.get(..12)?).ok()?;
    text.strip_prefix("HTTP/1.")?.get(2..)?.parse().ok()
}

fn is_here(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{Proxies, is_here, status};
    use hyper_util::client::proxy::matcher::Matcher;
    use std::sync::Arc;

    fn on_the_way(proxy: &str, except: &str, server: &str) -> Result<Option<String>, String> {
        let proxies = Proxies(Arc::new(Matcher::builder().all(proxy).no(except).build()));
        match proxies.on_the_way(&server.parse().unwrap()) {
            Ok(found) => {
                Ok(found.map(|proxy| format!("{}:{} {}", proxy.host, proxy.port, proxy.tls)))
            }
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn proxies_are_for_other_machines_that_are_not_excepted() {
        let chat = "https://chat.example";
        assert_eq!(on_the_way("http://p:8", "", chat), Ok(Some("p:8 false".into())));
        assert_eq!(on_the_way("https://me:x@p", "", chat), Ok(Some("p:443 true".into())));
        assert_eq!(on_the_way("http://p", "other.example", chat), Ok(Some("p:80 false".into())));
        for (except, server) in [
            ("chat.example", chat),
            ("", "http://localhost:8080"),
            ("", "http://127.0.0.1:8080"),
            ("", "http://[::1]:8080"),
            ("", "http://chat.localhost"),
        ] {
            assert_eq!(on_the_way("http://p:8", except, server), Ok(None), "{server}");
        }
        let error = on_the_way("socks5://p", "", chat).unwrap_err();
        assert!(error.contains("socks5") && error.contains("only http and https"), "{error}");
    }

    #[test]
    fn an_answer_is_read_by_its_status() {
        assert_eq!(status(b"HTTP/1.1 200 OK\r\n\r\n"), Some(200));
        assert_eq!(status(b"HTTP/1.0 407\r\n\r\n"), Some(407));
        for head in [
            &b"SSH-2.0-x\r\n\r\n"[..],
            b"HTTP/1.1\r\n\r\n",
            b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        ] {
            assert_eq!(status(head), None);
        }
        assert!(is_here("localhost") && !is_here("localhost.example"));
    }
}
