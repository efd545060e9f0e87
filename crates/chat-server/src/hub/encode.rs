//! Frames of the wire, written straight into the buffer that goes out.

use std::borrow::Cow;

use chat_core::{Author, Event, Joined, Presence, Room, Seq, SessionId, What, Whereabouts};
use chat_proto::server::{
    Content, Count, Gap, GapWhy, Join, Leave, Live, Msg, Profile, RoomInfo, RoomKind, State,
    Typing, Welcome,
};
use chat_proto::{B64, ServerFrame, Text};

use super::payload::Payload;
use super::run::Form;
use crate::config::Config;
use crate::convert::{self, End, Refusal};
use crate::ws::frame;

/// One frame of chat.v1.
pub(crate) fn put(out: &mut Vec<u8>, frame: &ServerFrame<'_>) {
    frame::text(out, |out| frame.write(out));
}

/// An event, as chat.v1 shows it.
pub(super) fn structured(out: &mut Vec<u8>, seq: Seq, event: &Event<Payload>) {
    let seq = seq.get();
    let ts = event.at.as_millis();
    let frame = match &event.what {
        What::Joined(peer) => ServerFrame::Join(Join { seq, ts, peer: convert::peer(peer) }),
        What::Posted { from, author, id, payload } => {
            let Some(content) = content(author, payload) else { return };
            let id = id.as_ref().and_then(convert::wire_id);
            ServerFrame::Msg(Msg { seq, ts, from: from.get(), id, content })
        }
        What::Left { session, why } => {
            ServerFrame::Leave(Leave { seq, ts, sid: session.get(), why: convert::leave(*why) })
        }
        What::Renamed { session, face } => ServerFrame::Profile(Profile {
            seq,
            ts,
            sid: session.get(),
            who: convert::identity(face),
        }),
    };
    put(out, &frame);
}

/// `None` for a mixture that the room never lets in.
fn content<'a>(author: &'a Author, payload: &'a Payload) -> Option<Content<'a>> {
    match (author, payload) {
        (Author::Nick(nick), Payload::Text(text)) => Some(Content::Plain {
            nick: Text::from(nick.as_str()),
            text: Text::from(text.as_ref()),
        }),
        (Author::Key(spk), Payload::Sealed(m)) => {
            Some(Content::Sealed { spk: B64(spk.0), m: Cow::Borrowed(m) })
        }
        _ => None,
    }
}

/// An event, as plain mode shows it: a text as `nick: text`, all else not at
/// all. No line of a text but the first begins at the line's start, so that
/// nobody can write a line that looks like somebody else's
/// (docs/protocol.md, section 3).
pub(super) fn plain(out: &mut Vec<u8>, event: &Event<Payload>) {
    let What::Posted { author: Author::Nick(nick), payload: Payload::Text(text), .. } = &event.what
    else {
        return;
    };
    frame::text(out, |out| line(out, nick.as_str(), text));
}

fn line(out: &mut Vec<u8>, nick: &str, text: &str) {
    out.extend_from_slice(nick.as_bytes());
    out.extend_from_slice(b": ");
    let mut rest = text;
    while let Some(at) = rest.find(is_line_break) {
        let crlf = rest[at..].starts_with("\r\n");
        let end = if crlf { at + 2 } else { rest.ceil_char_boundary(at + 1) };
        let (line, after) = rest.split_at(end);
        out.extend_from_slice(line.as_bytes());
        out.extend_from_slice(b"  ");
        rest = after;
    }
    out.extend_from_slice(rest.as_bytes());
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The replay is over.
pub(super) fn live(out: &mut Vec<u8>, seq: Seq) {
    put(out, &ServerFrame::Live(Live { seq: seq.get() }));
}

/// Events are gone for this reader.
pub(super) fn gap(out: &mut Vec<u8>, from: Seq, to: Seq, why: GapWhy) {
    put(out, &ServerFrame::Gap(Gap { from: from.get(), to: to.get(), why }));
}

/// How many are there.
pub(super) fn count(people: usize) -> Vec<u8> {
    let mut out = Vec::new();
    put(&mut out, &ServerFrame::Count(Count { n: people as u64 }));
    out
}

/// Somebody began or stopped typing.
pub(super) fn typing(out: &mut Vec<u8>, session: SessionId, on: bool) {
    put(out, &ServerFrame::Typing(Typing { sid: session.get(), on }));
}

/// Where somebody is.
pub(super) fn state(out: &mut Vec<u8>, session: SessionId, is: Whereabouts) {
    let (sid, is) = (session.get(), convert::whereabouts(is));
    put(out, &ServerFrame::State(State { sid, is }));
}

/// Where each of the others is, for one that may have missed some of it.
pub(super) fn states(out: &mut Vec<u8>, room: &Room<Payload>, me: SessionId) {
    for peer in room.peers().filter(|peer| peer.session != me) {
        state(out, peer.session, peer.whereabouts);
    }
}

/// The last frames of a connection whose room ends.
pub(super) fn end(form: Form, end: End) -> Vec<u8> {
    let mut out = Vec::new();
    if form == Form::Structured {
        let why = end.wire();
        put(&mut out, &ServerFrame::End(chat_proto::server::End { why, in_ms: 0 }));
    }
    frame::close(&mut out, end.close().0, end.message());
    out
}

/// A refusal, as `error`.
pub(crate) fn error(out: &mut Vec<u8>, refusal: &Refusal) {
    put(out, &ServerFrame::Error(refusal.frame()));
}

/// The answer to a `hello`.
pub(crate) fn welcome(
    room: &Room<Payload>,
    joined: &Joined,
    now: chat_core::Timestamp,
    config: &Config,
) -> Vec<u8> {
    let session = joined.connection.id.session;
    let peers: Vec<_> = match room.presence() {
        Presence::Listed => room.peers().collect(),
        Presence::Counted => room.peer(session).into_iter().collect(),
    };
    let options = room.options();
    let mut out = Vec::new();
    put(
        &mut out,
        &ServerFrame::Welcome(Box::new(Welcome {
            v: chat_proto::VERSION,
            inst: B64(room.instance().0),
            sid: session.get(),
            resumed: joined.resumed,
            room: RoomInfo {
                kind: match room.id() {
                    chat_core::RoomId::Plain(_) => RoomKind::Plain,
                    chat_core::RoomId::Sealed(_) => RoomKind::Sealed,
                },
                created: room.created().as_millis(),
                expires: room.expires().as_millis(),
                history: options.history.into(),
                max: options.max.map_or(0, |max| max.get().into()),
            },
            peers: peers.iter().map(convert::peer).collect(),
            seq: joined.live.get(),
            now: now.as_millis(),
            limits: convert::limits(config),
        })),
    );
    out
}

#[cfg(test)]
mod tests {
    fn line(text: &str) -> String {
        let mut out = Vec::new();
        super::line(&mut out, "ann", text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn no_line_of_a_text_looks_like_another_message() {
        assert_eq!(line("hi"), "ann: hi");
        assert_eq!(line("a\nbob: b\r\nc\rd"), "ann: a\n  bob: b\r\n  c\r  d");
        assert_eq!(
            line("\u{b}\u{c}\u{85}\u{2028}\u{2029}x"),
            "ann: \u{b}  \u{c}  \u{85}  \u{2028}  \u{2029}  x"
        );
    }
}
