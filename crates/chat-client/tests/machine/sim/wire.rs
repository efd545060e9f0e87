//! The rooms' events as frames, in the least that a server needs.

use std::borrow::Cow;

use chat_core::{
    Author, Event, Face, LeaveReason, Nick, Payload, Peer, Room, SenderKey, Seq, What,
};
use chat_proto::{
    B64, CloseCode, ErrorCode, Sealed, ServerFrame, Text,
    client::Identity,
    server::{
        Content, ErrorFrame, Join, Leave, LeaveWhy, Limits, Mode, Msg, Profile, Rate, RoomInfo,
        RoomKind, State, Welcome, Whereabouts,
    },
};

/// What is said in the rooms of the model.
#[derive(Clone, Debug)]
pub(crate) enum Words {
    Open(String),
    Sealed(Sealed),
}

impl Payload for Words {
    fn bytes(&self) -> usize {
        0
    }
}

pub(crate) fn face(who: Identity<'_>) -> Face<Words> {
    match who {
        Identity::Plain { nick } => Face::Nick(Nick::parse(&nick).unwrap()),
        Identity::Sealed { spk, profile } => {
            Face::Key { spk: SenderKey(spk.0), n: profile.n, profile: Words::Sealed(profile) }
        }
    }
}

fn identity(face: &Face<Words>) -> Identity<'static> {
    match face {
        Face::Nick(nick) => Identity::Plain { nick: Text::from(nick.as_str().to_owned()) },
        Face::Key { spk, profile: Words::Sealed(profile), .. } => {
            Identity::Sealed { spk: B64(spk.0), profile: profile.clone() }
        }
        Face::Key { .. } => panic!("a profile that isn't sealed"),
    }
}

fn peer(peer: &Peer<Words>) -> chat_proto::server::Peer<'static> {
    let (sid, since) = (peer.session.get(), peer.since.as_millis());
    let (who, is) = (identity(&peer.face), whereabouts(peer.whereabouts));
    chat_proto::server::Peer { sid, mode: Mode::V1, since, who, is }
}

pub(crate) fn whereabouts(is: chat_core::Whereabouts) -> Whereabouts {
    match is {
        chat_core::Whereabouts::Here => Whereabouts::Here,
        chat_core::Whereabouts::Away => Whereabouts::Away,
        chat_core::Whereabouts::Lost => Whereabouts::Lost,
    }
}

pub(crate) fn state(sid: u64, is: chat_core::Whereabouts) -> String {
    ServerFrame::State(State { sid, is: whereabouts(is) }).encode()
}

pub(crate) fn event(seq: Seq, event: &Event<Words>) -> String {
    let (seq, ts) = (seq.get(), event.at.as_millis());
    match &event.what {
        What::Joined(joined) => ServerFrame::Join(Join { seq, ts, peer: peer(joined) }),
        What::Posted { from, author, id, payload } => {
            let content = match (author, payload.clone()) {
                (Author::Nick(nick), Words::Open(text)) => {
                    Content::Plain { nick: Text::from(nick.as_str().to_owned()), text: text.into() }
                }
                (Author::Key(spk), Words::Sealed(m)) => {
                    Content::Sealed { spk: B64(spk.0), m: Cow::Owned(m) }
                }
                _ => panic!("words of another kind of room"),
            };
            let id = id.map(|id| id.as_str().parse().unwrap());
            ServerFrame::Msg(Msg { seq, ts, from: from.get(), id, content })
        }
        What::Left { session, why } => {
            let why = match why {
                LeaveReason::Bye => LeaveWhy::Bye,
                LeaveReason::Timeout => LeaveWhy::Timeout,
            };
            ServerFrame::Leave(Leave { seq, ts, sid: session.get(), why })
        }
        What::Renamed { session, face } => {
            ServerFrame::Profile(Profile { seq, ts, sid: session.get(), who: identity(face) })
        }
    }
    .encode()
}

pub(crate) fn welcome(room: &Room<Words>, sid: u64, resumed: bool, now: u64) -> String {
    let options = room.options();
    ServerFrame::Welcome(Box::new(Welcome {
        v: 1,
        inst: B64(room.instance().0),
        sid,
        resumed,
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
        peers: room.peers().map(|member| peer(&member)).collect(),
        seq: room.newest().get(),
        now,
        limits: Limits {
            frame: 65_536,
            text: 16_384,
            nick: 32,
            rate: Rate { per_s: 0, burst: 0 },
            ping_ms: 20_000,
            grace_ms: 0,
        },
    }))
    .encode()
}

/// A fatal error, and the code of the close that follows it.
pub(crate) fn refusal(code: ErrorCode) -> (String, u16) {
    let close = code.close().unwrap_or(CloseCode::PROTOCOL).0;
    (error(code, true), close)
}

pub(crate) fn error(code: ErrorCode, fatal: bool) -> String {
    let message = "no".into();
    ServerFrame::Error(ErrorFrame { code, message, re: None, retry_ms: None, fatal }).encode()
}
