//! From one connection to the next: opening, losing, waiting, coming back (protocol, section 4.3).

use std::{collections::BTreeSet, time::Duration};

use chat_core::{Nick, Timestamp};
use chat_proto::{
    B64, ClientFrame, CloseCode, ErrorCode, Text,
    client::{Hello, Opts, Ping, Resume},
    server::{Limits, RoomInfo},
};

use super::{Action, Event, Home, Outcome, Session, State, heartbeat::Silence};

/// How long nothing may arrive on the way to `live`.
const ENTER_WITHIN: Duration = Duration::from_secs(15);

/// How often it is tried before the first `welcome`, where only the connection is in the way.
const FIRST_ATTEMPTS: u32 = 3;

/// The largest room whose people are told one by one (protocol, section 4.2, `count`).
const MAX_TOLD: u64 = 256;

/// The most numbers of one's own that are known in one room.
const MAX_NUMBERS: usize = 256;

/// What the newest `welcome` said.
pub(super) struct Room {
    pub(super) inst: B64<16>,
    pub(super) sid: u64,
    /// One's own numbers in this instance.
    pub(super) own: BTreeSet<u64>,
    /// Up to here the list of people already holds what is replayed.
    pub(super) replay_to: u64,
    pub(super) limits: Limits,
    pub(super) info: RoomInfo,
    /// When it was said, by one's own clock and by the server's.
    pub(super) said: (Timestamp, u64),
}

impl Room {
    pub(super) fn home(&self) -> Home {
        (self.inst, self.sid)
    }

    /// A room too large for presence: neither typing nor being away is told.
    pub(super) fn is_crowd(&self) -> bool {
        self.info.max == 0 || self.info.max > MAX_TOLD
    }

    /// One has this number too.
    pub(super) fn add_own(&mut self, sid: u64) {
        self.own.insert(sid);
        if self.own.len() > MAX_NUMBERS {
            self.own.pop_first();
        }
    }

    /// Wishes for a room that takes this one's place: it lives as long as this one would have.
    fn again(&self, now: Timestamp) -> Option<Opts> {
        let (then, server) = self.said;
        let since = u64::try_from(now.since(then).as_millis()).unwrap_or(u64::MAX);
        let left = self.info.expires.saturating_sub(server.saturating_add(since)) / 1000;
        (left > 0).then(|| Opts {
            ttl_s: Some(left),
            max: Some(self.info.max).filter(|max| *max > 0),
            history: Some(self.info.history),
        })
    }
}

/// How it goes with connecting.
#[derive(Default)]
pub(super) struct Attempts {
    /// What the newest `hello` was numbered by.
    newest: u64,
    /// How many have failed before the first `welcome`.
    failed: u32,
    /// By when something must arrive, on the way to `live`.
    due: Timestamp,
    /// What the server said before it closes the connection.
    pub(super) fatal: Option<Fatal>,
}

/// A fatal `error`.
pub(super) struct Fatal {
    pub(super) code: ErrorCode,
    pub(super) message: Text<'static>,
    pub(super) retry: Option<Duration>,
}

impl Attempts {
    /// Something arrived.
    pub(super) fn progress(&mut self, now: Timestamp) {
        self.due = now.after(ENTER_WITHIN);
    }
}

impl Session {
    /// The person wants in: for the first time, or again after [`Event::Stopped`], as the same
    /// session and under another nickname where one is given.
    pub fn start(&mut self, now: Timestamp, nick: Option<Nick>) {
        if !matches!(self.state, State::Idle | State::Stopped) {
            return;
        }
        if let Some(nick) = nick {
            // A sealer that is used up has said all that it may, nicknames too.
            let _ = self.voice.rename(&nick);
            self.joining.nick = nick;
            self.renaming = None;
        }
        self.attempts.failed = 0;
        self.connect(now);
    }

    /// The WebSocket is open: says `hello`.
    pub fn handle_opened(&mut self, now: Timestamp) {
        if self.state != State::Connecting {
            return;
        }
        self.state = State::Greeting;
        self.attempts.progress(now);
        // The time, so that of two programs with one key the later one has the session.
        self.attempts.newest = now.as_millis().max(self.attempts.newest + 1);
        let create = match &self.room {
            None => self.voice.create(),
            Some(room) => room.again(now).filter(|_| self.voice.is_sealed()),
        };
        let resume = self.room.as_ref().map(|room| Resume { inst: room.inst, last: self.last });
        let hello = Hello {
            v: chat_proto::VERSION,
            room: self.voice.target(),
            key: self.joining.key,
            attempt: self.attempts.newest,
            who: self.voice.identity(&self.joining.nick),
            create: create.is_some(),
            create_key: create
                .and(self.joining.create_key.as_ref())
                .map(|key| Text::from(key.as_str())),
            opts: create.unwrap_or_default(),
            pace: self.joining.pace,
            resume,
            agent: Some(Text::from(self.joining.agent.as_str())),
        };
        let hello = ClientFrame::Hello(Box::new(hello)).encode();
        self.actions.push_back(Action::Transmit(hello));
    }

