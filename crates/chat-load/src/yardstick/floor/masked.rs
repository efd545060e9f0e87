//! Frames as a server reads them (RFC 6455, section 5.3).

use std::ops::Range;

/// The frame that begins at `at`, once it is whole: its first byte, its payload, which is unmasked
/// in place, and its end.
pub(super) fn next(bytes: &mut [u8], at: usize) -> Option<(u8, Range<usize>, usize)> {
    let &[kind, len] = bytes.get(at..)?.first_chunk()?;
    let (mask, len) = match len & 0x7f {
        126 => (at + 4, usize::from(u16::from_be_bytes(*bytes.get(at + 2..)?.first_chunk()?))),
        127 => {
            let len = u64::from_be_bytes(*bytes.get(at + 2..)?.first_chunk()?);
            (at + 10, usize::try_from(len).ok()?)
        }
        short => (at + 2, usize::from(short)),
    };
    let key = *bytes.get(mask..)?.first_chunk()?;
    let payload = mask + 4..(mask + 4).checked_add(len)?;
    unmask(bytes.get_mut(payload.clone())?, key);
    Some((kind, payload.clone(), payload.end))
}

fn unmask(payload: &mut [u8], key: [u8; 4]) {
    let [a, b, c, d] = key;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, rest) = payload.as_chunks_mut::<8>();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(key.iter().cycle()) {
        *byte ^= key;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use tokio_tungstenite::tungstenite::Message;
    use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket};

    use super::*;

    #[test]
    fn what_another_implementation_masks_is_read() {
        for len in [0, 1, 7, 8, 9, 125, 126, 65_535, 65_536] {
            let text = "tx".repeat(len)[..len].to_owned();
            let mut socket =
                WebSocket::from_raw_socket(Cursor::new(Vec::new()), Role::Client, None);
            socket.send(Message::text(text.clone())).unwrap();
            let mut bytes = socket.get_ref().get_ref().clone();
            for cut in [1, 2, 5, bytes.len() - 1] {
                assert_eq!(next(&mut bytes[..cut].to_vec(), 0), None);
            }
            let (kind, payload, end) = next(&mut bytes, 0).unwrap();
            assert_eq!((kind, &bytes[payload], end), (0x81, text.as_bytes(), bytes.len()));
        }
    }
}
