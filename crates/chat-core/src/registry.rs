//! All rooms: opening, finding, closing, expiring.

use alloc::collections::btree_map::Entry;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::sync::Arc;
use core::ops::Bound;

use rand_core::CryptoRng;
use thiserror::Error;

use crate::budget::{Budget, Share};
use crate::event::Payload;
use crate::expiry::Expiry;
use crate::id::{Instance, RoomId};
use crate::limits::{Limits, Wishes};
use crate::room::{EndReason, Room};
use crate::time::Timestamp;
use crate::token::PlainToken;

/// Why a room can't be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OpenError {
    /// [`Limits::rooms`] is reached.
    #[error("there are as many rooms as there may be; try again later")]
    TooManyRooms,
    /// The [`Budget`] has nothing left for another room.
    #[error("the memory for rooms is used up; try again later")]
    NoMemory,
    /// The room ended less than [`Limits::ended_ttl`] ago.
    #[error("the room has ended; make a new one")]
    Ended,
}

/// Why there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FindError {
    /// It never was, or was empty for too long.
    #[error("there is no such room")]
    NoRoom,
    /// It ended less than [`Limits::ended_ttl`] ago.
    #[error("the room has ended")]
    Ended,
}

/// What became of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomChange {
    /// It takes no more messages. What its log holds can be read until
    /// [`RoomChange::Gone`].
    Ended(RoomId, EndReason),
    /// It was removed, with all that it held. Why it had ended; `None` where
    /// it was removed at once, since nobody was in it.
    Gone(RoomId, Option<EndReason>),
    /// Time alone changed who is there: somebody did not come back within the
    /// grace, and has left.
    News(RoomId),
}

/// All rooms, and when something is due in one of them.
///
/// Call [`poll_timeout`](Self::poll_timeout) after every call that changes a
/// room, [`handle_timeout`](Self::handle_timeout) at the time it names (calling
/// it too early or too often does nothing), and then
/// [`poll_change`](Self::poll_change) until it has nothing more.
#[derive(Debug)]
pub struct Registry<P> {
    limits: Arc<Limits>,
    budget: Option<Arc<Budget>>,
    rooms: BTreeMap<RoomId, Room<P>>,
    ended: BTreeSet<RoomId>,
    deadlines: Expiry<RoomId>,
    forget: Expiry<RoomId>,
    changes: VecDeque<RoomChange>,
}

impl<P: Payload + Clone> Registry<P> {
    /// No rooms yet.
    #[must_use]
    pub fn new(limits: Arc<Limits>) -> Self {
        Self {
            limits,
            budget: None,
            rooms: BTreeMap::new(),
            ended: BTreeSet::new(),
            deadlines: Expiry::new(),
            forget: Expiry::new(),
            changes: VecDeque::new(),
        }
    }

    /// The same, whose logs share memory with those of others.
    #[must_use]
    pub fn sharing(self, budget: Arc<Budget>) -> Self {
        Self { budget: Some(budget), ..self }
    }

    /// Opens a plain room under a new random token.
    ///
    /// # Errors
    /// When there are too many rooms, or there is no memory left for another.
    pub fn create(
        &mut self,
        now: Timestamp,
        rng: &mut impl CryptoRng,
        wishes: &Wishes,
    ) -> Result<PlainToken, OpenError> {
        let token = PlainToken::generate(rng);
        self.open(now, RoomId::Plain(token), rng, wishes)?;
        Ok(token)
    }

    /// Opens a room under an id that the caller chose, or finds it open.
    ///
    /// # Errors
    /// When there are too many rooms, there is no memory left for another, or
    /// this one ended a short while ago.
    pub fn open(
        &mut self,
        now: Timestamp,
        id: RoomId,
        rng: &mut impl CryptoRng,
        wishes: &Wishes,
    ) -> Result<&Room<P>, OpenError> {
        if self.ended.contains(&id) || self.rooms.get(&id).is_some_and(|r| r.ended().is_some()) {
            return Err(OpenError::Ended);
        }
        let full = self.limits.rooms.is_some_and(|max| self.rooms.len() >= max.get());
        let entry = match self.rooms.entry(id) {
            Entry::Occupied(entry) => return Ok(entry.into_mut()),
            Entry::Vacant(_) if full => return Err(OpenError::TooManyRooms),
            Entry::Vacant(entry) => entry,
        };
        let share = Share::first(self.budget.as_ref()).ok_or(OpenError::NoMemory)?;
        let mut instance = Instance([0; 16]);
        rng.fill_bytes(&mut instance.0);
        let options = self.limits.grant(wishes);
        let room = Room::new(id, instance, now, options, self.limits.clone(), share);
        self.deadlines.add(room.deadline(), id);
        Ok(entry.insert(room))
    }

