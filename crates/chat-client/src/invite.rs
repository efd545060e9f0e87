//! What people hand on: a token, or an invite URL that says the server too.

use std::{fmt, str::FromStr};

use chat_core::{ParseSealedTokenError, Token};

use crate::server_url::{ParseServerError, ServerUrl};

/// A token, with the server where it was an invite URL (`https://host/prefix/#token`).
///
/// ```
/// use chat_client::Invite;
///
/// let invite: Invite = "https://example.org/chat/#01ab-0101-wxyz-0000&lang=en".parse()?;
/// assert_eq!(invite.server.unwrap().to_string(), "https://example.org/chat/");
/// assert_eq!(invite.token.to_string(), "01ab-0101-wxyz-0000");
/// # Ok::<(), chat_client::ParseInviteError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// The server; `None` where only the token was given.
    pub server: Option<ServerUrl>,
    /// The room's token.
    pub token: Token,
}

/// Why a text is no invitation. Nothing of the text is repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseInviteError {
    /// The token, or what should be one.
    #[error(transparent)]
    Token(#[from] ParseSealedTokenError),
    /// The part of an invite URL before `#`.
    #[error("the invite link has no good address: {0}")]
    Server(#[from] ParseServerError),
    /// A URL without `#` and a token.
    #[error("the invite link ends before the token: copy it again, with all that follows `#`")]
    NoToken,
}

impl Invite {
    /// The invite URL of a room: what follows `#` never reaches a server.
    #[must_use]
    pub fn url(server: &ServerUrl, token: &impl fmt::Display) -> String {
        format!("{server}#{token}")
    }
}

impl FromStr for Invite {
    type Err = ParseInviteError;

    fn from_str(text: &str) -> Result<Self, ParseInviteError> {
        let text = text.trim();
        if !text.contains("://") {
            return Ok(Self { server: None, token: text.parse()? });
        }
        let (server, fragment) = text.split_once('#').ok_or(ParseInviteError::NoToken)?;
        let token = fragment.split('&').next().unwrap_or_default();
        if token.is_empty() {
            return Err(ParseInviteError::NoToken);
        }
        Ok(Self { server: Some(server.parse()?), token: token.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::{Invite, ParseInviteError};
    use crate::server_url::ParseServerError;
    use chat_core::{ParseSealedTokenError, Token};

    const TOKEN: &str = "01ab-0101-wxyz-0000";

    #[test]
    fn a_token_alone_names_no_server() {
        let invite: Invite = " 01AB 0101 wxyz 0000\n".parse().unwrap();
        assert_eq!((invite.server, invite.token.to_string().as_str()), (None, TOKEN));
    }

    #[test]
    fn an_url_names_its_server_and_is_written_back() {
        for (text, url) in [
            ("http://localhost:8080/#01ab-0101-wxyz-0000", "http://localhost:8080/"),
            ("https://a/p#01AB0101WXYZ0000", "https://a/p/"),
            ("https://a/#01ab-0101-wxyz-0000&x=1&y#z", "https://a/"),
        ] {
            let invite: Invite = text.parse().unwrap();
            let server = invite.server.unwrap();
            assert_eq!(Invite::url(&server, &invite.token), format!("{url}#{TOKEN}"));
        }
    }

    #[test]
    fn both_kinds_of_token_are_taken() {
        let sealed = "https://chat.example/#000g40r40m30e209185gr38e1wpn&utm=1";
        assert!(matches!(sealed.parse::<Invite>().unwrap().token, Token::Sealed(_)));
        assert!(matches!(TOKEN.parse::<Invite>().unwrap().token, Token::Plain(_)));
    }

    #[test]
    fn mistakes_are_named_without_repeating_them() {
        let parse = |text: &str| text.parse::<Invite>().unwrap_err();
        assert_eq!(parse("https://a/"), ParseInviteError::NoToken);
        assert_eq!(parse("https://a/#"), ParseInviteError::NoToken);
        assert_eq!(parse("https://a/#&01ab"), ParseInviteError::NoToken);
        assert_eq!(
            parse("ftp://a/#01ab-0101-wxyz-0000"),
            ParseInviteError::Server(ParseServerError::Scheme)
        );
        assert_eq!(
            parse("https://a/#01ab"),
            ParseInviteError::Token(ParseSealedTokenError::Length { found: 4 })
        );
        let typo = "https://a/#000g-40r4-0m30-e209-185g-r38e-1wpm";
        assert_eq!(parse(typo), ParseInviteError::Token(ParseSealedTokenError::Checksum));
        for text in ["01ab-u101-wxyz-0000", "https://a/#01ab-u101"] {
            let error = parse(text);
            assert!(!format!("{error} {error:?}").contains("01ab"));
        }
    }
}
