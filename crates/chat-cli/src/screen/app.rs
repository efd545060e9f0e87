//! The screen as a machine without a terminal: keys and events come in, effects and a picture go out.

use std::collections::{BTreeMap, VecDeque};

use chat_client::{Arrival, Event, MsgId, Nick, Outcome, Person, RoomInfo};
use ratatui::layout::Size;

use super::{
    completion::Completion, editor::Editor, entry::Entry, history::History, log::Log, look::Look,
};
use crate::{attend, commands::Deed, notice, sanitize};

/// How long after the last key somebody still counts as typing, in milliseconds.
const TYPING_MS: u64 = 5_000;

/// What is to be done outside.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Say this, and tell by [`App::sent`] or [`App::not_sent`].
    Say(String),
    Rename(Nick),
    Typing(bool),
    /// Answer a command by [`App::tell`].
    Answer(Deed),
    Leave,
    /// Without waiting for anything.
    Quit,
    Suspend,
    Redraw,
    Bell,
}

/// The connection, as it is told in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    CatchingUp,
    Connected,
    /// The next attempt is at this time.
    Lost {
        until: u64,
    },
}

/// Everything that is seen, and what it takes to go on.
pub(super) struct App {
    pub(super) look: Look,
    pub(super) log: Log,
    pub(super) editor: Editor,
    pub(super) history: History,
    pub(super) completion: Option<Completion>,
    pub(super) people: Vec<Person>,
    /// How many there are in a room that doesn't list them.
    pub(super) count: Option<u64>,
    pub(super) me: u64,
    pub(super) room: Option<RoomInfo>,
    pub(super) link: Link,
    /// One has said that one leaves.
    pub(super) leaving: bool,
    pub(super) typing: BTreeMap<u64, String>,
    /// What was sent and has not arrived.
    pending: VecDeque<(MsgId, String)>,
    pub(super) size: Size,
    /// Whether the window has the focus, where the terminal tells.
    pub(super) focus: Option<bool>,
    bell: bool,
    /// When the connection was lost and somebody was told; `None` while it is there.
    lost: bool,
    live: bool,
    /// Until when the others see that one types.
    typing_until: Option<u64>,
    pub(super) now: u64,
    effects: VecDeque<Effect>,
    pub(super) outcome: Option<Outcome>,
}

impl App {
    pub(super) fn new(look: Look, bell: bool, size: Size, now: u64) -> Self {
        Self {
            look,
            log: Log::default(),
            editor: Editor::default(),
            history: History::default(),
            completion: None,
            people: Vec::new(),
            count: None,
            me: 0,
            room: None,
            link: Link::CatchingUp,
            leaving: false,
            typing: BTreeMap::new(),
            pending: VecDeque::new(),
            size,
            focus: None,
            bell,
            lost: false,
            live: false,
            typing_until: None,
            now,
            effects: VecDeque::new(),
            outcome: None,
        }
    }

