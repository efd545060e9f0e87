//! One connection's place in a room: all that it may do there.

use std::sync::Arc;

use chat_core::{
    ConnectionId, Departure, Entry, Face, FaceError, FindError, JoinError, Joined, MessageId,
    PostError, Posted, Room, RoomId, Timestamp,
};
use thiserror::Error;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::fanout::Fanout;
use super::outlet::{Closing, Outlet, Wants};
use super::payload::Payload;
use super::run::Form;
use super::shard::{Shard, State};
use crate::convert::SeatError;

/// A session's connection to a room. Dropping it takes the session along, or
/// has it wait for another connection.
pub(crate) struct Seat {
    shard: Arc<Shard>,
    room: RoomId,
    id: ConnectionId,
    task: Arc<Notify>,
    flush: Arc<Notify>,
    how: Departure,
}

/// The room's flusher has to go on before more is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the room is flushed before more is taken")]
pub(crate) struct Crowded;

impl Seat {
    /// Comes into a room on chat.v1, for the first time or again. What `greet`
    /// makes of the room as it is then is the first thing that the connection
    /// is written.
    ///
    /// # Errors
    /// When there is no such room, or it doesn't let this one in.
    pub(crate) fn enter(
        shard: &Arc<Shard>,
        room: RoomId,
        entry: Entry<Payload>,
        greet: impl FnOnce(&Room<Payload>, &Joined) -> Vec<u8>,
    ) -> Result<Self, SeatError> {
        let enter = |now, room: &mut Room<_>| room.enter(now, entry);
        Self::take(shard, room, Form::Structured, enter, greet)
    }

    /// Comes into a room in plain mode.
    ///
    /// # Errors
    /// When there is no such room, or it doesn't let this one in.
    pub(crate) fn join(
        shard: &Arc<Shard>,
        room: RoomId,
        face: Face<Payload>,
    ) -> Result<Self, SeatError> {
        let join = |now, room: &mut Room<_>| room.join(now, face);
        Self::take(shard, room, Form::Plain, join, |_, _| Vec::new())
    }

    fn take(
        shard: &Arc<Shard>,
        id: RoomId,
        form: Form,
        join: impl FnOnce(Timestamp, &mut Room<Payload>) -> Result<Joined, JoinError>,
        greet: impl FnOnce(&Room<Payload>, &Joined) -> Vec<u8>,
    ) -> Result<Self, SeatError> {
        let now = shard.clock.now();
        let mut state = shard.lock();
        let State { registry, fanouts } = &mut *state;
        let joined = registry.change(id, |room| join(now, room))??;
        let room = registry.room(id)?;

        let outlet = Outlet::new(form, &joined, greet(room, &joined));
        let connection = joined.connection.id;
        let task = outlet.task();
        let fanout = fanouts.entry(id).or_insert_with(|| {
            let fanout = Fanout::new(room);
            fanout.start(shard, id);
            fanout
        });
        fanout.add(connection, outlet);
        if let Some(session) = joined.replaces {
            fanout.replace(session, connection);
        }
        fanout.people_changed(room);
        let flush = fanout.flush();
        drop(state);
        shard.touch();
        let (shard, how) = (shard.clone(), Departure::Lost);
        Ok(Self { shard, room: id, id: connection, task, flush, how })
    }

    /// Runs the session's connection on the room's thread.
    pub(crate) fn spawn<F>(self, run: impl FnOnce(Self) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let shard = self.shard.clone();
        shard.spawn(run(self));
    }

    /// Gives the connection its socket. From now on it is written to.
    pub(crate) fn attach(&self, socket: &Arc<TcpStream>) {
        self.outlet(|outlet| outlet.attach(socket.clone()));
        self.task.notify_one();
    }

    /// Woken when the connection's task has something to do.
    pub(crate) fn task(&self) -> Arc<Notify> {
        self.task.clone()
    }

    /// How the session appears; `None` where the room is gone.
    pub(crate) fn face(&self) -> Option<Face<Payload>> {
        let state = self.shard.lock();
        Some(state.registry.room(self.room).ok()?.peer(self.id.session)?.face)
    }

    /// The server's time.
    pub(crate) fn now(&self) -> Timestamp {
        self.shard.clock.now()
    }

