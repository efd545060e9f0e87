//! What a session tells the person or the program that it speaks for.

use chat_proto::{
    CloseCode, ErrorCode, MsgId, Text,
    server::{EndWhy, GapWhy, LeaveWhy, Mode, RoomInfo, Whereabouts},
};

/// Something happened, in the order in which everybody in the room sees it.
///
/// Nicks and texts are as others wrote them: a terminal or a page must make them
/// harmless first. `Debug` shows none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The server let us in, for the first time or again; what follows up to [`Live`](Self::Live)
    /// happened before.
    Welcomed(Box<Welcomed>),
    /// The connection is lost, and the session comes back by itself. What is sent meanwhile is kept.
    Waiting {
        /// When it tries, in milliseconds from now.
        in_ms: u64,
        /// What happened.
        why: Outcome,
    },
    /// The session goes on only if the person says so, by [`Session::start`](crate::Session::start);
    /// what is outstanding is kept for that. [`Client`](crate::Client) ends such a session and tells
    /// [`Ended`](Self::Ended).
    Stopped(Outcome),
    /// A message, one's own too.
    Message(Message),
    /// A message that could not be verified: to be shown as one line that says so.
    Unverifiable {
        /// Its number in the room.
        seq: u64,
        /// When the server took it, in milliseconds since 1970.
        ts: u64,
        /// The session that it is said to come from.
        sid: u64,
    },
    /// A message that needs a newer client.
    Newer {
        /// Its number in the room.
        seq: u64,
        /// When the server took it, in milliseconds since 1970.
        ts: u64,
        /// Whose session.
        sid: u64,
        /// The person code of its sender.
        nick: Option<Text<'static>>,
    },
    /// Messages of somebody are missing before the next one, and nobody said so: the server
    /// dropped or withheld them.
    Missing {
        /// Whose session.
        sid: u64,
        /// What the sender is called.
        nick: Text<'static>,
        /// How many.
        count: u64,
    },
    /// Somebody came.
    Joined {
        /// Its number in the room.
        seq: u64,
        /// When, in milliseconds since 1970.
        ts: u64,
        /// Who.
        person: Person,
    },
    /// Somebody left.
    Left {
        /// Its number in the room.
        seq: u64,
        /// When, in milliseconds since 1970.
        ts: u64,
        /// Whose session.
        sid: u64,
        /// The nickname, where it is known: history may begin after the person came.
        nick: Option<Text<'static>>,
        /// Why.
        why: LeaveWhy,
    },
    /// Somebody has another nickname.
    Renamed {
        /// Its number in the room.
        seq: u64,
        /// When, in milliseconds since 1970.
        ts: u64,
        /// Whose session.
        sid: u64,
        /// The nickname before, where it is known.
        old: Option<Text<'static>>,
        /// The new one.
        nick: Text<'static>,
    },
    /// Somebody began or stopped typing.
    Typing {
        /// Whose session.
        sid: u64,
        /// The nickname, where it is known.
        nick: Option<Text<'static>>,
        /// Whether the person is typing.
        on: bool,
    },
    /// Somebody else is somewhere else now.
    State {
        /// Whose session.
        sid: u64,
        /// The nickname.
        nick: Text<'static>,
        /// Where the person is.
        is: Whereabouts,
    },
    /// How many are there, in a room too large for [`Joined`](Self::Joined) and [`Left`](Self::Left).
    Counted {
        /// How many.
        n: u64,
    },
    /// What happened from `from` to `to` can't be had any more. To be shown, never hidden.
    Gap {
        /// The first number that is missing.
        from: u64,
        /// The last one.
        to: u64,
        /// Why.
        why: GapWhy,
    },
    /// From here on things happen as they are told.
    Live {
        /// The newest number at this moment.
        seq: u64,
    },
    /// A message of one's own is in the room.
    Acknowledged {
        /// As [`send`](crate::Session::send) named it.
        id: MsgId,
        /// Its place in the room.
        seq: u64,
    },
    /// The server refused something, and the session goes on.
    Refused {
        /// The message that was refused for good; `None` where it was something else.
        id: Option<MsgId>,
        /// What was wrong.
        code: ErrorCode,
        /// The server's sentence.
        message: Text<'static>,
    },
    /// The room or the server is about to end.
    Ending {
        /// Why.
        why: EndWhy,
        /// In how many milliseconds.
        in_ms: u64,
    },
    /// This message was not seen back, and nothing will be heard of it any more: it may not have
    /// arrived.
    Unconfirmed {
        /// As [`send`](crate::Session::send) named it.
        id: MsgId,
        /// What was said.
        text: Text<'static>,
    },
    /// The session is over; nothing follows.
    Ended(Outcome),
}

