//! How the program ends: a code for scripts and a sentence for people.

use std::process::ExitCode;

use chat_client::{CloseCode, ConnectError, ErrorCode, JoinError, Outcome, RequestError};

/// What the exit code tells, as `--help` shows it.
pub(crate) const HELP: &str = "\
Exit codes:
  0  the room was created, or left with all that was said in it
  1  an error that has no code of its own, or a message that did not arrive
  2  a mistake in the command line, the token or the configuration file, or a wish
     that the server doesn't allow
  3  there is no such room, or it ended
  4  refused: the nick, the server's key, a full room or server, too many attempts, or
     you came in again from elsewhere
  5  the server can't be reached, or no longer";

/// How a server's key is given.
const KEY_HINT: &str = "; give the key by --create-key-file FILE or CHAT_CREATE_KEY";

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All went well.
    Left = 0,
    /// Something else went wrong.
    Error = 1,
    /// A mistake in the command line.
    Usage = 2,
    /// No such room, or it ended.
    NoRoom = 3,
    /// The nick, the server's key, a full room or too many attempts.
    Refused = 4,
    /// The server can't be reached, or no longer.
    Unreachable = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An end that isn't the wanted one.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) sentence: String,
}

impl Failure {
    pub(crate) fn new(exit: Exit, sentence: impl Into<String>) -> Self {
        Self { exit, sentence: sentence.into() }
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        let exit = match &error {
            RequestError::Connect(error) => connect(error),
            RequestError::Refused { status, .. } => refused(*status),
            RequestError::NoAnswer { .. } => Exit::Unreachable,
            RequestError::NotChat { .. } => Exit::Error,
        };
        let key = matches!(error, RequestError::Refused { status: 401, .. });
        Self::new(exit, error.to_string() + if key { KEY_HINT } else { "" })
    }
}

impl From<JoinError> for Failure {
    fn from(error: JoinError) -> Self {
        let exit = match &error {
            JoinError::Connect(error) => connect(error),
            JoinError::Seal(_) => Exit::Error,
            JoinError::Ended(outcome) => self::outcome(outcome),
        };
        let key =
            matches!(&error, JoinError::Ended(Outcome::Refused { code: ErrorCode::CreateKey, .. }));
        Self::new(exit, error.to_string() + if key { KEY_HINT } else { "" })
    }
}

const fn connect(error: &ConnectError) -> Exit {
    match error {
        ConnectError::Unreachable { .. }
        | ConnectError::Timeout { .. }
        | ConnectError::Proxy { .. } => Exit::Unreachable,
        ConnectError::Refused { status, .. } => refused(*status),
        ConnectError::Tls { .. }
        | ConnectError::NoCertificates { .. }
        | ConnectError::NotChat { .. } => Exit::Error,
    }
}

const fn refused(status: u16) -> Exit {
    match status {
        404 => Exit::NoRoom,
        401 | 409 | 429 | 503 => Exit::Refused,
        502 | 504 => Exit::Unreachable,
        _ => Exit::Error,
    }
}

/// The exit code for the end of a session.
pub(crate) const fn outcome(outcome: &Outcome) -> Exit {
    match outcome {
        Outcome::Left => Exit::Left,
        Outcome::Refused { code, .. } => match code {
            ErrorCode::NoRoom | ErrorCode::RoomEnded => Exit::NoRoom,
            ErrorCode::BadNick
            | ErrorCode::NickTaken
            | ErrorCode::SpkTaken
            | ErrorCode::RoomFull
            | ErrorCode::CreateKey
            | ErrorCode::Replaced
            | ErrorCode::Rate
            | ErrorCode::Overloaded => Exit::Refused,
            ErrorCode::BadFrame
            | ErrorCode::BadHello
            | ErrorCode::UnsupportedVersion
            | ErrorCode::TooBig
            | ErrorCode::WrongKind
            | ErrorCode::UnknownType
            | ErrorCode::Other(_) => Exit::Error,
        },
        Outcome::RoomEnded(_) => Exit::NoRoom,
        Outcome::Closed(CloseCode::NO_ROOM | CloseCode::ROOM_ENDED) => Exit::NoRoom,
        Outcome::Closed(
            CloseCode::NICK
            | CloseCode::ROOM_FULL
            | CloseCode::CREATE_KEY
            | CloseCode::REPLACED
            | CloseCode::RATE
            | CloseCode::OVERLOADED,
        ) => Exit::Refused,
        Outcome::Closed(code) if code.comes_back() => Exit::Unreachable,
        Outcome::Silent => Exit::Unreachable,
        Outcome::Closed(_) | Outcome::Protocol(_) => Exit::Error,
    }
}

#[cfg(test)]
mod tests {
    use super::{Exit, connect, outcome, refused};
    use chat_client::{CloseCode, ConnectError, EndWhy, ErrorCode, Outcome};

    #[test]
    fn every_end_has_its_code() {
        let code =
            |code: &str| Outcome::Refused { code: ErrorCode::from(code), message: "".into() };
        for (end, exit) in [
            (Outcome::Left, Exit::Left),
            (code("no_room"), Exit::NoRoom),
            (code("room_ended"), Exit::NoRoom),
            (code("bad_nick"), Exit::Refused),
            (code("nick_taken"), Exit::Refused),
            (code("room_full"), Exit::Refused),
            (code("create_key"), Exit::Refused),
            (code("rate"), Exit::Refused),
            (code("overloaded"), Exit::Refused),
            (code("unsupported_version"), Exit::Error),
            (code("of_a_later_version"), Exit::Error),
            (Outcome::RoomEnded(EndWhy::Ttl), Exit::NoRoom),
            (Outcome::RoomEnded(EndWhy::Shutdown), Exit::NoRoom),
            (Outcome::Closed(CloseCode(4404)), Exit::NoRoom),
            (Outcome::Closed(CloseCode(4410)), Exit::NoRoom),
            (Outcome::Closed(CloseCode(4403)), Exit::Refused),
            (Outcome::Closed(CloseCode(4422)), Exit::Refused),
            (Outcome::Closed(CloseCode(4423)), Exit::Refused),
            (Outcome::Closed(CloseCode(4429)), Exit::Refused),
            (Outcome::Closed(CloseCode(1006)), Exit::Unreachable),
            (Outcome::Closed(CloseCode(1012)), Exit::Unreachable),
            (Outcome::Closed(CloseCode(4400)), Exit::Error),
            (Outcome::Silent, Exit::Unreachable),
            (Outcome::Protocol(String::new()), Exit::Error),
        ] {
            assert_eq!(outcome(&end), exit, "{end:?}");
        }
    }

    #[test]
    fn every_http_refusal_has_its_code() {
        let of = |status| connect(&ConnectError::Refused { status, message: String::new() });
        assert_eq!(
            [404, 401, 409, 429, 503].map(of),
            [Exit::NoRoom, Exit::Refused, Exit::Refused, Exit::Refused, Exit::Refused]
        );
        assert_eq!([400, 403, 500].map(refused), [Exit::Error; 3]);
        assert_eq!([502, 504].map(refused), [Exit::Unreachable; 2]);
    }
}
