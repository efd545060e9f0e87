//! Between the core and the wire; the one place where an error becomes a code.

use std::borrow::Cow;
use std::time::Duration;

use chat_core::{
    Departure, EndReason, Entry, Face, FaceError, FindError, Instance, JoinError, LeaveReason,
    MessageId, Mode, Nick, OpenError, ParseNickError, ParseTokenError, Resume, SenderKey, Seq,
    SessionKey, Whereabouts, Wishes,
};
use chat_proto::client::{Hello, Opts};
use chat_proto::http::{Bounds, Info, OptsInfo};
use chat_proto::server::{EndWhy, ErrorFrame, Identity, LeaveWhy, Limits, Peer, Rate};
use chat_proto::{B64, CloseCode, DecodeError, ErrorCode, MsgId, Sealed, Text};
use hyper::StatusCode;
use thiserror::Error;

use crate::config::Config;
use crate::hub::{self, Closing, Payload};
use crate::ws::frame;

/// The longest sealed profile, in bytes (docs/protocol.md, section 5).
const PROFILE_MAX: usize = 272;

/// Why a seat in a room can't be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum SeatError {
    #[error(transparent)]
    Find(#[from] FindError),
    #[error(transparent)]
    Join(#[from] JoinError),
}

/// An error as the peer is told it.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) code: ErrorCode,
    /// What is wrong and what to do. Never holds what the peer sent.
    pub(crate) message: Cow<'static, str>,
    /// The message that is refused.
    pub(crate) re: Option<MsgId>,
    /// When it is worth trying again.
    pub(crate) retry: Option<Duration>,
    /// Whether the connection ends with it.
    pub(crate) fatal: bool,
}

