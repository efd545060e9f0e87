//! A token bucket on the caller's time, exact and without floating point.

use core::time::Duration;

use crate::Timestamp;

/// How often something may happen: `tokens` each `per`, and `burst` at once.
///
/// "No limit" is not a rate; where there may be none, the caller keeps an
/// `Option<Rate>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many tokens come back in each `per`; with 0 none ever does.
    pub tokens: u32,
    /// The time in which `tokens` come back, counted in whole milliseconds,
    /// from 1 up to about 49 days; anything else counts as the nearer end.
    pub per: Duration,
    /// How many a full bucket holds; with 0 nothing ever passes.
    pub burst: u32,
}

impl Rate {
    /// What one token weighs: one millisecond gives back `tokens` of weight, so
    /// `per` milliseconds give back `tokens` tokens, without a fraction anywhere.
    fn weight(&self) -> u64 {
        u64::from(u32::try_from(self.per.as_millis()).unwrap_or(u32::MAX)).max(1)
    }
}

/// How much of a [`Rate`] has been used up, in 16 bytes.
///
/// A bucket belongs to one rate: hand it the same one each time. It is exact
/// over any length of time, since what trickles back is counted in whole units
/// that divide both a millisecond and a token.
///
/// ```
/// use core::time::Duration;
/// use chat_core::{Bucket, Rate, Timestamp};
///
/// let rate = Rate { tokens: 2, per: Duration::from_secs(1), burst: 1 };
/// let now = Timestamp::from_millis(10_000);
/// let mut bucket = Bucket::new(now);
/// assert_eq!(bucket.take(&rate, now), Ok(()));
/// assert_eq!(bucket.take(&rate, now), Err(Timestamp::from_millis(10_500)));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    /// What is missing to a full bucket at `at`, in the rate's weights. At most
    /// `burst` × `per`, both below 2^32.
    missing: u64,
    at: Timestamp,
}

