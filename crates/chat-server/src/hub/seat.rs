//! One connection's place in a room: all that it may do there.

use std::io;
use std::sync::Arc;
use std::task::Waker;

use chat_core::{
    ConnectionId, Departure, Entry, Face, FaceError, FindError, JoinError, Joined, MessageId,
    PostError, Posted, Room, RoomId, Timestamp, Whereabouts,
};
use tokio::time::Instant;

use super::closing::Closing;
use super::fanout::Fanout;
use super::outlet::Outlet;
use super::payload::Payload;
use super::run::Form;
use super::shard::{Shard, State};
use super::wants::Wants;
use crate::convert::{Refusal, SeatError};
use crate::socket::Socket;
use crate::watch::{Ending, Sent};

/// A session's connection to a room. Dropping it takes the session along, or
/// has it wait for another connection.
pub(crate) struct Seat {
    shard: Arc<Shard>,
    room: RoomId,
    id: ConnectionId,
    how: Departure,
    /// Whether it is read no faster than others take what is said.
    paced: bool,
}

/// Whether a session may say something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It may.
    Now,
    /// It said so much that it may not before this time.
    At(Instant),
    /// Others have to go on before more is taken; the connection's task is
    /// woken for it.
    AfterOthers,
}

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
        let fanout = fanouts.entry(id).or_insert_with(|| {
            let fanout = Fanout::new(room);
            fanout.start(shard, id);
            fanout
        });
        fanout.add(connection, outlet);
        if joined.gap.is_some() {
            shard.tally.gaps.add("expired");
        }
        if let Some(session) = joined.replaces {
            fanout.replace(session, connection);
        }
        if joined.moved {
            fanout.moved(room, connection.session);
        }
        fanout.people_changed(room);
        drop(state);
        shard.touch();
        let (shard, how) = (shard.clone(), Departure::Lost);
        Ok(Self { shard, room: id, id: connection, how, paced: false })
    }

    /// From now on it is read no faster than the slowest in the room takes what
    /// is said, so that nobody misses anything of it.
    pub(crate) fn pace(&mut self) {
        self.paced = true;
    }

    /// Where the session's connection is to run.
    pub(crate) fn shard(&self) -> &Arc<Shard> {
        &self.shard
    }

    /// Gives the connection its socket, which leaves this thread's reactor for
    /// the room's. From now on it is written to.
    ///
    /// # Errors
    /// When the system doesn't let the other reactor watch it.
    pub(crate) fn attach(&self, socket: Socket) -> io::Result<Arc<Socket>> {
        let socket = Arc::new(socket.moved(|tcp| self.shard.adopt(tcp.into_std()?))?);
        self.outlet(|outlet| outlet.attach(socket.clone()));
        Ok(socket)
    }

    /// How the session appears; `None` where the room is gone.
    pub(crate) fn face(&self) -> Option<Face<Payload>> {
        let state = self.shard.lock();
        Some(state.registry.room(self.room).ok()?.peer(self.id.session)?.face)
    }

    /// Whether the room takes what the server can't open, and nothing else.
    pub(crate) fn is_sealed(&self) -> bool {
        matches!(self.room, RoomId::Sealed(_))
    }

    /// The server's time.
    pub(crate) fn now(&self) -> Timestamp {
        self.shard.clock.now()
    }

    /// Whether the session may say something now. Where it has to wait for
    /// others, the connection's task is woken for it.
    pub(crate) fn admit(&self, now: Timestamp) -> Admission {
        let mut state = self.shard.lock();
        let State { registry, fanouts } = &mut *state;
        if let (Ok(room), Some(fanout)) = (registry.room(self.room), fanouts.get_mut(&self.room))
            && fanout.is_crowded(room)
        {
            if let Some(outlet) = fanout.outlets.get_mut(&self.id) {
                outlet.await_flush();
            }
            return Admission::AfterOthers;
        }
        if self.paced
            && let (Ok(room), Some(fanout)) =
                (registry.room(self.room), fanouts.get_mut(&self.room))
            && fanout.holds_up(room, self.id)
        {
            return Admission::AfterOthers;
        }
        match registry.change(self.room, |room| room.take_turn(self.id, now)) {
            Ok(Err(until)) => Admission::At(self.shard.clock.instant(until)),
            // What is sent into a room that is gone is refused elsewhere.
            Ok(Ok(())) | Err(_) => Admission::Now,
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
        if let (Ok(Posted::New(_)), Some(fanout)) = (posted, state.fanouts.get_mut(&self.room)) {
            self.shard.tally.messages.add(1);
            match &self.shard.meter.timing {
                Some(_) => fanout.posted(Instant::now()),
                None => fanout.wake(),
            }
        }
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

    /// Tells the others that the person looks elsewhere, or here again, where
    /// that is news.
    pub(crate) fn set_away(&self, away: bool) {
        let mut state = self.shard.lock();
        let State { registry, fanouts } = &mut *state;
        let changed = registry.change(self.room, |room| room.set_away(self.id, away));
        if let (Ok(true), Some(fanout)) = (changed, fanouts.get_mut(&self.room))
            && let Ok(room) = registry.room(self.room)
        {
            fanout.moved(room, self.id.session);
        }
    }

    /// Writes frames to this connection alone.
    pub(crate) fn aside(&self, frames: &[u8]) {
        self.outlet(|outlet| outlet.aside(frames));
    }

    /// Writes frames that may get lost to this connection alone.
    pub(crate) fn passing(&self, frames: &[u8]) {
        let _ = self.outlet(|outlet| outlet.passing(frames));
    }

    /// Brings the connection to its end.
    pub(crate) fn close(&self, closing: Closing) {
        self.outlet(|outlet| outlet.close(closing));
    }

    /// Writes as much as the socket takes. `task` is woken when there is more to
    /// do than that the flusher could do it.
    pub(crate) fn drain(&self, task: &Waker) -> Wants {
        let mut state = self.shard.lock();
        let State { registry, fanouts } = &mut *state;
        let Some(fanout) = fanouts.get_mut(&self.room) else { return Wants::Finished };
        let Some(outlet) = fanout.outlets.get_mut(&self.id) else { return Wants::Finished };
        outlet.run_by(task);
        if outlet.is_behind() && !fanout.turns.take(self.id, &mut outlet.turn) {
            fanout.wake();
            return Wants::Turn;
        }
        let (room, mut sent) = (registry.room(self.room).ok(), Sent::default());
        let wants = outlet.drain(room, self.id.session, &mut sent);
        self.shard.tally.sent(sent);
        fanout.let_go_on(room);
        wants
    }

    /// The peer sent a frame with so much in it.
    pub(crate) fn received(&self, bytes: usize) {
        self.shard.tally.received(bytes);
    }

    /// The peer was told that it may not, or can't.
    pub(crate) fn refused(&self, refusal: &Refusal) {
        self.shard.meter.refused.add(refusal.code.as_str());
        tracing::debug!(code = refusal.code.as_str(), "a frame was refused");
    }

    /// How the connection ends, as far as is known.
    pub(crate) fn ending(&self) -> Option<Ending> {
        self.outlet(|outlet| outlet.ending())
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
            if let Some(outlet) = fanout.remove(self.id) {
                self.shard.meter.closed(outlet.ending());
            }
            match (left, registry.room(self.room)) {
                (Ok(true), Ok(room)) => fanout.people_changed(room),
                // Where another connection has taken over, nobody was lost.
                (Ok(false), Ok(room))
                    if room.whereabouts(self.id.session) == Some(Whereabouts::Lost) =>
                {
                    fanout.moved(room, self.id.session);
                }
                _ => {}
            }
            fanout.let_go_on(registry.room(self.room).ok());
        }
        drop(state);
        self.shard.touch();
    }
}
