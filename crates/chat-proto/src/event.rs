//! The numbered frames: what a room's log holds.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{
    bytes::B64,
    codec::{self, DecodeError, Object, object},
    id::MsgId,
    open::open_words,
    peer::{Identity, Peer},
    sealed::Sealed,
    text::Text,
};

/// `msg`: a message, as everyone in the room gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Msg<'a> {
    /// Its number in the room instance.
    pub seq: u64,
    /// When the server took it, in milliseconds since 1970.
    pub ts: u64,
    /// The sender's session.
    pub from: u64,
    /// The sender's name for it; none from a plain-mode member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<MsgId>,
    /// Who says what.
    #[serde(flatten)]
    pub content: Content<'a>,
}

/// The content of a `msg`, with its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Content<'a> {
    /// In a plain room.
    Plain {
        /// The sender's nickname when it was sent.
        nick: Text<'a>,
        /// The text.
        text: Text<'a>,
    },
    /// In a sealed room.
    Sealed {
        /// The sender's key.
        spk: B64<32>,
        /// What only those who have the token can read; borrowed by a server,
        /// which hands it on to many.
        m: Cow<'a, Sealed>,
    },
}

impl<'a> Msg<'a> {
    pub(crate) fn decode(frame: &'a str) -> Result<Self, DecodeError> {
        #[derive(Deserialize)]
        struct Members<'a> {
            #[serde(deserialize_with = "codec::int")]
            seq: u64,
            #[serde(deserialize_with = "codec::int")]
            ts: u64,
            #[serde(deserialize_with = "codec::int")]
            from: u64,
            id: Option<MsgId>,
            #[serde(borrow)]
            nick: Option<Text<'a>>,
            #[serde(borrow)]
            text: Option<Text<'a>>,
            spk: Option<B64<32>>,
            m: Option<Object<Sealed>>,
        }
        let members: Members<'a> = codec::parse(frame)?;
        let content = match (members.nick, members.text, members.spk, members.m) {
            (Some(nick), Some(text), None, None) => Content::Plain { nick, text },
            (None, None, Some(spk), Some(Object(m))) => Content::Sealed { spk, m: Cow::Owned(m) },
            _ => {
                return Err(DecodeError::Malformed(
                    "a `msg` must have either `nick` and `text`, or `spk` and `m`".to_owned(),
                ));
            }
        };
        Ok(Self { seq: members.seq, ts: members.ts, from: members.from, id: members.id, content })
    }
}

/// `join`: somebody came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Join<'a> {
    /// Its number in the room instance.
    #[serde(deserialize_with = "codec::int")]
    pub seq: u64,
    /// When, in milliseconds since 1970.
    #[serde(deserialize_with = "codec::int")]
    pub ts: u64,
    /// Who.
    #[serde(borrow)]
    pub peer: Peer<'a>,
}

/// `leave`: somebody is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    /// Its number in the room instance.
    #[serde(deserialize_with = "codec::int")]
    pub seq: u64,
    /// When, in milliseconds since 1970.
    #[serde(deserialize_with = "codec::int")]
    pub ts: u64,
    /// Whose session.
    #[serde(deserialize_with = "codec::int")]
    pub sid: u64,
    /// Why.
    pub why: LeaveWhy,
}

open_words! {
    /// Why somebody is gone.
    pub enum LeaveWhy {
        /// Left on purpose.
        Bye = "bye",
        /// The connection was lost and didn't come back in time.
        Timeout = "timeout",
    }
}

/// `profile`: somebody has another nickname.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Profile<'a> {
    /// Its number in the room instance.
    pub seq: u64,
    /// When, in milliseconds since 1970.
    pub ts: u64,
    /// Whose session.
    pub sid: u64,
    /// The new nickname.
    #[serde(flatten)]
    pub who: Identity<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Profile<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Members<'a> {
            #[serde(deserialize_with = "codec::int")]
            seq: u64,
            #[serde(deserialize_with = "codec::int")]
            ts: u64,
            #[serde(deserialize_with = "codec::int")]
            sid: u64,
            #[serde(borrow)]
            nick: Option<Text<'a>>,
            spk: Option<B64<32>>,
            profile: Option<Object<Sealed>>,
        }
        let members: Members<'de> = object(deserializer)?;
        Ok(Self {
            seq: members.seq,
            ts: members.ts,
            sid: members.sid,
            who: Identity::from_members(members.nick, members.spk, members.profile)
                .map_err(de::Error::custom)?,
        })
    }
}
