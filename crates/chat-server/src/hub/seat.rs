//! One session's place in a room: all that a connection may do there.

use std::sync::Arc;

use chat_core::{
    Connection, Face, FaceError, FindError, Joined, LeaveReason, MessageId, Mode, PostError, Room,
    RoomId, SessionId, Timestamp,
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

/// A session that is in a room. Dropping it leaves the room.
pub(crate) struct Seat {
    shard: Arc<Shard>,
    room: RoomId,
    session: SessionId,
    task: Arc<Notify>,
    flush: Arc<Notify>,
    why: LeaveReason,
}

/// The room's flusher has to go on before more is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the room is flushed before more is taken")]
pub(crate) struct Crowded;

impl Seat {
    /// Comes into a room. What `greet` makes of the room as it is then is the
    /// first thing that the connection is written.
    ///
    /// # Errors
    /// When there is no such room, or it doesn't let this one in.
    pub(crate) fn take(
        shard: &Arc<Shard>,
        id: RoomId,
        form: Form,
        face: Face<Payload>,
        greet: impl FnOnce(&Room<Payload>, SessionId) -> Vec<u8>,
    ) -> Result<Self, SeatError> {
        let now = shard.clock.now();
        let mode = match form {
            Form::Structured => Mode::Structured,
            Form::Plain => Mode::Plain,
        };
        let mut state = shard.lock();
        let State { registry, fanouts } = &mut *state;
        let Joined { connection, live } =
            registry.change(id, |room| room.join(now, mode, face))??;
        let Connection { session, .. } = connection;
        let room = registry.room(id)?;

        let replay = (form == Form::Structured).then_some(live);
        let mut outlet = Outlet::new(form, connection, replay);
        outlet.aside(&greet(room, session));
        let task = outlet.task();
        let fanout = fanouts.entry(id).or_insert_with(|| {
            let fanout = Fanout::new(room);
            fanout.start(shard, id);
            fanout
        });
        fanout.outlets.insert(session, outlet);
        fanout.people_changed(room);
        let flush = fanout.flush();
        drop(state);
        shard.touch();
        let (shard, why) = (shard.clone(), LeaveReason::Timeout);
        Ok(Self { shard, room: id, session, task, flush, why })
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
        Some(state.registry.room(self.room).ok()?.peer(self.session)?.face)
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
        match state.registry.change(self.room, |room| room.take_turn(self.session, now)) {
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
    /// When the room ended.
    pub(crate) fn post(&self, id: Option<MessageId>, payload: Payload) -> Result<(), PostError> {
        let now = self.shard.clock.now();
        let mut state = self.shard.lock();
        let posted = state
            .registry
            .change(self.room, |room| room.post(now, self.session, id, payload))
            .unwrap_or(Err(PostError::NotHere));
        self.wake(&state);
        posted.map(|_| ())
    }

    /// Appears otherwise.
    ///
    /// # Errors
    /// When the room or somebody in it is against it.
    pub(crate) fn rename(&self, face: Face<Payload>) -> Result<(), FaceError> {
        let now = self.shard.clock.now();
        let mut state = self.shard.lock();
        let renamed = state.registry.change(self.room, |room| room.rename(now, self.session, face));
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
            fanout.type_on(self.session, on);
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
            fanouts.get_mut(&self.room).and_then(|fanout| fanout.outlets.get_mut(&self.session));
        match outlet {
            Some(outlet) => outlet.drain(registry.room(self.room).ok()),
            None => Wants::Finished,
        }
    }

    /// Says why the session leaves when it does.
    pub(crate) fn leave_because(&mut self, why: LeaveReason) {
        self.why = why;
    }

    fn outlet<R>(&self, with: impl FnOnce(&mut Outlet) -> R) -> Option<R> {
        let mut state = self.shard.lock();
        let fanout = state.fanouts.get_mut(&self.room)?;
        fanout.outlets.get_mut(&self.session).map(with)
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
            registry.change(self.room, |room| room.leave(now, self.session, self.why));
        if let Some(fanout) = fanouts.get_mut(&self.room) {
            fanout.outlets.remove(&self.session);
            fanout.forget_typing(self.session);
            if let (Ok(true), Ok(room)) = (left, registry.room(self.room)) {
                fanout.people_changed(room);
            }
            fanout.wake();
        }
        drop(state);
        self.shard.touch();
    }
}
