//! How a session speaks: openly in a plain room, sealed in a sealed one.

use std::collections::BTreeMap;

use chat_core::{Nick, Timestamp};
use chat_proto::{
    B64, ClientFrame, MsgId, Sealed, Text,
    client::{Body, Identity, Opts, Profile, Send, Target},
    server::{Content, RoomKind},
};
use chat_seal::{Opened, Opener, Order, PersonCode, RoomCode, SealError, Sealer, Words};

use super::event::Seal;

/// The most names that are kept: no server fills the client's memory.
const MAX_NAMES: usize = 4096;

/// Which room to join, and with what.
#[derive(Debug)]
pub enum Room {
    /// A plain one, by its token.
    Plain(chat_core::PlainToken),
    /// A sealed one.
    Sealed {
        /// A new key pair for this joining, and the room's keys.
        sealer: Box<Sealer>,
        /// Open the room, with these wishes, where it isn't there.
        create: Option<Opts>,
    },
}

/// Says things in the room's way, and understands what others say.
pub(super) enum Voice {
    Open(chat_core::PlainToken),
    Sealed(Box<SealedVoice>),
}

pub(super) struct SealedVoice {
    sealer: Sealer,
    opener: Opener,
    /// What members call themselves by their newest profile: numbers change, keys don't.
    names: BTreeMap<[u8; 32], Text<'static>>,
    /// The newest profile, repeated byte for byte.
    profile: Sealed,
    create: Option<Opts>,
}

/// What somebody is called, and how that is known.
pub(super) struct Face {
    pub(super) nick: Text<'static>,
    pub(super) seal: Option<Seal>,
}

/// What a message says.
pub(super) enum Heard {
    Text {
        nick: Text<'static>,
        /// The sender's person code, in a sealed room.
        code: Option<String>,
        text: Text<'static>,
        /// When its sender says it was sent, in a sealed room.
        ts: Option<u64>,
        missing: u64,
    },
    Newer {
        nick: Option<Text<'static>>,
    },
    Repeat,
    Unverifiable,
}

impl Voice {
    pub(super) fn new(room: Room, nick: &Nick) -> Result<Self, SealError> {
        Ok(match room {
            Room::Plain(token) => Self::Open(token),
            Room::Sealed { mut sealer, create } => {
                let profile = wire(sealer.seal_profile(nick)?);
                let opener = Opener::new(sealer.keys().clone());
                let (sealer, names) = (*sealer, BTreeMap::new());
                Self::Sealed(Box::new(SealedVoice { sealer, opener, names, profile, create }))
            }
        })
    }

    pub(super) fn kind(&self) -> RoomKind {
        match self {
            Self::Open(_) => RoomKind::Plain,
            Self::Sealed(_) => RoomKind::Sealed,
        }
    }

    pub(super) fn is_sealed(&self) -> bool {
        matches!(self, Self::Sealed(_))
    }

