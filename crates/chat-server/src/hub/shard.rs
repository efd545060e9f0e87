//! A thread with the rooms that live on it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{io, net};

use chat_core::{
    Budget, EndReason, FindError, Limits, OpenError, Registry, RoomChange, RoomId, Wishes,
};
use tokio::net::TcpStream;
use tokio::runtime::{self, Handle};
use tokio::sync::{Notify, oneshot};
use tokio::time::sleep_until;

use super::fanout::Fanout;
use super::payload::Payload;
use crate::clock::Clock;
use crate::config::Config;
use crate::convert;
use crate::watch::{Meter, Tally};

/// A thread, its runtime, and what lives there. Nothing but opening, finding
/// and ending a room, and taking a seat in a plain one, is asked from outside.
pub(crate) struct Shard {
    pub(super) clock: Clock,
    runtime: Handle,
    state: Mutex<State>,
    /// Woken when a deadline may have come nearer.
    timer: Notify,
    /// Woken when the last connection is gone.
    emptied: Notify,
    rooms: Arc<AtomicUsize>,
    pub(super) meter: Arc<Meter>,
    pub(crate) tally: Tally,
    /// Ends the thread when it is dropped.
    _stop: oneshot::Sender<()>,
}

/// What the lock guards. It is never held across an await.
pub(super) struct State {
    pub(super) registry: Registry<Payload>,
    /// Only rooms that somebody is in have one.
    pub(super) fanouts: HashMap<RoomId, Fanout>,
}

impl Shard {
    pub(super) fn start(
        n: usize,
        config: &Arc<Config>,
        clock: Clock,
        rooms: Arc<AtomicUsize>,
        budget: Option<Arc<Budget>>,
        meter: &Arc<Meter>,
    ) -> io::Result<Arc<Self>> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        // The number of rooms is bounded over all shards, by the hub.
        let limits = Limits { rooms: None, ..config.limits.clone() };
        let registry = Registry::new(Arc::new(limits));
        let registry = match budget {
            Some(budget) => registry.sharing(budget),
            None => registry,
        };
        let shard = Arc::new(Self {
            clock,
            runtime: runtime.handle().clone(),
            state: Mutex::new(State { registry, fanouts: HashMap::new() }),
            timer: Notify::new(),
            emptied: Notify::new(),
            rooms,
            meter: meter.clone(),
            tally: Tally::new(),
            _stop: stop,
        });
        let weak = Arc::downgrade(&shard);
        shard.runtime.spawn(async move {
            while let Some(shard) = weak.upgrade() {
                shard.look_after_deadlines().await;
            }
        });
        std::thread::Builder::new().name(format!("shard-{n}")).spawn(move || {
            // It ends when the shard is dropped: nobody ever sends.
            let _ = runtime.block_on(stopped);
        })?;
        Ok(shard)
    }

    /// Runs a connection here.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(task);
    }

    /// Waits until this thread has come to a task that is new to it.
    pub(super) async fn answers(&self) {
        // Not even a task that panics could fail here: there is nothing in it.
        let _ = self.runtime.spawn(async {}).await;
    }

    /// Watches a socket here.
    pub(super) fn adopt(&self, socket: net::TcpStream) -> io::Result<TcpStream> {
        let _here = self.runtime.enter();
        TcpStream::from_std(socket)
    }

    /// `true` where the room is new.
    pub(super) fn open(&self, id: RoomId, wishes: &Wishes) -> Result<bool, OpenError> {
        let mut state = self.lock();
        let before = state.registry.len();
        state.registry.open(self.clock.now(), id, &mut rand::rng(), wishes)?;
        let new = state.registry.len() > before;
        drop(state);
        self.timer.notify_one();
        Ok(new)
    }

    pub(super) fn knows(&self, id: RoomId) -> bool {
        self.lock().registry.room(id).is_ok_and(|room| room.ended().is_none())
    }

    pub(super) fn find(&self, id: RoomId) -> Result<(), FindError> {
        match self.lock().registry.room(id)?.ended() {
            Some(_) => Err(FindError::Ended),
            None => Ok(()),
        }
    }

    pub(super) fn rooms(&self) -> Vec<RoomId> {
        self.lock().registry.ids().collect()
    }

    pub(super) fn close(&self, id: RoomId, why: EndReason) {
        let now = self.clock.now();
        let mut state = self.lock();
        // One that is gone meanwhile needs no end.
        let _ = state.registry.close(id, why, now);
        self.settle(&mut state);
    }

    /// Waits until no connection is left.
    pub(super) async fn empty(&self) {
        loop {
            let emptied = self.emptied.notified();
            if self.lock().fanouts.is_empty() {
                return;
            }
            emptied.await;
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // A panic is one connection's: what it left is still good for others.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// After a change of a room: its deadline may be nearer now.
    pub(super) fn touch(&self) {
        self.timer.notify_one();
    }

    /// After a connection's end.
    pub(super) fn left(&self, state: &State) {
        if state.fanouts.is_empty() {
            self.emptied.notify_waiters();
        }
    }

    async fn look_after_deadlines(&self) {
        let now = self.clock.now();
        let next = {
            let mut state = self.lock();
            state.registry.handle_timeout(now);
            self.settle(&mut state);
            state.registry.poll_timeout()
        };
        // At least now and then, so that a shard that is dropped ends.
        let idle = now.after(std::time::Duration::from_secs(1));
        let next = next.unwrap_or(idle).min(idle);
        tokio::select! {
            () = sleep_until(self.clock.instant(next)) => {}
            () = self.timer.notified() => {}
        }
    }

    fn settle(&self, state: &mut State) {
        let State { registry, fanouts } = state;
        while let Some(change) = registry.poll_change() {
            match change {
                RoomChange::News(id) => {
                    if let (Ok(room), Some(fanout)) = (registry.room(id), fanouts.get_mut(&id)) {
                        fanout.people_changed(room);
                    }
                }
                RoomChange::Ended(id, why) => {
                    if let Some(fanout) = fanouts.get_mut(&id) {
                        fanout.end(convert::end(why));
                    }
                }
                RoomChange::Gone(id, why) => {
                    self.rooms.fetch_sub(1, Ordering::Relaxed);
                    self.meter.room_gone(why);
                    if let Some(fanout) = fanouts.get_mut(&id) {
                        fanout.abandon();
                    }
                }
            }
        }
    }
}
