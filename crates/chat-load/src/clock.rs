//! The times of a run: nanoseconds since it began, and milliseconds since 1970.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A clock whose times fit into a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(Instant);

impl Clock {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Nanoseconds since the start: enough for five centuries.
    #[allow(clippy::cast_possible_truncation, reason = "no run lasts for five centuries")]
    pub(crate) fn now(self) -> u64 {
        self.0.elapsed().as_nanos() as u64
    }

    /// The time that is `span` from now.
    pub(crate) fn after(self, span: Duration) -> u64 {
        self.now().saturating_add(nanos(span))
    }
}

/// A span in the clock's unit.
pub(crate) fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

/// Milliseconds since 1970.
pub(crate) fn wall_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}
