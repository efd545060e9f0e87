//! From HTTP to HTTPS.

use std::net::Ipv6Addr;

use hyper::header::{HOST, HeaderValue, LOCATION};
use hyper::{Request, StatusCode};

use super::{Answer, answer};

/// Leads any request to the same address on `port` over TLS, by 308: method and
/// body are to be sent again there (RFC 9110, section 15.4.9).
pub(crate) fn lead<B>(request: &Request<B>, port: u16) -> Answer {
    let mut answer = match location(request, port) {
        Some(location) => {
            let mut answer = answer::text(
                StatusCode::PERMANENT_REDIRECT,
                "this server is reached over https; the header Location says where\n",
            );
            answer.headers_mut().insert(LOCATION, location);
            answer
        }
        None => {
            let message = "the header Host is missing or is no name of a server: open https://";
            answer::problem(StatusCode::BAD_REQUEST, "bad_host", message)
        }
    };
    answer::harden(answer.headers_mut());
    answer
}

fn location<B>(request: &Request<B>, port: u16) -> Option<HeaderValue> {
    let host = match request.uri().authority() {
        Some(authority) => authority.as_str(),
        None => request.headers().get(HOST)?.to_str().ok()?,
    };
    let host = without_port(host)?;
    // `*` and what CONNECT asks for are no paths.
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let path = if path.starts_with('/') { path } else { "/" };
    let location = match port {
        443 => format!("https://{host}{path}"),
        port => format!("https://{host}:{port}{path}"),
    };
    HeaderValue::from_str(&location).ok()
}

/// The name or address before the port; `None` where it is neither.
fn without_port(host: &str) -> Option<&str> {
    if let Some(rest) = host.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        address.parse::<Ipv6Addr>().ok()?;
        is_port(port).then(|| &host[..address.len() + 2])
    } else {
        let at = host.find(':').unwrap_or(host.len());
        let (name, port) = host.split_at(at);
        let named = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        (!name.is_empty() && name.bytes().all(named) && is_port(port)).then_some(name)
    }
}

fn is_port(text: &str) -> bool {
    text.is_empty()
        || text.strip_prefix(':').is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(host: &str, uri: &str, port: u16) -> Option<String> {
        let request = Request::builder().uri(uri).header(HOST, host).body(()).unwrap();
        let answer = lead(&request, port);
        let location = answer.headers().get(LOCATION)?.to_str().unwrap().to_owned();
        assert_eq!(answer.status(), 308);
        Some(location)
    }

    #[test]
    fn it_leads_to_the_same_place() {
        for (host, uri, port, location) in [
            ("chat.lan", "/", 443, "https://chat.lan/"),
            ("chat.lan:80", "/a?b=c%20d", 443, "https://chat.lan/a?b=c%20d"),
            ("chat.lan:8080", "/create", 8443, "https://chat.lan:8443/create"),
            ("192.0.2.1:80", "/", 8443, "https://192.0.2.1:8443/"),
            ("[2001:db8::1]:80", "/", 443, "https://[2001:db8::1]/"),
            ("[::1]", "/x", 8443, "https://[::1]:8443/x"),
            ("ignored", "http://chat.lan:80/x", 443, "https://chat.lan/x"),
            ("chat.lan", "*", 443, "https://chat.lan/"),
            ("chat.lan", "//evil.example/", 443, "https://chat.lan//evil.example/"),
        ] {
            assert_eq!(leads(host, uri, port).as_deref(), Some(location), "{host} {uri}");
        }
    }

    #[test]
    fn what_is_no_host_is_a_bad_request() {
        for host in [
            "",
            ":80",
            "a b",
            "user@chat.lan",
            "chat.lan/evil",
            "chat.lan:80:81",
            "chat.lan:x",
            "[::1",
            "[chat.lan]",
            "[::1]x",
            "chat.lan#",
            "chat.lan\\evil",
            "чат",
        ] {
            let Ok(value) = HeaderValue::from_bytes(host.as_bytes()) else { panic!("{host}") };
            let request = Request::builder().uri("/").header(HOST, value).body(()).unwrap();
            assert_eq!(lead(&request, 443).status(), 400, "{host}");
        }
        assert_eq!(lead(&Request::builder().uri("/").body(()).unwrap(), 443).status(), 400);
    }
}