    /// The connection is closed, with this code where there was a close frame, or could not be opened.
    pub fn handle_closed(&mut self, now: Timestamp, code: Option<CloseCode>) {
        let code = code.unwrap_or(CloseCode::ABNORMAL);
        self.closed(now, code, Outcome::Closed(code));
    }

    /// The machine woke up, or the network is there again: whatever waits is tried at once.
    pub fn handle_wake(&mut self, now: Timestamp) {
        match self.state {
            State::Waiting => self.connect(now),
            State::Live if self.heartbeat.ask(now) => self.ping(),
            _ => {}
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        if matches!(self.state, State::Idle | State::Ended) {
            return;
        }
        if self.leaving.is_some_and(|until| now >= until) {
            if self.state != State::Closing && self.state != State::Waiting {
                self.actions.push_back(Action::Close(CloseCode::NORMAL));
            }
            self.end(Outcome::Left);
            return;
        }
        match self.state {
            State::Connecting | State::Greeting | State::Replaying if now >= self.attempts.due => {
                self.lose(now);
            }
            State::Waiting if now >= self.attempts.due => self.connect(now),
            State::Live => match self.heartbeat.check(now) {
                Some(Silence::Ask) => self.ping(),
                Some(Silence::Lost) => self.lose(now),
                None => {}
            },
            _ => {}
        }
        self.tell_typing(now);
    }

    /// When [`handle_timeout`](Self::handle_timeout) is due.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let due = match self.state {
            State::Connecting | State::Greeting | State::Replaying | State::Waiting => {
                Some(self.attempts.due)
            }
            State::Live => Some(self.heartbeat.deadline()),
            State::Idle | State::Stopped | State::Ended => return None,
            State::Closing => None,
        };
        let typing = self.typing.deadline().filter(|_| self.tells_presence());
        [due, self.leaving, typing].into_iter().flatten().min()
    }

    /// The server can't be understood: nobody comes back to it.
    pub(super) fn give_up(&mut self, what: String) {
        self.actions.push_back(Action::Close(CloseCode::PROTOCOL));
        self.stop(Outcome::Protocol(what));
    }

    fn connect(&mut self, now: Timestamp) {
        self.state = State::Connecting;
        self.attempts.fatal = None;
        self.ending = None;
        self.attempts.progress(now);
        self.actions.push_back(Action::Connect);
    }

    fn ping(&mut self) {
        self.pings += 1;
        self.transmit(&ClientFrame::Ping(Ping { n: self.pings }));
    }

    fn lose(&mut self, now: Timestamp) {
        self.actions.push_back(Action::Drop);
        self.closed(now, CloseCode::ABNORMAL, Outcome::Silent);
    }

    fn closed(&mut self, now: Timestamp, code: CloseCode, outcome: Outcome) {
        let greeted = match self.state {
            State::Idle | State::Waiting | State::Stopped | State::Ended => return,
            State::Closing => return self.end(Outcome::Left),
            State::Connecting => false,
            State::Greeting | State::Replaying | State::Live => true,
        };
        let fatal = self.attempts.fatal.take();
        let retry = fatal.as_ref().and_then(|fatal| fatal.retry);
        let known = self.room.is_some();
        self.attempts.failed += u32::from(!known);
        let again = known || greeted && fatal.is_none() && self.attempts.failed < FIRST_ATTEMPTS;
        let outcome = match (fatal, self.ending.take()) {
            (Some(Fatal { code, message, .. }), _) => Outcome::Refused { code, message },
            (None, Some(why)) => Outcome::RoomEnded(why),
            (None, None) => outcome,
        };
        if code.comes_back() && again {
            self.wait(now, retry, outcome);
        } else {
            self.stop(outcome);
        }
    }

    fn wait(&mut self, now: Timestamp, retry: Option<Duration>, why: Outcome) {
        self.state = State::Waiting;
        let delay = self.backoff.next(retry);
        self.attempts.due = now.after(delay);
        let in_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        self.events.push_back(Event::Waiting { in_ms, why });
        self.leave_if_done(now);
    }

    fn stop(&mut self, outcome: Outcome) {
        if matches!(&outcome, Outcome::Refused { code: ErrorCode::SpkTaken, .. }) {
            // Under another key all of it would have to be sealed anew.
            self.give_up_outbox();
        }
        if self.leaving.is_some() {
            self.end(outcome);
            return;
        }
        self.state = State::Stopped;
        self.outcome = outcome.clone();
        self.events.push_back(Event::Stopped(outcome));
    }
}
