//! Sealing.

use std::fmt;

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead, Payload};
use chat_core::Nick;
use ed25519_dalek::{Signer, SigningKey};
use rand_core::CryptoRng;
use thiserror::Error;
use zeroize::Zeroize;

use crate::derive::RoomKeys;
use crate::sealed::{Kind, Sealed, associated, nonce, signed};
use crate::{padding, words};

/// Integers on the wire are below 2^53.
const LAST: u64 = (1 << 53) - 1;

/// The bytes of AES-GCM's tag.
const TAG: usize = 16;

/// Why something can't be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SealError {
    /// The counter is used up, which takes longer than anybody lives.
    #[error("this session has sealed all that it may: join the room again")]
    UsedUp,
    /// The text is longer than the cipher takes (64 GiB).
    #[error("the text is too long to be sealed")]
    TooLong,
}

/// One joining by a person: a key pair, and how often it has been used. It is
/// not `Clone` and can't be stored: a copy would use a nonce twice.
pub struct Sealer {
    keys: RoomKeys,
    signing: SigningKey,
    cipher: Aes256Gcm,
    messages: Counter,
    profiles: Counter,
}

/// Gives each number once.
struct Counter(u64);

/// A number that nobody else has; sealing takes it away.
pub(crate) struct Turn(pub(crate) u64);

impl Counter {
    fn turn(&mut self) -> Result<Turn, SealError> {
        let n = self.0;
        if n > LAST {
            return Err(SealError::UsedUp);
        }
        self.0 += 1;
        Ok(Turn(n))
    }
}

impl Sealer {
    /// A new key pair for one room.
    #[must_use]
    pub fn generate(keys: RoomKeys, rng: &mut impl CryptoRng) -> Self {
        let mut seed = [0; 32];
        rng.fill_bytes(&mut seed);
        let sealer = Self::from_seed(keys, &seed);
        seed.zeroize();
        sealer
    }

    pub(crate) fn from_seed(keys: RoomKeys, seed: &[u8; 32]) -> Self {
        let signing = SigningKey::from_bytes(seed);
        let cipher = keys.cipher(signing.verifying_key().as_bytes());
        Self { keys, signing, cipher, messages: Counter(0), profiles: Counter(0) }
    }

    /// The public half of the key, by which others know the sender.
    #[must_use]
    pub fn spk(&self) -> [u8; 32] {
        self.signing.verifying_key().to_bytes()
    }

    /// The room's keys.
    #[must_use]
    pub fn keys(&self) -> &RoomKeys {
        &self.keys
    }

    /// Seals a text. `ts` is when it is sent, in milliseconds since 1970.
    ///
    /// # Errors
    /// When nothing more can be sealed.
    pub fn seal_text(&mut self, nick: &Nick, ts: u64, text: &str) -> Result<Sealed, SealError> {
        let turn = self.messages.turn()?;
        self.seal(Kind::Message, turn, words::text(nick, ts, text))
    }

    /// How many bytes the ciphertext of such a text has, without sealing it: what is sealed must be
    /// sent, or others see that one is missing.
    #[must_use]
    pub fn text_len(&self, nick: &Nick, ts: u64, text: &str) -> usize {
        padding::filled(words::text(nick, ts, text).len()) + TAG
    }

    /// Seals a profile.
    ///
    /// # Errors
    /// When nothing more can be sealed.
    pub fn seal_profile(&mut self, nick: &Nick) -> Result<Sealed, SealError> {
        let turn = self.profiles.turn()?;
        self.seal(Kind::Profile, turn, words::profile(nick))
    }

    pub(crate) fn seal(
        &self,
        kind: Kind,
        Turn(n): Turn,
        inside: Vec<u8>,
    ) -> Result<Sealed, SealError> {
        let aad = associated(&self.keys, kind, &self.spk(), n);
        let mut padded = padding::pad(inside);
        let payload = Payload { msg: &padded, aad: &aad };
        let ct = self.cipher.encrypt(&nonce(kind, n).into(), payload);
        padded.zeroize();
        let ct = ct.map_err(|_| SealError::TooLong)?;
        let sig = self.signing.sign(&signed(&self.keys, &aad, &ct)).to_bytes();
        Ok(Sealed { n, ct, sig })
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(..)")
    }
}