impl Event {
    pub(super) fn unconfirmed(message: super::outbox::Outgoing) -> Self {
        Self::Unconfirmed { id: message.id, text: message.text }
    }
}

/// What coming in was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The first time.
    First,
    /// The same session goes on: what it missed follows.
    Resumed,
    /// The server had forgotten the session: a new one follows on it, after a [`Event::Gap`] where
    /// something is missing.
    Forgotten,
    /// The room was opened anew, and its numbers start over. What was seen belongs to the earlier one.
    Reopened,
}

impl Arrival {
    /// In a word, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Resumed => "resumed",
            Self::Forgotten => "forgotten",
            Self::Reopened => "reopened",
        }
    }
}

/// What is known on coming in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Welcomed {
    /// What coming in was.
    pub arrival: Arrival,
    /// The number of one's own session.
    pub sid: u64,
    /// The room.
    pub room: RoomInfo,
    /// Who is there, oneself included.
    pub people: Vec<Person>,
    /// The room's newest number.
    pub seq: u64,
    /// The server's time in milliseconds since 1970.
    pub now: u64,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its number in the room.
    pub seq: u64,
    /// When it was sent, in milliseconds since 1970: in a plain room as the server says, in a sealed
    /// one as its sender does.
    pub ts: u64,
    /// Whether its sender's clock, or somebody between, is more than two minutes off.
    pub off_clock: bool,
    /// Whose session.
    pub sid: u64,
    /// The nickname at that time.
    pub nick: Text<'static>,
    /// The sender's person code, where the nickname alone doesn't tell who it is: see
    /// [`Seal::ambiguous`].
    pub code: Option<String>,
    /// What was said.
    pub text: Text<'static>,
    /// Whether it is one's own.
    pub own: bool,
}

/// Somebody in the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The session's number.
    pub sid: u64,
    /// The nickname.
    pub nick: Text<'static>,
    /// In a sealed room, how the person is known; `None` in a plain one.
    pub seal: Option<Seal>,
    /// How the person is connected.
    pub mode: Mode,
    /// When the session joined, in milliseconds since 1970.
    pub since: u64,
    /// Where the person is; oneself is always here.
    pub is: Whereabouts,
}

/// How somebody in a sealed room is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The person code: 12 symbols in groups of four, to be compared over another channel.
    pub code: String,
    /// Whether the profile is a member's. Where it isn't, somebody is connected without the room's
    /// secret, and `nick` is the person code.
    pub verified: bool,
    /// Whether somebody else in the room has the same nickname or one that looks like it (Unicode
    /// TR 39, section 4): then the whole person code is to be shown beside it, since a part of one
    /// can be ground in seconds.
    pub ambiguous: bool,
    /// The key.
    pub(crate) spk: [u8; 32],
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// By [`leave`](crate::Session::leave).
    Left,
    /// By a refusal of the server.
    Refused {
        /// What was wrong.
        code: ErrorCode,
        /// The server's sentence.
        message: Text<'static>,
    },
    /// The room or the server ended.
    RoomEnded(EndWhy),
    /// The connection was closed with this code and no other word; 1006 where it broke.
    Closed(CloseCode),
    /// Nothing came for too long.
    Silent,
    /// The server sent what no server of this protocol sends. The text is for whoever looks for the mistake.
    Protocol(String),
}

