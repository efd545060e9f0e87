//! The first frame of a connection: which room, and who comes.

use serde::{Deserialize, Serialize};

use crate::{
    bytes::B64,
    codec::{self, DecodeError, Object},
    peer::Identity,
    sealed::Sealed,
    text::Text,
    version::VERSION,
};

/// `hello`, due within 10 s of the socket's opening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hello<'a> {
    /// The version; decoding refuses any but [`VERSION`].
    pub v: u64,
    /// Which room.
    #[serde(flatten)]
    pub room: Target<'a>,
    /// Random, and the same for one joining by a person, whatever happens to the connection.
    pub key: B64<16>,
    /// Grows with each attempt of this session (`try` on the wire).
    #[serde(rename = "try")]
    pub attempt: u64,
    /// Who comes.
    #[serde(flatten)]
    pub who: Identity<'a>,
    /// Open the (sealed) room where it isn't there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub create: bool,
    /// The server's key, where it wants one from whoever opens a room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_key: Option<Text<'a>>,
    /// Wishes for a room that is opened by this frame.
    #[serde(skip_serializing_if = "Opts::is_empty")]
    pub opts: Opts,
    /// Be read no faster than the slowest in the room takes what is said.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pace: bool,
    /// Where to go on after a connection was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resume: Option<Resume>,
    /// The program that speaks, for people who look for mistakes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<Text<'a>>,
}

/// How a `hello` names its room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Target<'a> {
    /// A sealed room, by the id that is derived from its token.
    #[serde(rename = "room")]
    Room(B64<16>),
    /// A plain room, by its token as the person typed it.
    #[serde(rename = "token")]
    Token(Text<'a>),
}

/// Wishes for a new room. One beyond a bound is cut to it, and `welcome` says what holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opts {
    /// Lifetime in seconds.
    #[serde(default, deserialize_with = "codec::opt_int", skip_serializing_if = "Option::is_none")]
    pub ttl_s: Option<u64>,
    /// The most people.
    #[serde(default, deserialize_with = "codec::opt_int", skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
    /// How many events a newcomer is shown.
    #[serde(default, deserialize_with = "codec::opt_int", skip_serializing_if = "Option::is_none")]
    pub history: Option<u64>,
}

impl Opts {
    /// Whether nothing is wished for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where a session goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resume {
    /// The room instance that the client knew.
    pub inst: B64<16>,
    /// The newest `seq` that it has seen.
    #[serde(deserialize_with = "codec::int")]
    pub last: u64,
}

impl<'a> Hello<'a> {
    pub(crate) fn decode(frame: &'a str) -> Result<Self, DecodeError> {
        // Another version may have other members: what it needs to be told is the version.
        match Self::version(frame) {
            Ok(VERSION) => Self::members(frame),
            Ok(v) => Err(DecodeError::Version(v)),
            Err(error) => Err(error),
        }
        .map_err(|error| match error {
            DecodeError::Malformed(reason) => DecodeError::Hello(reason),
            other => other,
        })
    }

    fn version(frame: &str) -> Result<u64, DecodeError> {
        #[derive(Deserialize)]
        struct Members {
            #[serde(deserialize_with = "codec::int")]
            v: u64,
        }
        codec::parse::<Members>(frame).map(|members| members.v)
    }

    fn members(frame: &'a str) -> Result<Self, DecodeError> {
        #[derive(Deserialize)]
        struct Members<'a> {
            room: Option<B64<16>>,
            #[serde(borrow)]
            token: Option<Text<'a>>,
            key: B64<16>,
            #[serde(rename = "try", deserialize_with = "codec::int")]
            attempt: u64,
            #[serde(borrow)]
            nick: Option<Text<'a>>,
            spk: Option<B64<32>>,
            profile: Option<Object<Sealed>>,
            create: Option<bool>,
            pace: Option<bool>,
            #[serde(borrow)]
            create_key: Option<Text<'a>>,
            opts: Option<Object<Opts>>,
            resume: Option<Object<Resume>>,
            #[serde(borrow)]
            agent: Option<Text<'a>>,
        }
        let members: Members<'a> = codec::parse(frame)?;
        let room = match (members.room, members.token) {
            (Some(room), None) => Target::Room(room),
            (None, Some(token)) => Target::Token(token),
            _ => return Err(malformed("either `room` or `token` must be there")),
        };
        Ok(Self {
            v: VERSION,
            room,
            key: members.key,
            attempt: members.attempt,
            who: Identity::from_members(members.nick, members.spk, members.profile)
                .map_err(malformed)?,
            create: members.create.unwrap_or(false),
            pace: members.pace.unwrap_or(false),
            create_key: members.create_key,
            opts: members.opts.map(|opts| opts.0).unwrap_or_default(),
            resume: members.resume.map(|resume| resume.0),
            agent: members.agent,
        })
    }
}

fn malformed(reason: &str) -> DecodeError {
    DecodeError::Malformed(reason.to_owned())
}
