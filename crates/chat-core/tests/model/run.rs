//! A run of steps: what the rooms are asked, and what the model says to it.

use std::time::Duration;

use chat_core::{
    ConnectionId, Entry, Instance, Joined, Limits, MessageId, Registry, Resume, RoomId, Seq,
    Timestamp,
};
use proptest::{prop_assert, prop_assert_eq};
use rand::{SeedableRng, rngs::StdRng};

use crate::{
    Outcome,
    cursor::{Cursor, lines},
    look,
    naive::{Came, Naive, Visit},
    person::Persons,
    promise::Promises,
    step::{Handling, Last, Life, Step},
};

pub(crate) struct Run {
    now: Timestamp,
    rng: StdRng,
    real: Registry<String>,
    naive: Naive,
    promises: Promises,
    persons: Persons,
    /// Every id that was ever used, the newest last.
    ids: Vec<RoomId>,
    /// Every life that a room ever had.
    lives: Vec<(RoomId, Instance)>,
    /// Every connection that ever was, those that are gone included.
    connections: Vec<(RoomId, ConnectionId)>,
    cursors: Vec<Cursor>,
}

impl Run {
    pub(crate) fn new(limits: Limits, bookkeeping: usize) -> Self {
        Self {
            now: Timestamp::from_millis(1_000_000),
            rng: StdRng::seed_from_u64(7),
            real: Registry::new(limits.clone().into()),
            naive: Naive::new(limits, bookkeeping),
            promises: Promises::default(),
            persons: Persons::default(),
            ids: vec![RoomId::Sealed([1; 16]), RoomId::Sealed([2; 16])],
            lives: Vec::new(),
            connections: Vec::new(),
            cursors: Vec::new(),
        }
    }

    pub(crate) fn take(&mut self, step: &Step) -> Outcome {
        let now = self.now;
        match step {
            Step::Create(wishes) => {
                let made = self.real.create(now, &mut self.rng, wishes);
                let id = made.map_or(RoomId::Sealed([0; 16]), RoomId::Plain);
                let life = self.life(id);
                prop_assert_eq!(made.err(), self.naive.open(now, id, life, wishes).err());
                self.ids.extend(made.ok().map(RoomId::Plain));
            }
            Step::Open(room, wishes) => {
                let id = RoomId::Sealed([1 + room % 2; 16]);
                let real = self.real.open(now, id, &mut self.rng, wishes).map(|_| ());
                let life = self.life(id);
                prop_assert_eq!(real, self.naive.open(now, id, life, wishes));
            }
            Step::Enter { room, key, attempt, look, resume } => {
                let id = self.room(*room);
                let attempt = self.persons.attempt(id, *key, *attempt);
                let look = self.persons.look(id, *key, *look);
                let resume = resume.and_then(|(life, last)| self.resume(id, *key, life, last));
                let visit = Visit {
                    key: *key,
                    attempt,
                    look: look.clone(),
                    resume: resume.map(|resume| (resume.instance, resume.last.get())),
                };
                let (key, face) = (Persons::key(*key), look.face());
                let entry = Entry { key, attempt, face, resume };
                let real = self.real.change(id, |room| room.enter(now, entry));
                if let Ok(Ok(joined)) = &real {
                    self.persons.was_let_in(id, visit.key, attempt, look);
                    self.came(id, Some(visit.key), resume, joined)?;
                }
                let naive = self.naive.find(id).map(|room| room.enter(now, visit));
                prop_assert_eq!(real.map(|joined| joined.map(Came::from)), naive);
            }
            Step::Join { room, look } => {
                let id = self.room(*room);
                let look = look::look(*look, id);
                let real = self.real.change(id, |room| room.join(now, look.face()));
                if let Ok(Ok(joined)) = &real {
                    self.came(id, None, None, joined)?;
                }
                let naive = self.naive.find(id).map(|room| room.join(now, look));
                prop_assert_eq!(real.map(|joined| joined.map(Came::from)), naive);
            }
            Step::Post { who, bytes, name } => {
                let Some((id, from)) = self.connection(*who) else { return Ok(()) };
                let name = name.and_then(|name| MessageId::parse(&format!("m{name}")));
                let text = "x".repeat(usize::from(*bytes));
                let real = self.real.change(id, |room| room.post(now, from, name, text.clone()));
                let from = numbers(from);
                let naive = self.naive.find(id).map(|room| room.post(now, from, name, text));
                prop_assert_eq!(real, naive);
            }
            Step::Rename { who, look } => {
                let Some((id, of)) = self.connection(*who) else { return Ok(()) };
                let look = look::look(*look, id);
                let real = self.real.change(id, |room| room.rename(now, of, look.face()));
                let naive = self.naive.find(id).map(|room| room.rename(now, numbers(of), look));
                prop_assert_eq!(real.map(|seq| seq.map(|seq| seq.map(Seq::get))), naive);
            }
            Step::Detach { who, how } => {
                let Some((id, of)) = self.connection(*who) else { return Ok(()) };
                let real = self.real.change(id, |room| room.detach(now, of, *how));
                let naive = self.naive.find(id).map(|room| room.detach(now, numbers(of), *how));
                prop_assert_eq!(real, naive);
            }
            Step::Away { who, away } => {
                let Some((id, of)) = self.connection(*who) else { return Ok(()) };
                let real = self.real.change(id, |room| room.set_away(of, *away));
                let naive = self.naive.find(id).map(|room| room.set_away(numbers(of), *away));
                prop_assert_eq!(real, naive);
            }
            Step::Turn { who } => {
                let Some((id, of)) = self.connection(*who) else { return Ok(()) };
                let real = self.real.change(id, |room| room.take_turn(of, now));
                let naive = self.naive.find(id).map(|room| room.take_turn(numbers(of), now));
                prop_assert_eq!(real, naive);
            }
            Step::Read { cursor, take } => {
                if !self.cursors.is_empty() {
                    let cursor = usize::from(*cursor) % self.cursors.len();
                    self.read(cursor, usize::from(*take))?;
                }
            }
            Step::Peek { room, last } => {
                let (id, last) = (self.room(*room), Seq::new(u64::from(*last)));
                let Ok(room) = self.real.room(id) else { return Ok(()) };
                let naive = self.naive.find(id).unwrap();
                prop_assert_eq!(lines(room.after(last)), naive.after(last.get()));
            }
            Step::Close { room, why } => {
                let id = self.room(*room);
                prop_assert_eq!(self.real.close(id, *why, now), self.naive.close(id, *why, now));
            }
            Step::Pass { ms, handling } => self.pass(*ms, *handling)?,
        }
        Ok(())
    }

