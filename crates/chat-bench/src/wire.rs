//! Frames: written for those who read, and read from those who speak.

use std::borrow::Cow;
use std::error::Error;
use std::hint::black_box;

use chat_proto::client::{Body, Send};
use chat_proto::server::{Content, Msg};
use chat_proto::{ClientFrame, MsgId, Sealed, ServerFrame};

use crate::sealing::Speaker;
use crate::{Ready, text};

/// What a server takes at the most, by default.
const MAX_FRAME: usize = 64 * 1024;

const PLAIN: usize = 128;

/// What has a ciphertext of 1 KiB and a tag.
const SEALED: usize = 900;

/// A sealed message with its sender's key.
fn sealed() -> Result<([u8; 32], Sealed), Box<dyn Error>> {
    let mut speaker = Speaker::new()?;
    let sealed = speaker.say(&text(SEALED))?;
    let m = Sealed { n: sealed.n, ct: sealed.ct.into(), sig: sealed.sig.into() };
    Ok((speaker.spk(), m))
}

fn id() -> Result<MsgId, Box<dyn Error>> {
    Ok("m1234".parse()?)
}

/// A plain message to the members.
pub(crate) fn encode() -> Ready {
    write(Content::Plain { nick: "alice".into(), text: text(PLAIN).into() })
}

/// A sealed one.
pub(crate) fn encode_sealed() -> Ready {
    let (spk, m) = sealed()?;
    write(Content::Sealed { spk: spk.into(), m: Cow::Owned(m) })
}

fn write(content: Content<'static>) -> Ready {
    let msg = Msg { seq: 1234, ts: 1_767_225_600_000, from: 12, id: Some(id()?), content };
    let frame = ServerFrame::Msg(msg);
    let mut out = Vec::new();
    Ok(Box::new(move || {
        out.clear();
        black_box(&frame).write(&mut out);
        black_box(out.as_slice()).ends_with(b"}")
    }))
}

/// A plain message from a member.
pub(crate) fn decode() -> Ready {
    read(Body::Text(text(PLAIN).into()))
}

/// A sealed one.
pub(crate) fn decode_sealed() -> Ready {
    read(Body::Sealed(sealed()?.1))
}

fn read(body: Body<'static>) -> Ready {
    let frame = ClientFrame::Send(Send { id: id()?, body }).encode();
    Ok(Box::new(move || {
        matches!(
            black_box(ClientFrame::decode(black_box(&frame), MAX_FRAME)),
            Ok(ClientFrame::Send(_))
        )
    }))
}
