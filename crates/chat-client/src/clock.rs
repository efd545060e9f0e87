//! A session's clock.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant, SystemTime},
};

use chat_core::Timestamp;

/// How often it is looked whether the machine has slept.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// A machine that missed less than this has not slept.
const SLEPT: Duration = Duration::from_secs(2);

/// Wall time of the start plus monotonic time since, so that it never goes backwards; what the
/// machine slept is added, for which many a monotonic clock stands still.
pub(crate) struct Clock {
    instant: Instant,
    wall: Timestamp,
    slept_ms: AtomicU64,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { instant: Instant::now(), wall: wall(), slept_ms: AtomicU64::new(0) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let slept = Duration::from_millis(self.slept_ms.load(Ordering::Relaxed));
        self.wall.after(self.instant.elapsed() + slept)
    }

    /// When to look at the clock again: at this time, and now and then.
    pub(crate) fn due(&self, at: Option<Timestamp>) -> Instant {
        let wait = at.map_or(LOOK_EVERY, |at| at.since(self.now()).min(LOOK_EVERY));
        Instant::now() + wait
    }

    /// Adds what the machine has slept; whether it has.
    pub(crate) fn catch_up(&self) -> bool {
        self.catch_up_with(wall())
    }

    fn catch_up_with(&self, wall: Timestamp) -> bool {
        let missed = wall.since(self.now());
        if missed < SLEPT {
            return false;
        }
        let ms = u64::try_from(missed.as_millis()).unwrap_or(u64::MAX);
        self.slept_ms.fetch_add(ms, Ordering::Relaxed);
        true
    }
}

fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::ZERO.after(since)
}

#[cfg(test)]
mod tests {
    use super::{Clock, LOOK_EVERY};
    use std::time::{Duration, Instant};

    #[test]
    fn a_sleep_is_noticed_once_and_counts() {
        let clock = Clock::start();
        let before = clock.now();
        assert!(!clock.catch_up());
        assert!(!clock.catch_up_with(before.after(Duration::from_secs(1))));
        let woke = before.after(Duration::from_secs(3600));
        assert!(clock.catch_up_with(woke));
        assert!(clock.now() >= woke && !clock.catch_up_with(woke));
        // A wall clock that is set back changes nothing.
        assert!(!clock.catch_up_with(before));
        assert!(clock.now() >= woke);
    }

    #[test]
    fn it_is_looked_at_in_time_and_now_and_then() {
        let clock = Clock::start();
        let soon = clock.now().after(Duration::from_millis(500));
        assert!(clock.due(Some(soon)) <= Instant::now() + Duration::from_millis(501));
        let late = clock.now().after(Duration::from_secs(3600));
        assert!(clock.due(Some(late)) <= Instant::now() + LOOK_EVERY);
        assert!(clock.due(None) <= Instant::now() + LOOK_EVERY);
    }
}