    /// Compares all that can be seen without changing anything.
    pub(crate) fn compare(&mut self) -> Outcome {
        prop_assert_eq!(self.real.poll_timeout(), self.naive.poll_timeout());
        while let Some(change) = self.real.poll_change() {
            prop_assert_eq!(Some(change), self.naive.changes.pop_front());
        }
        prop_assert_eq!(self.naive.changes.pop_front(), None);
        prop_assert_eq!(self.real.len(), self.naive.rooms.len());
        for &id in &self.ids {
            let real = self.real.room(id);
            let naive = self.naive.find(id);
            let (real, naive) = match (real, naive) {
                (Ok(real), Ok(naive)) => (real, naive),
                (real, naive) => {
                    prop_assert_eq!(real.err(), naive.err());
                    continue;
                }
            };
            prop_assert_eq!(lines(real.after(Seq::ZERO)), naive.after(0));
            let newest = real.newest().get();
            prop_assert_eq!(newest, naive.newest());
            prop_assert_eq!(real.log_bytes(), naive.held_bytes());
            for last in newest.saturating_sub(8)..=newest + 1 {
                prop_assert_eq!(real.is_half_after(Seq::new(last)), naive.is_half_after(last));
            }
            let peers: Vec<_> =
                real.peers().map(|peer| (peer.session.get(), look::peer(&peer))).collect();
            prop_assert_eq!(&peers, &naive.peers());
            prop_assert_eq!(real.len(), peers.len());
            prop_assert_eq!(real.is_empty(), peers.is_empty());
            for (_, connection) in self.connections.iter().filter(|(room, _)| *room == id) {
                let session = connection.session;
                let peer = peers.iter().find(|(peer, _)| *peer == session.get());
                let written = real.peer(session).map(|peer| look::peer(&peer));
                prop_assert_eq!(written.as_ref(), peer.map(|(_, written)| written));
                let whereabouts = real.peer(session).map(|peer| peer.whereabouts);
                prop_assert_eq!(real.whereabouts(session), whereabouts);
            }
            prop_assert_eq!(real.ended(), naive.ended.map(|(why, _)| why));
            prop_assert_eq!(real.expires(), naive.expires());
        }
        Ok(())
    }

    pub(crate) fn read_all(&mut self) -> Outcome {
        (0..self.cursors.len()).try_for_each(|cursor| {
            self.read(cursor, usize::MAX)?;
            self.read(cursor, usize::MAX)
        })
    }

