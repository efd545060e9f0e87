//! A session as a machine without I/O and without a clock.
//!
//! Whoever drives it tells what happened to the connection and what time it is, and then asks
//! [`poll_action`](Session::poll_action) what to do, [`poll_event`](Session::poll_event) what to
//! tell the person and [`poll_timeout`](Session::poll_timeout) when to come again. Calls that
//! come too early, too late or twice do no harm. There is one connection at a time: after
//! [`Action::Connect`], [`Action::Drop`] and [`Action::Close`] nothing of an earlier one is told.

use std::{collections::VecDeque, time::Duration};

use chat_core::{Nick, Timestamp};
use chat_proto::{
    B64, ClientFrame, CloseCode, CreateKey, MsgId, Text,
    client::{Profile, Send},
    server::EndWhy,
};

mod away;
mod backoff;
mod connection;
mod event;
mod heartbeat;
mod outbox;
mod people;
mod receive;
#[cfg(test)]
mod tests;
mod typing;
mod voice;

pub use event::{Arrival, Event, Message, Outcome, Person, Seal, Welcomed};
pub use voice::Room;

use away::Away;
use backoff::Backoff;
use chat_seal::SealError;
use connection::{Attempts, Room as Known};
use heartbeat::Heartbeat;
use outbox::{Home, Outbox, Outgoing};
use people::People;
use typing::Typing;
use voice::Voice;

/// How long leaving waits for the next acknowledgement.
const LEAVE_WITHIN: Duration = Duration::from_secs(30);

/// How long leaving waits for the other end to close the connection.
const CLOSE_WITHIN: Duration = Duration::from_secs(3);

/// What a session joins, and as whom.
#[derive(Debug)]
pub struct Joining {
    /// Which room.
    pub room: Room,
    /// The nickname.
    pub nick: Nick,
    /// 16 random bytes, new for each joining by a person: who knows them is this session.
    pub key: B64<16>,
    /// Whether to be read no faster than the slowest in the room takes what is said.
    pub pace: bool,
    /// The program's name and version.
    pub agent: String,
    /// The server's key, for opening a room where the server wants it: at first, and again where the
    /// room is gone when the session comes back.
    pub create_key: Option<CreateKey>,
}

/// What to do with the connection.
#[derive(Debug, PartialEq, Eq)]
pub enum Action {
    /// Open a connection.
    Connect,
    /// Send this text frame.
    Transmit(String),
    /// Send a close frame, and nothing after it.
    Close(CloseCode),
    /// Give the connection up without a word: whoever hears of it would think that we leave.
    Drop,
}

/// Why a message was not taken for sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The server has not let us in yet.
    #[error("the room is not open yet: wait until it is")]
    NotJoined,
    /// 64 messages are outstanding: wait until one is acknowledged.
    #[error("too many messages are on their way: wait until some have arrived")]
    Busy,
    /// The session has sealed all that it may.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The session is over or about to be.
    #[error("the room was left: join again")]
    Over,
    /// More bytes than `limits.text`, or than `limits.frame` once it is written as a frame.
    #[error(
        "the message is too long: it takes {bytes} bytes, and {max} are allowed; send it in parts"
    )]
    TooLong {
        /// Bytes of the text, or of the whole frame.
        bytes: usize,
        /// How many are allowed.
        max: u64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nobody has started it.
    Idle,
    /// A connection is being opened.
    Connecting,
    /// `hello` is sent, `welcome` is due.
    Greeting,
    /// What happened before is being told.
    Replaying,
    /// Everything works.
    Live,
    /// There is no connection; the next attempt has its time.
    Waiting,
    /// There is none, and the person decides.
    Stopped,
    /// The last frames are sent, the connection's end is due.
    Closing,
    /// Over.
    Ended,
}

/// Who speaks.
struct Myself {
    nick: Nick,
    key: B64<16>,
    pace: bool,
    agent: String,
    create_key: Option<CreateKey>,
}

