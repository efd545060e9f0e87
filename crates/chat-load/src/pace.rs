//! How fast messages are sent.

/// Either by the clock or by what comes back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Pace {
    /// So many a second into each room, over all of its senders.
    Rate(f64),
    /// So many of each sender on their way.
    Window(u32),
}

impl Pace {
    /// The rate, where it is one.
    pub(crate) fn rate(self) -> Option<f64> {
        match self {
            Self::Rate(rate) => Some(rate),
            Self::Window(_) => None,
        }
    }

    /// The window, where it is one.
    pub(crate) fn window(self) -> Option<u32> {
        match self {
            Self::Rate(_) => None,
            Self::Window(window) => Some(window),
        }
    }
}

/// When messages are due that are sent by the clock: evenly spaced in each room, and the rooms
/// evenly spaced among each other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Metronome {
    start: u64,
    /// Nanoseconds between two messages, over all rooms.
    step: f64,
    next: u64,
}

impl Metronome {
    /// Begins at `start`; `rate` is a second's messages over all rooms.
    pub(crate) fn new(start: u64, rate: f64) -> Self {
        Self { start, step: 1e9 / rate, next: 0 }
    }

    /// When the next is due.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a float of nanoseconds is exact for weeks, and never negative"
    )]
    pub(crate) fn due(&self) -> u64 {
        self.start + (self.next as f64 * self.step) as u64
    }

    /// The number of the next and when it is due, where that is not after `now`.
    pub(crate) fn take(&mut self, now: u64) -> Option<(u64, u64)> {
        let due = self.due();
        (due <= now).then(|| {
            self.next += 1;
            (self.next - 1, due)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_due_at_even_steps_and_late_ones_keep_their_time() {
        let mut beat = Metronome::new(1000, 1e8);
        assert_eq!(beat.take(999), None);
        assert_eq!(beat.take(1000), Some((0, 1000)));
        assert_eq!(beat.take(1009), None);
        assert_eq!(beat.due(), 1010);
        assert_eq!(beat.take(5000), Some((1, 1010)));
        assert_eq!(beat.take(5000), Some((2, 1020)));
    }
}