    pub(super) fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        self.effects.push_back(effect);
    }

    /// Says something that concerns this screen alone.
    pub(super) fn tell(&mut self, text: &str) {
        self.log.push(Entry::notice(self.now, text), &self.look);
    }

    /// Shows rows that belong together, such as a code to scan.
    pub(super) fn show_picture(&mut self, rows: Vec<String>) {
        self.log.push(Entry::picture(self.now, rows), &self.look);
    }

    /// A message is on its way.
    pub(super) fn sent(&mut self, id: MsgId, text: String) {
        self.pending.push_back((id, text));
    }

    /// A message could not be sent: it is there to be put right, unless another is being written.
    pub(super) fn not_sent(&mut self, text: String, why: &str) {
        self.tell(&format!("not sent: {why}"));
        if self.editor.is_empty() {
            self.editor.set(text);
        }
    }

    /// What is on its way, as entries.
    pub(super) fn pending(&self) -> Vec<Entry> {
        let nick = self.own_nick();
        let entry =
            |text: &String| Entry::message(self.now, &nick, None, text, true, " (on its way)");
        self.pending.iter().map(|(_, text)| entry(text)).collect()
    }

    fn own_nick(&self) -> String {
        let me = self.people.iter().find(|person| person.sid == self.me);
        me.map_or_else(|| "you".to_owned(), |person| person.nick.as_str().to_owned())
    }

    /// The names that may be completed, one's own not among them.
    pub(super) fn nicks(&self) -> Vec<String> {
        let others = self.people.iter().filter(|person| person.sid != self.me);
        others.map(|person| sanitize::line(&person.nick)).collect()
    }

    /// When to call [`handle_timeout`](Self::handle_timeout), in milliseconds since 1970.
    pub(super) fn poll_timeout(&self) -> Option<u64> {
        let tick = match self.link {
            Link::Lost { until } if until > self.now => Some(self.now + 1000),
            _ => None,
        };
        self.typing_until.into_iter().chain(tick).min()
    }

    pub(super) fn handle_timeout(&mut self, now: u64) {
        self.now = now;
        if self.typing_until.is_some_and(|until| until <= now) {
            self.stop_typing();
        }
    }

    /// One has changed the text that is being written.
    pub(super) fn edited(&mut self) {
        let text = self.editor.text();
        if text.is_empty() || (text.starts_with('/') && !text.starts_with("//")) {
            return self.stop_typing();
        }
        if self.typing_until.is_none() {
            self.effect(Effect::Typing(true));
        }
        self.typing_until = Some(self.now + TYPING_MS);
    }

    pub(super) fn stop_typing(&mut self) {
        if self.typing_until.take().is_some() {
            self.effect(Effect::Typing(false));
        }
    }

    /// Something happened in the room.
    pub(super) fn handle_event(&mut self, event: Event, now: u64) {
        self.now = now;
        if let Some(sentence) = notice::of(&event) {
            let ts = notice::time(&event).unwrap_or(now);
            self.log.push(Entry::notice(ts, &sentence), &self.look);
        }
        match event {
            Event::Welcomed(welcomed) => {
                if welcomed.arrival == Arrival::First {
                    self.tell(attend::kind(&welcomed.room.kind));
                }
                self.me = welcomed.sid;
                self.room = Some(welcomed.room);
                self.people = welcomed.people;
                self.typing.clear();
                self.link = Link::CatchingUp;
            }
            Event::Message(message) => {
                self.typing.remove(&message.sid);
                let (nick, code) = (&message.nick, message.code.as_deref());
                let mark = if message.off_clock { " (its time is off)" } else { "" };
                let entry =
                    Entry::message(message.ts, nick, code, &message.text, message.own, mark);
                self.log.push(entry, &self.look);
                if self.live && !message.own {
                    self.heard();
                }
            }
            Event::Acknowledged { id, .. } => self.pending.retain(|(pending, _)| *pending != id),
            Event::Refused { id, message, .. } => {
                let refused = self.pending.iter().position(|(pending, _)| Some(*pending) == id);
                match refused.and_then(|at| self.pending.remove(at)) {
                    Some((_, text)) => {
                        self.not_sent(
                            text,
                            &format!("the server refused it: {}", message.as_str()),
                        );
                    }
                    None => self.tell(&format!("the server refused this: {}", message.as_str())),
                }
            }
            Event::Unconfirmed { id, text } => {
                self.pending.retain(|(pending, _)| *pending != id);
                self.tell(&format!("this may not have arrived: {}", text.as_str()));
            }
            Event::Waiting { in_ms, why } => {
                // Said once, however many attempts it takes.
                if !std::mem::replace(&mut self.lost, true) {
                    self.tell(&format!("{}; coming back by itself", why.reason()));
                }
                self.typing.clear();
                self.link = Link::Lost { until: now + in_ms };
            }
            Event::Live { .. } => {
                if std::mem::take(&mut self.lost) {
                    self.tell("connected again");
                }
                self.live = true;
                self.link = Link::Connected;
            }
            Event::Typing { sid, nick, on } => {
                self.typing.remove(&sid);
                if on {
                    self.typing.insert(sid, notice::name(nick.as_deref()));
                }
            }
            Event::Left { sid, .. } => {
                self.typing.remove(&sid);
            }
            Event::Counted { n } => self.count = Some(n),
            Event::Ended(outcome) | Event::Stopped(outcome) => self.outcome = Some(outcome),
            _ => {}
        }
    }

    /// Somebody else said something just now.
    fn heard(&mut self) {
        if self.focus == Some(false) || !self.log.follows() {
            self.log.mark_unread();
        }
        if self.bell && self.focus != Some(true) {
            self.effect(Effect::Bell);
        }
    }
}
