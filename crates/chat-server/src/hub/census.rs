//! What there is in all rooms, counted when somebody asks.

use std::sync::Arc;

use chat_core::RoomId;
use tokio::task::yield_now;

use super::run::Form;
use super::{Hub, Shard};
use crate::watch::Totals;

/// How many rooms are looked at under one lock, so that nobody waits for it.
const ROOMS_AT_ONCE: usize = 64;

/// What there is. Rooms that ended aren't counted, and those who still read in
/// them are.
#[derive(Debug, Default)]
pub(crate) struct Census {
    pub(crate) sealed_rooms: u64,
    pub(crate) plain_rooms: u64,
    pub(crate) members: u64,
    pub(crate) log_bytes: u64,
    pub(crate) structured: u64,
    pub(crate) plain: u64,
    pub(crate) behind: u64,
}

impl Hub {
    /// Looks through all rooms, a few at a time.
    pub(crate) async fn census(&self) -> Census {
        let mut census = Census::default();
        for shard in &self.shards {
            let mut last = None;
            loop {
                last = count_some(shard, last, &mut census);
                if last.is_none() {
                    break;
                }
                yield_now().await;
            }
        }
        census
    }

    /// What has happened in all rooms.
    pub(crate) fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for shard in &self.shards {
            shard.tally.add_to(&mut totals);
        }
        totals
    }
}

/// Counts the next rooms; the last of them, where more may follow.
fn count_some(shard: &Arc<Shard>, after: Option<RoomId>, census: &mut Census) -> Option<RoomId> {
    let state = shard.lock();
    let (mut last, mut looked) = (None, 0);
    for room in state.registry.rooms_after(after).take(ROOMS_AT_ONCE) {
        (last, looked) = (Some(room.id()), looked + 1);
        census.log_bytes += room.log_bytes() as u64;
        if room.ended().is_none() {
            match room.id() {
                RoomId::Sealed(_) => census.sealed_rooms += 1,
                RoomId::Plain(_) => census.plain_rooms += 1,
            }
            census.members += room.len() as u64;
        }
        let Some(fanout) = state.fanouts.get(&room.id()) else { continue };
        for outlet in fanout.outlets.values() {
            census.behind += u64::from(outlet.is_behind());
            match outlet.form {
                Form::Structured => census.structured += 1,
                Form::Plain => census.plain += 1,
            }
        }
    }
    last.filter(|_| looked == ROOMS_AT_ONCE)
}
