//! The name that a client gives to a message of its own.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::text::Text;

/// `id` of a `send`: 1 to 32 of `A-Z a-z 0-9 _ -`, unique in the session.
///
/// Held in place, so that the ids a server remembers cost no allocation each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MsgId {
    // Zero beyond `len`: equality and order are those of the strings.
    bytes: [u8; Self::MAX_LEN],
    len: u8,
}

impl MsgId {
    /// The most characters (and bytes) of an id.
    pub const MAX_LEN: usize = 32;

    /// The id as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match std::str::from_utf8(&self.bytes[..usize::from(self.len)]) {
            Ok(text) => text,
            Err(_) => unreachable!("an id is made from ASCII only"),
        }
    }
}

/// Why a string is no message id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`id` must have 1 to 32 characters out of A-Z, a-z, 0-9, `_` and `-`")]
pub struct ParseMsgIdError;

impl FromStr for MsgId {
    type Err = ParseMsgIdError;

    fn from_str(text: &str) -> Result<Self, ParseMsgIdError> {
        let good = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        let len = u8::try_from(text.len()).map_err(|_| ParseMsgIdError)?;
        if len == 0 || text.len() > Self::MAX_LEN || !text.as_bytes().iter().all(good) {
            return Err(ParseMsgIdError);
        }
        let mut bytes = [0; Self::MAX_LEN];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self { bytes, len })
    }
}

impl fmt::Display for MsgId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for MsgId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MsgId({self})")
    }
}

impl Serialize for MsgId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for MsgId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::MsgId;

    #[test]
    fn takes_exactly_what_the_protocol_allows() {
        for good in ["a", "-_", "Az09", &"x".repeat(32)] {
            assert_eq!(good.parse::<MsgId>().unwrap().as_str(), good);
        }
        for bad in ["", "a b", "ä", "a.", "a\0", &"x".repeat(33), &"x".repeat(300)] {
            assert!(bad.parse::<MsgId>().is_err(), "{bad:?}");
        }
    }
}
