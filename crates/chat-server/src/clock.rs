//! The server's one clock.

use std::time::{Duration, SystemTime};

use chat_core::Timestamp;
use tokio::time::Instant;

/// Wall time at the start plus monotonic time since, so that it never goes
/// back however the machine's clock is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: Timestamp,
    since: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        let wall = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { start: Timestamp::ZERO.after(wall), since: Instant::now() }
    }

    /// When it was started.
    pub(crate) fn started(&self) -> Timestamp {
        self.start
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.start.after(self.since.elapsed())
    }

    /// When the clock will show `at`. A millisecond is added, since a
    /// [`Timestamp`] is cut to whole ones and must be reached.
    pub(crate) fn instant(&self, at: Timestamp) -> Instant {
        self.since + at.since(self.start) + Duration::from_millis(1)
    }
}
