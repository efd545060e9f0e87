//! A point in time that the caller reads from its own clock.

use core::time::Duration;

/// Milliseconds since 1970-01-01T00:00:00Z.
///
/// This crate never reads a clock: whoever calls it says what time it is. The
/// values given to one [`Registry`](crate::Registry) must not go backwards; a
/// server takes the wall time of its start plus the monotonic time since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The start of the epoch.
    pub const ZERO: Self = Self(0);

    /// From milliseconds since 1970.
    #[must_use]
    pub const fn from_millis(ms: u64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// This time plus `d`, in whole milliseconds; stops at the type's end.
    #[must_use]
    pub fn after(self, d: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(d.as_millis()).unwrap_or(u64::MAX)))
    }

    /// How long it is from `earlier` to this time; zero if `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}