    fn came(
        &mut self,
        id: RoomId,
        key: Option<u8>,
        resume: Option<Resume>,
        joined: &Joined,
    ) -> Outcome {
        let room = self.real.room(id).unwrap();
        self.connections.push((id, joined.connection.id));
        let (instance, last) = (room.instance(), joined.connection.last);
        self.cursors.push(Cursor { room: id, instance, key, last });
        self.promises.check(room, key, resume, joined)
    }

    /// Lets time pass, and the timeouts be handled.
    fn pass(&mut self, ms: u64, handling: Handling) -> Outcome {
        let until = self.now.after(Duration::from_millis(ms));
        let punctual = matches!(handling, Handling::Punctual);
        while let Some(due) = self.real.poll_timeout().filter(|due| punctual && *due <= until) {
            self.real.handle_timeout(due);
            self.naive.handle_timeout(due);
            // One more changes nothing.
            self.real.handle_timeout(due);
            prop_assert!(self.real.poll_timeout().is_none_or(|next| next > due));
        }
        self.now = until;
        if !matches!(handling, Handling::Never) {
            self.real.handle_timeout(until);
            self.naive.handle_timeout(until);
        }
        Ok(())
    }

    /// Reads some of what a cursor is behind, and moves it on.
    fn read(&mut self, cursor: usize, take: usize) -> Outcome {
        let cursor = &mut self.cursors[cursor];
        let Ok(room) = self.real.room(cursor.room) else { return Ok(()) };
        if room.instance() == cursor.instance {
            let naive = self.naive.find(cursor.room).unwrap();
            prop_assert_eq!(lines(room.after(cursor.last)), naive.after(cursor.last.get()));
            cursor.go_on(room.after(cursor.last), take);
        }
        Ok(())
    }

    /// What somebody with this key says to have seen of a room; `None` where
    /// there is nothing to be said.
    fn resume(&self, id: RoomId, key: u8, life: Life, last: Last) -> Option<Resume> {
        let room = self.real.room(id).ok()?;
        let newest = room.newest();
        let instance = match life {
            Life::This => room.instance(),
            Life::Earlier => {
                let mut lives = self.lives.iter().filter(|(room, _)| *room == id);
                let earlier = lives.find(|(_, life)| *life != room.instance());
                earlier.map_or(Instance([0; 16]), |(_, life)| *life)
            }
        };
        let mut read = self.cursors.iter().rev().filter(|cursor| {
            cursor.room == id && cursor.instance == instance && cursor.key == Some(key)
        });
        let last = match last {
            Last::Read => read.next()?.last,
            Last::But(n) => newest.back(n.into()),
            Last::Ahead(n) => Seq::new(newest.get() + u64::from(n)),
        };
        Some(Resume { instance, last })
    }

    /// The room's present life, which is noted, or one that no room has.
    fn life(&mut self, id: RoomId) -> Instance {
        let Ok(room) = self.real.room(id) else { return Instance([0; 16]) };
        let life = (id, room.instance());
        if !self.lives.contains(&life) {
            self.lives.push(life);
        }
        life.1
    }

    /// Mostly a room that is there, and often that where somebody came last.
    fn room(&self, choice: u8) -> RoomId {
        let last = self.connections.iter().rev().map(|(id, _)| *id).find(|id| self.has(*id));
        let there: Vec<RoomId> = self.ids.iter().copied().filter(|id| self.has(*id)).collect();
        match (last, choice) {
            (Some(last), 0..128) => last,
            (_, 0..232) if !there.is_empty() => one_of(&there, choice).unwrap(),
            _ => one_of(newest(&self.ids, 4), choice).unwrap(),
        }
    }

    /// One of the newest connections, mostly to a room that is there.
    fn connection(&self, choice: u8) -> Option<(RoomId, ConnectionId)> {
        let there: Vec<_> =
            self.connections.iter().copied().filter(|(id, _)| self.has(*id)).collect();
        match choice {
            0..128 if !there.is_empty() => one_of(newest(&there, 3), choice),
            0..232 if !there.is_empty() => one_of(newest(&there, 8), choice),
            _ => one_of(newest(&self.connections, 8), choice),
        }
    }

    fn has(&self, id: RoomId) -> bool {
        self.real.room(id).is_ok()
    }
}

fn newest<T>(all: &[T], most: usize) -> &[T] {
    &all[all.len().saturating_sub(most)..]
}

fn one_of<T: Copy>(some: &[T], choice: u8) -> Option<T> {
    some.get(usize::from(choice) % some.len().max(1)).copied()
}

/// As the model knows a connection.
fn numbers(id: ConnectionId) -> (u64, u64) {
    (id.session.get(), id.attempt)
}
