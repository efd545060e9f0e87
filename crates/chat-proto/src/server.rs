//! What the server sends (section 4.2).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    code::ErrorCode,
    codec::{self, DecodeError},
    id::MsgId,
    open::open_words,
};

pub use crate::{
    event::{Content, Join, Leave, LeaveWhy, Msg, Profile},
    peer::{Identity, Mode, Peer, Whereabouts},
    welcome::{Limits, Rate, RoomInfo, RoomKind, Welcome},
};

/// A frame from the server to a client.
///
/// Encoding makes no tree and borrows what it can: a server writes the events of a room by
/// [`write`](Self::write) straight into the buffer that goes out.
///
/// ```
/// use chat_proto::{ServerFrame, server::{Content, Msg}};
///
/// let content = Content::Plain { nick: "Ann".into(), text: "hi".into() };
/// let frame = ServerFrame::Msg(Msg { seq: 7, ts: 1_750_000_000_000, from: 2, id: None, content });
/// let mut out = Vec::new();
/// frame.write(&mut out);
/// assert_eq!(
///     out,
///     br#"{"t":"msg","seq":7,"ts":1750000000000,"from":2,"nick":"Ann","text":"hi"}"#,
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub enum ServerFrame<'a> {
    /// The answer to a good `hello`.
    Welcome(Box<Welcome<'a>>),
    /// A message, to everyone, the sender too.
    Msg(Msg<'a>),
    /// A repeated `id` whose message was already taken.
    Ack(Ack),
    /// Somebody came.
    Join(Join<'a>),
    /// Somebody left.
    Leave(Leave),
    /// Somebody has another nickname.
    Profile(Profile<'a>),
    /// Somebody began or stopped typing.
    Typing(Typing),
    /// Where somebody is now.
    State(State),
    /// How many are there, in a room too large for `join` and `leave`.
    Count(Count),
    /// Events that this client can't have any more.
    Gap(Gap),
    /// Replay is over.
    Live(Live),
    /// The answer to a `ping`.
    Pong(Pong),
    /// The room or the server ends.
    End(End),
    /// A refusal.
    Error(ErrorFrame<'a>),
}

impl<'a> ServerFrame<'a> {
    /// Reads one text frame of at most `max` bytes; unknown members are ignored.
    ///
    /// Clients take [`MAX_SERVER_FRAME`](crate::MAX_SERVER_FRAME).
    ///
    /// # Errors
    ///
    /// [`DecodeError::TooBig`], [`DecodeError::UnknownType`] (to be ignored by a client), or
    /// [`DecodeError::Malformed`]. None of them says what was in the frame.
    pub fn decode(frame: &'a str, max: usize) -> Result<Self, DecodeError> {
        codec::admit(frame, max)?;
        Ok(match codec::tag(frame)?.as_str() {
            "welcome" => Self::Welcome(codec::parse(frame)?),
            "msg" => Self::Msg(Msg::decode(frame)?),
            "ack" => Self::Ack(codec::parse(frame)?),
            "join" => Self::Join(codec::parse(frame)?),
            "leave" => Self::Leave(codec::parse(frame)?),
            "profile" => Self::Profile(codec::parse(frame)?),
            "typing" => Self::Typing(codec::parse(frame)?),
            "state" => Self::State(codec::parse(frame)?),
            "count" => Self::Count(codec::parse(frame)?),
            "gap" => Self::Gap(codec::parse(frame)?),
            "live" => Self::Live(codec::parse(frame)?),
            "pong" => Self::Pong(codec::parse(frame)?),
            "end" => Self::End(codec::parse(frame)?),
            "error" => Self::Error(codec::parse(frame)?),
            _ => return Err(DecodeError::UnknownType),
        })
    }

    /// The frame as it goes over the wire, `t` first. Integers must be below 2^53.
    #[must_use]
    pub fn encode(&self) -> String {
        codec::encode(self)
    }

    /// Appends the same bytes to `out`.
    pub fn write(&self, out: &mut Vec<u8>) {
        codec::write(out, self);
    }
}

/// `ack`: the message was taken under this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// The client's name for its message.
    pub id: MsgId,
    /// Its place in the room.
    #[serde(deserialize_with = "codec::int")]
    pub seq: u64,
}

/// `typing`: not numbered, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    /// Whose session.
    #[serde(deserialize_with = "codec::int")]
    pub sid: u64,
    /// Whether the person is typing.
    pub on: bool,
}

/// `state`: not numbered, never stored; the newest of a session holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Whose session.
    #[serde(deserialize_with = "codec::int")]
    pub sid: u64,
    /// Where the member is.
    pub is: Whereabouts,
}

/// `count`: at most once a second, in rooms whose `max` is over 256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How many are there.
    #[serde(deserialize_with = "codec::int")]
    pub n: u64,
}

/// `gap`: events with `from` ≤ seq ≤ `to` are gone for this client. Never hidden from the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The first that is gone.
    #[serde(deserialize_with = "codec::int")]
    pub from: u64,
    /// The last that is gone.
    #[serde(deserialize_with = "codec::int")]
    pub to: u64,
    /// Why.
    pub why: GapWhy,
}

open_words! {
    /// Why events are gone.
    pub enum GapWhy {
        /// They fell out of the room's log before this client came back.
        Expired = "expired",
        /// This client read too slowly.
        Slow = "slow",
    }
}

/// `live`: from here on things happen as they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// The newest `seq` at this moment.
    #[serde(deserialize_with = "codec::int")]
    pub seq: u64,
}

/// `pong`: the answer to `ping`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pong {
    /// The number of the `ping`.
    #[serde(deserialize_with = "codec::int")]
    pub n: u64,
    /// The server's time in milliseconds since 1970.
    #[serde(deserialize_with = "codec::int")]
    pub now: u64,
}

/// `end`: the room or the server ends, and the connection with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Why.
    pub why: EndWhy,
    /// In how many milliseconds.
    #[serde(deserialize_with = "codec::int")]
    pub in_ms: u64,
}

open_words! {
    /// Why a room ends.
    pub enum EndWhy {
        /// Its time is over.
        Ttl = "ttl",
        /// It was closed.
        Closed = "closed",
        /// The server stops.
        Shutdown = "shutdown",
    }
}

/// `error`: a refusal. A fatal one is followed by a close.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorFrame<'a> {
    /// What went wrong, for programs.
    pub code: ErrorCode,
    /// What to do, for people. Never holds what somebody wrote.
    #[serde(borrow)]
    pub message: Cow<'a, str>,
    /// The message that was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub re: Option<MsgId>,
    /// When to try again, in milliseconds from now.
    #[serde(default, deserialize_with = "codec::opt_int", skip_serializing_if = "Option::is_none")]
    pub retry_ms: Option<u64>,
    /// Whether the connection is closed after this.
    pub fatal: bool,
}