impl Refusal {
    /// One that ends the connection.
    pub(crate) fn fatal(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), re: None, retry: None, fatal: true }
    }

    /// One that doesn't.
    pub(crate) fn mild(self) -> Self {
        Self { fatal: false, ..self }
    }

    /// One that is about a message.
    pub(crate) fn about(self, id: MsgId) -> Self {
        Self { re: Some(id), ..self }
    }

    /// Too many attempts from the peer's address.
    pub(crate) fn rate(retry: Duration) -> Self {
        let message = "too many attempts from your address; wait and try again";
        Self { retry: Some(retry), ..Self::fatal(ErrorCode::Rate, message) }
    }

    /// The server stops; another may take its place.
    pub(crate) fn stopping() -> Self {
        let message = "the server stops; try again in a moment";
        Self { retry: Some(Duration::from_secs(1)), ..Self::fatal(ErrorCode::Overloaded, message) }
    }

    /// The session goes on in a later connection.
    pub(crate) fn replaced() -> Self {
        let message = "you came in again from elsewhere, and go on there";
        Self::fatal(ErrorCode::Replaced, message)
    }

    pub(crate) fn frame(&self) -> ErrorFrame<'_> {
        ErrorFrame {
            code: self.code.clone(),
            message: Cow::Borrowed(&self.message),
            re: self.re,
            retry_ms: self.retry.map(|retry| u64::try_from(retry.as_millis()).unwrap_or(u64::MAX)),
            fatal: self.fatal,
        }
    }

    /// The error and the close that follows it, as the last frames.
    pub(crate) fn closing(&self) -> Closing {
        let mut frames = Vec::new();
        hub::error(&mut frames, self);
        let close = self.code.close().unwrap_or(CloseCode::PROTOCOL);
        frame::close(&mut frames, close.0, self.code.as_str());
        Closing { after_log: false, frames }
    }

    /// The status of an HTTP answer with this error.
    pub(crate) fn status(&self) -> StatusCode {
        match self.code {
            ErrorCode::NoRoom | ErrorCode::RoomEnded => StatusCode::NOT_FOUND,
            ErrorCode::RoomFull
            | ErrorCode::NickTaken
            | ErrorCode::SpkTaken
            | ErrorCode::Replaced => StatusCode::CONFLICT,
            ErrorCode::CreateKey => StatusCode::UNAUTHORIZED,
            ErrorCode::Rate => StatusCode::TOO_MANY_REQUESTS,
            ErrorCode::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            ErrorCode::BadFrame
            | ErrorCode::BadHello
            | ErrorCode::UnsupportedVersion
            | ErrorCode::BadNick
            | ErrorCode::TooBig
            | ErrorCode::WrongKind
            | ErrorCode::UnknownType
            | ErrorCode::Other(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<SeatError> for Refusal {
    fn from(error: SeatError) -> Self {
        match error {
            SeatError::Find(error) => error.into(),
            SeatError::Join(JoinError::Ended(_)) => FindError::Ended.into(),
            SeatError::Join(error @ JoinError::Full) => {
                Self::fatal(ErrorCode::RoomFull, error.to_string())
            }
            SeatError::Join(JoinError::Face(error)) => error.into(),
            SeatError::Join(JoinError::Replaced) => Self::replaced(),
            SeatError::Join(error @ JoinError::Ahead) => {
                Self::fatal(ErrorCode::BadHello, error.to_string())
            }
        }
    }
}

impl From<FindError> for Refusal {
    fn from(error: FindError) -> Self {
        let (code, message) = match error {
            FindError::NoRoom => (
                ErrorCode::NoRoom,
                "there is no such room: it has ended, or the token is wrong; ask for the token \
                 again or open a new room",
            ),
            FindError::Ended => (ErrorCode::RoomEnded, "the room has ended; open a new one"),
        };
        Self::fatal(code, message)
    }
}

impl From<OpenError> for Refusal {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Ended => FindError::Ended.into(),
            OpenError::TooManyRooms => Self {
                retry: Some(Duration::from_secs(60)),
                ..Self::fatal(ErrorCode::Overloaded, error.to_string())
            },
        }
    }
}

impl From<FaceError> for Refusal {
    fn from(error: FaceError) -> Self {
        let code = match error {
            FaceError::NickTaken => ErrorCode::NickTaken,
            FaceError::NickColon => ErrorCode::BadNick,
            FaceError::KeyTaken => ErrorCode::SpkTaken,
            FaceError::WrongKind => ErrorCode::BadHello,
        };
        Self::fatal(code, error.to_string())
    }
}

impl From<ParseNickError> for Refusal {
    fn from(error: ParseNickError) -> Self {
        Self::fatal(ErrorCode::BadNick, error.to_string())
    }
}

impl From<ParseTokenError> for Refusal {
    fn from(error: ParseTokenError) -> Self {
        Self::fatal(ErrorCode::from("bad_token"), error.to_string())
    }
}

impl From<DecodeError> for Refusal {
    fn from(error: DecodeError) -> Self {
        Self {
            fatal: error != DecodeError::UnknownType,
            ..Self::fatal(error.code(), error.to_string())
        }
    }
}

/// How a connection ends together with its room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End(EndReason);

pub(crate) fn end(why: EndReason) -> End {
    End(why)
}

impl End {
    pub(crate) fn wire(self) -> EndWhy {
        match self.0 {
            EndReason::Ttl => EndWhy::Ttl,
            EndReason::Closed => EndWhy::Closed,
            EndReason::Shutdown => EndWhy::Shutdown,
        }
    }

    pub(crate) fn close(self) -> CloseCode {
        match self.0 {
            EndReason::Ttl | EndReason::Closed => CloseCode::ROOM_ENDED,
            EndReason::Shutdown => CloseCode::RESTART,
        }
    }

    pub(crate) fn message(self) -> &'static str {
        match self.0 {
            EndReason::Ttl => "the room's time is over",
            EndReason::Closed => "the room was closed",
            EndReason::Shutdown => "the server stops",
        }
    }
}

pub(crate) fn leave(why: LeaveReason) -> LeaveWhy {
    match why {
        LeaveReason::Bye => LeaveWhy::Bye,
        LeaveReason::Timeout => LeaveWhy::Timeout,
    }
}

/// What becomes of a session whose client closed its connection so.
pub(crate) fn departed(code: Option<CloseCode>) -> Departure {
    match code {
        Some(CloseCode::NORMAL) => Departure::Bye,
        Some(CloseCode::GOING_AWAY) => Departure::Reloading,
        Some(_) | None => Departure::Lost,
    }
}

/// What becomes of a session whose connection is closed so here: who does not
/// come back by itself isn't waited for.
pub(crate) fn dismissed(code: CloseCode) -> Departure {
    match code {
        CloseCode::NORMAL => Departure::Bye,
        code if code.comes_back() => Departure::Lost,
        _ => Departure::Expelled,
    }
}