/// One joining of a room, from the first `hello` to the end, over as many connections as it takes.
pub struct Session {
    joining: Myself,
    voice: Voice,
    state: State,
    attempts: Attempts,
    backoff: Backoff,
    /// What the newest `welcome` said; `None` before the first.
    room: Option<Known>,
    /// The newest `seq` that was told.
    last: u64,
    people: People,
    outbox: Outbox,
    /// The nickname that was asked for, and the frame that asks for it.
    renaming: Option<(Nick, Profile<'static>)>,
    heartbeat: Heartbeat,
    pings: u64,
    typing: Typing,
    away: Away,
    /// Set while leaving: when patience ends.
    leaving: Option<Timestamp>,
    /// The room or the server said that it ends.
    ending: Option<EndWhy>,
    /// Why it stopped.
    outcome: Outcome,
    actions: VecDeque<Action>,
    events: VecDeque<Event>,
}

impl Session {
    /// A session that waits to be [started](Self::start). `random` draws fractions from 0 to below
    /// 1, by which the delays between attempts are spread.
    ///
    /// # Errors
    ///
    /// A [`SealError`], for a sealer that is used up.
    pub fn new(
        joining: Joining,
        random: impl FnMut() -> f64 + std::marker::Send + 'static,
    ) -> Result<Self, SealError> {
        let Joining { room, nick, key, pace, agent, create_key } = joining;
        let voice = Voice::new(room, &nick)?;
        Ok(Self {
            joining: Myself { nick, key, pace, agent, create_key },
            voice,
            state: State::Idle,
            attempts: Attempts::default(),
            backoff: Backoff::new(random),
            room: None,
            last: 0,
            people: People::default(),
            outbox: Outbox::default(),
            renaming: None,
            heartbeat: Heartbeat::new(Timestamp::ZERO, 0),
            pings: 0,
            typing: Typing::default(),
            away: Away::default(),
            leaving: None,
            ending: None,
            outcome: Outcome::Left,
            actions: VecDeque::new(),
            events: VecDeque::new(),
        })
    }

    /// What to do next with the connection.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// What to tell next.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Sends a text to the room, or keeps it until the room is live, however long that takes.
    ///
    /// # Errors
    ///
    /// A [`SendError`]; nothing is kept then.
    pub fn send(&mut self, now: Timestamp, text: String) -> Result<MsgId, SendError> {
        let over = matches!(self.state, State::Stopped | State::Closing | State::Ended);
        if over || self.leaving.is_some() {
            return Err(SendError::Over);
        }
        let Some(room) = &self.room else { return Err(SendError::NotJoined) };
        let limits = room.limits;
        if self.outbox.is_full() {
            return Err(SendError::Busy);
        }
        check(text.len(), limits.text)?;
        let id = self.outbox.next_id();
        let nick = &self.joining.nick;
        check(self.voice.frame_len(id, now, nick, &text), limits.frame)?;
        let send = Send { id, body: self.voice.say(now, nick, &text)? };
        let frame = ClientFrame::Send(send.clone()).encode();
        let home = self.home().filter(|_| self.state == State::Live);
        if home.is_some() {
            self.actions.push_back(Action::Transmit(frame.clone()));
        }
        self.outbox.push(Outgoing { id, text: Text::from(text), body: send.body, frame, home });
        Ok(id)
    }

    /// Takes another nickname; everybody, oneself included, is told by [`Event::Renamed`] once it holds.
    pub fn rename(&mut self, nick: Nick) {
        if matches!(self.state, State::Closing | State::Ended) || self.leaving.is_some() {
            return;
        }
        // A sealer that is used up has said all that it may, nicknames too.
        let Ok(profile) = self.voice.rename(&nick) else { return };
        self.renaming = Some((nick, profile));
        if self.state == State::Live {
            self.tell_nick();
        }
    }

    /// Says whether the person is typing; seldom enough to be heard.
    pub fn set_typing(&mut self, now: Timestamp, on: bool) {
        self.typing.set(on);
        self.tell_typing(now);
    }

    /// Says whether the person looks elsewhere: the others see it, from now on or once the room is live.
    pub fn set_away(&mut self, away: bool) {
        self.away.set(away);
        self.tell_away();
    }

