//! How long to wait before the next attempt (protocol, section 4.3).

use std::time::Duration;

/// The upper end of the first delay; it doubles with each attempt.
const FIRST_MS: f64 = 500.0;

/// The longest delay.
const LONGEST_MS: f64 = 30_000.0;

/// The longest that a server may ask to wait beyond that.
const ASKED_AT_MOST: Duration = Duration::from_secs(300);

/// Full jitter: each delay is a random part of one that doubles, so that those whose connections
/// broke together don't come back together.
pub(super) struct Backoff {
    random: Box<dyn FnMut() -> f64 + Send>,
    attempts: i32,
}

impl Backoff {
    /// `random` draws a fraction, 0 included and 1 not.
    pub(super) fn new(random: impl FnMut() -> f64 + Send + 'static) -> Self {
        Self { random: Box::new(random), attempts: 0 }
    }

    /// It worked: the next delay is a short one.
    pub(super) fn reset(&mut self) {
        self.attempts = 0;
    }

    /// The next delay; `asked` is what the server asks to wait at least.
    pub(super) fn next(&mut self, asked: Option<Duration>) -> Duration {
        let longest = LONGEST_MS.min(FIRST_MS * 2_f64.powi(self.attempts.min(30)));
        self.attempts += 1;
        // A fraction of less than a minute is a whole number of milliseconds that fits.
        let ms = ((self.random)() * longest).floor().max(0.0) as u64;
        Duration::from_millis(ms) + asked.unwrap_or_default().min(ASKED_AT_MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::Backoff;
    use std::time::Duration;

    #[test]
    fn delays_double_up_to_the_longest_and_begin_anew() {
        let mut backoff = Backoff::new(|| 0.5);
        let mut next = || backoff.next(None).as_millis();
        let delays: Vec<_> = std::iter::repeat_with(&mut next).take(9).collect();
        assert_eq!(delays, [250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
        for _ in 0..100 {
            assert_eq!(backoff.next(None).as_millis(), 15_000);
        }
        backoff.reset();
        assert_eq!(backoff.next(None).as_millis(), 250);
        assert_eq!(backoff.next(Some(Duration::from_secs(7))).as_millis(), 7500);
        assert_eq!(backoff.next(Some(Duration::MAX)).as_millis(), 301_000);
    }
}
