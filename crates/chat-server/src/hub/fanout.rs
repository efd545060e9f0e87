//! One room's connections, and the task that writes to them.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;
use std::time::Duration;

use chat_core::{ConnectionId, Presence, Room, RoomId, Seq, SessionId, Whereabouts};
use tokio::sync::Notify;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

use super::encode;
use super::outlet::{Closing, Outlet};
use super::payload::Payload;
use super::run::{Form, Run};
use super::shard::{Shard, State};
use super::turns::Turns;
use crate::convert::{End, Refusal};

/// How many connections are written to before others have their turn, so that
/// a giant room doesn't delay a small one.
const TURN: usize = 32;

/// How much is encoded at once.
const RUN_BYTES: usize = 256 << 10;

/// How often a room without a list of people tells their number at most.
const COUNT_EVERY: Duration = Duration::from_secs(1);

/// A room's connections.
pub(super) struct Fanout {
    pub(super) outlets: BTreeMap<ConnectionId, Outlet>,
    /// The newest event that the flusher took.
    flushed: Seq,
    /// Who began or stopped typing since; at most one entry a connection.
    typing: BTreeMap<ConnectionId, bool>,
    /// Who was lost, away or here again since; at most one entry a session.
    moved: BTreeSet<SessionId>,
    /// When people were last counted; `None` once nothing changed since.
    count_due: Option<Instant>,
    counted: Instant,
    /// Those who are behind and can go on.
    pub(super) turns: Turns,
    /// Those who wait until nobody is far behind; at most one entry a
    /// connection.
    held_up: BTreeSet<ConnectionId>,
    wake: Arc<Notify>,
}

impl Fanout {
    pub(super) fn new(room: &Room<Payload>) -> Self {
        Self {
            outlets: BTreeMap::new(),
            flushed: room.newest(),
            typing: BTreeMap::new(),
            moved: BTreeSet::new(),
            count_due: None,
            counted: Instant::now(),
            turns: Turns::new(),
            held_up: BTreeSet::new(),
            wake: Arc::new(Notify::new()),
        }
    }

    /// Starts the room's flusher.
    pub(super) fn start(&self, shard: &Arc<Shard>, id: RoomId) {
        shard.spawn(run(shard.clone(), id, self.wake.clone()));
    }

    /// Says that there is something to write.
    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Whether so much is waiting for the flusher that more could push out of
    /// the log what nobody was offered yet.
    pub(super) fn is_crowded(&self, room: &Room<Payload>) -> bool {
        room.is_half_after(self.flushed)
    }

    /// Whether somebody is so far behind that one who would lose nobody has to
    /// wait; it is woken once that is over.
    pub(super) fn holds_up(&mut self, room: &Room<Payload>, id: ConnectionId) -> bool {
        let far = self.is_anybody_far_behind(room);
        if far {
            self.held_up.insert(id);
        }
        far
    }

    fn is_anybody_far_behind(&self, room: &Room<Payload>) -> bool {
        self.outlets.values().any(|outlet| outlet.is_far_behind(room))
    }

    /// Wakes those who waited for somebody that was far behind, once nobody is.
    pub(super) fn let_go_on(&mut self, room: Option<&Room<Payload>>) {
        if !self.held_up.is_empty() && !room.is_some_and(|room| self.is_anybody_far_behind(room)) {
            for id in std::mem::take(&mut self.held_up) {
                if let Some(outlet) = self.outlets.get(&id) {
                    outlet.wake();
                }
            }
        }
    }

    /// Lets a connection in.
    pub(super) fn add(&mut self, id: ConnectionId, outlet: Outlet) {
        self.outlets.insert(id, outlet);
    }

    /// Lets go of a connection that has ended.
    pub(super) fn remove(&mut self, id: ConnectionId) {
        self.outlets.remove(&id);
        self.typing.remove(&id);
        self.held_up.remove(&id);
        self.wake();
    }

