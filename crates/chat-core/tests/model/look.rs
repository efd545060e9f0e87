//! How members appear in the model, and how what is read is written as text.

use chat_core::{Author, Event, Face, FaceError, Nick, Peer, RoomId, SenderKey, What};

/// Nicknames with the number of the person they are taken for. The model
/// compares these numbers, so it needs no Unicode.
const NICKS: [(&str, u8); 9] = [
    ("Ann", 0),
    ("aNN", 0),
    ("Zoë", 1),
    ("ZOE\u{308}", 1),
    ("Straße", 2),
    ("STRASSE", 2),
    ("Ольга", 3),
    ("李", 4),
    ("a:b", 5),
];

/// How somebody wants to appear.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Look {
    Nick { text: &'static str, person: u8 },
    Key { key: u8, n: u64 },
}

pub(crate) fn nick(choice: u8) -> Look {
    let (text, person) = NICKS[usize::from(choice) % NICKS.len()];
    Look::Nick { text, person }
}

fn key(choice: u8) -> Look {
    Look::Key { key: choice % 4, n: u64::from(choice / 4 % 4) }
}

/// One of the looks that there are; one in sixteen is not of the room's kind.
pub(crate) fn look(choice: u8, room: RoomId) -> Look {
    match (room, choice / 16) {
        (RoomId::Plain(_), 0) | (RoomId::Sealed(_), 1..) => key(choice),
        (RoomId::Plain(_), 1..) | (RoomId::Sealed(_), 0) => nick(choice),
    }
}

/// What somebody with this session key comes as at first.
pub(crate) fn own(session_key: u8, room: RoomId) -> Look {
    match room {
        RoomId::Plain(_) => nick(2 * session_key),
        RoomId::Sealed(_) => key(session_key),
    }
}

impl Look {
    pub(crate) fn face(&self) -> Face<String> {
        match self {
            Self::Nick { text, .. } => Face::Nick(Nick::parse(text).unwrap()),
            Self::Key { key, n } => {
                Face::Key { spk: SenderKey([*key; 32]), n: *n, profile: format!("p{n}") }
            }
        }
    }

    /// Whether a room of this kind takes it.
    pub(crate) fn fits(&self, plain: bool) -> Result<(), FaceError> {
        match self {
            Self::Nick { text, .. } if plain && text.contains(':') => Err(FaceError::NickColon),
            Self::Nick { .. } if plain => Ok(()),
            Self::Key { .. } if !plain => Ok(()),
            _ => Err(FaceError::WrongKind),
        }
    }

    pub(crate) fn is_taken_for(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nick { person: a, .. }, Self::Nick { person: b, .. }) => a == b,
            (Self::Key { key: a, .. }, Self::Key { key: b, .. }) => a == b,
            _ => false,
        }
    }

    /// Whether one session may appear as both: a key is its owner's.
    pub(crate) fn is_same_owners(&self, other: &Self) -> bool {
        !matches!((self, other), (Self::Key { key: a, .. }, Self::Key { key: b, .. }) if a != b)
    }

    /// Whether the other is an older profile, or the same, of this key.
    pub(crate) fn is_as_new_as(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Key { n: a, .. }, Self::Key { n: b, .. }) if a >= b)
    }

    /// How many bytes of it a log counts.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Nick { text, .. } => Nick::parse(text).unwrap().as_str().len(),
            Self::Key { n, .. } => format!("p{n}").len(),
        }
    }

    /// As [`face`] writes it.
    pub(crate) fn written(&self) -> String {
        face(&self.face())
    }

    /// As an author is written.
    pub(crate) fn author(&self) -> String {
        match self {
            Self::Nick { .. } => self.written(),
            Self::Key { key, .. } => format!("key {key}"),
        }
    }
}

pub(crate) fn event(event: &Event<String>) -> String {
    let what = match &event.what {
        What::Joined(joined) => format!("joined: {}", peer(joined)),
        What::Posted { from, author, id, payload } => {
            let author = match author {
                Author::Nick(nick) => format!("nick {nick}"),
                Author::Key(key) => format!("key {}", key.0[0]),
            };
            format!("posted: {} {author} {id:?} {payload}", from.get())
        }
        What::Left { session, why } => format!("left: {} {why:?}", session.get()),
        What::Renamed { session, face: new } => format!("renamed: {} {}", session.get(), face(new)),
    };
    format!("{} {what}", event.at.as_millis())
}

pub(crate) fn peer(peer: &Peer<String>) -> String {
    let (session, since) = (peer.session.get(), peer.since.as_millis());
    let whereabouts = Some(peer.whereabouts);
    format!("{session} {:?} {since} {} {whereabouts:?}", peer.mode, face(&peer.face))
}

fn face(face: &Face<String>) -> String {
    match face {
        Face::Nick(nick) => format!("nick {nick}"),
        Face::Key { spk, n, profile } => format!("key {} {n} {profile}", spk.0[0]),
    }
}
