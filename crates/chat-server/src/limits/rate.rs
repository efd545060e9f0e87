//! How often each address may do something.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chat_core::{Bucket, Rate, Timestamp};

use super::{ADDRESSES, block};

/// How often all addresses are looked through for those to be forgotten.
const SWEEP: Duration = Duration::from_secs(1);

/// How often each address may do something.
pub(crate) struct AddressLimit {
    rate: Option<Rate>,
    exempt_loopback: bool,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    buckets: HashMap<IpAddr, Bucket>,
    swept: Timestamp,
}

impl AddressLimit {
    pub(crate) fn new(rate: Option<Rate>, exempt_loopback: bool) -> Self {
        Self { rate, exempt_loopback, known: Mutex::default() }
    }

    /// Does it once, if it may be done.
    ///
    /// # Errors
    /// How long to wait.
    pub(crate) fn take(&self, address: IpAddr, now: Timestamp) -> Result<(), Duration> {
        self.with(address, now, |bucket, rate| bucket.take(rate, now))
    }

    /// Whether it may be done, without doing it.
    ///
    /// # Errors
    /// How long to wait.
    pub(crate) fn check(&self, address: IpAddr, now: Timestamp) -> Result<(), Duration> {
        self.with(address, now, |bucket, rate| { *bucket }.take(rate, now))
    }

    fn with(
        &self,
        address: IpAddr,
        now: Timestamp,
        ask: impl FnOnce(&mut Bucket, &Rate) -> Result<(), Timestamp>,
    ) -> Result<(), Duration> {
        let Some(rate) = &self.rate else { return Ok(()) };
        let address = block(address);
        if self.exempt_loopback && address.is_loopback() {
            return Ok(());
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.buckets.len() >= ADDRESSES && !known.buckets.contains_key(&address) {
            known.sweep(rate, now);
            if known.buckets.len() >= ADDRESSES {
                return Err(SWEEP);
            }
        }
        let bucket = known.buckets.entry(address).or_insert_with(|| Bucket::new(now));
        ask(bucket, rate).map_err(|until| until.since(now))
    }
}

impl Known {
    fn sweep(&mut self, rate: &Rate, now: Timestamp) {
        if now.since(self.swept) >= SWEEP {
            self.swept = now;
            self.buckets.retain(|_, bucket| !bucket.is_full(rate, now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    fn limit(exempt_loopback: bool) -> AddressLimit {
        let rate = Rate { tokens: 1, per: Duration::from_secs(1), burst: 2 };
        AddressLimit::new(Some(rate), exempt_loopback)
    }

    #[test]
    fn each_address_has_its_own() {
        let (limit, one, two) = (limit(false), [127, 0, 0, 1].into(), [127, 0, 0, 2].into());
        assert_eq!([limit.take(one, at(0)), limit.take(one, at(0))], [Ok(()), Ok(())]);
        assert_eq!(limit.check(one, at(0)), Err(Duration::from_secs(1)));
        assert_eq!(limit.take(one, at(0)), Err(Duration::from_secs(1)));
        assert_eq!(limit.take(two, at(0)), Ok(()));
        assert_eq!(limit.take(one, at(1000)), Ok(()));
    }

    #[test]
    fn addresses_of_one_network_count_as_one() {
        let limit = limit(false);
        let v6 = |s: &str| s.parse().unwrap();
        assert_eq!(limit.take(v6("2001:db8::1"), at(0)), Ok(()));
        assert_eq!(limit.take(v6("2001:db8::2"), at(0)), Ok(()));
        assert!(limit.take(v6("2001:db8::3"), at(0)).is_err());
        assert_eq!(limit.take(v6("2001:db8:0:1::1"), at(0)), Ok(()));
    }

    #[test]
    fn loopback_is_left_out_where_that_was_asked_for() {
        for address in ["127.0.0.1", "::1", "::ffff:127.0.0.9"] {
            let limit = limit(true);
            assert!((0..9).all(|_| limit.take(address.parse().unwrap(), at(0)).is_ok()));
        }
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let limit = limit(false);
        let address = |n: usize| IpAddr::V4(u32::try_from(n).unwrap().into());
        for n in 0..ADDRESSES {
            assert_eq!(limit.take(address(n), at(10_000)), Ok(()));
        }
        assert_eq!(limit.take(address(ADDRESSES), at(10_000)), Err(SWEEP));
        assert_eq!(limit.take(address(ADDRESSES), at(20_000)), Ok(()));
        assert_eq!(limit.known.lock().unwrap().buckets.len(), 1);
    }
}
