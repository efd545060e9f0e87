//! The key that a server may want from whoever opens rooms (section 4.1).

use std::{fmt, str::FromStr};

/// A server's key: whoever shows it may open rooms there. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct CreateKey(Box<str>);

/// Why a text is no key. Nothing of the text is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseCreateKeyError {
    /// Nothing but white space.
    #[error("there is no key in it")]
    Empty,
    /// Over [`CreateKey::MAX`].
    #[error("a key has at most {} bytes", CreateKey::MAX)]
    TooLong,
    /// A space, a line break or another character that no HTTP header can carry so.
    #[error("a key has visible ASCII characters only, without spaces and line breaks between them")]
    Character,
}

impl CreateKey {
    /// The most bytes of a key.
    pub const MAX: usize = 256;

    /// As it is shown to the server.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CreateKey {
    type Err = ParseCreateKeyError;

    /// Takes it without the white space around it, which files end with.
    fn from_str(text: &str) -> Result<Self, ParseCreateKeyError> {
        let key = text.trim();
        if key.is_empty() {
            return Err(ParseCreateKeyError::Empty);
        }
        if key.len() > Self::MAX {
            return Err(ParseCreateKeyError::TooLong);
        }
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ParseCreateKeyError::Character);
        }
        Ok(Self(key.into()))
    }
}

impl fmt::Debug for CreateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CreateKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{CreateKey, ParseCreateKeyError};

    #[test]
    fn a_key_is_what_a_header_can_carry() {
        let parse = |text: &str| text.parse::<CreateKey>();
        assert_eq!(parse(" open-sesame!\r\n").unwrap().as_str(), "open-sesame!");
        assert_eq!(parse(&"k".repeat(256)).unwrap().as_str().len(), 256);
        for (text, error) in [
            (String::new(), ParseCreateKeyError::Empty),
            (" \n".into(), ParseCreateKeyError::Empty),
            ("k".repeat(257), ParseCreateKeyError::TooLong),
            ("open sesame".into(), ParseCreateKeyError::Character),
            ("one\ntwo".into(), ParseCreateKeyError::Character),
            ("\u{43a}\u{43b}\u{44e}\u{447}".into(), ParseCreateKeyError::Character),
        ] {
            assert_eq!(parse(&text), Err(error), "{text:?}");
        }
        assert!(!format!("{:?}", parse("sesame")).contains("sesame"));
    }
}
