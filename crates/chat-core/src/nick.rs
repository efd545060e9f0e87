//! What people call themselves.

use alloc::{string::String, sync::Arc};
use core::fmt;

use unicase::UniCase;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

mod character;
#[cfg(test)]
mod tests;

/// A text longer than this is too long in NFC as well, and isn't normalised at
/// all: one scalar value of NFC comes from at most four of NFD, each of them
/// from one scalar value at least, and that has at most four bytes.
const RAW_MAX_BYTES: usize = Nick::MAX_CHARS * 4 * 4;

/// A nickname in NFC that fits every room, in any script.
///
/// It has 1 to [`MAX_CHARS`](Self::MAX_CHARS) scalar values in at most
/// [`MAX_BYTES`](Self::MAX_BYTES) bytes; no control or bidi-control character
/// and no line or paragraph separator; nothing that Unicode calls default-ignorable but U+200C and U+200D
/// between visible characters and variation selectors right after one; no white
/// space at its ends; and something to see (protocol, section 4.4).
///
/// Plain rooms refuse one with a `:` too, see [`has_colon`](Self::has_colon),
/// and one that another member has, see [`folded`](Self::folded). Cloning is
/// cheap. [`Debug`](fmt::Debug) shows nothing of it.
///
/// ```
/// use chat_core::{Nick, ParseNickError};
///
/// let nick = Nick::parse("Zoe\u{308}")?; // e and a diaeresis
/// assert_eq!(nick.as_str(), "Zoë");
/// assert_eq!(nick.folded(), Nick::parse("ZOË")?.folded());
/// assert_eq!(Nick::parse(" Zoë"), Err(ParseNickError::Space));
/// # Ok::<(), ParseNickError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nick(Arc<str>);

impl Nick {
    /// The most scalar values that a nick has, once it is in NFC.
    pub const MAX_CHARS: usize = 32;

    /// The most bytes of UTF-8 that a nick has, once it is in NFC.
    pub const MAX_BYTES: usize = 64;

    /// Normalises `text` to NFC and checks it. `text` may have any length.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, as a [`ParseNickError`] that repeats
    /// nothing of `text`.
    pub fn parse(text: &str) -> Result<Self, ParseNickError> {
        if text.is_empty() {
            return Err(ParseNickError::Empty);
        }
        check_length(text, RAW_MAX_BYTES, RAW_MAX_BYTES)?;
        let nick: String = text.nfc().collect();
        check_length(&nick, Self::MAX_CHARS, Self::MAX_BYTES)?;
        check_characters(&nick)?;
        Ok(Self(nick.into()))
    }

    /// The nick as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is a `:`, by which plain mode's `nick: text` ends a nick.
    #[must_use]
    pub fn has_colon(&self) -> bool {
        self.0.contains(':')
    }

    /// The key by which nicks are told apart in a room.
    #[must_use]
    pub fn folded(&self) -> FoldedNick {
        // From NFD, as Unicode 3.13 (D145) has it: a few Greek letters fold
        // differently when they are composed.
        let decomposed: String = self.0.nfd().collect();
        let folded = UniCase::unicode(decomposed).to_folded_case();
        FoldedNick(folded.nfc().collect::<String>().into())
    }
}

impl fmt::Display for Nick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Nick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nick(..)")
    }
}

/// A [`Nick`] under Unicode's full case folding, in NFC: two nicks are the same
/// to people when these are equal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FoldedNick(Arc<str>);

impl fmt::Debug for FoldedNick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FoldedNick(..)")
    }
}

/// Why a text can't be a nick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseNickError {
    /// There is nothing.
    #[error("the nick is empty: choose one of 1 to {} characters", Nick::MAX_CHARS)]
    Empty,
    /// More than [`Nick::MAX_CHARS`] scalar values or [`Nick::MAX_BYTES`] bytes.
    #[error(
        "the nick is too long, with {chars} characters in {bytes} bytes: \
         choose one of at most {} characters and {} bytes",
        Nick::MAX_CHARS,
        Nick::MAX_BYTES
    )]
    TooLong {
        /// Scalar values that were found.
        chars: usize,
        /// Bytes of UTF-8 that were found.
        bytes: usize,
    },
    /// A control character, a line or a paragraph separator.
    #[error("the nick holds a control character or a line break: choose one without")]
    Control,
    /// A character that changes the direction of the text around it.
    #[error("the nick holds a character that turns the direction of text: choose one without")]
    Bidi,
    /// An invisible character where it has no work to do, or nothing visible at all.
    #[error("the nick holds an invisible character, or nothing to see: choose one without")]
    Invisible,
    /// White space at the start or at the end.
    #[error("the nick begins or ends with a space: take the space away")]
    Space,
}

fn check_length(text: &str, max_chars: usize, max_bytes: usize) -> Result<(), ParseNickError> {
    let (chars, bytes) = (text.chars().count(), text.len());
    if chars > max_chars || bytes > max_bytes {
        return Err(ParseNickError::TooLong { chars, bytes });
    }
    Ok(())
}

fn check_characters(nick: &str) -> Result<(), ParseNickError> {
    for c in nick.chars() {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            return Err(ParseNickError::Control);
        }
        if character::is_bidi_control(c) {
            return Err(ParseNickError::Bidi);
        }
    }
    if nick.starts_with(char::is_whitespace) || nick.ends_with(char::is_whitespace) {
        return Err(ParseNickError::Space);
    }

    // The last character that is no variation selector, and whether one may
    // stand here: a selector says how the character right before it looks.
    let (mut before, mut selectable) = (None, false);
    let mut chars = nick.chars().peekable();
    while let Some(c) = chars.next() {
        if character::is_variation_selector(c) {
            if !selectable {
                return Err(ParseNickError::Invisible);
            }
            selectable = false;
            continue;
        }
        if matches!(c, '\u{200c}' | '\u{200d}') {
            let joins = before.is_some_and(character::is_visible)
                && chars.peek().copied().is_some_and(character::is_visible);
            if !joins {
                return Err(ParseNickError::Invisible);
            }
        } else if character::is_default_ignorable(c) {
            return Err(ParseNickError::Invisible);
        }
        before = Some(c);
        selectable = character::is_visible(c);
    }
    // A mark alone would sit on whatever is shown before the nick.
    if !nick.chars().any(|c| character::is_visible(c) && !is_combining_mark(c)) {
        return Err(ParseNickError::Invisible);
    }
    Ok(())
}
