//! Base64url (RFC 4648, section 5) without padding, strict: one spelling per value.

use std::fmt;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// How many bytes are spelled at once.
const PIECE: usize = 192;

/// Bytes that are shown as their spelling.
pub(crate) struct Spelled<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Spelled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut spelled = [0; PIECE / 3 * 4];
        for piece in self.0.chunks(PIECE) {
            let len = (piece.len() * 4).div_ceil(3);
            for (group, symbols) in piece.chunks(3).zip(spelled.chunks_mut(4)) {
                let mut bytes = [0; 4];
                bytes[1..=group.len()].copy_from_slice(group);
                let bits = u32::from_be_bytes(bytes);
                for (i, symbol) in symbols.iter_mut().enumerate() {
                    *symbol = ALPHABET[(bits >> (18 - 6 * i)) as usize & 63];
                }
            }
            // The alphabet is ASCII, so there is no error.
            f.write_str(str::from_utf8(&spelled[..len]).map_err(|_| fmt::Error)?)?;
        }
        Ok(())
    }
}

/// The bytes that `text` spells, or `None` where no encoder writes it like this:
/// another alphabet, padding, white space, a lone last symbol, or spare bits that are not zero.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let mut groups = text.chunks_exact(4);
    for group in &mut groups {
        let [_, bytes @ ..] = bits(group)?.to_be_bytes();
        out.extend_from_slice(&bytes);
    }
    let rest = groups.remainder();
    match (rest.len(), bits(rest)?.to_be_bytes()) {
        (0, _) => {}
        (2, [_, a, 0, 0]) => out.push(a),
        (3, [_, a, b, 0]) => out.extend([a, b]),
        _ => return None,
    }
    Some(out)
}

/// Up to four symbols as 24 bits.
fn bits(symbols: &[u8]) -> Option<u32> {
    let mut bits = 0;
    for (i, &symbol) in symbols.iter().enumerate() {
        let value = VALUES[usize::from(symbol)];
        if value == NONE {
            return None;
        }
        bits |= u32::from(value) << (18 - 6 * i);
    }
    Some(bits)
}

/// What is no symbol's value.
const NONE: u8 = 64;

/// What each byte is worth as a symbol.
const VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < NONE {
        values[ALPHABET[value as usize] as usize] = value;
        value += 1;
    }
    values
};

#[cfg(test)]
mod tests {
    use super::{PIECE, Spelled, decode};

    fn encode(bytes: &[u8]) -> String {
        Spelled(bytes).to_string()
    }

    #[test]
    fn spells_the_rfc_examples_without_padding() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text.as_bytes()).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(encode(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn long_ones_are_spelled_without_a_seam() {
        for len in [PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 2] {
            let bytes: Vec<u8> = (0..len).map(|n| (n * 7) as u8).collect();
            assert_eq!(decode(encode(&bytes).as_bytes()), Some(bytes));
        }
    }

    #[test]
    fn refuses_every_other_spelling() {
        for text in ["Zg==", "Zh", "Zm9", "Z", "Zm9vY", "+/8", "Zm 8", "Zm8\n", "Zm8=", "Zg\u{e9}"]
        {
            assert_eq!(decode(text.as_bytes()), None, "{text:?}");
        }
    }
}
