//! Speaking in a room, and reading its log.

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;

use chat_core::{
    ConnectionId, Entry, Face, Limits, MessageId, Nick, Posted, Read, Registry, RoomId, SessionKey,
    Timestamp, What, Wishes,
};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::{Ready, text};

const MEMBERS: u8 = 100;

/// So many messages fit into the log of a room that all have just entered.
pub(crate) const FITTING: u64 = 400;

/// So few speak where the log is full that each has said all that a session is
/// known by.
const SPEAKERS: usize = 4;

/// Ids are used in turns. Their number has no divisor in common with that of
/// the speakers, so that each speaker takes all of them before one comes again,
/// and that is later than the room remembers.
const IDS: usize = 1021;

const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// A room of a hundred.
struct Crowd {
    rooms: Registry<Arc<[u8]>>,
    room: RoomId,
    members: Vec<ConnectionId>,
    ids: Vec<MessageId>,
    text: Arc<[u8]>,
    turn: usize,
}

impl Crowd {
    /// All of them have entered, and nobody has said anything.
    fn gather() -> Result<Self, Box<dyn Error>> {
        let mut rooms = Registry::new(Arc::new(Limits::default()));
        let token = rooms.create(NOW, &mut StdRng::seed_from_u64(1), &Wishes::default())?;
        let room = RoomId::Plain(token);
        let mut members = Vec::new();
        for number in 0..MEMBERS {
            let entry = Entry {
                key: SessionKey([number; 16]),
                attempt: 1,
                face: Face::Nick(Nick::parse(&format!("member {number}"))?),
                resume: None,
            };
            let joined = rooms.change(room, |room| room.enter(NOW, entry))??;
            members.push(joined.connection.id);
        }
        let ids = (0..IDS).filter_map(|number| MessageId::parse(&format!("m{number}"))).collect();
        Ok(Self { rooms, room, members, ids, text: text(128).into_bytes().into(), turn: 0 })
    }

    /// The log is full, and so is what the room knows of each speaker's ids.
    fn talk() -> Result<Self, Box<dyn Error>> {
        let mut crowd = Self::gather()?;
        crowd.members.truncate(SPEAKERS);
        for _ in 0..SPEAKERS * Limits::default().message_ids {
            if !crowd.say() {
                return Err("a message was not taken".into());
            }
        }
        Ok(crowd)
    }

    /// The next of them says something new.
    fn say(&mut self) -> bool {
        let from = self.members[self.turn % self.members.len()];
        let id = self.ids[self.turn % self.ids.len()];
        let text = self.text.clone();
        let posted = self.rooms.change(self.room, |room| room.post(NOW, from, Some(id), text));
        self.turn += 1;
        matches!(black_box(posted), Ok(Ok(Posted::New(_))))
    }

    /// Whether one who is `behind` is given so many events.
    fn read(&self, behind: u64) -> bool {
        let Ok(room) = self.rooms.room(self.room) else { return false };
        let Read::Events(events) = room.after(black_box(room.newest().back(behind))) else {
            return false;
        };
        let mut count = 0;
        for (seq, event) in events {
            if let What::Posted { payload, .. } = &event.what {
                black_box((seq, payload));
                count += 1;
            }
        }
        count == behind
    }
}

/// A message with an id, into a log that has room for it.
pub(crate) fn post() -> Ready {
    let mut crowd = Crowd::gather()?;
    let mut left = FITTING;
    Ok(Box::new(move || {
        let fits = left > 0;
        left = left.saturating_sub(1);
        crowd.say() && fits
    }))
}

/// The same where everything is full: what a busy room costs.
pub(crate) fn post_full() -> Ready {
    let mut crowd = Crowd::talk()?;
    Ok(Box::new(move || crowd.say()))
}

/// All events of a full log for a cursor that is `behind` so many.
pub(crate) fn read(behind: u64) -> Ready {
    let crowd = Crowd::talk()?;
    Ok(Box::new(move || crowd.read(behind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_full_exactly_where_that_is_said() {
        let limits = Limits::default();
        let events = u64::from(limits.log_events.get());
        assert!(u64::from(MEMBERS) + FITTING <= events);

        let crowd = Crowd::talk().unwrap();
        let room = crowd.rooms.room(crowd.room).unwrap();
        assert!(room.newest().get() >= u64::from(MEMBERS) + events);
        assert_eq!(room.len(), usize::from(MEMBERS));
    }

    #[test]
    fn an_id_comes_again_when_it_is_forgotten() {
        let mut crowd = Crowd::talk().unwrap();
        assert!((0..2 * IDS * SPEAKERS).all(|_| crowd.say()));
        crowd.turn -= SPEAKERS;
        assert!(!crowd.say(), "a repeat must be seen");
    }
}
