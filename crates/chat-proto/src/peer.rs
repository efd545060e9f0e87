//! Who is in a room, as the wire says it.

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{
    bytes::B64,
    codec::{self, Object, object},
    open::open_words,
    sealed::Sealed,
    text::Text,
};

open_words! {
    /// How a member is connected.
    pub enum Mode {
        /// Structured mode (section 4).
        V1 = "v1",
        /// Plain mode: any WebSocket client (section 3).
        Plain = "plain",
    }
}

open_words! {
    /// Where a member is, as the others are told.
    pub enum Whereabouts {
        /// Connected, and not away.
        Here = "here",
        /// Connected, and looking elsewhere: so its client says.
        Away = "away",
        /// Its connection is gone, and it is waited for.
        Lost = "lost",
    }
}

impl Whereabouts {
    /// Who is here has no need to be said so.
    fn is_here(&self) -> bool {
        *self == Self::Here
    }
}

/// Who somebody is: a nickname in a plain room, a key with a sealed profile in a sealed one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Identity<'a> {
    /// In a plain room.
    Plain {
        /// The nickname, as its owner wrote it (in NFC).
        nick: Text<'a>,
    },
    /// In a sealed room.
    Sealed {
        /// The public half of the member's Ed25519 key.
        spk: B64<32>,
        /// The nickname, for those who have the token.
        profile: Sealed,
    },
}

impl<'a> Identity<'a> {
    /// Exactly one of the two; both or half of one is a mistake.
    pub(crate) fn from_members(
        nick: Option<Text<'a>>,
        spk: Option<B64<32>>,
        profile: Option<Object<Sealed>>,
    ) -> Result<Self, &'static str> {
        match (nick, spk, profile) {
            (Some(nick), None, None) => Ok(Self::Plain { nick }),
            (None, Some(spk), Some(Object(profile))) => Ok(Self::Sealed { spk, profile }),
            _ => Err("either `nick`, or `spk` with `profile`, must be there"),
        }
    }
}

/// One member of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Peer<'a> {
    /// The session's number in this room instance.
    pub sid: u64,
    /// How the member is connected.
    pub mode: Mode,
    /// When the session joined, in milliseconds since 1970.
    pub since: u64,
    /// Who it is.
    #[serde(flatten)]
    pub who: Identity<'a>,
    /// Where it is; here where nothing is said.
    #[serde(skip_serializing_if = "Whereabouts::is_here")]
    pub is: Whereabouts,
}

impl<'de: 'a, 'a> Deserialize<'de> for Peer<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Members<'a> {
            #[serde(deserialize_with = "codec::int")]
            sid: u64,
            mode: Mode,
            #[serde(deserialize_with = "codec::int")]
            since: u64,
            #[serde(borrow)]
            nick: Option<Text<'a>>,
            spk: Option<B64<32>>,
            profile: Option<Object<Sealed>>,
            is: Option<Whereabouts>,
        }
        let members: Members<'de> = object(deserializer)?;
        Ok(Self {
            sid: members.sid,
            mode: members.mode,
            since: members.since,
            who: Identity::from_members(members.nick, members.spk, members.profile)
                .map_err(de::Error::custom)?,
            is: members.is.unwrap_or(Whereabouts::Here),
        })
    }
}