    /// Leaves, once all that was sent is acknowledged; [`Event::Ended`] follows. Where the connection
    /// is lost it comes back for what is outstanding, and gives up after 30 s without any progress.
    pub fn leave(&mut self, now: Timestamp) {
        if matches!(self.state, State::Closing | State::Ended) || self.leaving.is_some() {
            return;
        }
        match self.state {
            State::Idle => self.end(Outcome::Left),
            State::Stopped => self.end(self.outcome.clone()),
            _ => {
                self.leaving = Some(now.after(LEAVE_WITHIN));
                self.leave_if_done(now);
            }
        }
    }

    /// Nobody is interested any more: it is over, whatever was going on.
    pub fn abandon(&mut self) {
        if self.state != State::Ended {
            self.end(Outcome::Left);
        }
    }

    /// Who is there now, oneself included.
    pub fn people(&self) -> impl Iterator<Item = Person> + '_ {
        self.people.list()
    }

    /// The room code, equal on all screens exactly where all see the same members; plain rooms have
    /// none.
    #[must_use]
    pub fn room_code(&self) -> Option<String> {
        let members = self.people.list().filter_map(|person| person.seal);
        self.voice.room_code(members.map(|seal| seal.spk))
    }

    fn home(&self) -> Option<Home> {
        self.room.as_ref().map(Known::home)
    }

    fn transmit(&mut self, frame: &ClientFrame<'_>) {
        self.actions.push_back(Action::Transmit(frame.encode()));
    }

    /// Sends everything that was not seen back, for the first time or again.
    fn repeat(&mut self) {
        let Some(home) = self.home() else { return };
        self.actions.extend(self.outbox.transmit(home).map(Action::Transmit));
    }

    fn tell_nick(&mut self) {
        if let Some((_, profile)) = &self.renaming {
            let frame = ClientFrame::Profile(profile.clone());
            self.actions.push_back(Action::Transmit(frame.encode()));
        }
    }

    /// Whether others are told what passes.
    fn tells_presence(&self) -> bool {
        let crowd = self.room.as_ref().is_none_or(Known::is_crowd);
        self.state == State::Live && self.leaving.is_none() && !crowd
    }

    fn tell_typing(&mut self, now: Timestamp) {
        if !self.tells_presence() {
            return;
        }
        if let Some(on) = self.typing.poll(now) {
            self.transmit(&ClientFrame::Typing(chat_proto::client::Typing { on }));
        }
    }

    fn tell_away(&mut self) {
        if !self.tells_presence() {
            return;
        }
        if let Some(on) = self.away.poll() {
            self.transmit(&ClientFrame::Away(chat_proto::client::Away { on }));
        }
    }

    fn leave_if_done(&mut self, now: Timestamp) {
        if self.leaving.is_none() || !self.outbox.is_empty() {
            return;
        }
        if matches!(self.state, State::Waiting | State::Connecting) {
            if self.state == State::Connecting {
                self.actions.push_back(Action::Close(CloseCode::NORMAL));
            }
            self.end(Outcome::Left);
            return;
        }
        // Between `hello` and `live` nothing may be sent; the close alone means the same.
        if self.state == State::Live {
            self.transmit(&ClientFrame::Bye);
        }
        self.actions.push_back(Action::Close(CloseCode::NORMAL));
        self.leaving = Some(now.after(CLOSE_WITHIN));
        self.state = State::Closing;
    }

    /// Nothing will be heard of what is outstanding.
    fn give_up_outbox(&mut self) {
        let lost = self.outbox.drain().map(Event::unconfirmed);
        self.events.extend(lost);
    }

    fn end(&mut self, outcome: Outcome) {
        self.state = State::Ended;
        self.give_up_outbox();
        self.events.push_back(Event::Ended(outcome));
    }
}

fn check(bytes: usize, max: u64) -> Result<(), SendError> {
    if u64::try_from(bytes).unwrap_or(u64::MAX) > max {
        return Err(SendError::TooLong { bytes, max });
    }
    Ok(())
}
