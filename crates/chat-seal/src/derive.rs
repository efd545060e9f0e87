//! What is derived from a token.

use std::fmt;
use std::sync::Arc;

use aes_gcm::{Aes256Gcm, KeyInit};
use chat_core::SealedToken;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The epoch of this version; it takes part in everything that is derived.
pub(crate) const EPOCH: [u8; 8] = [0; 8];

/// What members of a room know: its id, a commitment to the secret, and the
/// key of every sender. Cheap to clone; cleared when the last clone is dropped.
#[derive(Clone)]
pub struct RoomKeys(Arc<Inner>);

#[derive(ZeroizeOnDrop)]
struct Inner {
    secret: [u8; 16],
    id: [u8; 16],
    commit: [u8; 32],
}

impl RoomKeys {
    /// Derives them: HKDF-SHA256 with the secret as its input and `chat/1` as
    /// its salt.
    #[must_use]
    pub fn derive(token: &SealedToken) -> Self {
        let mut inner = Inner { secret: *token.secret(), id: [0; 16], commit: [0; 32] };
        expand(&inner.secret, &[b"room id"], &mut inner.id);
        expand(&inner.secret, &[b"commit"], &mut inner.commit);
        Self(Arc::new(inner))
    }

    /// The room's id: all of it that a server is told.
    #[must_use]
    pub fn room_id(&self) -> &[u8; 16] {
        &self.0.id
    }

    pub(crate) fn commit(&self) -> &[u8; 32] {
        &self.0.commit
    }

    pub(crate) fn cipher(&self, spk: &[u8; 32]) -> Aes256Gcm {
        let mut key = self.sender_key(spk);
        let cipher = Aes256Gcm::new(&key.into());
        key.zeroize();
        cipher
    }

    pub(crate) fn sender_key(&self, spk: &[u8; 32]) -> [u8; 32] {
        let mut key = [0; 32];
        expand(&self.0.secret, &[b"sender\0", &EPOCH, spk], &mut key);
        key
    }
}

impl fmt::Debug for RoomKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RoomKeys(..)")
    }
}

fn expand(secret: &[u8], info: &[&[u8]], out: &mut [u8]) {
    let good = Hkdf::<Sha256>::new(Some(b"chat/1"), secret).expand_multi_info(info, out);
    // It fails above 255 blocks only (RFC 5869, section 2.3).
    debug_assert!(good.is_ok());
}
