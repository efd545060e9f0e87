//! The two forms of the interface (docs/protocol.md, sections 3 and 4): how a message is written
//! in each, and where in a frame its text stands.

use std::fmt;

use chat_proto::ClientFrame;
use chat_proto::client::{Body, Send};
use clap::ValueEnum;
use memchr::memmem::Finder;
use serde::Serialize;

use crate::failure::Failure;
use crate::frame;
use crate::stamp::{LEN, MARKER, Stamp, write_hex};

/// How members speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    /// Without a subprotocol: text in, `nick: text` out.
    Plain,
    /// With the subprotocol chat.v1.
    V1,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "plain",
            Self::V1 => "v1",
        })
    }
}

/// A message that is ready to be sent but for its number and its time.
#[derive(Debug)]
pub(crate) struct Template {
    frame: Vec<u8>,
    sender: u32,
    text: usize,
    id: Option<usize>,
}

/// The digits of a message's `id`: its number among the sender's.
const ID: &str = "00000000";

impl Template {
    /// For texts of `size` bytes, at least [`LEN`].
    pub(crate) fn new(mode: Mode, sender: u32, size: usize) -> Result<Self, Failure> {
        let text = "x".repeat(size);
        let mut frame = Vec::new();
        let (payload, id, behind) = match mode {
            Mode::Plain => (text, None, 0),
            Mode::V1 => {
                let id = ID.parse().map_err(|_| Failure::new("a message can't be named"))?;
                let send = Send { id, body: Body::Text(text.as_str().into()) };
                let json = ClientFrame::Send(send).encode();
                let id = json.find(ID);
                (json, id, r#""}"#.len())
            }
        };
        frame::put(&mut frame, frame::TEXT, payload.as_bytes());
        let head = frame.len() - payload.len();
        let text = frame.len() - behind - size;
        Ok(Self { frame, sender, text, id: id.map(|at| head + at) })
    }

    /// Appends the message with this number.
    pub(crate) fn append(&self, out: &mut Vec<u8>, seq: u32, due: u64) {
        let at = out.len();
        out.extend_from_slice(&self.frame);
        Stamp { sender: self.sender, seq, due }.write(&mut out[at + self.text..]);
        if let Some(id) = self.id {
            write_hex(&mut out[at + id..at + id + ID.len()], u64::from(seq));
        }
    }
}

/// Finds the stamp in what the server sends.
#[derive(Debug)]
pub(crate) struct Spotter {
    from_end: usize,
    marker: Finder<'static>,
}

impl Spotter {
    /// For texts of `size` bytes.
    pub(crate) fn new(mode: Mode, size: usize) -> Self {
        let behind = match mode {
            Mode::Plain => 0,
            Mode::V1 => r#""}"#.len(),
        };
        Self { from_end: size + behind, marker: Finder::new(&MARKER).into_owned() }
    }

    /// The stamp in a payload: where the chat's own server puts it, else wherever it is.
    #[inline]
    pub(crate) fn find(&self, payload: &[u8]) -> Option<Stamp> {
        payload
            .len()
            .checked_sub(self.from_end)
            .and_then(|at| Stamp::read(&payload[at..]))
            .or_else(|| self.search(payload))
    }

    #[cold]
    fn search(&self, payload: &[u8]) -> Option<Stamp> {
        if payload.len() < LEN {
            return None;
        }
        self.marker.find(payload).and_then(|at| Stamp::read(&payload[at..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(mode: Mode, size: usize, seq: u32) -> String {
        let mut out = b"before".to_vec();
        Template::new(mode, 7, size).unwrap().append(&mut out, seq, 99);
        // Behind the head, which is masked: 2 or 4 bytes and the mask.
        let head = if out[7] & 0x7f < 126 { 6 } else { 8 };
        String::from_utf8(out[6 + head..].to_vec()).unwrap()
    }

    #[test]
    fn a_plain_message_is_its_text() {
        for size in [40, 125, 126, 500] {
            let text = sent(Mode::Plain, size, 3);
            assert_eq!(text.len(), size);
            assert_eq!(Stamp::read(text.as_bytes()), Some(Stamp { sender: 7, seq: 3, due: 99 }));
        }
    }

    #[test]
    fn a_structured_message_is_a_send_with_an_id_of_its_own() {
        let frame = sent(Mode::V1, 64, 0x1f);
        let decoded = ClientFrame::decode(&frame, 4096).unwrap();
        let ClientFrame::Send(Send { id, body: Body::Text(text) }) = decoded else { panic!() };
        assert_eq!((id.as_str(), text.len()), ("0000001f", 64));
        assert_eq!(Stamp::read(text.as_bytes()).unwrap().seq, 0x1f);
    }

    #[test]
    fn the_stamp_is_found_where_it_should_be_and_elsewhere() {
        let text = sent(Mode::Plain, 50, 5);
        let plain = Spotter::new(Mode::Plain, 50);
        let v1 = Spotter::new(Mode::V1, 50);
        let found = Some(Stamp { sender: 7, seq: 5, due: 99 });
        assert_eq!(plain.find(format!("ann: {text}").as_bytes()), found);
        assert_eq!(v1.find(format!(r#"{{"t":"msg","text":"{text}"}}"#).as_bytes()), found);
        assert_eq!(v1.find(format!(r#"{{"text":"{text}","t":"msg"}}"#).as_bytes()), found);
        assert_eq!(v1.find(br#"{"t":"count","n":1000}"#), None);
        assert_eq!(plain.find(b"ann: chatload"), None);
    }
}
