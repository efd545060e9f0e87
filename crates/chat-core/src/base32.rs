//! Crockford's base32 in lower case, as tokens are written (protocol, section 1).
//!
//! 32 symbols of 5 bits each, the most significant bits first, without `i`,
//! `l`, `o` and `u`. Reading is forgiving: case, spaces and `-` don't count, and
//! `i`, `l`, `o` are the digits they look like.

use core::fmt;

const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Symbols that stand together between two `-`.
const GROUP: usize = 4;

/// Why a text isn't base32.
pub(crate) enum DecodeError {
    /// A character that no token has, by its place in the text, counted from 1.
    Character { position: usize },
    /// All are symbols, but there aren't as many as there should be.
    Length { found: usize },
}

/// Reads exactly `N` symbols as their values of 5 bits.
///
/// A wrong character is named before a wrong length: a count means something
/// only once everything in the text is a symbol.
pub(crate) fn decode<const N: usize>(text: &str) -> Result<[u8; N], DecodeError> {
    let mut values = [0; N];
    let mut found = 0;
    for (before, c) in text.chars().enumerate() {
        if c == '-' || c.is_whitespace() {
            continue;
        }
        let value = value(c).ok_or(DecodeError::Character { position: before + 1 })?;
        if let Some(place) = values.get_mut(found) {
            *place = value;
        }
        found += 1;
    }
    if found == N { Ok(values) } else { Err(DecodeError::Length { found }) }
}

/// Writes values of 5 bits as symbols in groups of four with `-` between them.
pub(crate) fn write_grouped(
    f: &mut fmt::Formatter<'_>,
    values: impl Iterator<Item = u8>,
) -> fmt::Result {
    use fmt::Write;
    for (before, value) in values.enumerate() {
        if before > 0 && before % GROUP == 0 {
            f.write_char('-')?;
        }
        f.write_char(char::from(SYMBOLS[usize::from(value & 31)]))?;
    }
    Ok(())
}

/// The bits of `bytes` in fives, the last five filled up with zeros.
pub(crate) fn fives(bytes: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let count = (bytes.len() * 8).div_ceil(5);
    (0..count).map(move |n| {
        let (byte, shift) = (n * 5 / 8, n * 5 % 8);
        let high = u16::from(bytes[byte]) << 8;
        let low = bytes.get(byte + 1).copied().map_or(0, u16::from);
        ((high | low) >> (11 - shift)) as u8 & 31
    })
}

/// Packs values of 5 bits into the first whole bytes that they fill.
pub(crate) fn pack<const BYTES: usize>(values: &[u8]) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    for (n, value) in values.iter().enumerate() {
        let (byte, shift) = (n * 5 / 8, n * 5 % 8);
        let [high, low] = (u16::from(value & 31) << (11 - shift)).to_be_bytes();
        if let Some(b) = bytes.get_mut(byte) {
            *b |= high;
        }
        if let Some(b) = bytes.get_mut(byte + 1) {
            *b |= low;
        }
    }
    bytes
}

fn value(c: char) -> Option<u8> {
    let c = match c.to_ascii_lowercase() {
        'i' | 'l' => '1',
        'o' => '0',
        other => other,
    };
    let c = u8::try_from(c).ok()?;
    let place = SYMBOLS.iter().position(|&symbol| symbol == c)?;
    u8::try_from(place).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{string::String, vec::Vec};
    use proptest::prelude::*;

    struct Grouped<'a>(&'a [u8]);

    impl fmt::Display for Grouped<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write_grouped(f, fives(self.0))
        }
    }

    fn written(bytes: &[u8]) -> String {
        alloc::format!("{}", Grouped(bytes))
    }

    #[test]
    fn the_protocols_example_comes_out() {
        // The 16 bytes of its sealed token are 00 to 0f: 25 symbols are theirs
        // alone, the rest holds the checksum.
        let s: Vec<u8> = (0..16).collect();
        assert!(written(&s).starts_with("000g-40r4-0m30-e209-185g-r38e-1"));
    }

    #[test]
    fn each_symbol_reads_as_its_place() {
        for (place, symbol) in SYMBOLS.iter().enumerate() {
            assert_eq!(value(char::from(*symbol)), Some(place as u8));
            assert_eq!(value(char::from(symbol.to_ascii_uppercase())), Some(place as u8));
        }
    }

    #[test]
    fn what_looks_like_a_digit_is_one() {
        for c in ['i', 'I', 'l', 'L'] {
            assert_eq!(value(c), Some(1));
        }
        assert_eq!((value('o'), value('O')), (Some(0), Some(0)));
    }

    #[test]
    fn nothing_else_is_a_symbol() {
        // U+212A, the Kelvin sign, is a k by Unicode's case rules, not by ASCII's.
        for c in ['u', 'U', '.', '/', ':', '\u{212a}', 'é', '\0', '０'] {
            assert_eq!(value(c), None);
        }
    }

    proptest! {
        #[test]
        fn packing_undoes_fives(bytes: [u8; 16]) {
            let values: Vec<u8> = fives(&bytes).collect();
            prop_assert_eq!(values.len(), 26);
            prop_assert_eq!(pack::<16>(&values), bytes);
        }

        #[test]
        fn any_text_is_read_without_a_panic(text: String) {
            let _ = decode::<16>(&text);
        }
    }
}
