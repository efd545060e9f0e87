//! The rooms as their documentation has them: all is kept for ever, and looked
//! through from its start each time.

use std::collections::VecDeque;

use chat_core::{
    EndReason, FindError, Instance, Limits, OpenError, RoomChange, RoomId, Timestamp, Wishes,
};
use room::NaiveRoom;
pub(crate) use visit::{Came, Visit};

mod room;
mod stay;
mod visit;

pub(crate) struct Naive {
    limits: Limits,
    bookkeeping: usize,
    pub(crate) rooms: Vec<NaiveRoom>,
    /// Ids of rooms that ended, and until when they are remembered.
    ended: Vec<(Timestamp, RoomId)>,
    pub(crate) changes: VecDeque<RoomChange>,
}

impl Naive {
    pub(crate) fn new(limits: Limits, bookkeeping: usize) -> Self {
        let (rooms, ended, changes) = (Vec::new(), Vec::new(), VecDeque::new());
        Self { limits, bookkeeping, rooms, ended, changes }
    }

    /// Opens a room, or finds it open; `instance` is what its life would be
    /// called.
    pub(crate) fn open(
        &mut self,
        now: Timestamp,
        id: RoomId,
        instance: Instance,
        wishes: &Wishes,
    ) -> Result<(), OpenError> {
        match self.find(id) {
            Err(FindError::Ended) => return Err(OpenError::Ended),
            Ok(room) if room.ended.is_some() => return Err(OpenError::Ended),
            Ok(_) => return Ok(()),
            Err(FindError::NoRoom) => {}
        }
        if self.limits.rooms.is_some_and(|most| self.rooms.len() >= most.get()) {
            return Err(OpenError::TooManyRooms);
        }
        let limits = self.limits.clone();
        self.rooms.push(NaiveRoom::new(now, id, instance, limits, self.bookkeeping, wishes));
        Ok(())
    }

    pub(crate) fn find(&mut self, id: RoomId) -> Result<&mut NaiveRoom, FindError> {
        let remembered = self.ended.iter().any(|(_, ended)| *ended == id);
        let missing = if remembered { FindError::Ended } else { FindError::NoRoom };
        self.rooms.iter_mut().find(|room| room.id == id).ok_or(missing)
    }

    pub(crate) fn close(
        &mut self,
        id: RoomId,
        why: EndReason,
        now: Timestamp,
    ) -> Result<(), FindError> {
        let until = now.after(self.limits.linger);
        let room = self.find(id)?;
        if room.ended.is_none() {
            room.ended = Some((why, until));
            self.changes.push_back(RoomChange::Ended(id, why));
        }
        Ok(())
    }

    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        let rooms = self.rooms.iter().map(NaiveRoom::deadline);
        rooms.chain(self.ended.iter().map(|(until, _)| *until)).min()
    }

    pub(crate) fn handle_timeout(&mut self, now: Timestamp) {
        while let Some(place) = self.first_due(now) {
            let room = &mut self.rooms[place];
            let id = room.id;
            if room.ended.is_none() && room.give_up_and_forget(now) {
                self.changes.push_back(RoomChange::News(id));
            }
            if room.deadline() > now {
                continue;
            }
            if room.ended.is_none() && room.here().next().is_some() {
                room.ended = Some((EndReason::Ttl, now.after(self.limits.linger)));
                self.changes.push_back(RoomChange::Ended(id, EndReason::Ttl));
                continue;
            }
            let is_over = room.ended.map_or(room.expires() <= now, |(why, _)| {
                matches!(why, EndReason::Ttl | EndReason::Closed)
            });
            let ended = room.ended.map(|(why, _)| why);
            self.rooms.remove(place);
            self.changes.push_back(RoomChange::Gone(id, ended));
            if is_over {
                self.ended.push((now.after(self.limits.ended_ttl), id));
                self.ended.sort();
                let excess = self.ended.len().saturating_sub(self.limits.ended_rooms);
                self.ended.drain(..excess);
            }
        }
        self.ended.retain(|(until, _)| *until > now);
    }

    fn first_due(&self, now: Timestamp) -> Option<usize> {
        let due = self.rooms.iter().enumerate().filter(|(_, room)| room.deadline() <= now);
        due.min_by_key(|(_, room)| (room.deadline(), room.id)).map(|(place, _)| place)
    }
}
