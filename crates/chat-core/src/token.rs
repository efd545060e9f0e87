//! The token of a plain room: what people share to meet.

use core::{fmt, str::FromStr};

use rand_core::CryptoRng;

use crate::base32::{self, DecodeError};

const SYMBOLS: usize = 16;

/// The length by which a sealed room's token is known (protocol, section 1).
const SEALED_SYMBOLS: usize = 28;

/// The token of a plain room: 80 random bits that the server draws.
///
/// Who knows it may come in, so it is a secret: [`Debug`](fmt::Debug) shows
/// nothing of it, and it belongs in no log.
///
/// It is written as 16 symbols of Crockford's base32 in lower case, 4 groups of
/// 4. Reading ignores ASCII case, spaces and `-`, takes `i` and `l` for `1` and
/// `o` for `0` (protocol, section 1); what is read is always written the one
/// canonical way.
///
/// ```
/// use chat_core::{ParseTokenError, PlainToken};
///
/// let token: PlainToken = "OOOG 4OR4 Om3o e2o9".parse()?;
/// assert_eq!(token.to_string(), "000g-40r4-0m30-e209");
/// assert_eq!(format!("{token:?}"), "PlainToken(..)");
/// assert_eq!(
///     "000g-40r4".parse::<PlainToken>(),
///     Err(ParseTokenError::Length { found: 8 }),
/// );
/// # Ok::<(), ParseTokenError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlainToken([u8; 10]);

impl PlainToken {
    /// A new token of 80 bits from `rng`.
    #[must_use]
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; 10];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// The 80 bits.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 10] {
        &self.0
    }
}

impl FromStr for PlainToken {
    type Err = ParseTokenError;

    /// Reads a token forgivingly; the text may have any length.
    ///
    /// # Errors
    ///
    /// A [`ParseTokenError`] that says what is wrong with the text without
    /// repeating any of it.
    fn from_str(text: &str) -> Result<Self, ParseTokenError> {
        match base32::decode::<SYMBOLS>(text) {
            Ok(values) => Ok(Self(base32::pack(&values))),
            Err(DecodeError::Character { position }) => {
                Err(ParseTokenError::Character { position })
            }
            Err(DecodeError::Length { found: SEALED_SYMBOLS }) => {
                Err(ParseTokenError::SealedShaped)
            }
            Err(DecodeError::Length { found }) => Err(ParseTokenError::Length { found }),
        }
    }
}

impl fmt::Display for PlainToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        base32::write_grouped(f, base32::fives(&self.0))
    }
}

impl fmt::Debug for PlainToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlainToken(..)")
    }
}

/// Why a text isn't the token of a plain room.
///
/// It names places and counts only: a token with a typo is still a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseTokenError {
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
    #[error("a token has 16 symbols, this one has {found}: copy the whole token and nothing else")]
    Length {
        /// How many symbols the text holds.
        found: usize,
    },
    /// 28 symbols: the token of a sealed room, which no server may be sent.
    #[error(
        "this is the token of a sealed room, which a server must never see: \
         open it with a client that joins sealed rooms"
    )]
    SealedShaped,
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{
        format,
        string::{String, ToString},
    };
    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};

    const SEALED: &str = "000g-40r4-0m30-e209-185g-r38e-1wpn";

    fn parse(text: &str) -> Result<PlainToken, ParseTokenError> {
        text.parse()
    }

    #[test]
    fn a_generated_token_is_four_groups_of_four() {
        let token = PlainToken::generate(&mut StdRng::seed_from_u64(1)).to_string();
        let groups: alloc::vec::Vec<&str> = token.split('-').collect();
        assert_eq!(groups.len(), 4);
        assert!(groups.iter().all(|group| group.len() == 4));
    }

    #[test]
    fn a_generator_gives_another_token_each_time() {
        let mut rng = StdRng::seed_from_u64(1);
        assert_ne!(PlainToken::generate(&mut rng), PlainToken::generate(&mut rng));
    }

    #[test]
    fn all_80_bits_come_from_the_generator() {
        let mut rng = StdRng::seed_from_u64(2);
        let (mut ones, mut zeros) = ([0u8; 10], [0u8; 10]);
        for _ in 0..64 {
            let token = PlainToken::generate(&mut rng);
            for (place, byte) in token.as_bytes().iter().enumerate() {
                ones[place] |= byte;
                zeros[place] |= !byte;
            }
        }
        assert_eq!((ones, zeros), ([0xff; 10], [0xff; 10]));
    }

    #[test]
    fn bytes_are_written_most_significant_bit_first() {
        assert_eq!(PlainToken([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).to_string(), "000g-40r4-0m30-e209");
        assert_eq!(PlainToken([0xff; 10]).to_string(), "zzzz-zzzz-zzzz-zzzz");
    }

    #[test]
    fn reading_is_forgiving() {
        let token = parse("01ab-0101-wxyz-0000").unwrap();
        for text in ["01ab0101wxyz0000", " O1AB OIOL WXYZ OOOO\n", "--0-1-a-b-oiol-w x y z-0000--"]
        {
            assert_eq!(parse(text), Ok(token));
        }
    }

    #[test]
    fn a_wrong_character_is_named_by_its_place() {
        assert_eq!(parse("01ab-u101-wxyz-0000"), Err(ParseTokenError::Character { position: 6 }));
        assert_eq!(parse("01ab-0101-wxyz-000é"), Err(ParseTokenError::Character { position: 19 }));
    }

    #[test]
    fn a_wrong_length_is_counted_in_symbols() {
        for (text, found) in [
            ("", 0),
            (" - ", 0),
            ("01ab-0101-wxyz-000", 15),
            ("01ab-0101-wxyz-0000-0", 17),
            (&"0".repeat(100_000), 100_000),
        ] {
            assert_eq!(parse(text), Err(ParseTokenError::Length { found }));
        }
    }

    #[test]
    fn a_sealed_token_is_refused_for_what_it_is() {
        let error = parse(SEALED).unwrap_err();
        assert_eq!(error, ParseTokenError::SealedShaped);
        assert!(error.to_string().contains("sealed room"));
    }

    #[test]
    fn nothing_of_a_token_is_shown() {
        let token = parse("01ab-0101-wxyz-0000").unwrap();
        assert_eq!(format!("{token:?}"), "PlainToken(..)");
        let error = parse("01ab-0101-wxyz-000é").unwrap_err();
        let shown = format!("{error} {error:?}");
        for part in ["01ab", "wxyz", "é"] {
            assert!(!shown.contains(part), "{shown}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bytes: [u8; 10]) {
            let token = PlainToken(bytes);
            prop_assert_eq!(parse(&token.to_string()), Ok(token));
        }

        #[test]
        fn what_is_read_is_written_canonically(text in "([0-9A-TV-Za-tv-z][ -]?){16}") {
            let written = parse(&text).unwrap().to_string();
            prop_assert!(written.chars().all(|c| matches!(c,
                '-' | '0'..='9' | 'a'..='h' | 'j' | 'k' | 'm' | 'n' | 'p'..='t' | 'v'..='z')));
            prop_assert_eq!(parse(&written).unwrap().to_string(), written);
        }

        #[test]
        fn any_text_is_read_without_a_panic(text: String) {
            let _ = parse(&text);
        }
    }
}
