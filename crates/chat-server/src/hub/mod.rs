//! Rooms and the connections that are in them.
//!
//! The hub is a number of shards that share nothing but counters. A shard has
//! a thread, a runtime and a lock of its own, and everything of a room happens
//! on its shard. A connection is a cursor into its room's log
//! ([`outlet`]); what is new is encoded once and written to all by the room's
//! flusher ([`fanout`]).

mod census;
mod closing;
mod encode;
mod fanout;
mod memory;
mod outlet;
mod payload;
mod run;
mod seat;
mod shard;
mod turns;
mod wants;

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chat_core::{EndReason, FindError, OpenError, PlainToken, RoomId, Wishes};
use tokio::time::{Instant, sleep_until, timeout_at};

pub(crate) use census::Census;
pub(crate) use closing::Closing;
pub(crate) use encode::{error, put, welcome};
pub(crate) use memory::check;
pub(crate) use payload::Payload;
pub(crate) use seat::{Admission, Seat};
pub(crate) use shard::Shard;
pub(crate) use wants::{Peer, Wants};

use crate::clock::Clock;
use crate::config::Config;
use crate::watch::{Meter, kind};

/// All rooms of the server.
pub(crate) struct Hub {
    shards: Vec<Arc<Shard>>,
    /// Sealed rooms have ids that clients choose: which shard they fall to must
    /// not be for clients to choose.
    spread: RandomState,
    rooms: Arc<AtomicUsize>,
    config: Arc<Config>,
    meter: Arc<Meter>,
}

impl Hub {
    /// Starts the shards' threads.
    ///
    /// # Errors
    /// When the system has no more threads or files, or a room has no place in
    /// the memory for rooms.
    pub(crate) fn start(
        config: &Arc<Config>,
        clock: Clock,
        meter: &Arc<Meter>,
    ) -> io::Result<Self> {
        let budget = memory::budget(config)?;
        let rooms = Arc::new(AtomicUsize::new(0));
        let shards = (0..config.shards.max(1))
            .map(|n| Shard::start(n, config, clock, rooms.clone(), budget.clone(), meter))
            .collect::<io::Result<_>>()?;
        let spread = RandomState::new();
        Ok(Self { shards, spread, rooms, config: config.clone(), meter: meter.clone() })
    }

    /// Opens a plain room.
    ///
    /// # Errors
    /// When there are too many rooms, or no memory is left for another.
    pub(crate) fn create(&self, wishes: &Wishes) -> Result<PlainToken, OpenError> {
        let token = PlainToken::generate(&mut rand::rng());
        self.open(RoomId::Plain(token), wishes).map(|()| token)
    }

    /// Opens a room where there is none.
    ///
    /// # Errors
    /// When there are too many rooms, no memory is left for another, or this one
    /// ended a short while ago.
    pub(crate) fn open(&self, id: RoomId, wishes: &Wishes) -> Result<(), OpenError> {
        let shard = self.shard(id);
        // Counted before it is there, so that shards need not wait for another.
        let before = self.rooms.fetch_add(1, Ordering::Relaxed);
        let full = self.config.limits.rooms.is_some_and(|max| before >= max.get());
        let opened = match full {
            true => shard.knows(id).then_some(false).ok_or(OpenError::TooManyRooms),
            false => shard.open(id, wishes),
        };
        match opened {
            Ok(true) => self.meter.opened.add(kind(id)),
            _ => {
                self.rooms.fetch_sub(1, Ordering::Relaxed);
            }
        }
        opened.map(|_| ())
    }

    /// The shard that a room lives on.
    ///
    /// # Errors
    /// When there is no such room.
    pub(crate) fn find(&self, id: RoomId) -> Result<&Arc<Shard>, FindError> {
        let shard = self.shard(id);
        shard.find(id).map(|()| shard)
    }

    /// How many rooms there are.
    pub(crate) fn rooms(&self) -> usize {
        self.rooms.load(Ordering::Relaxed)
    }

    /// Waits until every shard's thread has done something.
    pub(crate) async fn answers(&self) {
        for shard in &self.shards {
            shard.answers().await;
        }
    }

    /// Ends all rooms: their members get what the logs hold, and are closed
    /// together. Rooms are spread over a part of the time until `deadline`, so
    /// that their members don't come back all at once.
    pub(crate) async fn shut_down(&self, deadline: Instant) {
        let rooms: Vec<_> = self.shards.iter().flat_map(|shard| shard.rooms()).collect();
        let start = Instant::now();
        let time = Duration::from_millis(rooms.len() as u64)
            .min(deadline.saturating_duration_since(start) / 2);
        for (n, id) in (0_u32..).zip(&rooms) {
            self.shard(*id).close(*id, EndReason::Shutdown);
            if n % 64 == 63 {
                sleep_until(start + time * n / u32::try_from(rooms.len()).unwrap_or(1)).await;
            }
        }
        for shard in &self.shards {
            // Past the deadline whoever has not taken the end is cut off.
            let _ = timeout_at(deadline, shard.empty()).await;
        }
    }

    fn shard(&self, id: RoomId) -> &Arc<Shard> {
        let n = self.spread.hash_one(id) % self.shards.len() as u64;
        &self.shards[usize::try_from(n).unwrap_or_default()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::timeout;

    #[tokio::test]
    async fn a_thread_that_hangs_does_not_answer() {
        let config = Arc::new(Config { shards: 2, ..Config::default() });
        let hub = Hub::start(&config, Clock::start(), &Arc::new(Meter::new(None))).unwrap();
        hub.answers().await;
        let (release, hangs) = std::sync::mpsc::channel::<()>();
        hub.shards[1].spawn(async move { assert!(hangs.recv().is_ok()) });
        assert!(timeout(Duration::from_millis(50), hub.answers()).await.is_err());
        release.send(()).unwrap();
        hub.answers().await;
    }
}
