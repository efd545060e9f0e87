//! What a room promises those who lose their connection, in examples.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::num::NonZeroU32;
use core::time::Duration;

use super::{Entry, JoinError, Joined, Posted, Resume, Room};
use crate::event::{Departure, Face, What};
use crate::id::{ConnectionId, MessageId, RoomId, SenderKey, Seq, SessionKey};
use crate::limits::{Limits, Wishes};
use crate::log::Read;
use crate::nick::Nick;
use crate::registry::{Registry, RoomChange};
use crate::time::Timestamp;

mod coming_back;
mod forgetting;
mod memory;
mod whereabouts;

/// A room, and a clock that is moved by hand.
struct Stage {
    rooms: Registry<String>,
    id: RoomId,
    now: Timestamp,
}

impl Stage {
    fn sealed(limits: Limits) -> Self {
        let id = RoomId::Sealed([7; 16]);
        let (now, mut rooms) = (Timestamp::ZERO, Registry::new(limits.into()));
        rooms.open(now, id, &mut rand::rng(), &Wishes::default()).unwrap();
        Self { rooms, id, now }
    }

    fn plain(limits: Limits) -> Self {
        let (now, mut rooms) = (Timestamp::ZERO, Registry::new(limits.into()));
        let token = rooms.create(now, &mut rand::rng(), &Wishes::default()).unwrap();
        Self { rooms, id: RoomId::Plain(token), now }
    }

    /// Goes on to a second, and handles what is due until then.
    fn at(&mut self, s: u64) -> &mut Self {
        let until = Timestamp::from_millis(s * 1000);
        while let Some(due) = self.rooms.poll_timeout().filter(|due| *due <= until) {
            self.rooms.handle_timeout(due);
        }
        self.now = until;
        self
    }

    fn room(&self) -> &Room<String> {
        self.rooms.room(self.id).unwrap()
    }

    fn enter(&mut self, entry: Entry<String>) -> Result<Joined, JoinError> {
        self.rooms.change(self.id, |room| room.enter(self.now, entry)).unwrap()
    }

    /// Enters with what was seen of this room.
    fn resume(&mut self, entry: Entry<String>, last: Seq) -> Result<Joined, JoinError> {
        let instance = self.room().instance();
        self.enter(Entry { resume: Some(Resume { instance, last }), ..entry })
    }

    fn detach(&mut self, id: ConnectionId, how: Departure) -> bool {
        self.rooms.change(self.id, |room| room.detach(self.now, id, how)).unwrap()
    }

    fn post(&mut self, from: ConnectionId, id: &str) -> Option<Posted> {
        let (now, name, text) = (self.now, MessageId::parse(id), id.to_string());
        self.rooms.change(self.id, |room| room.post(now, from, name, text)).unwrap().ok()
    }

    fn set_away(&mut self, of: ConnectionId, away: bool) -> bool {
        self.rooms.change(self.id, |room| room.set_away(of, away)).unwrap()
    }

    fn take_turn(&mut self, of: ConnectionId) -> Result<(), Timestamp> {
        self.rooms.change(self.id, |room| room.take_turn(of, self.now)).unwrap()
    }

    /// What a connection reads after `last`, an event a word or two.
    fn read(&self, last: Seq) -> Vec<String> {
        let Read::Events(events) = self.room().after(last) else {
            panic!("what comes after {last:?} is gone")
        };
        events.map(|(_, event)| told(&event.what)).collect()
    }

    fn people(&self) -> Vec<String> {
        self.room().peers().map(|peer| shown(&peer.face)).collect()
    }

    fn changes(&mut self) -> Vec<RoomChange> {
        core::iter::from_fn(|| self.rooms.poll_change()).collect()
    }
}

fn told(what: &What<String>) -> String {
    match what {
        What::Joined(peer) => format!("{} came", shown(&peer.face)),
        What::Posted { payload, .. } => payload.clone(),
        What::Left { session, why } => format!("{} left: {why:?}", session.get()),
        What::Renamed { session, face } => format!("{} is {}", session.get(), shown(face)),
    }
}

fn shown(face: &Face<String>) -> String {
    match face {
        Face::Nick(nick) => nick.to_string(),
        Face::Key { spk, n, .. } => format!("key {} {n}", spk.0[0]),
    }
}

/// Somebody with a nickname, whose key is made of its first letter.
fn nick(name: &str, attempt: u64) -> Entry<String> {
    let key = SessionKey([name.as_bytes()[0]; 16]);
    Entry { key, attempt, face: Face::Nick(Nick::parse(name).unwrap()), resume: None }
}

/// Somebody with a session key and a sender key, both of one number.
fn member(number: u8, attempt: u64) -> Entry<String> {
    Entry { key: SessionKey([number; 16]), attempt, face: face(number, 0), resume: None }
}

fn face(spk: u8, n: u64) -> Face<String> {
    Face::Key { spk: SenderKey([spk; 32]), n, profile: format!("profile {n}") }
}

/// 60 s of grace, 10 s for a reloaded page, an hour of memory.
fn limits() -> Limits {
    Limits { message_rate: None, ..Limits::default() }
}

fn secs(s: u64) -> Duration {
    Duration::from_secs(s)
}

fn places(n: u32) -> Limits {
    Limits { room_max: NonZeroU32::new(n), ..limits() }
}