    /// Takes one from what the session may send.
    ///
    /// # Errors
    /// When it may again.
    pub(crate) fn take_turn(&self) -> Result<(), Instant> {
        let clock = self.shard.clock;
        let now = clock.now();
        let mut state = self.shard.lock();
        match state.registry.change(self.room, |room| room.take_turn(self.id, now)) {
            Ok(Err(until)) => Err(clock.instant(until)),
            // What is sent into a room that is gone is refused elsewhere.
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    }

    /// Whether more may be put into the room's log now.
    ///
    /// # Errors
    /// When the flusher has to go on first; [`flushed`](Self::flushed) waits.
    pub(crate) fn has_room(&self) -> Result<(), Crowded> {
        let state = self.shard.lock();
        match (state.registry.room(self.room), state.fanouts.get(&self.room)) {
            (Ok(room), Some(fanout)) if fanout.is_crowded(room) => Err(Crowded),
            _ => Ok(()),
        }
    }

    /// Waits until the flusher has gone on.
    pub(crate) async fn flushed(&self) {
        loop {
            let flushed = self.flush.notified();
            tokio::pin!(flushed);
            flushed.as_mut().enable();
            if self.has_room().is_ok() {
                return;
            }
            flushed.await;
        }
    }

    /// Says something to the room.
    ///
    /// # Errors
    /// When the room ended, or the session goes on in another connection.
    pub(crate) fn post(
        &self,
        id: Option<MessageId>,
        payload: Payload,
    ) -> Result<Posted, PostError> {
        let now = self.shard.clock.now();
        let mut state = self.shard.lock();
        let posted = state
            .registry
            .change(self.room, |room| room.post(now, self.id, id, payload))
            .unwrap_or(Err(PostError::NotHere));
        self.wake(&state);
        posted
    }

    /// Appears otherwise.
    ///
    /// # Errors
    /// When the room or somebody in it is against it.
    pub(crate) fn rename(&self, face: Face<Payload>) -> Result<(), FaceError> {
        let now = self.shard.clock.now();
        let mut state = self.shard.lock();
        let renamed = state.registry.change(self.room, |room| room.rename(now, self.id, face));
        self.wake(&state);
        // Nobody is there to see it in a room that is gone.
        renamed.map_or(Ok(()), |renamed| renamed.map(|_| ()))
    }

    /// Tells the others that the person began or stopped typing.
    pub(crate) fn type_on(&self, on: bool) {
        let mut state = self.shard.lock();
        let State { registry, fanouts } = &mut *state;
        let listed = registry
            .room(self.room)
            .is_ok_and(|room| room.presence() == chat_core::Presence::Listed);
        if let Some(fanout) = fanouts.get_mut(&self.room).filter(|_| listed) {
            fanout.type_on(self.id, on);
        }
    }

    /// Writes frames to this connection alone.
    pub(crate) fn aside(&self, frames: &[u8]) {
        self.outlet(|outlet| outlet.aside(frames));
    }

    /// Whether the connection has to take what was written before it is read.
    pub(crate) fn is_crowded(&self) -> bool {
        self.outlet(|outlet| outlet.is_crowded()).unwrap_or_default()
    }

    /// Writes frames that may get lost to this connection alone.
    pub(crate) fn passing(&self, frames: &[u8]) {
        self.outlet(|outlet| outlet.passing(frames));
    }

    /// Whether the connection is on the way to its end.
    pub(crate) fn is_closing(&self) -> bool {
        self.outlet(|outlet| outlet.is_closing()).unwrap_or(true)
    }

    /// Brings the connection to its end.
    pub(crate) fn close(&self, closing: Closing) {
        self.outlet(|outlet| outlet.close(closing));
    }

    /// Writes as much as the socket takes.
    pub(crate) fn drain(&self) -> Wants {
        let mut state = self.shard.lock();
        let State { registry, fanouts } = &mut *state;
        let outlet =
            fanouts.get_mut(&self.room).and_then(|fanout| fanout.outlets.get_mut(&self.id));
        match outlet {
            Some(outlet) => outlet.drain(registry.room(self.room).ok()),
            None => Wants::Finished,
        }
    }

    /// Says what becomes of the session when the connection ends.
    pub(crate) fn depart(&mut self, how: Departure) {
        self.how = how;
    }

    fn outlet<R>(&self, with: impl FnOnce(&mut Outlet) -> R) -> Option<R> {
        let mut state = self.shard.lock();
        let fanout = state.fanouts.get_mut(&self.room)?;
        fanout.outlets.get_mut(&self.id).map(with)
    }

    fn wake(&self, state: &State) {
        if let Some(fanout) = state.fanouts.get(&self.room) {
            fanout.wake();
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let now = self.shard.clock.now();
        let mut state = self.shard.lock();
        let State { registry, fanouts } = &mut *state;
        let left: Result<bool, FindError> =
            registry.change(self.room, |room| room.detach(now, self.id, self.how));
        if let Some(fanout) = fanouts.get_mut(&self.room) {
            fanout.remove(self.id);
            if let (Ok(true), Ok(room)) = (left, registry.room(self.room)) {
                fanout.people_changed(room);
            }
        }
        drop(state);
        self.shard.touch();
    }
}
