//! WebSocket frames as a client reads and writes them, and their heads as a server does (RFC 6455, section 5.2): no more of it than
//! a load run needs, since what it costs is taken from the server under test.

/// A whole text message.
pub(crate) const TEXT: u8 = 0x81;
/// A whole binary message, which no chat server sends.
pub(crate) const BINARY: u8 = 0x82;
pub(crate) const CLOSE: u8 = 0x88;
pub(crate) const PING: u8 = 0x89;
pub(crate) const PONG: u8 = 0x8a;

/// The longest frame that is taken: four times what a client of the chat must take.
const MAX: usize = 4 * chat_proto::MAX_SERVER_FRAME;

/// What the next bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A frame by its first byte, with its payload from `start` to `end`.
    Frame { kind: u8, start: usize, end: usize },
    /// The beginning of one.
    Part,
    /// No frame that a server may send, or one that no chat sends.
    Bad(&'static str),
}

/// Reads the frame that begins at `at`.
#[inline]
pub(crate) fn next(bytes: &[u8], at: usize) -> Next {
    let Some(&[kind, len]) = bytes.get(at..).and_then(|rest| rest.first_chunk()) else {
        return Next::Part;
    };
    let (start, len) = match len {
        0..=125 => (at + 2, usize::from(len)),
        126 => match bytes[at + 2..].first_chunk() {
            Some(len) => (at + 4, usize::from(u16::from_be_bytes(*len))),
            None => return Next::Part,
        },
        127 => match bytes[at + 2..].first_chunk() {
            Some(len) => (at + 10, usize::try_from(u64::from_be_bytes(*len)).unwrap_or(MAX + 1)),
            None => return Next::Part,
        },
        _ => return Next::Bad("a frame of the server is masked"),
    };
    if len > MAX {
        return Next::Bad("a frame of the server is longer than any chat's");
    }
    match (kind, start + len) {
        (TEXT | BINARY | CLOSE | PING | PONG, end) if end <= bytes.len() => {
            Next::Frame { kind, start, end }
        }
        (TEXT | BINARY | CLOSE | PING | PONG, _) => Next::Part,
        _ => Next::Bad("a frame of the server is a fragment, compressed or of no known kind"),
    }
}

/// The head of a frame that a server sends.
pub(crate) fn server_head(out: &mut Vec<u8>, kind: u8, len: usize) {
    head(out, kind, len, 0);
}

/// The head of a frame that a client sends. The mask is zero: it leaves the payload as it is, and
/// is there to protect proxies from what a page could make a browser send.
fn client_head(out: &mut Vec<u8>, kind: u8, len: usize) {
    const MASKED: u8 = 0x80;
    head(out, kind, len, MASKED);
    out.extend_from_slice(&[0; 4]);
}

fn head(out: &mut Vec<u8>, kind: u8, len: usize, masked: u8) {
    out.push(kind);
    match (u8::try_from(len), u16::try_from(len)) {
        (Ok(short), _) if short <= 125 => out.push(masked | short),
        (_, Ok(medium)) => {
            out.push(masked | 126);
            out.extend_from_slice(&medium.to_be_bytes());
        }
        _ => {
            out.push(masked | 127);
            out.extend_from_slice(&(len as u64).to_be_bytes());
        }
    }
}

/// A whole frame that a client sends.
pub(crate) fn put(out: &mut Vec<u8>, kind: u8, payload: &[u8]) {
    client_head(out, kind, payload.len());
    out.extend_from_slice(payload);
}

/// A close with a code.
pub(crate) fn close(out: &mut Vec<u8>, code: u16) {
    put(out, CLOSE, &code.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use tokio_tungstenite::tungstenite::Message;
    use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket};

    use super::*;

    fn served(message: Message) -> Vec<u8> {
        let mut socket = WebSocket::from_raw_socket(Cursor::new(Vec::new()), Role::Server, None);
        socket.send(message).unwrap();
        socket.get_ref().get_ref().clone()
    }

    #[test]
    fn frames_of_all_lengths_are_read_and_their_beginnings_are_parts() {
        for len in [0, 1, 125, 126, 65_535, 65_536, 100_000] {
            let payload = "y".repeat(len);
            let mut bytes = b"before".to_vec();
            bytes.extend(served(Message::text(payload.clone())));
            let Next::Frame { kind: TEXT, start, end } = next(&bytes, 6) else { panic!("{len}") };
            assert_eq!(&bytes[start..end], payload.as_bytes());
            assert_eq!(end, bytes.len());
            for cut in (6..bytes.len()).rev().take(20).chain(6..20.min(bytes.len())) {
                assert_eq!(next(&bytes[..cut], 6), Next::Part, "{len} cut at {cut}");
            }
        }
    }

    #[test]
    fn what_no_server_may_send_is_bad() {
        for bytes in [
            &[0x81, 0x81, 0, 0, 0, 0, b'x'][..],
            &[0x01, 0],
            &[0x80, 0],
            &[0xc1, 0],
            &[0x83, 0],
            &[0x81, 127, 0, 0, 0, 0, 0xff, 0, 0, 0],
            &[0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert!(matches!(next(bytes, 0), Next::Bad(_)), "{bytes:?}");
        }
    }

    #[test]
    fn another_implementation_reads_what_is_written() {
        for len in [0, 125, 126, 65_535, 65_536] {
            let text = "z".repeat(len);
            let mut bytes = Vec::new();
            put(&mut bytes, TEXT, text.as_bytes());
            close(&mut bytes, 1000);
            let mut socket = WebSocket::from_raw_socket(Cursor::new(bytes), Role::Server, None);
            assert_eq!(socket.read().unwrap(), Message::text(text));
            let Message::Close(Some(close)) = socket.read().unwrap() else { panic!("no close") };
            assert_eq!(u16::from(close.code), 1000);
        }
    }
}
