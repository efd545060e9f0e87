//! What fuzzing needs of the inside; compiled for that alone.

use crate::derive::RoomKeys;
use crate::json::Object;
use crate::padding;
use crate::seal::{Sealer, Turn};
use crate::sealed::{Kind, Sealed};

/// Fills a text.
#[must_use]
pub fn pad(text: Vec<u8>) -> Vec<u8> {
    padding::pad(text)
}

/// What was filled.
#[must_use]
pub fn unpad(padded: &[u8]) -> Option<&[u8]> {
    padding::unpad(padded)
}

/// Whether a text is strictly an object.
#[must_use]
pub fn is_strict_object(text: &str) -> bool {
    Object::parse(text).is_some()
}

/// Anything at all, sealed as it should be, and by whom.
#[must_use]
pub fn seal_inside(keys: &RoomKeys, kind: Kind, inside: &[u8]) -> ([u8; 32], Sealed) {
    let sealer = Sealer::from_seed(keys.clone(), &[7; 32]);
    match sealer.seal(kind, Turn(0), inside.to_vec()) {
        Ok(sealed) => (sealer.spk(), sealed),
        Err(error) => unreachable!("it is short: {error}"),
    }
}