    /// Brings all connections of a session to their end but `latest`.
    pub(super) fn replace(&mut self, session: SessionId, latest: ConnectionId) {
        let all =
            ConnectionId { session, attempt: 0 }..=ConnectionId { session, attempt: u64::MAX };
        for (id, outlet) in self.outlets.range_mut(all) {
            if *id != latest {
                outlet.close(Refusal::replaced().closing());
            }
        }
    }

    /// Tells the others that somebody began or stopped typing, who is not on
    /// the way out.
    pub(super) fn type_on(&mut self, id: ConnectionId, on: bool) {
        if self.outlets.get(&id).is_some_and(|outlet| !outlet.is_closing()) {
            self.typing.insert(id, on);
            self.wake();
        }
    }

    /// Tells the others where somebody is now, in a room that lists its people.
    pub(super) fn moved(&mut self, room: &Room<Payload>, session: SessionId) {
        if room.presence() == Presence::Listed {
            self.moved.insert(session);
            self.wake();
        }
    }

    pub(super) fn people_changed(&mut self, room: &Room<Payload>) {
        if room.presence() == Presence::Counted {
            self.count_due.get_or_insert(self.counted + COUNT_EVERY);
        }
        self.wake();
    }

    /// Where those are now who moved, once all that happened before is on its
    /// way: nobody is told of people whose coming it has not seen.
    fn take_moved(&mut self, room: &Room<Payload>) -> Vec<(SessionId, Whereabouts)> {
        if self.flushed < room.newest() {
            return Vec::new();
        }
        let moved = std::mem::take(&mut self.moved).into_iter();
        moved.filter_map(|session| Some((session, room.whereabouts(session)?))).collect()
    }

    /// Brings all to their end, after what the log holds.
    pub(super) fn end(&mut self, end: End) {
        for outlet in self.outlets.values_mut() {
            let frames = encode::end(outlet.form, end);
            outlet.close(Closing { after_log: true, frames });
        }
    }

    /// Lets go of all who have not read the log of a room that is gone.
    pub(super) fn abandon(&mut self) {
        for outlet in self.outlets.values_mut() {
            outlet.close(Closing { after_log: false, frames: Vec::new() });
            outlet.fall_behind();
        }
    }
}

/// What one flush writes.
struct Flush {
    structured: Option<Run>,
    plain: Option<Run>,
    typing: BTreeMap<ConnectionId, bool>,
    moved: Vec<(SessionId, Whereabouts)>,
    count: Option<Vec<u8>>,
}

/// The room's flusher: sleeps until there is something, lets everybody who is
/// ready to speak speak first, and writes what came to all in one piece.
async fn run(shard: Arc<Shard>, id: RoomId, wake: Arc<Notify>) {
    loop {
        let due = match shard.lock().fanouts.get(&id) {
            Some(fanout) => fanout.count_due,
            None => return,
        };
        tokio::select! {
            () = wake.notified() => {}
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {}
        }
        yield_now().await;
        loop {
            let (flush, wanted) = {
                let mut state = shard.lock();
                if remove_if_empty(&shard, &mut state, id) {
                    return;
                }
                (gather(&mut state, id), give_turns(&mut state, id))
            };
            let Some(flush) = flush else {
                if !wanted {
                    break;
                }
                yield_now().await;
                continue;
            };
            let mut after = Bound::Unbounded;
            while let Some(last) = write_some(&shard, id, &flush, after) {
                after = Bound::Excluded(last);
                yield_now().await;
            }
        }
    }
}

fn remove_if_empty(shard: &Shard, state: &mut State, id: RoomId) -> bool {
    match state.fanouts.entry(id) {
        Entry::Occupied(entry) if entry.get().outlets.is_empty() => {
            entry.remove();
        }
        Entry::Occupied(_) => return false,
        Entry::Vacant(_) => {}
    }
    shard.left(state);
    true
}

