//! The answer to a good `hello`: the room, its people and every limit.

use serde::{Deserialize, Serialize};

use crate::{bytes::B64, codec, open::open_words, peer::Peer};

/// `welcome`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome<'a> {
    /// The version that is spoken.
    #[serde(deserialize_with = "codec::int")]
    pub v: u64,
    /// This life of the room: numbering starts over with another one.
    pub inst: B64<16>,
    /// The number of one's own session.
    #[serde(deserialize_with = "codec::int")]
    pub sid: u64,
    /// Whether an earlier session goes on.
    pub resumed: bool,
    /// The room.
    #[serde(deserialize_with = "codec::object")]
    pub room: RoomInfo,
    /// Who is there at `seq`, oneself included.
    #[serde(borrow)]
    pub peers: Vec<Peer<'a>>,
    /// The room's newest `seq`; replay goes up to it.
    #[serde(deserialize_with = "codec::int")]
    pub seq: u64,
    /// The server's time in milliseconds since 1970.
    #[serde(deserialize_with = "codec::int")]
    pub now: u64,
    /// What holds for this connection.
    #[serde(deserialize_with = "codec::object")]
    pub limits: Limits,
}

/// A room, as its members see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomInfo {
    /// Who can read what is said in it.
    pub kind: RoomKind,
    /// When it was opened, in milliseconds since 1970.
    #[serde(deserialize_with = "codec::int")]
    pub created: u64,
    /// When it ends, in milliseconds since 1970.
    #[serde(deserialize_with = "codec::int")]
    pub expires: u64,
    /// How many events a newcomer is shown.
    #[serde(deserialize_with = "codec::int")]
    pub history: u64,
    /// The most people; 0 is no limit.
    #[serde(deserialize_with = "codec::int")]
    pub max: u64,
}

open_words! {
    /// Who can read what is said in a room.
    pub enum RoomKind {
        /// Only those who have the token.
        Sealed = "sealed",
        /// The server as well.
        Plain = "plain",
    }
}

/// What a client must keep to. Clients take every limit from here and hard-code none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of a frame that a client sends.
    #[serde(deserialize_with = "codec::int")]
    pub frame: u64,
    /// Bytes of a text in UTF-8.
    #[serde(deserialize_with = "codec::int")]
    pub text: u64,
    /// Characters (scalar values) of a nickname.
    #[serde(deserialize_with = "codec::int")]
    pub nick: u64,
    /// Frames that a session may send.
    #[serde(deserialize_with = "codec::object")]
    pub rate: Rate,
    /// How often a browser sends `ping`, in milliseconds.
    #[serde(deserialize_with = "codec::int")]
    pub ping_ms: u64,
    /// How long a lost connection may be away without a `leave`, in milliseconds.
    #[serde(deserialize_with = "codec::int")]
    pub grace_ms: u64,
}

/// A token bucket; faster senders are read more slowly, never refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// Frames a second; 0 is no limit.
    #[serde(deserialize_with = "codec::int")]
    pub per_s: u64,
    /// Frames at once.
    #[serde(deserialize_with = "codec::int")]
    pub burst: u64,
}