    pub(super) fn target(&self) -> Target<'static> {
        match self {
            Self::Open(token) => Target::Token(Text::from(token.to_string())),
            Self::Sealed(voice) => Target::Room(B64(*voice.sealer.keys().room_id())),
        }
    }

    pub(super) fn identity(&self, nick: &Nick) -> Identity<'static> {
        match self {
            Self::Open(_) => Identity::Plain { nick: Text::from(nick.as_str().to_owned()) },
            Self::Sealed(voice) => {
                Identity::Sealed { spk: B64(voice.sealer.spk()), profile: voice.profile.clone() }
            }
        }
    }

    /// Whether the room is to be opened, and with what wishes.
    pub(super) fn create(&self) -> Option<Opts> {
        match self {
            Self::Open(_) => None,
            Self::Sealed(voice) => voice.create,
        }
    }

    /// A text as it is sent, once and then always so.
    pub(super) fn say(
        &mut self,
        now: Timestamp,
        nick: &Nick,
        text: &str,
    ) -> Result<Body<'static>, SealError> {
        Ok(match self {
            Self::Open(_) => Body::Text(Text::from(text.to_owned())),
            Self::Sealed(voice) => {
                Body::Sealed(wire(voice.sealer.seal_text(nick, now.as_millis(), text)?))
            }
        })
    }

    /// How long the frame of such a text is at the most, before anything is sealed.
    pub(super) fn frame_len(&self, id: MsgId, now: Timestamp, nick: &Nick, text: &str) -> usize {
        let body = match self {
            Self::Open(_) => Body::Text(Text::from(text)),
            Self::Sealed(voice) => {
                let len = voice.sealer.text_len(nick, now.as_millis(), text);
                let (n, ct) = (chat_proto::MAX_INT, vec![0; len].into());
                Body::Sealed(Sealed { n, ct, sig: B64([0; 64]) })
            }
        };
        ClientFrame::Send(Send { id, body }).encode().len()
    }

    /// A change of nickname, as it is sent until it is seen back.
    pub(super) fn rename(&mut self, nick: &Nick) -> Result<Profile<'static>, SealError> {
        Ok(match self {
            Self::Open(_) => Profile::Nick(Text::from(nick.as_str().to_owned())),
            Self::Sealed(voice) => {
                voice.profile = wire(voice.sealer.seal_profile(nick)?);
                Profile::Sealed(voice.profile.clone())
            }
        })
    }

    /// Whether this is one's own message: in a sealed room by its key, in a plain one as its session's
    /// number says.
    pub(super) fn is_own(&self, content: &Content<'_>, by_number: bool) -> bool {
        match (self, content) {
            (Self::Sealed(voice), Content::Sealed { spk, .. }) => spk.0 == voice.sealer.spk(),
            _ => by_number,
        }
    }

    /// Whether this is one's own profile as it is now.
    pub(super) fn is_own_profile(&self, who: &Identity<'_>, nick: &Nick) -> bool {
        match (self, who) {
            (Self::Open(_), Identity::Plain { nick: seen }) => seen.as_str() == nick.as_str(),
            (Self::Sealed(voice), Identity::Sealed { profile, .. }) => *profile == voice.profile,
            _ => false,
        }
    }

    /// Who somebody is. An older profile than the newest changes nothing.
    pub(super) fn face(&mut self, who: Identity<'_>) -> Option<Face> {
        let (voice, spk, profile) = match (self, who) {
            (Self::Open(_), Identity::Plain { nick }) => {
                return Some(Face { nick: nick.into_owned(), seal: None });
            }
            (Self::Sealed(voice), Identity::Sealed { spk, profile }) => (voice, spk.0, profile),
            _ => return None,
        };
        let code = PersonCode::of(voice.sealer.keys(), &spk).to_string();
        let opened = voice.opener.open_profile(spk, &ours(profile));
        if let Ok(Some(nick)) = &opened {
            match nick {
                Some(nick) => voice.names.insert(spk, Text::from(nick.as_str().to_owned())),
                None => voice.names.remove(&spk),
            };
            if voice.names.len() > MAX_NAMES {
                voice.names.pop_first();
            }
        }
        let verified = opened.is_ok();
        let nick = voice.names.get(&spk).filter(|_| verified).cloned();
        let nick = nick.unwrap_or_else(|| Text::from(code.clone()));
        Some(Face { nick, seal: Some(Seal { code, verified, ambiguous: false, spk }) })
    }

    /// What somebody says; `None` for what is no message of such a room.
    pub(super) fn hear(&mut self, content: Content<'_>) -> Option<Heard> {
        let (voice, spk, m) = match (self, content) {
            (Self::Open(_), Content::Plain { nick, text }) => {
                let (nick, text) = (nick.into_owned(), text.into_owned());
                return Some(Heard::Text { nick, code: None, text, ts: None, missing: 0 });
            }
            (Self::Sealed(voice), Content::Sealed { spk, m }) => (voice, spk, m),
            _ => return None,
        };
        Some(match voice.opener.open_message(spk.0, &ours(m.into_owned())) {
            Opened::Message { order, words: Words::Text { nick, ts, text } } => {
                let code = PersonCode::of(voice.sealer.keys(), &spk.0).to_string();
                let nick = nick.map_or_else(|| code.clone(), |nick| nick.as_str().to_owned());
                let missing = match order {
                    Order::After(missing) => missing,
                    Order::First | Order::Next => 0,
                };
                Heard::Text {
                    nick: nick.into(),
                    code: Some(code),
                    text: text.into(),
                    ts: Some(ts),
                    missing,
                }
            }
            Opened::Message { words: Words::Newer, .. } => {
                let code = PersonCode::of(voice.sealer.keys(), &spk.0);
                Heard::Newer { nick: Some(code.to_string().into()) }
            }
            Opened::Repeat => Heard::Repeat,
            Opened::Unverifiable(_) => Heard::Unverifiable,
        })
    }

    /// Something was lost that everybody is told of.
    pub(super) fn interrupt(&mut self) {
        if let Self::Sealed(voice) = self {
            voice.opener.interrupt();
        }
    }

    /// The code of a room with these members; plain rooms have none.
    pub(super) fn room_code(&self, members: impl Iterator<Item = [u8; 32]>) -> Option<String> {
        match self {
            Self::Open(_) => None,
            Self::Sealed(voice) => Some(RoomCode::of(voice.sealer.keys(), members).to_string()),
        }
    }
}

fn wire(sealed: chat_seal::Sealed) -> Sealed {
    Sealed { n: sealed.n, ct: sealed.ct.into(), sig: B64(sealed.sig) }
}

fn ours(sealed: Sealed) -> chat_seal::Sealed {
    chat_seal::Sealed { n: sealed.n, ct: sealed.ct.0, sig: sealed.sig.0 }
}