/// Takes what is new; `None` where nothing is.
fn gather(state: &mut State, id: RoomId) -> Option<Flush> {
    let room = state.registry.room(id).ok()?;
    let fanout = state.fanouts.get_mut(&id)?;
    let now = Instant::now();
    let count = fanout.count_due.filter(|due| *due <= now).map(|_| {
        fanout.count_due = None;
        fanout.counted = now;
        encode::count(room.len())
    });
    let typing = std::mem::take(&mut fanout.typing);
    let newest = room.newest();
    let quiet = typing.is_empty() && fanout.moved.is_empty() && count.is_none();
    if fanout.flushed == newest && quiet {
        return None;
    }
    match encode_new(room, fanout, newest) {
        Ok((structured, plain)) => {
            let moved = fanout.take_moved(room);
            Some(Flush { structured, plain, typing, moved, count })
        }
        Err(_) => {
            // It fell out of the log before it was flushed, as it can in a log
            // of very few events: each connection's own task tells its gap.
            fanout.flushed = newest;
            fanout.outlets.values_mut().for_each(Outlet::fall_behind);
            let moved = fanout.take_moved(room);
            Some(Flush { structured: None, plain: None, typing, moved, count })
        }
    }
}

/// Encodes what is new in each form that somebody reads; both end at the same
/// event.
fn encode_new(
    room: &Room<Payload>,
    fanout: &mut Fanout,
    newest: Seq,
) -> Result<(Option<Run>, Option<Run>), (Seq, Seq)> {
    let encode = |form, until, budget| Run::encode(room, form, fanout.flushed, until, budget);
    let plain = fanout.outlets.values().any(|outlet| outlet.form == Form::Plain);
    let structured = fanout.outlets.values().any(|outlet| outlet.form == Form::Structured);
    let structured = structured.then(|| encode(Form::Structured, newest, RUN_BYTES)).transpose()?;
    let until = structured.as_ref().map_or(newest, Run::last);
    let plain = plain.then(|| encode(Form::Plain, until, RUN_BYTES)).transpose()?;
    let end = [&structured, &plain].into_iter().flatten().map(Run::last).min();
    fanout.flushed = end.unwrap_or(newest);
    Ok((structured, plain))
}

/// Lets the next of those who are behind go on; whether there are some.
fn give_turns(state: &mut State, id: RoomId) -> bool {
    let Some(Fanout { turns, outlets, .. }) = state.fanouts.get_mut(&id) else { return false };
    let wanted = turns.is_wanted();
    for next in turns.next() {
        if let Some(outlet) = outlets.get_mut(&next) {
            outlet.give_turn();
        }
    }
    wanted
}

/// Writes to the next connections; the last of them, where more may follow.
fn write_some(
    shard: &Shard,
    id: RoomId,
    flush: &Flush,
    after: Bound<ConnectionId>,
) -> Option<ConnectionId> {
    let mut state = shard.lock();
    give_turns(&mut state, id);
    let fanout = state.fanouts.get_mut(&id)?;
    let mut last = None;
    for (id, outlet) in fanout.outlets.range_mut((after, Bound::Unbounded)).take(TURN) {
        last = Some(*id);
        outlet.flushed();
        let run = match outlet.form {
            Form::Structured => &flush.structured,
            Form::Plain => &flush.plain,
        };
        if let Some(run) = run {
            outlet.offer(run);
        }
        if outlet.form == Form::Structured && flush.has_passing() {
            let passed = outlet.passing(&flush.passing(id.session));
            if !passed && flush.moved.iter().any(|(who, _)| *who != id.session) {
                outlet.owe_states();
            }
        }
    }
    last
}

impl Flush {
    fn has_passing(&self) -> bool {
        self.count.is_some() || !self.typing.is_empty() || !self.moved.is_empty()
    }

    /// What isn't of the log, for one who needn't be told of itself.
    fn passing(&self, session: SessionId) -> Vec<u8> {
        let mut frames = self.count.clone().unwrap_or_default();
        for (typist, on) in self.typing.iter().filter(|(typist, _)| typist.session != session) {
            encode::typing(&mut frames, typist.session, *on);
        }
        for (who, is) in self.moved.iter().filter(|(who, _)| *who != session) {
            encode::state(&mut frames, *who, *is);
        }
        frames
    }
}