    /// Looks at a room. One that ended is found until it is gone.
    ///
    /// # Errors
    /// When there is none.
    pub fn room(&self, id: RoomId) -> Result<&Room<P>, FindError> {
        self.rooms.get(&id).ok_or_else(|| self.missing(id))
    }

    /// Changes a room, and looks after its deadlines.
    ///
    /// # Errors
    /// When there is none.
    pub fn change<R>(
        &mut self,
        id: RoomId,
        change: impl FnOnce(&mut Room<P>) -> R,
    ) -> Result<R, FindError> {
        let Some(room) = self.rooms.get_mut(&id) else { return Err(self.missing(id)) };
        let before = room.deadline();
        let result = change(room);
        let after = room.deadline();
        if before != after {
            self.deadlines.remove(before, id);
            self.deadlines.add(after, id);
        }
        Ok(result)
    }

    /// Ends a room; [`RoomChange::Ended`] follows. One that has ended already
    /// stays as it is.
    ///
    /// # Errors
    /// When there is none.
    pub fn close(&mut self, id: RoomId, why: EndReason, now: Timestamp) -> Result<(), FindError> {
        if self.room(id)?.ended().is_none() {
            self.change(id, |room| room.end(why, now))?;
            self.changes.push_back(RoomChange::Ended(id, why));
        }
        Ok(())
    }

    /// All rooms, in the order of their ids.
    pub fn ids(&self) -> impl Iterator<Item = RoomId> {
        self.rooms.keys().copied()
    }

    /// The rooms whose ids come after one, or all, in the order of their ids.
    pub fn rooms_after(&self, id: Option<RoomId>) -> impl Iterator<Item = &Room<P>> {
        let after = id.map_or(Bound::Unbounded, Bound::Excluded);
        self.rooms.range((after, Bound::Unbounded)).map(|(_, room)| room)
    }

    /// How many rooms there are, those that ended and are not gone included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rooms.len()
    }

    /// Whether there is no room.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rooms.is_empty()
    }

    /// When [`handle_timeout`](Self::handle_timeout) is due next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        match (self.deadlines.next(), self.forget.next()) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Ends, removes and forgets what is due.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        while let Some(id) = self.deadlines.pop_due(now) {
            let Some(room) = self.rooms.get_mut(&id) else { continue };
            if room.ended().is_none() && room.expire_sessions(now) {
                self.changes.push_back(RoomChange::News(id));
            }
            if !room.is_over(now) {
                self.deadlines.add(room.deadline(), id);
                continue;
            }
            if room.ended().is_none() && !room.is_empty() {
                room.end(EndReason::Ttl, now);
                self.deadlines.add(room.deadline(), id);
                self.changes.push_back(RoomChange::Ended(id, EndReason::Ttl));
                continue;
            }
            let ended = room.ended();
            let over = match ended {
                Some(why) => why != EndReason::Shutdown,
                None => now >= room.expires(),
            };
            self.rooms.remove(&id);
            self.changes.push_back(RoomChange::Gone(id, ended));
            if over {
                self.remember_end(id, now);
            }
        }
        while let Some(id) = self.forget.pop_due(now) {
            self.ended.remove(&id);
        }
    }

    /// What became of rooms, in its order.
    pub fn poll_change(&mut self) -> Option<RoomChange> {
        self.changes.pop_front()
    }

    fn remember_end(&mut self, id: RoomId, now: Timestamp) {
        if self.ended.insert(id) {
            self.forget.add(now.after(self.limits.ended_ttl), id);
        }
        while self.forget.len() > self.limits.ended_rooms {
            if let Some(oldest) = self.forget.pop() {
                self.ended.remove(&oldest);
            }
        }
    }

    fn missing(&self, id: RoomId) -> FindError {
        match self.ended.contains(&id) {
            true => FindError::Ended,
            false => FindError::NoRoom,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_can_go_on_where_it_stopped() {
        let mut rooms = Registry::<&str>::new(Limits::default().into());
        let ids = [[1; 16], [2; 16], [3; 16]].map(RoomId::Sealed);
        for id in ids {
            rooms.open(Timestamp::ZERO, id, &mut rand::rng(), &Wishes::default()).unwrap();
        }
        let after = |id| rooms.rooms_after(id).map(Room::id).collect::<alloc::vec::Vec<_>>();
        assert_eq!(after(None), ids);
        assert_eq!(after(Some(ids[0])), ids[1..]);
        assert_eq!(after(Some(RoomId::Sealed([2; 16]))), ids[2..]);
        assert_eq!(after(Some(ids[2])), []);
    }
}
