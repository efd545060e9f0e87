//! What a message says of itself, in the first bytes of its text: that it is of a load run, whose
//! it is, which of theirs, and when it was due. All of fixed width, in ASCII that JSON doesn't escape.

/// What every text begins with.
pub(crate) const MARKER: [u8; 8] = *b"chatload";

/// The length of a stamp, and the least length of a text.
pub(crate) const LEN: usize = 40;

const SENDER: usize = 8;
const SEQ: usize = 16;
const DUE: usize = 24;

/// The stamp of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// The sender, counted over all rooms.
    pub(crate) sender: u32,
    /// Which of the sender's messages it is, counted from 0.
    pub(crate) seq: u32,
    /// When it was due, on the run's clock.
    pub(crate) due: u64,
}

impl Stamp {
    /// Writes it to the beginning of a text.
    pub(crate) fn write(self, text: &mut [u8]) {
        text[..SENDER].copy_from_slice(&MARKER);
        write_hex(&mut text[SENDER..SEQ], u64::from(self.sender));
        write_hex(&mut text[SEQ..DUE], u64::from(self.seq));
        write_hex(&mut text[DUE..LEN], self.due);
    }

    /// Reads it from the beginning of a text; `None` where the text is of something else.
    #[inline]
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        let stamp: &[u8; LEN] = text.first_chunk()?;
        let word = |at: usize| -> Option<u64> {
            stamp.get(at..at + 8)?.try_into().ok().map(u64::from_be_bytes)
        };
        if word(0)? != u64::from_be_bytes(MARKER) {
            return None;
        }
        let due = u64::from(read_hex(word(DUE)?)) << 32 | u64::from(read_hex(word(DUE + 8)?));
        Some(Self { sender: read_hex(word(SENDER)?), seq: read_hex(word(SEQ)?), due })
    }
}

/// Writes the last hexadecimal digits of a number, as many as fit.
pub(crate) fn write_hex(out: &mut [u8], mut number: u64) {
    for digit in out.iter_mut().rev() {
        *digit = b"0123456789abcdef"[(number & 0xf) as usize];
        number >>= 4;
    }
}

/// Reads eight hexadecimal digits at once, the first of them in the highest byte: eight steps for
/// each of four words would be half of what a message costs.
#[inline]
#[allow(clippy::cast_possible_truncation, reason = "the digits of 8 bytes are 32 bits")]
fn read_hex(digits: u64) -> u32 {
    let letters = (digits >> 6) & 0x0101_0101_0101_0101;
    let nibbles = (digits & 0x0f0f_0f0f_0f0f_0f0f) + letters * 9;
    let bytes = (nibbles | nibbles >> 4) & 0x00ff_00ff_00ff_00ff;
    let pairs = (bytes | bytes >> 8) & 0x0000_ffff_0000_ffff;
    (pairs | pairs >> 16) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for (sender, seq, due) in
            [(0, 0, 0), (1, 2, 3), (0x0123_4567, 0x89ab_cdef, 0xfedc_ba98_7654_3210), (!0, !0, !0)]
        {
            let stamp = Stamp { sender, seq, due };
            let mut text = [b'x'; LEN + 7];
            stamp.write(&mut text);
            assert!(text.is_ascii());
            assert_eq!(Stamp::read(&text), Some(stamp));
        }
    }

    #[test]
    fn another_text_and_a_short_one_have_none() {
        let mut text = [b'x'; LEN];
        assert_eq!(Stamp::read(&text), None);
        Stamp { sender: 1, seq: 2, due: 3 }.write(&mut text);
        assert_eq!(Stamp::read(&text[..LEN - 1]), None);
        text[7] = b'D';
        assert_eq!(Stamp::read(&text), None);
    }
}
