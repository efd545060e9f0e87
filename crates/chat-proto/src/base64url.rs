//! Base64url (RFC 4648, section 5) without padding, strict: one spelling per value.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Appends the spelling of `bytes` to a string.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = [0u8; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for i in 0..=chunk.len() {
            let symbol = (bits >> (18 - 6 * i)) & 63;
            out.push(char::from(ALPHABET[symbol as usize]));
        }
    }
    out
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
    use super::{decode, encode};

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
    fn refuses_every_other_spelling() {
        for text in ["Zg==", "Zh", "Zm9", "Z", "Zm9vY", "+/8", "Zm 8", "Zm8\n", "Zm8=", "Zg\u{e9}"]
        {
            assert_eq!(decode(text.as_bytes()), None, "{text:?}");
        }
    }
}
