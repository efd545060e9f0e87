//! What happens in a room.

use crate::id::{MessageId, SenderKey, SessionId};
use crate::nick::Nick;
use crate::time::Timestamp;

/// What a message or a sealed profile holds. This crate only carries it, and
/// counts its bytes against the log.
pub trait Payload {
    /// How many bytes it keeps on the heap.
    fn bytes(&self) -> usize;
}

impl<T: AsRef<[u8]>> Payload for T {
    fn bytes(&self) -> usize {
        self.as_ref().len()
    }
}

/// How a member appears to the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Face<P> {
    /// In a plain room: by nickname, unique in the room.
    Nick(Nick),
    /// In a sealed room: by a key, unique in the room, and a profile that only
    /// members can read.
    Key {
        /// The key.
        spk: SenderKey,
        /// The profile's counter: of two profiles the higher is newer.
        n: u64,
        /// The profile.
        profile: P,
    },
}

impl<P> Face<P> {
    /// Whom a message is signed with.
    #[must_use]
    pub fn author(&self) -> Author {
        match self {
            Self::Nick(nick) => Author::Nick(nick.clone()),
            Self::Key { spk, .. } => Author::Key(*spk),
        }
    }
}

impl<P> Face<P> {
    /// Whether one session may have both: keys name their owner, nicknames are
    /// chosen.
    pub(crate) fn has_owner_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Key { spk: one, .. }, Self::Key { spk: other, .. }) => one == other,
            (Self::Nick(_), Self::Nick(_)) => true,
            _ => false,
        }
    }

    /// Whether the other is a newer profile. Of nicknames nobody can tell.
    pub(crate) fn is_older_than(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Key { n: one, .. }, Self::Key { n: other, .. }) => one < other,
            _ => false,
        }
    }
}

/// Who said something, as it was when it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// In a plain room.
    Nick(Nick),
    /// In a sealed room.
    Key(SenderKey),
}

/// How a member is connected, for the others to know what it can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// With presence, acknowledgements and history.
    Structured,
    /// With texts alone.
    Plain,
}

/// Where a member is, as the others are told. It is told beside the log: what
/// it was before is of no use to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// Connected, and not away.
    Here,
    /// Connected, and looking elsewhere: so its client says.
    Away,
    /// Its connection is gone, and it is waited for.
    Lost,
}

/// Somebody in the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer<P> {
    /// The session.
    pub session: SessionId,
    /// How it is connected.
    pub mode: Mode,
    /// When it joined.
    pub since: Timestamp,
    /// How it appears.
    pub face: Face<P>,
    /// Where it is; in the log's events always here.
    pub whereabouts: Whereabouts,
}

/// Why a session left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveReason {
    /// By its own wish.
    Bye,
    /// Its connection was lost, and it did not come back in time.
    Timeout,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// By the person's own wish: the session is forgotten.
    Bye,
    /// Nobody wanted it: the session waits for the length of
    /// [`Limits::grace`](crate::Limits::grace).
    Lost,
    /// A page was closed or reloaded: it waits for
    /// [`Limits::reload_grace`](crate::Limits::reload_grace).
    Reloading,
    /// For a fault after which no client comes back: the session is forgotten.
    Expelled,
}

/// An entry of a room's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<P> {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub what: What<P>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What<P> {
    /// Somebody came.
    Joined(Peer<P>),
    /// Somebody said something.
    Posted {
        /// Whose session it was.
        from: SessionId,
        /// Who that was at the time.
        author: Author,
        /// The message's name, where its sender gave one.
        id: Option<MessageId>,
        /// What was said.
        payload: P,
    },
    /// Somebody left.
    Left {
        /// Who.
        session: SessionId,
        /// Why.
        why: LeaveReason,
    },
    /// Somebody appears in another way now.
    Renamed {
        /// Who.
        session: SessionId,
        /// How it appears now.
        face: Face<P>,
    },
}

impl<P: Payload> Event<P> {
    pub(crate) fn bytes(&self) -> usize {
        match &self.what {
            What::Joined(Peer { face, .. }) | What::Renamed { face, .. } => match face {
                Face::Nick(nick) => nick.as_str().len(),
                Face::Key { profile, .. } => profile.bytes(),
            },
            What::Posted { payload, .. } => payload.bytes(),
            What::Left { .. } => 0,
        }
    }
}
