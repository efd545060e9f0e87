//! The token of a sealed room, and the two kinds told apart.

use core::fmt;
use core::str::FromStr;

use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::base32::{self, DecodeError};
use crate::token::{ParseTokenError, PlainToken};

const SYMBOLS: usize = 28;

/// The secret and the checksum, the last half byte left over.
const PACKED: usize = 18;

/// The token of a sealed room: 128 random bits that a client draws, and that no
/// server is ever sent.
///
/// It is written as 28 symbols of Crockford's base32 in lower case, 7 groups of
/// 4; the last 12 bits are a checksum, so that a typo is found before anything
/// is sent (docs/protocol.md, section 1). [`Debug`](fmt::Debug) shows nothing of
/// it, and its memory is cleared when it is dropped.
///
/// ```
/// use chat_core::{ParseSealedTokenError, SealedToken};
///
/// let token: SealedToken = "000G 40R4 0M30 E209 185G R38E 1WPN".parse()?;
/// assert_eq!(token.to_string(), "000g-40r4-0m30-e209-185g-r38e-1wpn");
/// assert_eq!(
///     "100g-40r4-0m30-e209-185g-r38e-1wpn".parse::<SealedToken>().unwrap_err(),
///     ParseSealedTokenError::Checksum,
/// );
/// # Ok::<(), ParseSealedTokenError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SealedToken([u8; 16]);

impl SealedToken {
    /// A new token of 128 bits from `rng`.
    #[must_use]
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut secret = [0; 16];
        rng.fill_bytes(&mut secret);
        Self(secret)
    }

    /// The secret that everything of the room is derived from.
    #[must_use]
    pub const fn secret(&self) -> &[u8; 16] {
        &self.0
    }

    /// The secret with its checksum, as it is written.
    fn packed(&self) -> [u8; PACKED] {
        let sum = Sha256::new().chain_update(b"chat/1 token\0").chain_update(self.0).finalize();
        let mut packed = [0; PACKED];
        packed[..16].copy_from_slice(&self.0);
        packed[16] = sum[0];
        packed[17] = sum[1] & 0xf0;
        packed
    }
}

impl FromStr for SealedToken {
    type Err = ParseSealedTokenError;

    /// Reads a token forgivingly; the text may have any length.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, without repeating any of it.
    fn from_str(text: &str) -> Result<Self, ParseSealedTokenError> {
        let mut values = base32::decode::<SYMBOLS>(text).map_err(|error| match error {
            DecodeError::Character { position } => ParseSealedTokenError::Character { position },
            DecodeError::Length { found } => ParseSealedTokenError::Length { found },
        })?;
        let mut packed: [u8; PACKED] = base32::pack(&values);
        let mut token = Self([0; 16]);
        token.0.copy_from_slice(&packed[..16]);
        let good = token.packed() == packed;
        values.zeroize();
        packed.zeroize();
        if good { Ok(token) } else { Err(ParseSealedTokenError::Checksum) }
    }
}

impl fmt::Display for SealedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        base32::write_grouped(f, base32::fives(&self.packed()).take(SYMBOLS))
    }
}

impl fmt::Debug for SealedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedToken(..)")
    }
}

/// Why a text isn't the token of a sealed room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseSealedTokenError {
    /// A character that no token has.
    #[error(
        "character {position} of this token is not one that a token has: \
         a token is written with the digits and the letters a to z without u"
    )]
    Character {
        /// Its place in the text as it was given, counted from 1.
        position: usize,
    },
    /// Too few or too many symbols.
    #[error(
        "a token has 28 symbols, or 16 for a plain room, and this one has {found}: \
         copy the whole token and nothing else"
    )]
    Length {
        /// How many symbols the text holds.
        found: usize,
    },
    /// All of it is well-formed, but it doesn't fit together.
    #[error("this token has a typo: compare it with the one that you were given")]
    Checksum,
}

/// A token of either kind. Its shape alone says which, never a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// 16 symbols, drawn by a server.
    Plain(PlainToken),
    /// 28 symbols, drawn by a client.
    Sealed(SealedToken),
}

impl From<PlainToken> for Token {
    fn from(token: PlainToken) -> Self {
        Self::Plain(token)
    }
}

impl From<SealedToken> for Token {
    fn from(token: SealedToken) -> Self {
        Self::Sealed(token)
    }
}

impl FromStr for Token {
    type Err = ParseSealedTokenError;

    /// Reads a token of either kind forgivingly.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, without repeating any of it.
    fn from_str(text: &str) -> Result<Self, ParseSealedTokenError> {
        match text.parse::<PlainToken>() {
            Ok(token) => Ok(Self::Plain(token)),
            Err(ParseTokenError::SealedShaped) => text.parse().map(Self::Sealed),
            Err(ParseTokenError::Character { position }) => {
                Err(ParseSealedTokenError::Character { position })
            }
            Err(ParseTokenError::Length { found }) => Err(ParseSealedTokenError::Length { found }),
        }
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(token) => token.fmt(f),
            Self::Sealed(token) => token.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::ToString};
    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};

    #[test]
    fn a_token_is_known_by_its_shape() {
        let plain = "000g-40r4-0m30-e209".parse::<Token>();
        assert!(matches!(plain, Ok(Token::Plain(_))));
        let sealed = "000g-40r4-0m30-e209-185g-r38e-1wpn".parse::<Token>();
        assert!(matches!(sealed, Ok(Token::Sealed(_))));
        for (text, error) in [
            ("", ParseSealedTokenError::Length { found: 0 }),
            ("000g", ParseSealedTokenError::Length { found: 4 }),
            ("000g-40r4-0m30-e20u", ParseSealedTokenError::Character { position: 19 }),
            ("000g-40r4-0m30-e209-185g-r38e-1wpm", ParseSealedTokenError::Checksum),
        ] {
            assert_eq!(text.parse::<Token>(), Err(error), "{text}");
        }
    }

    #[test]
    fn nothing_of_a_token_is_shown() {
        let token = SealedToken::generate(&mut StdRng::seed_from_u64(1));
        assert_eq!(format!("{token:?}"), "SealedToken(..)");
        assert_eq!(format!("{:?}", Token::Sealed(token)), "Sealed(SealedToken(..))");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(seed: u64) {
            let token = SealedToken::generate(&mut StdRng::seed_from_u64(seed));
            prop_assert_eq!(token.to_string().parse(), Ok(token));
        }

        #[test]
        fn one_wrong_symbol_is_a_typo(seed: u64, place in 0..28usize, step in 1..32u8) {
            let token = SealedToken::generate(&mut StdRng::seed_from_u64(seed)).to_string();
            let mut values = base32::decode::<SYMBOLS>(&token).ok().unwrap();
            values[place] = (values[place] + step) % 32;
            let mut typo = alloc::string::String::new();
            for value in values {
                let symbols = "0123456789abcdefghjkmnpqrstvwxyz";
                typo.push(char::from(symbols.as_bytes()[usize::from(value)]));
            }
            // 12 bits find all but one in 4,096.
            let found = typo.parse::<SealedToken>();
            prop_assert!(found != Ok(token.parse().unwrap()));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text: alloc::string::String) {
            let _ = text.parse::<Token>();
        }
    }
}