impl Outcome {
    /// What happened and what to do, in a sentence.
    ///
    /// For a code of a later version it is the server's sentence: to be made harmless before it is shown.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Left => "you left the room".to_owned(),
            Self::Refused { code, message } => code_sentence(code, message).to_owned(),
            Self::RoomEnded(EndWhy::Ttl) => "the room ended: its time is over".to_owned(),
            Self::RoomEnded(EndWhy::Shutdown) => "the room ended: the server stopped".to_owned(),
            Self::RoomEnded(_) => "the room ended: it was closed".to_owned(),
            Self::Closed(code) => close_sentence(*code),
            Self::Silent => "the connection was lost: the server has been silent for too long; \
                             join again"
                .to_owned(),
            Self::Protocol(what) => format!(
                "the server sent what this client can't read: update the older of the two ({what})"
            ),
        }
    }
}

impl Outcome {
    /// Why a connection is being waited for, as the beginning of a sentence.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Silent => "the server has been silent for too long",
            Self::RoomEnded(_) | Self::Closed(CloseCode::RESTART | CloseCode::GOING_AWAY) => {
                "the server restarts"
            }
            Self::Closed(CloseCode::INTERNAL) => "the server failed",
            Self::Closed(CloseCode::SLOW) => "the connection could not keep up",
            Self::Refused { code: ErrorCode::CreateKey, .. }
            | Self::Closed(CloseCode::CREATE_KEY) => {
                "the room is gone with the server that it was on, and is there again once somebody \
                 who has the server's key comes back"
            }
            Self::Refused { .. } => "the server can't let us in yet",
            Self::Left | Self::Closed(_) | Self::Protocol(_) => "the connection is lost",
        }
    }
}

fn code_sentence<'a>(code: &ErrorCode, message: &'a str) -> &'a str {
    match code {
        ErrorCode::NoRoom => "there is no such room: it has ended, or the token is wrong",
        ErrorCode::RoomEnded => "this room has ended: ask for a new invite",
        ErrorCode::RoomFull => "the room is full: try again when somebody has left",
        ErrorCode::BadNick => "the server does not take this nick: choose another one",
        ErrorCode::NickTaken => "somebody in the room has this nick: choose another one",
        ErrorCode::Replaced => "the session goes on in another place",
        ErrorCode::Rate => "too many attempts: try again in a minute",
        ErrorCode::Overloaded => "the server can't take more: try again later",
        ErrorCode::UnsupportedVersion => {
            "this client and the server speak different versions: update the older of the two"
        }
        _ => message,
    }
}

fn close_sentence(code: CloseCode) -> String {
    let sentence = match code {
        CloseCode::NO_ROOM => "there is no such room: it has ended, or the token is wrong",
        CloseCode::ROOM_ENDED => "the room has ended: ask for a new invite",
        CloseCode::ROOM_FULL => "the room is full: try again when somebody has left",
        CloseCode::CREATE_KEY => "only who has this server's key may open rooms",
        CloseCode::NICK => "the server does not take this nick: choose another one",
        CloseCode::RATE => "too many attempts: try again in a minute",
        CloseCode::OVERLOADED => "the server can't take more: try again later",
        CloseCode::SLOW => "the connection was closed: this end read too slowly; join again",
        CloseCode::REPLACED => "the session goes on in another place",
        CloseCode::TOO_BIG => "the connection was closed: a message was too big",
        CloseCode::ABNORMAL => "the connection was lost; join again",
        CloseCode::GOING_AWAY | CloseCode::RESTART | CloseCode::INTERNAL => {
            "the server went away; join again"
        }
        CloseCode(code) => return format!("the server closed the connection with code {code}"),
    };
    sentence.to_owned()
}
