//! Opening, with everything that is checked, in the protocol's order.

use std::fmt;

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead, Payload};
use chat_core::Nick;
use ed25519_dalek::{Signature, VerifyingKey};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::derive::RoomKeys;
use crate::padding;
use crate::sealed::{Kind, Sealed, associated, nonce, signed};
use crate::senders::{Order, Senders};
use crate::weak::is_weak;
use crate::words::{self, Words};

/// Why something can't be verified. People are told one sentence for all of
/// these; which it was helps only who writes a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OpenError {
    /// The key or the signature's first half is a point of small order.
    #[error("the key or the signature is one that proves nothing")]
    Weak,
    /// The signature is not the sender's.
    #[error("the signature is wrong")]
    Signature,
    /// The tag is wrong: it was not sealed so for this room.
    #[error("the tag is wrong")]
    Tag,
    /// It is the sender's, but nothing that a member sends.
    #[error("what was sealed is malformed")]
    Malformed,
}

/// What became of a sealed message.
#[derive(Debug)]
pub enum Opened {
    /// A message.
    Message {
        /// How it stands to the one before.
        order: Order,
        /// What it says.
        words: Words,
    },
    /// One that was seen before: not to be shown again.
    Repeat,
    /// One line that says so, and never a text.
    Unverifiable(OpenError),
}

/// Opens what members of one room sealed, and keeps count of each of them.
pub struct Opener {
    keys: RoomKeys,
    senders: Senders,
}

impl Opener {
    /// An opener that has seen nothing yet.
    #[must_use]
    pub fn new(keys: RoomKeys) -> Self {
        Self { keys, senders: Senders::default() }
    }

    /// Opens a message.
    pub fn open_message(&mut self, spk: [u8; 32], sealed: &Sealed) -> Opened {
        let (inside, cipher) = match self.authenticate(Kind::Message, &spk, sealed) {
            Ok(good) => good,
            Err(error) => return Opened::Unverifiable(error),
        };
        // It is the sender's: it counts, whatever is inside.
        let Some(order) = self.senders.heard(spk, cipher).count(sealed.n) else {
            return Opened::Repeat;
        };
        match padding::unpad(&inside).and_then(Words::parse) {
            Some(words) => Opened::Message { order, words },
            None => Opened::Unverifiable(OpenError::Malformed),
        }
    }

    /// Opens a profile: the nickname in it, or `None` where that breaks the
    /// rules and the person code is to be shown. `Ok(None)` is a profile that
    /// is no news.
    ///
    /// # Errors
    /// When it can't be verified: its owner is connected without the room's
    /// secret.
    pub fn open_profile(
        &mut self,
        spk: [u8; 32],
        sealed: &Sealed,
    ) -> Result<Option<Option<Nick>>, OpenError> {
        let (inside, cipher) = self.authenticate(Kind::Profile, &spk, sealed)?;
        let inside = padding::unpad(&inside).ok_or(OpenError::Malformed)?;
        let nick = words::parse_profile(inside).ok_or(OpenError::Malformed)?;
        Ok(self.senders.heard(spk, cipher).is_newer(sealed.n).then_some(nick))
    }

    /// Something was lost that everybody is told of (a `gap`, another instance
    /// of the room): numbers may jump once.
    pub fn interrupt(&mut self) {
        self.senders.interrupt();
    }

    fn authenticate(
        &self,
        kind: Kind,
        spk: &[u8; 32],
        sealed: &Sealed,
    ) -> Result<(Zeroizing<Vec<u8>>, Aes256Gcm), OpenError> {
        let mut r = [0; 32];
        r.copy_from_slice(&sealed.sig[..32]);
        if is_weak(spk) || is_weak(&r) {
            return Err(OpenError::Weak);
        }
        let aad = associated(&self.keys, kind, spk, sealed.n);
        let signed = signed(&self.keys, &aad, &sealed.ct);
        VerifyingKey::from_bytes(spk)
            .and_then(|key| key.verify_strict(&signed, &Signature::from_bytes(&sealed.sig)))
            .map_err(|_| OpenError::Signature)?;
        let cipher = self.senders.cipher(&self.keys, spk);
        let payload = Payload { msg: &sealed.ct, aad: &aad };
        let inside =
            cipher.decrypt(&nonce(kind, sealed.n).into(), payload).map_err(|_| OpenError::Tag)?;
        Ok((Zeroizing::new(inside), cipher))
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opener(..)")
    }
}
