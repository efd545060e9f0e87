//! The rooms against a naive model of what they promise, in virtual time.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use chat_core::{
    Event, Instance, Limits, MessageId, Mode, Read, Registry, RoomId, Seq, SessionId, Timestamp,
    Wishes,
};
use naive::Naive;
use proptest::{prelude::*, test_runner::TestCaseError};
use rand::{SeedableRng, rngs::StdRng};
use step::Step;

mod look;
mod naive;
mod step;

type Outcome = Result<(), TestCaseError>;

/// What the rooms are asked, and what the model says to it.
struct Run {
    now: Timestamp,
    rng: StdRng,
    real: Registry<String>,
    naive: Naive,
    /// Every id that was ever used, the newest last.
    ids: Vec<RoomId>,
    /// Every session that ever joined, those that are gone included.
    sessions: Vec<(RoomId, SessionId)>,
    cursors: Vec<Cursor>,
}

struct Cursor {
    room: RoomId,
    instance: Instance,
    last: Seq,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn rooms_do_what_a_naive_model_does(
        limits in step::limits(bookkeeping()),
        steps in prop::collection::vec(step::step(), 1..80),
    ) {
        let mut run = Run::new(limits);
        for step in &steps {
            run.take(step)?;
            run.compare()?;
        }
        run.read_all()?;
    }
}

/// What a log counts for an event beside what the event holds.
fn bookkeeping() -> usize {
    let (now, mut rng) = (Timestamp::ZERO, StdRng::seed_from_u64(0));
    let mut rooms = Registry::<String>::new(Limits::default().into());
    let id = RoomId::Plain(rooms.create(now, &mut rng, &Wishes::default()).unwrap());
    let ann = look::look(0);
    let joined = rooms.change(id, |room| room.join(now, Mode::Structured, ann.face())).unwrap();
    assert!(joined.is_ok());
    rooms.room(id).unwrap().log_bytes() - ann.bytes()
}

impl Run {
    fn new(limits: Limits) -> Self {
        Self {
            now: Timestamp::from_millis(1_000_000),
            rng: StdRng::seed_from_u64(7),
            real: Registry::new(limits.clone().into()),
            naive: Naive::new(limits, bookkeeping()),
            ids: vec![RoomId::Sealed([1; 16]), RoomId::Sealed([2; 16])],
            sessions: Vec::new(),
            cursors: Vec::new(),
        }
    }

