//! Asking a server that runs whether it is well: a container without a shell
//! has nothing else that could.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::str::FromStr;
use std::time::Duration;

/// How long connecting, asking and the answer may take, each.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is asked: an `http` URL with a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HealthUrl {
    authority: String,
    path: String,
}

impl FromStr for HealthUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const HOW: &str = "write http://, an address, a port and a path, such as \
                           http://127.0.0.1:8080/healthz";
        let rest = text.strip_prefix("http://").ok_or(HOW)?;
        let (authority, path) = rest.split_once('/').ok_or(HOW)?;
        let port = authority.rsplit_once(':').ok_or(HOW)?.1;
        // They are written into a request as they are.
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        if !plain || port.parse::<u16>().is_err() {
            return Err(HOW);
        }
        Ok(Self { authority: authority.into(), path: format!("/{path}") })
    }
}

/// Asks once.
///
/// # Errors
/// A sentence, where there is no answer or another one than 200.
pub(crate) fn ask(url: &HealthUrl) -> Result<(), String> {
    let HealthUrl { authority, path } = url;
    let status = status(url).map_err(|e| format!("no answer from http://{authority}: {e}"))?;
    match status.split_ascii_whitespace().nth(1) {
        Some("200") => Ok(()),
        _ => Err(format!("http://{authority}{path} answers {}", status.trim())),
    }
}

/// The first line of the answer.
fn status(url: &HealthUrl) -> io::Result<String> {
    let HealthUrl { authority, path } = url;
    let mut refused = io::Error::from(io::ErrorKind::NotFound);
    for address in authority.to_socket_addrs()? {
        let mut stream = match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(stream) => stream,
            Err(e) => {
                refused = e;
                continue;
            }
        };
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n")?;
        let mut line = String::new();
        // Longer than a status line is nothing that this server says.
        BufReader::new(io::Read::take(stream, 1024)).read_line(&mut line)?;
        return Ok(line);
    }
    Err(refused)
}

#[cfg(test)]
mod tests {
    use super::HealthUrl;

    #[test]
    fn a_url_is_what_can_be_asked() {
        let url = |authority: &str, path: &str| {
            Ok(HealthUrl { authority: authority.into(), path: path.into() })
        };
        assert_eq!("http://127.0.0.1:80/a/b?c".parse(), url("127.0.0.1:80", "/a/b?c"));
        assert_eq!("http://[::1]:8080/".parse(), url("[::1]:8080", "/"));
        for bad in [
            "",
            "https://127.0.0.1:80/",
            "http://127.0.0.1/",
            "http://127.0.0.1:80",
            "http://127.0.0.1:80/a b",
            "http://127.0.0.1:80/\r\nHost: x",
        ] {
            assert!(bad.parse::<HealthUrl>().unwrap_err().starts_with("write http://"), "{bad}");
        }
    }
}
