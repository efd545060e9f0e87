//! Every bound of this crate, with its default.

use core::num::{NonZeroU32, NonZeroUsize};
use core::time::Duration;

use crate::bucket::Rate;

/// Bounds on rooms and what they hold. [`Limits::default`] is what
/// docs/protocol.md, section 4.4 calls the defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rooms at once; `None` for no limit. Default 100,000.
    pub rooms: Option<NonZeroUsize>,
    /// People in a room; `None` for no limit. Default 256.
    pub room_max: Option<NonZeroU32>,
    /// A room whose `max` is above this, or unlimited, tells a count of people
    /// instead of who comes and goes, which would grow with the square.
    /// Default 256.
    pub listed_max: u32,
    /// How long a room lives at most, and lives where no wish is made.
    /// Default 24 h.
    pub room_ttl: Duration,
    /// The shortest lifetime that can be wished for. Default 1 min; a
    /// `room_ttl` below it counts instead.
    pub room_ttl_min: Duration,
    /// How long an empty room waits for somebody. Default 10 min.
    pub empty_ttl: Duration,
    /// The same before its first message, when its token may still be on its
    /// way to people. Default 1 h; an `empty_ttl` above it counts instead.
    pub unused_ttl: Duration,
    /// How long a room that ended stays readable for those who have not read
    /// all of it. Default 15 s.
    pub linger: Duration,
    /// How long the id of a room that ended is remembered. Default 1 h.
    pub ended_ttl: Duration,
    /// How many of those are remembered at most, the oldest forgotten first.
    /// Default 10,000.
    pub ended_rooms: usize,
    /// Events that a newcomer is shown of what was before, where no wish is
    /// made; cut to `log_events`. Default 100.
    pub history: u32,
    /// Events in a room's log. Default 512.
    pub log_events: NonZeroU32,
    /// Bytes in a room's log, its own bookkeeping included. The newest event
    /// is kept whatever its size. Default 1 MiB.
    pub log_bytes: NonZeroUsize,
    /// How long somebody whose connection is lost stays in the list, with
    /// nickname and place. Default 60 s.
    pub grace: Duration,
    /// The same for a page that is closed or reloaded; a `grace` below it
    /// counts instead. Default 10 s.
    pub reload_grace: Duration,
    /// How long a session can be resumed after its grace is over. Default 1 h.
    pub remember: Duration,
    /// How many such sessions a room remembers at most, the oldest forgotten
    /// first; never more than it has places. Default 1,024.
    pub remembered: u32,
    /// How many of its newest message ids a session is known by, so that a
    /// message that comes again isn't taken again. Default 256.
    pub message_ids: usize,
    /// How fast a session may send; `None` for no limit. Default 20 a second
    /// with a burst of 40.
    pub message_rate: Option<Rate>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rooms: NonZeroUsize::new(100_000),
            room_max: NonZeroU32::new(256),
            listed_max: 256,
            room_ttl: Duration::from_secs(24 * 3600),
            room_ttl_min: Duration::from_secs(60),
            empty_ttl: Duration::from_secs(600),
            unused_ttl: Duration::from_secs(3600),
            linger: Duration::from_secs(15),
            ended_ttl: Duration::from_secs(3600),
            ended_rooms: 10_000,
            history: 100,
            log_events: NonZeroU32::MIN.saturating_add(511),
            log_bytes: NonZeroUsize::MIN.saturating_add((1 << 20) - 1),
            grace: Duration::from_secs(60),
            reload_grace: Duration::from_secs(10),
            remember: Duration::from_secs(3600),
            remembered: 1024,
            message_ids: 256,
            message_rate: Some(Rate { tokens: 20, per: Duration::from_secs(1), burst: 40 }),
        }
    }
}

/// What somebody who opens a room would like; nothing is refused, a wish
/// beyond a bound is cut to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The room's lifetime.
    pub ttl: Option<Duration>,
    /// People in the room, at least 1.
    pub max: Option<u32>,
    /// Events shown to newcomers; 0 for none.
    pub history: Option<u32>,
}

/// What holds in a room, out of [`Wishes`] and [`Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomOptions {
    /// The room's lifetime.
    pub ttl: Duration,
    /// People in the room; `None` for no limit.
    pub max: Option<NonZeroU32>,
    /// Events shown to newcomers.
    pub history: u32,
}

impl Limits {
    /// What holds in a room for which these wishes were made.
    #[must_use]
    pub fn grant(&self, wishes: &Wishes) -> RoomOptions {
        let shortest = self.room_ttl_min.min(self.room_ttl);
        let ttl = wishes.ttl.unwrap_or(self.room_ttl).clamp(shortest, self.room_ttl);
        let wished = wishes.max.map(|n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN));
        let max = match (wished, self.room_max) {
            (Some(wish), Some(bound)) => Some(wish.min(bound)),
            (wish, bound) => wish.or(bound),
        };
        let history = wishes.history.unwrap_or(self.history).min(self.log_events.get());
        RoomOptions { ttl, max, history }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_cut_to_the_bounds() {
        let limits = Limits::default();
        let all = |ttl_s, max, history| Wishes {
            ttl: Some(Duration::from_secs(ttl_s)),
            max: Some(max),
            history: Some(history),
        };
        let held = limits.grant(&all(1, 0, 0));
        assert_eq!(held.ttl, Duration::from_secs(60));
        assert_eq!(held.max, Some(NonZeroU32::MIN));
        assert_eq!(held.history, 0);
        let held = limits.grant(&all(u64::MAX, u32::MAX, u32::MAX));
        assert_eq!(held.ttl, limits.room_ttl);
        assert_eq!(held.max, limits.room_max);
        assert_eq!(held.history, 512);
        assert_eq!(limits.grant(&Wishes::default()).history, 100);
    }

    #[test]
    fn a_lifetime_below_the_shortest_wish_still_holds() {
        let limits = Limits { room_ttl: Duration::from_secs(2), ..Limits::default() };
        assert_eq!(limits.grant(&Wishes::default()).ttl, Duration::from_secs(2));
    }
}