    fn take(&mut self, step: &Step) -> Outcome {
        let now = self.now;
        match step {
            Step::Create(wishes) => {
                let made = self.real.create(now, &mut self.rng, wishes);
                let id = made.map_or(RoomId::Sealed([0; 16]), RoomId::Plain);
                prop_assert_eq!(made.err(), self.naive.open(now, id, wishes).err());
                self.ids.extend(made.ok().map(RoomId::Plain));
            }
            Step::Open(room, wishes) => {
                let id = RoomId::Sealed([1 + room % 2; 16]);
                let real = self.real.open(now, id, &mut self.rng, wishes).map(|_| ());
                prop_assert_eq!(real, self.naive.open(now, id, wishes));
            }
            Step::Join { room, mode, look } => {
                let (id, look) = (self.room(*room), look::look(*look));
                let real = self.real.change(id, |room| room.join(now, *mode, look.face()));
                let naive = self.naive.find(id).map(|room| room.join(now, *mode, look));
                if let Ok(Ok(joined)) = &real {
                    let instance = self.real.room(id).unwrap().instance();
                    let connection = joined.connection;
                    self.sessions.push((id, connection.session));
                    self.cursors.push(Cursor { room: id, instance, last: connection.last });
                }
                let numbers = real.map(|joined| {
                    joined.map(|j| {
                        (j.connection.session.get(), j.connection.last.get(), j.live.get())
                    })
                });
                prop_assert_eq!(numbers, naive);
            }
            Step::Post { who, bytes, name } => {
                let Some((id, session)) = self.session(*who) else { return Ok(()) };
                let name = MessageId::parse(&format!("m{name}"));
                let text = "x".repeat(usize::from(*bytes));
                let real = self.real.change(id, |room| room.post(now, session, name, text.clone()));
                let naive =
                    self.naive.find(id).map(|room| room.post(now, session.get(), name, text));
                prop_assert_eq!(real.map(|seq| seq.map(Seq::get)), naive);
            }
            Step::Rename { who, look } => {
                let Some((id, session)) = self.session(*who) else { return Ok(()) };
                let look = look::look(*look);
                let real = self.real.change(id, |room| room.rename(now, session, look.face()));
                let naive = self.naive.find(id).map(|room| room.rename(now, session.get(), look));
                prop_assert_eq!(real.map(|seq| seq.map(|seq| seq.map(Seq::get))), naive);
            }
            Step::Leave { who, why } => {
                let Some((id, session)) = self.session(*who) else { return Ok(()) };
                let real = self.real.change(id, |room| room.leave(now, session, *why));
                let naive = self.naive.find(id).map(|room| room.leave(now, session.get(), *why));
                prop_assert_eq!(real, naive);
            }
            Step::Turn { who } => {
                let Some((id, session)) = self.session(*who) else { return Ok(()) };
                let real = self.real.change(id, |room| room.take_turn(session, now));
                let naive = self.naive.find(id).map(|room| room.take_turn(session.get(), now));
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
            Step::Pass { ms, punctual } => self.pass(*ms, *punctual)?,
        }
        Ok(())
    }

    /// Lets time pass, and the timeouts be handled: each when it is due, or all
    /// late and at once.
    fn pass(&mut self, ms: u64, punctual: bool) -> Outcome {
        let until = self.now.after(Duration::from_millis(ms));
        while let Some(due) = self.real.poll_timeout().filter(|due| punctual && *due <= until) {
            self.real.handle_timeout(due);
            self.naive.handle_timeout(due);
            // One more changes nothing.
            self.real.handle_timeout(due);
            prop_assert!(self.real.poll_timeout().is_none_or(|next| next > due));
        }
        self.now = until;
        self.real.handle_timeout(until);
        self.naive.handle_timeout(until);
        Ok(())
    }

    /// Compares all that can be seen without changing anything.
    fn compare(&mut self) -> Outcome {
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
            prop_assert_eq!(real.newest().get(), naive.events.len() as u64);
            prop_assert_eq!(real.log_bytes(), naive.held_bytes());
            let newest = real.newest().get();
            for last in newest.saturating_sub(8)..=newest + 1 {
                prop_assert_eq!(real.is_half_after(Seq::new(last)), naive.is_half_after(last));
            }
            prop_assert_eq!(
                real.peers().map(|peer| look::peer(&peer)).collect::<Vec<_>>(),
                naive.peers()
            );
            prop_assert_eq!(real.len(), naive.peers().len());
            prop_assert_eq!(real.ended(), naive.ended.map(|(why, _)| why));
            prop_assert_eq!(real.expires(), naive.expires());
        }
        Ok(())
    }

    /// Reads some of what a cursor is behind, and moves it on.
    fn read(&mut self, cursor: usize, take: usize) -> Outcome {
        let Cursor { room, instance, last } = &mut self.cursors[cursor];
        let Some(room) = self.real.room(*room).ok().filter(|room| room.instance() == *instance)
        else {
            return Ok(());
        };
        prop_assert_eq!(
            lines(room.after(*last)),
            self.naive.find(room.id()).unwrap().after(last.get())
        );
        match room.after(*last) {
            Read::Events(events) => *last = events.take(take).last().map_or(*last, |(seq, _)| seq),
            Read::Lagged { to, .. } => *last = to,
        }
        Ok(())
    }

    fn read_all(&mut self) -> Outcome {
        (0..self.cursors.len()).try_for_each(|cursor| {
            self.read(cursor, usize::MAX)?;
            self.read(cursor, usize::MAX)
        })
    }

    /// One of the newest four rooms.
    fn room(&self, choice: u8) -> RoomId {
        let some = &self.ids[self.ids.len().saturating_sub(4)..];
        some[usize::from(choice) % some.len()]
    }

    /// One of the newest eight sessions.
    fn session(&self, choice: u8) -> Option<(RoomId, SessionId)> {
        let some = &self.sessions[self.sessions.len().saturating_sub(8)..];
        some.get(usize::from(choice) % some.len().max(1)).copied()
    }
}

/// What was read, each event as a line of text, or what is missing.
fn lines<'a>(
    read: Read<impl Iterator<Item = (Seq, &'a Event<String>)>>,
) -> Result<Vec<String>, (u64, u64)> {
    match read {
        Read::Events(events) => {
            Ok(events.map(|(seq, event)| format!("{} {}", seq.get(), look::event(event))).collect())
        }
        Read::Lagged { from, to } => Err((from.get(), to.get())),
    }
}