pub(crate) fn peer(peer: &chat_core::Peer<Payload>) -> Peer<'_> {
    Peer {
        sid: peer.session.get(),
        mode: match peer.mode {
            Mode::Structured => chat_proto::server::Mode::V1,
            Mode::Plain => chat_proto::server::Mode::Plain,
        },
        since: peer.since.as_millis(),
        who: identity(&peer.face),
        is: whereabouts(peer.whereabouts),
    }
}

pub(crate) fn whereabouts(is: Whereabouts) -> chat_proto::server::Whereabouts {
    match is {
        Whereabouts::Here => chat_proto::server::Whereabouts::Here,
        Whereabouts::Away => chat_proto::server::Whereabouts::Away,
        Whereabouts::Lost => chat_proto::server::Whereabouts::Lost,
    }
}

pub(crate) fn identity(face: &Face<Payload>) -> Identity<'_> {
    match face {
        Face::Nick(nick) => Identity::Plain { nick: Text::from(nick.as_str()) },
        Face::Key { spk, n, profile } => Identity::Sealed {
            spk: B64(spk.0),
            profile: match profile {
                Payload::Sealed(sealed) => sealed.as_ref().clone(),
                // A profile comes in sealed or not at all.
                Payload::Text(_) => Sealed { n: *n, ct: Vec::new().into(), sig: B64([0; 64]) },
            },
        },
    }
}

/// Who wants in, and where they go on.
///
/// # Errors
/// When the nickname breaks a rule, or the profile is too long.
pub(crate) fn entry(hello: Hello<'_>) -> Result<Entry<Payload>, Refusal> {
    Ok(Entry {
        key: SessionKey(hello.key.0),
        attempt: hello.attempt,
        face: face(hello.who)?,
        resume: hello.resume.map(|resume| Resume {
            instance: Instance(resume.inst.0),
            last: Seq::new(resume.last),
        }),
    })
}

/// How somebody wants to appear.
///
/// # Errors
/// When the nickname breaks a rule, or the profile is too long.
fn face(who: Identity<'_>) -> Result<Face<Payload>, Refusal> {
    match who {
        Identity::Plain { nick } => Ok(Face::Nick(Nick::parse(&nick)?)),
        Identity::Sealed { spk, profile } => sealed_face(SenderKey(spk.0), profile),
    }
}

/// A face of a sealed room.
///
/// # Errors
/// When the profile is too long.
pub(crate) fn sealed_face(spk: SenderKey, profile: Sealed) -> Result<Face<Payload>, Refusal> {
    if profile.ct.0.len() > PROFILE_MAX {
        let message = format!("a sealed profile has at most {PROFILE_MAX} bytes");
        return Err(Refusal::fatal(ErrorCode::BadNick, message));
    }
    Ok(Face::Key { spk, n: profile.n, profile: Payload::Sealed(profile.into()) })
}

/// The wire's name for a message; both follow one rule, so there always is one.
pub(crate) fn wire_id(id: &MessageId) -> Option<MsgId> {
    id.as_str().parse().ok()
}

pub(crate) fn wishes(opts: &Opts) -> Wishes {
    let cut = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    Wishes {
        ttl: opts.ttl_s.map(Duration::from_secs),
        max: opts.max.map(cut),
        history: opts.history.map(cut),
    }
}

pub(crate) fn limits(config: &Config) -> Limits {
    let ms = |d: Duration| u64::try_from(d.as_millis()).unwrap_or(u64::MAX);
    Limits {
        frame: config.max_frame as u64,
        text: config.max_text as u64,
        nick: Nick::MAX_CHARS as u64,
        rate: match &config.limits.message_rate {
            Some(rate) => Rate { per_s: rate.tokens.into(), burst: rate.burst.into() },
            None => Rate { per_s: 0, burst: 0 },
        },
        ping_ms: ms(config.timers.ping),
        grace_ms: ms(config.limits.grace),
    }
}

pub(crate) fn info(config: &Config) -> Info {
    let bounds = |min, max, default| Bounds { min, max, default };
    let core = &config.limits;
    let ttl = core.room_ttl.as_secs();
    let max = core.room_max.map_or(0, |max| max.get().into());
    let events = core.log_events.get().into();
    Info {
        limits: limits(config),
        opts: OptsInfo {
            ttl_s: bounds(core.room_ttl_min.as_secs().min(ttl), ttl, ttl),
            max: bounds(1, max, max),
            history: bounds(0, events, u64::from(core.history).min(events)),
        },
        create_key: config.create_key.is_some(),
    }
}
