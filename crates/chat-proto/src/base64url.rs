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
    for chunk in text.chunks(4) {
        let mut bits = 0u32;
        for (i, &symbol) in chunk.iter().enumerate() {
            bits |= u32::from(value(symbol)?) << (18 - 6 * i);
        }
        let [_, a, b, c] = bits.to_be_bytes();
        match chunk.len() {
            4 => out.extend([a, b, c]),
            3 if c == 0 => out.extend([a, b]),
            2 if b == 0 && c == 0 => out.push(a),
            _ => return None,
        }
    }
    Some(out)
}

const fn value(symbol: u8) -> Option<u8> {
    Some(match symbol {
        b'A'..=b'Z' => symbol - b'A',
        b'a'..=b'z' => symbol - b'a' + 26,
        b'0'..=b'9' => symbol - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    })
}

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
