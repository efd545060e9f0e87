//! The loop: one thread that connects, sends and reads.

mod alarm;
mod connect;
mod hear;
mod leave;
mod speak;

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use alarm::Alarm;
use mio::event::Event;
use mio::{Events, Poll};

use crate::clock::{Clock, nanos};
use crate::failure::Failure;
use crate::form::{Mode, Spotter};
use crate::ledger::{Faults, Ledger};
use crate::member::{Member, Phase, Role, Voice};
use crate::pace::{Metronome, Pace};
use crate::room::Room;
use crate::source::Source;
use crate::tally::Tally;
use crate::target::Target;

/// How much is read at once; it grows where a frame is larger.
const READ: usize = 256 << 10;

pub(crate) struct Engine {
    pub(crate) clock: Clock,
    target: Target,
    address: SocketAddr,
    source: Option<Source>,
    mode: Mode,
    size: usize,
    poll: Poll,
    alarm: Alarm,
    events: Events,
    scratch: Vec<u8>,
    spotter: Spotter,
    pub(crate) members: Vec<Member>,
    pub(crate) rooms: Vec<Room>,
    pub(crate) tally: Tally,
    /// How the rooms are loaded; `None` while they aren't.
    pace: Option<Pace>,
    beat: Option<Metronome>,
    senders: u32,
    /// Who is to be connected, and how many are about to be.
    queue: VecDeque<usize>,
    in_flight: usize,
    /// How often somebody came in.
    pub(crate) joins: u64,
    nicks: u64,
    /// Whether those who come and leave come again.
    pub(crate) churning: bool,
    /// When something came from the server the last time.
    heard: u64,
    /// The first thing that the server said or did that nobody asked for.
    pub(crate) remark: Option<String>,
    /// What was said in this turn by whom, to be written at its end.
    spoken: Vec<usize>,
}

/// Who is in a room.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cast {
    pub(crate) members: usize,
    /// The first of them.
    pub(crate) senders: usize,
    /// The last of them.
    pub(crate) stalled: usize,
    /// Besides these.
    pub(crate) comers: usize,
}

impl Engine {
    pub(crate) fn new(
        target: &Target,
        source: Option<Source>,
        mode: Mode,
        size: usize,
    ) -> Result<Self, Failure> {
        let poll = Poll::new().map_err(unwaitable)?;
        let alarm = Alarm::new(poll.registry()).map_err(unwaitable)?;
        Ok(Self {
            clock: Clock::start(),
            target: target.clone(),
            address: target.address()?,
            source,
            mode,
            size,
            poll,
            alarm,
            events: Events::with_capacity(1024),
            scratch: vec![0; READ],
            spotter: Spotter::new(mode, size),
            members: Vec::new(),
            rooms: Vec::new(),
            tally: Tally::new()?,
            pace: None,
            beat: None,
            senders: 0,
            queue: VecDeque::new(),
            in_flight: 0,
            joins: 0,
            nicks: 0,
            churning: false,
            heard: 0,
            remark: None,
            spoken: Vec::new(),
        })
    }

    /// Adds a room that is there, and those who will be in it.
    pub(crate) fn add_room(&mut self, token: String, cast: Cast) -> Result<(), Failure> {
        let (room, first, number) = (self.rooms.len(), self.members.len(), self.senders);
        let count = u32::try_from(cast.senders)
            .map_err(|_| Failure::new("there are too many senders: ask for fewer"))?;
        for index in 0..cast.members + cast.comers {
            let (role, senders) = match index {
                _ if index >= cast.members => (Role::Comes, 0),
                _ if index >= cast.members - cast.stalled => (Role::Stalls, 0),
                _ => (Role::Stays, cast.senders),
            };
            let voice = match u32::try_from(index) {
                Ok(own) if own < count => Some(Voice::new(self.mode, number + own, self.size)?),
                _ => None,
            };
            self.members.push(Member::new(room, role, Ledger::new(number, senders), voice));
        }
        self.senders += count;
        self.rooms.push(Room {
            token,
            members: first..self.members.len(),
            senders: (first..first + cast.senders).collect(),
        });
        Ok(())
    }

    /// Waits for the sockets, until `until` at most, and does what is to be done.
    pub(crate) fn turn(&mut self, until: u64) -> Result<(), Failure> {
        self.start_handshakes()?;
        let due = self.speak_by_the_clock()?;
        let wait = self.alarm.set(due.min(until), self.clock.now()).map_err(unwaitable)?;
        let mut events = std::mem::replace(&mut self.events, Events::with_capacity(0));
        match self.poll.poll(&mut events, wait) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unwaitable(error)),
        }
        let result = events.iter().try_for_each(|event| self.handle(event));
        self.events = events;
        result
    }

    /// Takes turns until a time.
    pub(crate) fn run_until(&mut self, until: u64) -> Result<(), Failure> {
        while self.clock.now() < until {
            self.turn(until)?;
        }
        Ok(())
    }

    fn handle(&mut self, event: &Event) -> Result<(), Failure> {
        if event.token() == alarm::TOKEN {
            return Ok(());
        }
        let index = event.token().0;
        if event.is_writable() {
            match self.members[index].phase {
                Phase::Connecting => self.connected(index)?,
                _ if self.members[index].has_more_to_write() => self.flush(index)?,
                _ => {}
            }
        }
        let ends = event.is_read_closed() || event.is_error();
        if event.is_readable() || ends {
            self.read(index, ends)?;
        }
        Ok(())
    }

    /// Waits for what was sent and hasn't come yet: until all of it has, and nothing more does,
    /// or nothing came for a while.
    pub(crate) fn drain(&mut self, timeout: Duration) -> Result<(), Failure> {
        /// What is doubled comes soon after.
        const QUIET: u64 = 100_000_000;
        const PATIENCE: u64 = 5_000_000_000;
        let end = self.clock.after(timeout);
        self.heard = self.clock.now();
        loop {
            let now = self.clock.now();
            let silence = now.saturating_sub(self.heard);
            let complete = || self.rooms.iter().all(|room| room.is_complete(&self.members));
            if now >= end || silence >= PATIENCE || silence >= QUIET && complete() {
                return Ok(());
            }
            self.turn(end.min(now + QUIET / 4))?;
        }
    }

    /// Takes turns until nothing has come for so long, or time is up.
    pub(crate) fn await_quiet(
        &mut self,
        quiet: Duration,
        timeout: Duration,
    ) -> Result<(), Failure> {
        let (quiet, end) = (nanos(quiet), self.clock.after(timeout));
        self.heard = self.clock.now();
        while self.clock.now() < end.min(self.heard + quiet) {
            self.turn(end.min(self.heard + quiet))?;
        }
        Ok(())
    }

    /// What is wrong with what was delivered.
    pub(crate) fn faults(&self) -> Faults {
        let mut sum = Faults::default();
        self.rooms.iter().for_each(|room| sum.add(room.faults(&self.members)));
        sum
    }

    /// How many of those who should stay were closed by the server.
    pub(crate) fn closed(&self) -> u64 {
        let closed = |member: &&Member| member.closed && member.role == Role::Stays;
        self.members.iter().filter(closed).count() as u64
    }
}

fn unwaitable(error: io::Error) -> Failure {
    Failure::new(format!("sockets can't be waited for: {error}"))
}
