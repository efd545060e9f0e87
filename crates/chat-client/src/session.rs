//! A session as a machine without I/O and without a clock.
//!
//! Whoever drives it tells what happened to the connection and what time it is, and then asks
//! [`poll_action`](Session::poll_action) what to do, [`poll_event`](Session::poll_event) what to
//! tell the person and [`poll_timeout`](Session::poll_timeout) when to come again. Calls that
//! come too early, too late or twice do no harm.

use std::{collections::VecDeque, time::Duration};

use chat_core::{Nick, Timestamp};
use chat_proto::{
    B64, ClientFrame, CloseCode, MsgId, Text,
    client::{Hello, Ping, Profile, Send},
    server::{EndWhy, Limits},
};

mod event;
mod heartbeat;
mod outbox;
mod people;
mod receive;
#[cfg(test)]
mod tests;
mod typing;
mod voice;

pub use event::{Event, Message, Outcome, Person, Seal, Welcomed};
pub use voice::Room;

use chat_seal::SealError;
use heartbeat::{Heartbeat, Silence};
use outbox::{Outbox, Outgoing};
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
    /// The program's name and version.
    pub agent: String,
}

/// What to do with the connection.
#[derive(Debug, PartialEq, Eq)]
pub enum Action {
    /// Send this text frame.
    Transmit(String),
    /// Send a close frame, and nothing after it.
    Close(CloseCode),
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
    /// No connection yet.
    Idle,
    /// `hello` is sent, `welcome` is due.
    Greeting,
    /// What happened before is being told.
    Replaying,
    /// Everything works.
    Live,
    /// `bye` is sent, the connection's end is due.
    Closing,
    /// Over.
    Ended,
}

/// Who speaks.
struct Myself {
    nick: Nick,
    key: B64<16>,
    agent: String,
}

/// One joining of a room, from `hello` to the end.
pub struct Session {
    joining: Myself,
    voice: Voice,
    state: State,
    attempt: u64,
    sid: u64,
    /// The newest `seq` that was told.
    last: u64,
    /// Up to here the list of people already holds what is replayed.
    replay_to: u64,
    limits: Option<Limits>,
    /// A room too large for presence: no typing is told.
    crowd: bool,
    people: People,
    outbox: Outbox,
    /// The nickname that was asked for, and the frame that asks for it.
    renaming: Option<(Nick, Profile<'static>)>,
    heartbeat: Heartbeat,
    pings: u64,
    typing: Typing,
    /// Set while leaving: when patience ends.
    leaving: Option<Timestamp>,
    ending: Option<EndWhy>,
    actions: VecDeque<Action>,
    events: VecDeque<Event>,
}

impl Session {
    /// A session that waits for its connection.
    ///
    /// # Errors
    ///
    /// A [`SealError`], for a sealer that is used up.
    pub fn new(joining: Joining) -> Result<Self, SealError> {
        let Joining { room, nick, key, agent } = joining;
        let voice = Voice::new(room, &nick)?;
        Ok(Self {
            joining: Myself { nick, key, agent },
            voice,
            state: State::Idle,
            attempt: 0,
            sid: 0,
            last: 0,
            replay_to: 0,
            limits: None,
            crowd: false,
            people: People::default(),
            outbox: Outbox::default(),
            renaming: None,
            heartbeat: Heartbeat::new(Timestamp::ZERO),
            pings: 0,
            typing: Typing::default(),
            leaving: None,
            ending: None,
            actions: VecDeque::new(),
            events: VecDeque::new(),
        })
    }

    /// The WebSocket is open: says `hello`.
    pub fn handle_opened(&mut self, now: Timestamp) {
        if self.state != State::Idle {
            return;
        }
        self.state = State::Greeting;
        self.heartbeat = Heartbeat::new(now);
        self.attempt += 1;
        let create = self.voice.create();
        let hello = Hello {
            v: chat_proto::VERSION,
            room: self.voice.target(),
            key: self.joining.key,
            attempt: self.attempt,
            who: self.voice.identity(&self.joining.nick),
            create: create.is_some(),
            opts: create.unwrap_or_default(),
            resume: None,
            agent: Some(Text::from(self.joining.agent.as_str())),
        };
        let hello = ClientFrame::Hello(Box::new(hello)).encode();
        self.actions.push_back(Action::Transmit(hello));
    }

