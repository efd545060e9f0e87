//! Sending: by the clock, or by what comes back.

use super::Engine;
use crate::failure::Failure;
use crate::pace::{Metronome, Pace};

impl Engine {
    /// Begins to load all rooms.
    #[allow(clippy::cast_precision_loss, reason = "there are fewer rooms than 2^53")]
    pub(crate) fn start(&mut self, pace: Pace) -> Result<(), Failure> {
        let now = self.clock.now();
        let Self { tally, beat, rooms, members, spoken, .. } = self;
        self.pace = Some(pace);
        match pace {
            Pace::Rate(rate) => {
                *beat = Some(Metronome::new(now, rate * rooms.len() as f64));
            }
            Pace::Window(window) => {
                for sender in rooms.iter().flat_map(|room| &room.senders) {
                    let said = members[*sender].say(window, now);
                    tally.sent(said.into());
                    spoken.push(*sender);
                }
            }
        }
        self.flush_spoken()
    }

    /// Sends no more; what is on its way still comes.
    pub(crate) fn stop(&mut self) {
        (self.pace, self.beat) = (None, None);
    }

    /// Sends what is due; when the next is.
    pub(super) fn speak_by_the_clock(&mut self) -> Result<u64, Failure> {
        let Self { tally, beat, rooms, members, spoken, clock, .. } = self;
        let Some(beat) = beat else { return Ok(u64::MAX) };
        let now = clock.now();
        while let Some((number, due)) = beat.take(now) {
            let all = rooms.len() as u64;
            let room = &rooms[index(number % all)];
            let sender = room.senders[index(number / all % room.senders.len() as u64)];
            let member = &mut members[sender];
            if !member.has_more_to_write() {
                spoken.push(sender);
            }
            tally.sent(member.say(1, due).into());
        }
        let next = beat.due();
        self.flush_spoken()?;
        Ok(next)
    }

    fn flush_spoken(&mut self) -> Result<(), Failure> {
        let mut spoken = std::mem::take(&mut self.spoken);
        let result = spoken.drain(..).try_for_each(|index| self.flush(index));
        self.spoken = spoken;
        result
    }

    /// Writes what a member has to say.
    pub(super) fn flush(&mut self, index: usize) -> Result<(), Failure> {
        match self.members[index].flush() {
            Ok(()) => Ok(()),
            // What the server said before it closed is still to be read.
            Err(_) => self.read(index, true),
        }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "it is below a length")]
const fn index(number: u64) -> usize {
    number as usize
}
