//! What is counted in the measured window.

use hdrhistogram::Histogram;
use serde::Serialize;

use crate::failure::Failure;

/// Counts of one kind of rooms.
#[derive(Debug)]
pub(crate) struct Tally {
    counting: bool,
    pub(crate) sent: u64,
    pub(crate) deliveries: u64,
    pub(crate) bytes: u64,
    /// In microseconds.
    latency: Histogram<u64>,
}

/// Latencies in microseconds; `None` where nothing came.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Latency {
    pub(crate) p50: Option<u64>,
    pub(crate) p99: Option<u64>,
    pub(crate) max: Option<u64>,
}

impl Tally {
    pub(crate) fn new() -> Result<Self, Failure> {
        /// Ten minutes: what takes longer counts as that.
        const LONGEST: u64 = 600_000_000;
        let latency = Histogram::new_with_bounds(1, LONGEST, 3)
            .map_err(|error| Failure::new(format!("latencies can't be counted: {error}")))?;
        Ok(Self { counting: false, sent: 0, deliveries: 0, bytes: 0, latency })
    }

    /// Begins to count, from zero.
    pub(crate) fn begin(&mut self) {
        self.latency.reset();
        (self.sent, self.deliveries, self.bytes) = (0, 0, 0);
        self.counting = true;
    }

    pub(crate) const fn end(&mut self) {
        self.counting = false;
    }

    #[inline]
    pub(crate) const fn sent(&mut self, messages: u64) {
        if self.counting {
            self.sent += messages;
        }
    }

    #[inline]
    pub(crate) const fn read(&mut self, bytes: usize) {
        if self.counting {
            self.bytes += bytes as u64;
        }
    }

    /// A message that was due at `due` and came at `now`.
    #[inline]
    pub(crate) fn delivered(&mut self, due: u64, now: u64) {
        if self.counting {
            self.deliveries += 1;
            self.latency.saturating_record(now.saturating_sub(due) / 1000);
        }
    }

    pub(crate) fn latency(&self) -> Latency {
        let some = !self.latency.is_empty();
        let at = |quantile| some.then(|| self.latency.value_at_quantile(quantile));
        Latency { p50: at(0.5), p99: at(0.99), max: some.then(|| self.latency.max()) }
    }
}
