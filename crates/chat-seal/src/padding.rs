//! Padding that hides exact lengths: one byte 80, then zeros, to the next of
//! 128, 256, 512, 1024, 2048, 4096, then to multiples of 4096.

const MARK: u8 = 0x80;

/// The length to which a text of `len` bytes and its mark are filled.
pub(crate) fn filled(len: usize) -> usize {
    let needed = len + 1;
    match needed {
        ..=128 => 128,
        129..=4096 => needed.next_power_of_two(),
        _ => needed.next_multiple_of(4096),
    }
}

/// Fills a text.
pub(crate) fn pad(mut text: Vec<u8>) -> Vec<u8> {
    let len = filled(text.len());
    // Room for the tag, too, so that sealing in place moves nothing.
    text.reserve_exact(len - text.len() + 16);
    text.push(MARK);
    text.resize(len, 0);
    text
}

/// What was filled, if it was filled so and with no more than it needs.
pub(crate) fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let mark = padded.iter().rposition(|byte| *byte != 0)?;
    let good = padded[mark] == MARK && padded.len() == filled(mark);
    good.then(|| &padded[..mark])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_are_those_of_the_protocol() {
        for (len, padded) in [
            (0, 128),
            (127, 128),
            (128, 256),
            (255, 256),
            (256, 512),
            (2047, 2048),
            (4095, 4096),
            (4096, 8192),
            (8191, 8192),
            (8192, 12_288),
        ] {
            assert_eq!(pad(vec![b'x'; len]).len(), padded, "{len}");
        }
    }

    proptest! {
        #[test]
        fn what_is_padded_is_unpadded(text in prop::collection::vec(any::<u8>(), 0..9000)) {
            let padded = pad(text.clone());
            prop_assert_eq!(unpad(&padded), Some(&text[..]));
        }

        #[test]
        fn nothing_else_is(bytes in prop::collection::vec(prop_oneof![Just(0), Just(0x80), any::<u8>()], 0..600)) {
            if let Some(text) = unpad(&bytes) {
                prop_assert_eq!(pad(text.to_vec()), bytes);
            }
        }
    }
}
