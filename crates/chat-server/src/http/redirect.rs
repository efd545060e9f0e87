//! From HTTP to HTTPS.

use hyper::header::{HeaderValue, LOCATION};
use hyper::{Request, StatusCode};

use super::names::{self, NotHere};
use super::{Answer, answer};
use crate::Server;
use crate::host::Host;

/// Leads any request to the same address on `port` over TLS, by 308: method and
/// body are to be sent again there (RFC 9110, section 15.4.9).
pub(super) fn lead<B>(server: &Server, request: &Request<B>, port: u16) -> Answer {
    let place = names::check(server, request).and_then(|place| place.ok_or(NotHere::Unclear));
    let location =
        place.and_then(|place| location(&place.host, request, port).ok_or(NotHere::Unclear));
    match location {
        Ok(location) => {
            let words = "this server is reached over https; the header Location says where\n";
            let mut answer = answer::text(StatusCode::PERMANENT_REDIRECT, words);
            answer.headers_mut().insert(LOCATION, location);
            answer
        }
        Err(error) => error.answer(),
    }
}

fn location<B>(host: &Host, request: &Request<B>, port: u16) -> Option<HeaderValue> {
    // `*` and what CONNECT asks for are no paths.
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let path = if path.starts_with('/') { path } else { "/" };
    let location = match port {
        443 => format!("https://{host}{path}"),
        port => format!("https://{host}:{port}{path}"),
    };
    HeaderValue::from_str(&location).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_leads_to_the_same_place() {
        for (host, uri, port, leads) in [
            ("chat.lan", "/", 443, "https://chat.lan/"),
            ("chat.lan", "/a?b=c%20d", 443, "https://chat.lan/a?b=c%20d"),
            ("chat.lan", "/create", 8443, "https://chat.lan:8443/create"),
            ("192.0.2.1", "/", 8443, "https://192.0.2.1:8443/"),
            ("[2001:db8::1]", "/", 443, "https://[2001:db8::1]/"),
            ("chat.lan", "http://chat.lan:80/x", 443, "https://chat.lan/x"),
            ("chat.lan", "*", 443, "https://chat.lan/"),
            ("chat.lan", "//evil.example/", 443, "https://chat.lan//evil.example/"),
        ] {
            let request = Request::builder().uri(uri).body(()).unwrap();
            let location = location(&host.parse().unwrap(), &request, port);
            assert_eq!(location.unwrap(), leads, "{host} {uri}");
        }
    }
}
