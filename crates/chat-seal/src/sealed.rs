//! The form of what is sealed.

use std::fmt;

use crate::derive::{EPOCH, RoomKeys};
use sha2::{Digest, Sha256};

/// What is sealed; each kind has a counter of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A message.
    Message,
    /// A profile.
    Profile,
}

impl Kind {
    const fn byte(self) -> u8 {
        match self {
            Self::Message => 1,
            Self::Profile => 2,
        }
    }
}

/// A sealed message or profile, as it goes over the wire.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The sender's counter for its kind, from 0.
    pub n: u64,
    /// The ciphertext with its tag.
    pub ct: Vec<u8>,
    /// The signature.
    pub sig: [u8; 64],
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("n", &self.n).finish_non_exhaustive()
    }
}

/// What the tag and the signature are about besides the text: 77 bytes.
pub(crate) fn associated(keys: &RoomKeys, kind: Kind, spk: &[u8; 32], n: u64) -> Vec<u8> {
    let mut aad = Vec::with_capacity(77);
    aad.extend_from_slice(b"chat/1 seal\0");
    aad.push(kind.byte());
    aad.extend_from_slice(keys.room_id());
    aad.extend_from_slice(&EPOCH);
    aad.extend_from_slice(spk);
    aad.extend_from_slice(&n.to_be_bytes());
    aad
}

/// Unique under one key: by kind and counter.
pub(crate) fn nonce(kind: Kind, n: u64) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[0] = kind.byte();
    nonce[4..].copy_from_slice(&n.to_be_bytes());
    nonce
}

/// What is signed.
pub(crate) fn signed(keys: &RoomKeys, aad: &[u8], ct: &[u8]) -> Vec<u8> {
    let mut all = Vec::with_capacity(12 + 32 + aad.len() + 32);
    all.extend_from_slice(b"chat/1 sign\0");
    all.extend_from_slice(keys.commit());
    all.extend_from_slice(aad);
    all.extend_from_slice(&Sha256::digest(ct));
    all
}
