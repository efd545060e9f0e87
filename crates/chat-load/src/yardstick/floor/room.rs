//! The floor's rooms: who is in them, and what is said.

use chat_proto::client::{Body, Identity, Send, Target};
use chat_proto::server::{
    Content, Limits, Live, Mode, Msg, Peer, Rate, RoomInfo, RoomKind, Welcome,
};
use chat_proto::{B64, ClientFrame, MsgId, ServerFrame, Text, VERSION};

use super::Floor;
use super::connection::State;
use crate::frame::{CLOSE, PING, PONG, TEXT};

/// The longest frame that a client may send.
const FRAME_MAX: usize = 64 << 10;

/// A room. It lives as long as the process, as a run's rooms may.
#[derive(Default)]
pub(super) struct Room {
    pub(super) members: Vec<usize>,
    /// Whether its members speak chat.v1; all of them do or none.
    v1: bool,
    seq: u64,
    /// What is to be written to all.
    pub(super) chunk: Vec<u8>,
    json: Vec<u8>,
}

impl Room {
    /// Lets somebody in, who speaks as the others do.
    pub(super) fn enter(&mut self, index: usize, v1: bool) -> bool {
        if self.members.is_empty() {
            self.v1 = v1;
        }
        if self.v1 != v1 {
            return false;
        }
        self.seq += 1;
        self.members.push(index);
        true
    }

    pub(super) fn leave(&mut self, index: usize) {
        self.members.retain(|member| *member != index);
    }

    /// Takes a chunk back, for the next one.
    pub(super) fn recycle(&mut self, mut chunk: Vec<u8>) {
        chunk.clear();
        self.chunk = chunk;
    }

    fn put_plain(&mut self, nick: &str, text: &[u8]) {
        head(&mut self.chunk, TEXT, nick.len() + 2 + text.len());
        for part in [nick.as_bytes(), b": ", text] {
            self.chunk.extend_from_slice(part);
        }
    }

    fn put_v1(&mut self, ts: u64, from: u64, id: MsgId, nick: &str, text: &str) {
        self.seq += 1;
        let content = Content::Plain { nick: nick.into(), text: text.into() };
        self.json.clear();
        ServerFrame::Msg(Msg { seq: self.seq, ts, from, id: Some(id), content })
            .write(&mut self.json);
        head(&mut self.chunk, TEXT, self.json.len());
        self.chunk.extend_from_slice(&self.json);
    }
}

impl Floor {
    /// Takes a frame; its payload is unmasked.
    pub(super) fn hear(&mut self, index: usize, kind: u8, payload: &mut [u8]) {
        let Some(connection) = &mut self.connections[index] else { return };
        match (kind, &connection.state) {
            (TEXT, State::Greeting) => self.greet(index, payload),
            (TEXT, &State::Member { room, ref nick, v1 }) => {
                let crowd = &mut self.rooms[room];
                let first = crowd.chunk.is_empty();
                if v1 {
                    let Some((id, text)) = message(payload) else { return };
                    crowd.put_v1(self.now, index as u64, id, nick, &text);
                } else {
                    crowd.put_plain(nick, payload);
                }
                self.said(room, first);
            }
            (PING | CLOSE, _) => {
                let mut answer = Vec::new();
                head(&mut answer, if kind == PING { PONG } else { CLOSE }, payload.len());
                answer.extend_from_slice(payload);
                if !connection.offer(&answer) || kind == CLOSE {
                    self.gone.push(index);
                }
            }
            _ => {}
        }
    }

    /// Something was added to a room's chunk: it goes out now, or with all of this turn.
    fn said(&mut self, room: usize, first: bool) {
        if !self.batched {
            let chunk = std::mem::take(&mut self.rooms[room].chunk);
            self.write_to_all(room, &chunk);
            self.rooms[room].recycle(chunk);
        } else if first {
            self.dirty.push(room);
        }
    }

    fn greet(&mut self, index: usize, payload: &[u8]) {
        let hello =
            std::str::from_utf8(payload).ok().map(|text| ClientFrame::decode(text, FRAME_MAX));
        let entered = match hello {
            Some(Ok(ClientFrame::Hello(hello))) => match (hello.room, hello.who) {
                (Target::Token(token), Identity::Plain { nick }) => {
                    let room = self.tokens.get(token.as_str()).copied();
                    room.filter(|room| self.rooms[*room].enter(index, true)).zip(Some(nick))
                }
                _ => None,
            },
            _ => None,
        };
        let (Some((room, nick)), Some(connection)) = (entered, &mut self.connections[index]) else {
            return self.gone.push(index);
        };
        let welcome = welcome(index as u64, &nick, self.rooms[room].seq, self.now);
        connection.state = State::Member { room, nick: nick.into_string(), v1: true };
        if !connection.offer(&welcome) {
            self.gone.push(index);
        }
    }
}

fn message(payload: &[u8]) -> Option<(MsgId, Text<'_>)> {
    let text = std::str::from_utf8(payload).ok()?;
    match ClientFrame::decode(text, FRAME_MAX) {
        Ok(ClientFrame::Send(Send { id, body: Body::Text(text) })) => Some((id, text)),
        _ => None,
    }
}

/// The answer to a hello, and the end of a replay of nothing.
fn welcome(sid: u64, nick: &str, seq: u64, now: u64) -> Vec<u8> {
    let who = chat_proto::server::Identity::Plain { nick: nick.into() };
    let welcome = ServerFrame::Welcome(Box::new(Welcome {
        v: VERSION,
        inst: B64([0; 16]),
        sid,
        resumed: false,
        room: RoomInfo { kind: RoomKind::Plain, created: now, expires: now, history: 0, max: 0 },
        peers: vec![Peer { sid, mode: Mode::V1, since: now, who }],
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
    let mut out = Vec::new();
    for frame in [welcome, ServerFrame::Live(Live { seq })] {
        let json = frame.encode();
        head(&mut out, TEXT, json.len());
        out.extend_from_slice(json.as_bytes());
    }
    out
}

/// The head of a server's frame.
fn head(out: &mut Vec<u8>, kind: u8, len: usize) {
    out.push(kind);
    match (u8::try_from(len), u16::try_from(len)) {
        (Ok(short), _) if short <= 125 => out.push(short),
        (_, Ok(medium)) => {
            out.push(126);
            out.extend_from_slice(&medium.to_be_bytes());
        }
        _ => {
            out.push(127);
            out.extend_from_slice(&(len as u64).to_be_bytes());
        }
    }
}
