//! Error codes and close codes (section 4.4): the one list of both.

use std::fmt;

use crate::open::open_words;

open_words! {
    /// `error.code`: what went wrong, for programs. Codes of later versions survive a round trip.
    pub enum ErrorCode {
        /// Malformed JSON, a wrong type, or a second `hello`. Closes with 4400.
        BadFrame = "bad_frame",
        /// A `hello` that makes no sense. Closes with 4400.
        BadHello = "bad_hello",
        /// `hello.v` is not spoken here. Closes with 4426.
        UnsupportedVersion = "unsupported_version",
        /// No such room. Closes with 4404.
        NoRoom = "no_room",
        /// The room ended within the last hour. Closes with 4410.
        RoomEnded = "room_ended",
        /// All places in the room are taken. Closes with 4423.
        RoomFull = "room_full",
        /// Rooms are opened by whoever has the server's key, and it was not shown. Closes with 4403.
        CreateKey = "create_key",
        /// A nickname that breaks the rules. Closes with 4422 after `hello`, not fatal after `profile`.
        BadNick = "bad_nick",
        /// Somebody in the room has this nickname. Fatal as `bad_nick` is.
        NickTaken = "nick_taken",
        /// Another session showed this `spk` first. Fatal as `bad_nick` is.
        SpkTaken = "spk_taken",
        /// A later connection of the same session is there. Closes with 4409.
        Replaced = "replaced",
        /// Too many attempts (never: too many messages). Closes with 4429.
        Rate = "rate",
        /// The server can't take more. Closes with 1013.
        Overloaded = "overloaded",
        /// A text over `limits.text`. Not fatal; the message was refused for good.
        TooBig = "too_big",
        /// `m` in a plain room or `text` in a sealed one. Not fatal.
        WrongKind = "wrong_kind",
        /// A frame whose `t` is unknown. Not fatal.
        UnknownType = "unknown_type",
    }
}

impl ErrorCode {
    /// The close code that follows this error where it is fatal; `None` for errors that never are.
    ///
    /// `bad_nick`, `nick_taken` and `spk_taken` are fatal as an answer to `hello` only. For an
    /// unknown code there is nothing to say: `fatal` in the frame and the close itself tell.
    #[must_use]
    pub const fn close(&self) -> Option<CloseCode> {
        Some(match self {
            Self::BadFrame | Self::BadHello => CloseCode::PROTOCOL,
            Self::UnsupportedVersion => CloseCode::VERSION,
            Self::NoRoom => CloseCode::NO_ROOM,
            Self::RoomEnded => CloseCode::ROOM_ENDED,
            Self::RoomFull => CloseCode::ROOM_FULL,
            Self::CreateKey => CloseCode::CREATE_KEY,
            Self::BadNick | Self::NickTaken | Self::SpkTaken => CloseCode::NICK,
            Self::Replaced => CloseCode::REPLACED,
            Self::Rate => CloseCode::RATE,
            Self::Overloaded => CloseCode::OVERLOADED,
            Self::TooBig | Self::WrongKind | Self::UnknownType | Self::Other(_) => return None,
        })
    }
}

/// Why a WebSocket was closed: RFC 6455 (section 7.4) below 4000, our own from there on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CloseCode(pub u16);

impl CloseCode {
    /// Left on purpose; the session is forgotten.
    pub const NORMAL: Self = Self(1000);
    /// A page that is reloaded or closed, or an end that goes away.
    pub const GOING_AWAY: Self = Self(1001);
    /// Something that RFC 6455 forbids, such as an unmasked frame from a client.
    pub const WEBSOCKET: Self = Self(1002);
    /// A binary frame: they are reserved.
    pub const UNSUPPORTED: Self = Self(1003);
    /// Never sent: the connection broke without a close frame.
    pub const ABNORMAL: Self = Self(1006);
    /// A text frame that is not UTF-8.
    pub const INVALID_TEXT: Self = Self(1007);
    /// A frame over `limits.frame`.
    pub const TOO_BIG: Self = Self(1009);
    /// The server failed.
    pub const INTERNAL: Self = Self(1011);
    /// The server restarts.
    pub const RESTART: Self = Self(1012);
    /// The server can't take more.
    pub const OVERLOADED: Self = Self(1013);
    /// `bad_frame` or `bad_hello`.
    pub const PROTOCOL: Self = Self(4400);
    /// No `hello` within 10 s.
    pub const NO_HELLO: Self = Self(4401);
    /// The server's key is needed to open a room.
    pub const CREATE_KEY: Self = Self(4403);
    /// No such room.
    pub const NO_ROOM: Self = Self(4404);
    /// The socket took nothing for too long, or fell off the log in plain mode.
    pub const SLOW: Self = Self(4408);
    /// Another socket of the same session took over.
    pub const REPLACED: Self = Self(4409);
    /// The room ended.
    pub const ROOM_ENDED: Self = Self(4410);
    /// The nickname or the `spk` was refused.
    pub const NICK: Self = Self(4422);
    /// All places in the room are taken.
    pub const ROOM_FULL: Self = Self(4423);
    /// The version is not spoken here.
    pub const VERSION: Self = Self(4426);
    /// Too many attempts.
    pub const RATE: Self = Self(4429);

    /// Whether a client comes back by itself after this close (section 4.4); after every other, unknown
    /// ones included, the person decides.
    #[must_use]
    pub const fn comes_back(self) -> bool {
        matches!(
            self,
            Self::GOING_AWAY
                | Self::ABNORMAL
                | Self::INTERNAL
                | Self::RESTART
                | Self::OVERLOADED
                | Self::NO_HELLO
                | Self::CREATE_KEY
                | Self::SLOW
                | Self::RATE
        )
    }
}

impl fmt::Debug for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CloseCode({})", self.0)
    }
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<u16> for CloseCode {
    fn from(code: u16) -> Self {
        Self(code)
    }
}

impl From<CloseCode> for u16 {
    fn from(code: CloseCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::{CloseCode, ErrorCode};

    #[test]
    fn a_client_comes_back_after_these_and_no_other() {
        let back: Vec<u16> = (0..=u16::MAX).filter(|&code| CloseCode(code).comes_back()).collect();
        assert_eq!(back, [1001, 1006, 1011, 1012, 1013, 4401, 4403, 4408, 4429]);
    }

    #[test]
    fn every_code_closes_as_the_table_says() {
        let closes = |code: &str| ErrorCode::from(code).close().map(|c| c.0);
        for (code, close) in [
            ("bad_frame", Some(4400)),
            ("bad_hello", Some(4400)),
            ("unsupported_version", Some(4426)),
            ("no_room", Some(4404)),
            ("room_ended", Some(4410)),
            ("room_full", Some(4423)),
            ("create_key", Some(4403)),
            ("bad_nick", Some(4422)),
            ("nick_taken", Some(4422)),
            ("spk_taken", Some(4422)),
            ("replaced", Some(4409)),
            ("rate", Some(4429)),
            ("overloaded", Some(1013)),
            ("too_big", None),
            ("wrong_kind", None),
            ("unknown_type", None),
            ("of_a_later_version", None),
        ] {
            assert_eq!(closes(code), close, "{code}");
        }
        assert_eq!(ErrorCode::KNOWN.len(), 16);
    }

    #[test]
    fn an_unknown_code_survives() {
        let code = ErrorCode::from("of_a_later_version");
        assert_eq!(code.as_str(), "of_a_later_version");
        assert!(ErrorCode::KNOWN.iter().all(|known| *known != code));
    }
}
