//! What is said to a yardstick in chat.v1, and what it says itself.

use chat_proto::client::{Body, Identity, Send, Target};
use chat_proto::server::{
    self, Content, Limits, Live, Mode, Msg, Peer, Rate, RoomInfo, RoomKind, Welcome, Whereabouts,
};
use chat_proto::{B64, ClientFrame, MsgId, ServerFrame, Text, VERSION};

/// The longest frame that a client may send.
const FRAME_MAX: usize = 64 << 10;

/// The token and the nickname of a hello.
pub(crate) fn hello(text: &str) -> Option<(String, String)> {
    match ClientFrame::decode(text, FRAME_MAX) {
        Ok(ClientFrame::Hello(hello)) => match (hello.room, hello.who) {
            (Target::Token(token), Identity::Plain { nick }) => {
                Some((token.into_string(), nick.into_string()))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The id and the text of a message.
pub(crate) fn message(text: &str) -> Option<(MsgId, Text<'_>)> {
    match ClientFrame::decode(text, FRAME_MAX) {
        Ok(ClientFrame::Send(Send { id, body: Body::Text(text) })) => Some((id, text)),
        _ => None,
    }
}

/// Appends a message as all see it.
pub(crate) fn put_message(
    out: &mut Vec<u8>,
    (seq, ts, from): (u64, u64, u64),
    id: MsgId,
    nick: &str,
    text: &str,
) {
    let content = Content::Plain { nick: nick.into(), text: text.into() };
    ServerFrame::Msg(Msg { seq, ts, from, id: Some(id), content }).write(out);
}

/// The answer to a hello, and the end of a replay of nothing.
pub(crate) fn welcome(sid: u64, nick: &str, seq: u64, now: u64) -> [String; 2] {
    let who = server::Identity::Plain { nick: nick.into() };
    let welcome = ServerFrame::Welcome(Box::new(Welcome {
        v: VERSION,
        inst: B64([0; 16]),
        sid,
        resumed: false,
        room: RoomInfo { kind: RoomKind::Plain, created: now, expires: now, history: 0, max: 0 },
        peers: vec![Peer { sid, mode: Mode::V1, since: now, who, is: Whereabouts::Here }],
        seq,
        now,
        limits: Limits {
            frame: FRAME_MAX as u64,
            text: FRAME_MAX as u64 / 4,
            nick: 32,
            rate: Rate { per_s: 0, burst: 1 },
            ping_ms: 20_000,
            grace_ms: 0,
        },
    }));
    [welcome.encode(), ServerFrame::Live(Live { seq }).encode()]
}
