//! What is asked of a yardstick by HTTP, and what it answers.

use chat_proto::SUBPROTOCOL;
use chat_proto::http::CreateAnswer;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// The longest head that is waited for, in bytes.
pub(crate) const HEAD_MAX: usize = 16 << 10;

/// A request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// A room.
    Create,
    /// A WebSocket in plain mode.
    Plain { token: String, nick: String, key: String },
    /// A WebSocket that speaks chat.v1.
    V1 { key: String },
    /// What a yardstick doesn't know.
    Other,
}

/// Reads a request and its length, once its head is whole.
pub(crate) fn read(bytes: &[u8]) -> Option<(Request, usize)> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    let head = match request.parse(bytes) {
        Ok(httparse::Status::Complete(head)) => head,
        Ok(httparse::Status::Partial) => return None,
        Err(_) => return Some((Request::Other, bytes.len())),
    };
    let header = |name: &str| {
        let found = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        found.and_then(|header| std::str::from_utf8(header.value).ok()).map(str::to_owned)
    };
    let (path, query) = split(request.path.unwrap_or_default());
    let request = match (path, header("sec-websocket-key"), header("sec-websocket-protocol")) {
        ("/create", _, _) => Request::Create,
        ("/ws", Some(key), Some(_)) => Request::V1 { key },
        ("/ws", Some(key), None) => plain(query, key),
        _ => Request::Other,
    };
    Some((request, head))
}

fn plain(query: &str, key: String) -> Request {
    match place(query) {
        Some((token, nick)) => Request::Plain { token, nick, key },
        None => Request::Other,
    }
}

/// The token and the nickname of a query.
pub(crate) fn place(query: &str) -> Option<(String, String)> {
    let find = |name: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    find("token").zip(find("nick"))
}

fn split(path: &str) -> (&str, &str) {
    path.split_once('?').unwrap_or((path, ""))
}

/// The token of a new room.
pub(crate) fn new_token() -> String {
    format!("{:016x}", rand::random::<u64>())
}

/// The answer to `/create`.
pub(crate) fn created(token: &str) -> String {
    let body = CreateAnswer { token: token.into() }.encode();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// The answer to a WebSocket's request.
pub(crate) fn upgraded(key: &str, v1: bool) -> String {
    let protocol = match v1 {
        true => format!("Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n"),
        false => String::new(),
    };
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: {}\r\n{protocol}\r\n",
        derive_accept_key(key.as_bytes())
    )
}

/// The answer to all else.
pub(crate) const UNKNOWN: &str =
    "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

#[cfg(test)]
mod tests {
    use super::*;

    const UPGRADE: &str = "Connection: Upgrade\r\nSec-WebSocket-Key: k\r\n";

    fn asked(path: &str, headers: &str) -> Request {
        let text = format!("GET {path} HTTP/1.1\r\nHost: a\r\n{headers}\r\nmore");
        let (request, len) = read(text.as_bytes()).unwrap();
        assert_eq!(&text[len..], "more");
        request
    }

    #[test]
    fn requests_are_told_apart() {
        let (token, nick, key) = ("t".to_owned(), "a b".to_owned(), "k".to_owned());
        assert_eq!(asked("/create", ""), Request::Create);
        assert_eq!(
            asked("/ws?nick=a+b&token=t", UPGRADE),
            Request::Plain { token, nick, key: key.clone() }
        );
        let v1 = format!("{UPGRADE}Sec-WebSocket-Protocol: chat.v1\r\n");
        assert_eq!(asked("/ws", &v1), Request::V1 { key });
        assert_eq!(asked("/ws?token=t", UPGRADE), Request::Other);
        assert_eq!(asked("/ws?token=t&nick=a", ""), Request::Other);
        assert_eq!(asked("/", ""), Request::Other);
    }

    #[test]
    fn half_a_request_waits_for_the_rest() {
        assert_eq!(read(b"GET /create HTTP/1.1\r\nHost: a\r\n"), None);
    }
}
