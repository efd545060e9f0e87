//! Codes that people compare over another channel, to know that nobody stands
//! between them.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::derive::RoomKeys;

const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A person's code: 60 bits as 12 symbols, of a key and the room's secret.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonCode([u8; 32]);

/// A room's code: 80 bits as 16 symbols, equal on all screens exactly where all
/// see the same members.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RoomCode([u8; 32]);

impl PersonCode {
    /// The code of whoever has this key.
    #[must_use]
    pub fn of(keys: &RoomKeys, spk: &[u8; 32]) -> Self {
        let hash = Sha256::new()
            .chain_update(b"chat/1 who\0")
            .chain_update(keys.commit())
            .chain_update(spk)
            .finalize();
        Self(hash.into())
    }
}

impl RoomCode {
    /// The code of a room with these members, oneself and those in the grace
    /// period included, in any order.
    #[must_use]
    pub fn of(keys: &RoomKeys, members: impl IntoIterator<Item = [u8; 32]>) -> Self {
        let mut members: Vec<_> = members.into_iter().collect();
        members.sort_unstable();
        members.dedup();
        let hash = Sha256::new().chain_update(b"chat/1 all\0").chain_update(keys.commit());
        Self(members.iter().fold(hash, Digest::chain_update).finalize().into())
    }
}

impl fmt::Display for PersonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, &self.0, 12)
    }
}

impl fmt::Display for RoomCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, &self.0, 16)
    }
}

impl fmt::Debug for PersonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonCode(..)")
    }
}

impl fmt::Debug for RoomCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RoomCode(..)")
    }
}

/// The first symbols of a hash, in groups of four.
fn write(f: &mut fmt::Formatter<'_>, hash: &[u8; 32], symbols: usize) -> fmt::Result {
    use fmt::Write;
    for n in 0..symbols {
        if n > 0 && n % 4 == 0 {
            f.write_char('-')?;
        }
        let (byte, shift) = (n * 5 / 8, n * 5 % 8);
        let pair = u16::from_be_bytes([hash[byte], hash[byte + 1]]);
        f.write_char(char::from(SYMBOLS[usize::from(pair >> (11 - shift) & 31)]))?;
    }
    Ok(())
}
