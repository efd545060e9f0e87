//! Names of things: rooms, their instances, sessions, messages, places in a log.

use core::fmt;

use sha2::{Digest, Sha256};

use crate::token::PlainToken;

/// Which room: a plain room is known by its token, a sealed one by an id that
/// its members derive from theirs (docs/protocol.md, section 5). The two never
/// meet, whatever a client chooses as its id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoomId {
    /// A plain room; whoever knows this may enter.
    Plain(PlainToken),
    /// A sealed room; the id tells nothing of the room's secret.
    Sealed([u8; 16]),
}

impl fmt::Debug for RoomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "RoomId::Plain(..)",
            Self::Sealed(_) => "RoomId::Sealed(..)",
        })
    }
}

/// One life of a room, drawn at random when it is opened. A room that is
/// opened again under the same id is another instance with another numbering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instance(pub [u8; 16]);

/// A place in a room's log; the first event of an instance has 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(u64);

impl Seq {
    /// Before the first event.
    pub const ZERO: Self = Self(0);

    /// From its number.
    #[must_use]
    pub const fn new(n: u64) -> Self {
        Self(n)
    }

    /// Its number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The place after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The place `n` before this one, at the least [`Seq::ZERO`].
    #[must_use]
    pub const fn back(self, n: u64) -> Self {
        Self(self.0.saturating_sub(n))
    }
}

/// A person's stay in a room, from joining to leaving; unique in the instance
/// and never used again there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(u64);

impl SessionId {
    pub(crate) const FIRST: Self = Self(1);

    pub(crate) const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Its number, below 2^53.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// One connection of a session. Attempts to connect are numbered by the client,
/// and each that is let in has a higher number than the one before, so that an
/// earlier connection is told from the one that replaced it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId {
    /// Whose it is.
    pub session: SessionId,
    /// Which attempt it was; 0 in plain mode, where a session has but one.
    pub attempt: u64,
}

/// What a client draws for one joining by a person, and shows again whenever it
/// comes back: whoever shows it is the same session.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SessionKey(pub [u8; 16]);

impl SessionKey {
    /// What a session is looked up by: the time that takes tells of the key's
    /// hash at the most, which is of no use to whoever guesses keys.
    pub(crate) fn digest(&self) -> KeyDigest {
        let digest: [u8; 32] = Sha256::digest(self.0).into();
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        KeyDigest(half)
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(..)")
    }
}

/// The hash of a [`SessionKey`], cut to the key's own size; the key itself is
/// kept nowhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct KeyDigest([u8; 16]);

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyDigest(..)")
    }
}

/// The public half of the key that a member of a sealed room signs with. To
/// this crate it is a name that can be taken, nothing more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SenderKey(pub [u8; 32]);

impl fmt::Debug for SenderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SenderKey(..)")
    }
}

/// What a client calls its message, so that it knows it again when it comes
/// back: 1 to 32 of `A-Z a-z 0-9 _ -` (docs/protocol.md, section 4.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId {
    len: u8,
    bytes: [u8; Self::MAX_BYTES],
}

impl MessageId {
    /// The longest id, in bytes.
    pub const MAX_BYTES: usize = 32;

    /// Reads an id; `None` where it is empty, too long or holds another
    /// character.
    #[must_use]
    pub fn parse(s: &str) -> Option<Self> {
        let good = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        let len = u8::try_from(s.len()).ok()?;
        if len == 0 || s.len() > Self::MAX_BYTES || !s.as_bytes().iter().all(good) {
            return None;
        }
        let mut bytes = [0; Self::MAX_BYTES];
        bytes[..s.len()].copy_from_slice(s.as_bytes());
        Some(Self { len, bytes })
    }

    /// A number that few other ids have.
    pub(crate) fn print(&self) -> u32 {
        let words = self.bytes.chunks_exact(8).filter_map(|word| word.try_into().ok());
        let mixed = words.map(u64::from_le_bytes).fold(0, |mixed: u64, word| {
            // An odd factor loses nothing; its high half depends on all below.
            (mixed ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32)
        });
        mixed as u32
    }

    /// The id as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // The bytes are ASCII by construction, so the default is never taken.
        core::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageId({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::format;

    use super::MessageId;

    #[test]
    fn ids_that_differ_in_a_counter_have_prints_that_differ() {
        let prints: BTreeSet<u32> =
            (0..10_000).map(|n| MessageId::parse(&format!("a8Xk2-{n}")).unwrap().print()).collect();
        assert!(prints.len() > 9_990, "{}", prints.len());
    }

    #[test]
    fn message_ids_follow_their_rule() {
        for good in ["a", "A-9_z", "0123456789abcdef0123456789ABCDEF"] {
            assert_eq!(MessageId::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "a b", "é", "a.b", "0123456789abcdef0123456789ABCDEF0"] {
            assert_eq!(MessageId::parse(bad), None, "{bad:?}");
        }
    }
}
