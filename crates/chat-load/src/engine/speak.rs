//! Sending: by the clock, or by what comes back.

use super::Engine;
use crate::failure::Failure;
use crate::pace::{Metronome, Pace};

impl Engine {
    /// Begins to load a group.
    #[allow(clippy::cast_precision_loss, reason = "there are fewer rooms than 2^53")]
    pub(crate) fn start(&mut self, group: usize, pace: Pace) -> Result<(), Failure> {
        let now = self.clock.now();
        let Self { groups, rooms, members, spoken, .. } = self;
        let group = &mut groups[group];
        group.pace = Some(pace);
        match pace {
            Pace::Rate(rate) => {
                group.beat = Some(Metronome::new(now, rate * group.rooms.len() as f64));
            }
            Pace::Window(window) => {
                for sender in group.rooms.iter().flat_map(|room| &rooms[*room].senders) {
                    let said = members[*sender].say(window, now);
                    group.tally.sent(said.into());
                    spoken.push(*sender);
                }
            }
        }
        self.flush_spoken()
    }

    /// Sends no more to a group; what is on its way still comes.
    pub(crate) fn stop(&mut self, group: usize) {
        (self.groups[group].pace, self.groups[group].beat) = (None, None);
    }

    /// Sends what is due; when the next is.
    pub(super) fn speak_by_the_clock(&mut self) -> Result<u64, Failure> {
        let Self { groups, rooms, members, spoken, clock, .. } = self;
        let mut next = u64::MAX;
        for group in groups.iter_mut() {
            let Some(beat) = &mut group.beat else { continue };
            let now = clock.now();
            while let Some((number, due)) = beat.take(now) {
                let all = group.rooms.len() as u64;
                let room = &rooms[group.rooms[index(number % all)]];
                let sender = room.senders[index(number / all % room.senders.len() as u64)];
                let member = &mut members[sender];
                if !member.has_more_to_write() {
                    spoken.push(sender);
                }
                group.tally.sent(member.say(1, due).into());
            }
            next = next.min(beat.due());
        }
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
