//! WebSocket frames as a server writes them (RFC 6455, section 5.2): whole,
//! unmasked, the same bytes for every receiver.

/// The longest control payload (RFC 6455, section 5.5).
const CONTROL_MAX: usize = 125;

/// The head of a text of 126 to 65,535 bytes, before its length is known.
const TEXT: [u8; 4] = [0x81, 126, 0, 0];

/// A text frame of what `write` appends.
pub(crate) fn text(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&TEXT);
    write(out);
    let len = out.len() - start - TEXT.len();
    match u16::try_from(len) {
        Ok(len @ 126..) => out[start + 2..start + 4].copy_from_slice(&len.to_be_bytes()),
        _ => {
            let mut right = Vec::with_capacity(10);
            head(&mut right, 0x1, len);
            out.splice(start..start + TEXT.len(), right);
        }
    }
}

/// An empty ping.
pub(crate) fn ping(out: &mut Vec<u8>) {
    head(out, 0x9, 0);
}

/// A close with a code and a reason for a person who debugs; the reason is cut
/// to what fits.
pub(crate) fn close(out: &mut Vec<u8>, code: u16, reason: &str) {
    let reason = &reason[..reason.floor_char_boundary(CONTROL_MAX - 2)];
    head(out, 0x8, 2 + reason.len());
    out.extend_from_slice(&code.to_be_bytes());
    out.extend_from_slice(reason.as_bytes());
}

fn head(out: &mut Vec<u8>, opcode: u8, len: usize) {
    out.push(0x80 | opcode);
    match (u8::try_from(len), u16::try_from(len)) {
        (Ok(short), _) if short <= 125 => out.push(short),
        (_, Ok(medium)) => {
            out.push(126);
            out.extend_from_slice(&medium.to_be_bytes());
        }
        _ => {
            out.push(127);
            out.extend_from_slice(&(len as u64).to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio_tungstenite::tungstenite::Message;
    use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket};

    fn read(bytes: &[u8]) -> Message {
        WebSocket::from_raw_socket(std::io::Cursor::new(bytes.to_vec()), Role::Client, None)
            .read()
            .unwrap()
    }

    #[test]
    fn another_implementation_reads_what_is_written() {
        for len in [0, 1, 125, 126, 65_535, 65_536, 100_000] {
            let payload = "x".repeat(len);
            let mut out = Vec::new();
            super::text(&mut out, |out| out.extend_from_slice(payload.as_bytes()));
            assert_eq!(read(&out), Message::text(payload));
        }
        let mut out = Vec::new();
        super::close(&mut out, 4408, &"я".repeat(100));
        let Message::Close(Some(close)) = read(&out) else { panic!("not a close") };
        assert_eq!((u16::from(close.code), close.reason.len()), (4408, 122));
    }
}