    /// The connection is closed, with this code where there was a close frame.
    pub fn handle_closed(&mut self, code: Option<CloseCode>) {
        let outcome = match (self.state, self.ending.take(), code) {
            (State::Ended, ..) => return,
            (State::Closing, ..) => Outcome::Left,
            (_, Some(why), _) => Outcome::RoomEnded(why),
            (_, None, code) => Outcome::Closed(code.unwrap_or(CloseCode::ABNORMAL)),
        };
        self.end(outcome);
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        if matches!(self.state, State::Idle | State::Ended) {
            return;
        }
        if self.leaving.is_some_and(|until| now >= until) {
            if self.state != State::Closing {
                self.actions.push_back(Action::Close(CloseCode::NORMAL));
            }
            self.end(Outcome::Left);
            return;
        }
        match self.heartbeat.check(now, self.state == State::Live) {
            Some(Silence::Ask) => {
                self.pings += 1;
                self.transmit(&ClientFrame::Ping(Ping { n: self.pings }));
            }
            Some(Silence::Lost) => {
                self.actions.push_back(Action::Close(CloseCode::GOING_AWAY));
                self.end(Outcome::Silent);
            }
            None => {}
        }
        self.tell_typing(now);
    }

    /// When [`handle_timeout`](Self::handle_timeout) is due.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        if matches!(self.state, State::Idle | State::Ended) {
            return None;
        }
        let typing = self.typing.deadline().filter(|_| self.tells_typing());
        [Some(self.heartbeat.deadline()), self.leaving, typing].into_iter().flatten().min()
    }

    /// What to do next with the connection.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// What to tell next.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Sends a text to the room, or keeps it until the room is live.
    ///
    /// # Errors
    ///
    /// A [`SendError`]; nothing is kept then.
    pub fn send(&mut self, now: Timestamp, text: String) -> Result<MsgId, SendError> {
        let limits = match (self.state, self.limits, self.leaving) {
            (State::Closing | State::Ended, ..) | (.., Some(_)) => return Err(SendError::Over),
            (_, None, _) => return Err(SendError::NotJoined),
            (_, Some(limits), None) => limits,
        };
        if self.outbox.is_full() {
            return Err(SendError::Busy);
        }
        check(text.len(), limits.text)?;
        let id = self.outbox.next_id();
        let nick = &self.joining.nick;
        check(self.voice.frame_len(id, now, nick, &text), limits.frame)?;
        let send = Send { id, body: self.voice.say(now, nick, &text)? };
        let frame = ClientFrame::Send(send.clone()).encode();
        self.outbox.push(Outgoing { id, text: Text::from(text), body: send.body, frame });
        self.flush();
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

    /// Leaves, once all that was sent is acknowledged; [`Event::Ended`] follows.
    pub fn leave(&mut self, now: Timestamp) {
        if matches!(self.state, State::Closing | State::Ended) || self.leaving.is_some() {
            return;
        }
        if self.state == State::Idle {
            self.end(Outcome::Left);
            return;
        }
        self.leaving = Some(now.after(LEAVE_WITHIN));
        self.leave_if_done(now);
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

    fn transmit(&mut self, frame: &ClientFrame<'_>) {
        self.actions.push_back(Action::Transmit(frame.encode()));
    }

    /// Sends what waits, where sending is allowed.
    fn flush(&mut self) {
        if self.state != State::Live {
            return;
        }
        while let Some(frame) = self.outbox.poll_unsent() {
            self.actions.push_back(Action::Transmit(frame));
        }
    }

    fn tell_nick(&mut self) {
        if let Some((_, profile)) = &self.renaming {
            let frame = ClientFrame::Profile(profile.clone());
            self.actions.push_back(Action::Transmit(frame.encode()));
        }
    }

    fn tells_typing(&self) -> bool {
        self.state == State::Live && self.leaving.is_none() && !self.crowd
    }

    fn tell_typing(&mut self, now: Timestamp) {
        if !self.tells_typing() {
            return;
        }
        if let Some(on) = self.typing.poll(now) {
            self.transmit(&ClientFrame::Typing(chat_proto::client::Typing { on }));
        }
    }

    fn leave_if_done(&mut self, now: Timestamp) {
        if self.leaving.is_none() || !self.outbox.is_empty() {
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

    fn end(&mut self, outcome: Outcome) {
        self.state = State::Ended;
        for message in self.outbox.drain() {
            self.events.push_back(Event::Unconfirmed { id: message.id, text: message.text });
        }
        self.events.push_back(Event::Ended(outcome));
    }
}

fn check(bytes: usize, max: u64) -> Result<(), SendError> {
    if u64::try_from(bytes).unwrap_or(u64::MAX) > max {
        return Err(SendError::TooLong { bytes, max });
    }
    Ok(())
}