impl Bucket {
    /// A full bucket.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self { missing: 0, at: now }
    }

    /// Takes one token. A `now` before an earlier call's counts as that one.
    ///
    /// # Errors
    ///
    /// Where there is no token: the first time at which there will be one, which
    /// is the type's last one for a rate that never gives any. Nothing is taken.
    pub fn take(&mut self, rate: &Rate, now: Timestamp) -> Result<(), Timestamp> {
        self.missing = self.missing_at(rate, now);
        self.at = self.at.max(now);

        let weight = rate.weight();
        let after = self.missing.saturating_add(weight);
        let over = after.saturating_sub(u64::from(rate.burst) * weight);
        if over == 0 {
            self.missing = after;
            return Ok(());
        }
        if rate.tokens == 0 || rate.burst == 0 {
            return Err(Timestamp::from_millis(u64::MAX));
        }
        let wait = over.div_ceil(u64::from(rate.tokens));
        Err(self.at.after(Duration::from_millis(wait)))
    }

    /// Whether nothing is missing, so that the bucket may be forgotten: a new
    /// one would do the same.
    #[must_use]
    pub fn is_full(&self, rate: &Rate, now: Timestamp) -> bool {
        self.missing_at(rate, now) == 0
    }

    fn missing_at(&self, rate: &Rate, now: Timestamp) -> u64 {
        let elapsed = now.as_millis().saturating_sub(self.at.as_millis());
        self.missing.saturating_sub(elapsed.saturating_mul(u64::from(rate.tokens)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    fn rate(tokens: u32, per_ms: u64, burst: u32) -> Rate {
        Rate { tokens, per: Duration::from_millis(per_ms), burst }
    }

    #[test]
    fn a_bucket_is_small() {
        assert_eq!(size_of::<Bucket>(), 16);
    }

    #[test]
    fn a_full_bucket_holds_the_burst() {
        let rate = rate(20, 1000, 40);
        let mut bucket = Bucket::new(at(5));
        for _ in 0..40 {
            assert_eq!(bucket.take(&rate, at(5)), Ok(()));
        }
        assert_eq!(bucket.take(&rate, at(5)), Err(at(55)));
    }

    #[test]
    fn it_says_when_the_next_token_is_there() {
        let rate = rate(3, 1000, 1);
        let mut bucket = Bucket::new(at(0));
        assert_eq!(bucket.take(&rate, at(0)), Ok(()));
        assert_eq!(bucket.take(&rate, at(100)), Err(at(334)));
        assert_eq!(bucket.take(&rate, at(333)), Err(at(334)));
        assert_eq!(bucket.take(&rate, at(334)), Ok(()));
    }

    #[test]
    fn it_fills_up_to_the_burst_and_no_further() {
        let rate = rate(1, 10, 2);
        let mut bucket = Bucket::new(at(0));
        assert_eq!(bucket.take(&rate, at(1_000_000)), Ok(()));
        assert!(!bucket.is_full(&rate, at(1_000_009)));
        assert!(bucket.is_full(&rate, at(1_000_010)));
        assert_eq!(bucket.take(&rate, at(2_000_000)), Ok(()));
        assert_eq!(bucket.take(&rate, at(2_000_000)), Ok(()));
        assert_eq!(bucket.take(&rate, at(2_000_000)), Err(at(2_000_010)));
    }

    #[test]
    fn time_that_goes_back_gives_nothing() {
        let rate = rate(1, 100, 1);
        let mut bucket = Bucket::new(at(500));
        assert_eq!(bucket.take(&rate, at(500)), Ok(()));
        assert_eq!(bucket.take(&rate, at(0)), Err(at(600)));
        assert_eq!(bucket.take(&rate, at(599)), Err(at(600)));
        assert_eq!(bucket.take(&rate, at(600)), Ok(()));
    }

    #[test]
    fn years_of_thirds_of_a_second_lose_nothing() {
        let rate = rate(3, 1000, 1);
        let mut bucket = Bucket::new(at(0));
        let year = 365 * 24 * 3600 * 1000;
        let mut taken = 0;
        for start in [0, year, 2 * year] {
            for ms in start..start + 60_000 {
                taken += u32::from(bucket.take(&rate, at(ms)).is_ok());
            }
        }
        // 180 in a minute; the first token of each minute was there already.
        assert_eq!(taken, 3 * 180);
    }

    #[test]
    fn the_largest_rates_do_not_overflow() {
        let slow = rate(1, u64::MAX, u32::MAX);
        let mut bucket = Bucket::new(at(0));
        for _ in 0..100 {
            assert_eq!(bucket.take(&slow, at(0)), Ok(()));
        }
        let fast = rate(u32::MAX, 1, 1);
        let mut bucket = Bucket::new(at(0));
        assert_eq!(bucket.take(&fast, at(u64::MAX)), Ok(()));
        assert_eq!(bucket.take(&fast, at(u64::MAX)), Err(at(u64::MAX)));
    }

    #[test]
    fn a_rate_of_nothing_lets_nothing_pass() {
        let never = Err(at(u64::MAX));
        let mut bucket = Bucket::new(at(0));
        assert_eq!(bucket.take(&rate(1, 1, 0), at(1000)), never);
        assert_eq!(bucket.take(&rate(0, 1, 1), at(1000)), Ok(()));
        assert_eq!(bucket.take(&rate(0, 1, 1), at(9000)), never);
    }

    /// What a bucket should hold, by walking through each millisecond.
    struct Walk {
        rate: Rate,
        /// In parts of 1/per of a token.
        held: u64,
        now: u64,
    }

    impl Walk {
        fn per(&self) -> u64 {
            self.rate.per.as_millis() as u64
        }

        fn to(&mut self, now: u64) {
            let full = u64::from(self.rate.burst) * self.per();
            while self.now < now {
                self.now += 1;
                self.held = full.min(self.held + u64::from(self.rate.tokens));
            }
        }

        fn take(&mut self, now: u64) -> Result<(), Timestamp> {
            self.to(now);
            if self.held >= self.per() {
                self.held -= self.per();
                return Ok(());
            }
            let mut later = Self { ..*self };
            while later.held < later.per() {
                later.to(later.now + 1);
            }
            Err(at(later.now))
        }
    }

    proptest! {
        #[test]
        fn it_does_what_a_walk_through_each_millisecond_does(
            tokens in 1..50u32,
            per in 1..500u64,
            burst in 1..5u32,
            start in 0..1_000_000u64,
            steps in prop::collection::vec(prop_oneof![Just(0), 0..3u64, 0..600u64], 1..60),
        ) {
            let rate = rate(tokens, per, burst);
            let mut bucket = Bucket::new(at(start));
            let mut walk = Walk { rate, held: u64::from(burst) * per, now: start };
            let mut now = start;
            let mut seen = Vec::new();
            for step in steps {
                now += step;
                walk.to(now);
                prop_assert_eq!(
                    bucket.is_full(&rate, at(now)),
                    walk.held == u64::from(burst) * per
                );
                let taken = bucket.take(&rate, at(now));
                prop_assert_eq!(taken, walk.take(now));
                seen.push(taken);
            }
            prop_assert!(seen[0].is_ok());
        }
    }
}
