//! A message of chat.v1 from the bytes of its `send`, without taking the JSON apart: what stands in
//! the one as a string may stand in the other.

use std::io::Write;

use memchr::memchr2;

use super::super::talk;

/// The numbers of a message: `seq`, `ts` and `from`.
pub(super) type Numbers = (u64, u64, u64);

/// A string as JSON writes it, with its quotes.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

/// Appends the message that a `send` makes, under a nickname with quotes; false where it is none.
pub(super) fn put(out: &mut Vec<u8>, numbers: Numbers, nick: &str, send: &[u8]) -> bool {
    if let Some((id, text)) = scan(send) {
        write(out, numbers, nick, id, text);
        return true;
    }
    let decoded = std::str::from_utf8(send).ok().and_then(talk::message);
    let Some((id, text)) = decoded else { return false };
    let text = quoted(&text);
    write(out, numbers, nick, id.as_str().as_bytes(), unquoted(&text).as_bytes());
    true
}

/// The id and the text of a `send` that is written as all of ours are, and has nothing escaped.
fn scan(send: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = send.strip_prefix(br#"{"t":"send","id":""#)?;
    let (id, rest) = rest.split_at(memchr::memchr(b'"', rest)?);
    let text = rest.strip_prefix(br#"","text":""#)?.strip_suffix(br#""}"#)?;
    memchr2(b'"', b'\\', text).is_none().then_some((id, text))
}

fn write(out: &mut Vec<u8>, (seq, ts, from): Numbers, nick: &str, id: &[u8], text: &[u8]) {
    // Nothing that is written to a vector fails.
    let _ = write!(out, r#"{{"t":"msg","seq":{seq},"ts":{ts},"from":{from},"id":""#);
    for part in [id, br#"","nick":"#, nick.as_bytes(), br#","text":""#, text, br#""}"#] {
        out.extend_from_slice(part);
    }
}

#[cfg(test)]
mod tests {
    use chat_proto::ClientFrame;
    use chat_proto::client::{Body, Send};

    use super::*;

    #[test]
    fn the_bytes_are_those_of_the_protocol() {
        for text in ["", "hi", "я ❤️", "a \"quoted\" line\n", "\\", "\"", "\u{1}\u{2028}"] {
            for nick in ["ann", "a\"b\\"] {
                let id: chat_proto::MsgId = "m-1".parse().unwrap();
                let send = ClientFrame::Send(Send { id, body: Body::Text(text.into()) }).encode();
                let numbers = (7, 1_750_000_000_000, 3);
                let (mut spliced, mut encoded) = (Vec::new(), Vec::new());
                assert!(put(&mut spliced, numbers, &quoted(nick), send.as_bytes()));
                talk::put_message(&mut encoded, numbers, id, nick, text);
                assert_eq!(spliced.escape_ascii().to_string(), encoded.escape_ascii().to_string());
            }
        }
    }

    #[test]
    fn members_in_another_order_are_read_and_other_frames_are_not() {
        let mut out = Vec::new();
        assert!(put(&mut out, (1, 2, 3), "\"n\"", br#"{"text":"x","id":"i","t":"send"}"#));
        assert!(out.ends_with(br#""id":"i","nick":"n","text":"x"}"#));
        for other in [&br#"{"t":"ping","n":1}"#[..], br#"{"t":"send","id":"i"}"#, b"\xff"] {
            assert!(!put(&mut out, (1, 2, 3), "\"n\"", other));
        }
    }
}
