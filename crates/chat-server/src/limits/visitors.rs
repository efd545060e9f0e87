//! What each address has open, and how fast it may come and speak.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chat_core::{Bucket, Rate, Timestamp};

use super::{ADDRESSES, block};
use crate::convert::Refusal;

/// How many requests an address may make for each handshake that it may.
const REQUESTS: u32 = 20;

/// By how much an address may overdo it and still be told; beyond that it costs
/// too much to tell.
const FLOOD: u32 = 4;

/// When it is worth trying again where an address has too much open: nobody
/// knows when something of it ends.
const CROWDED: Duration = Duration::from_secs(10);

/// What holds for each address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) connections: Option<NonZeroU32>,
    pub(crate) handshakes: Option<Rate>,
    pub(crate) messages: Option<Rate>,
    pub(crate) exempt_loopback: bool,
}

/// All addresses that have something open or had it lately.
pub(crate) struct Visitors {
    rules: Rules,
    known: Mutex<Known>,
}

struct Known {
    by_address: HashMap<IpAddr, Arc<Visitor>>,
    /// At how many the next look is taken who can be forgotten.
    most: usize,
}

/// An address.
struct Visitor(Mutex<Doings>);

struct Doings {
    open: u32,
    handshakes: Bucket,
    attempts: Bucket,
    requests: Bucket,
    messages: Bucket,
}

/// A connection's place among those of its address, as long as it lives.
pub(crate) struct Place {
    visitor: Arc<Visitor>,
    messages: Option<Rate>,
}

/// How somebody is let in.
pub(crate) struct Admitted {
    /// `None` where nothing is counted.
    pub(crate) place: Option<Arc<Place>>,
    /// Why it is there only to be told.
    pub(crate) refusal: Option<Refusal>,
}

impl Rules {
    fn are_none(&self) -> bool {
        self.connections.is_none() && self.handshakes.is_none() && self.messages.is_none()
    }

    /// How often an address may try, before it isn't even told.
    fn attempts(&self) -> Option<Rate> {
        self.handshakes.map(|rate| times(rate, FLOOD))
    }

    fn requests(&self) -> Option<Rate> {
        self.handshakes.map(|rate| times(rate, REQUESTS))
    }
}

fn times(rate: Rate, n: u32) -> Rate {
    let (tokens, burst) = (rate.tokens.saturating_mul(n), rate.burst.saturating_mul(n));
    Rate { tokens, burst, ..rate }
}

impl Visitors {
    pub(crate) fn new(rules: Rules) -> Self {
        let known = Known { by_address: HashMap::new(), most: ADDRESSES };
        Self { rules, known: Mutex::new(known) }
    }

    /// Lets a connection in, if only to be told that it is one too many.
    ///
    /// # Errors
    /// How long to wait, where there are so many that nobody is told.
    pub(crate) fn admit(&self, address: IpAddr, now: Timestamp) -> Result<Admitted, Duration> {
        let Some(visitor) = self.visitor(address, now) else {
            return Ok(Admitted { place: None, refusal: None });
        };
        let mut doings = visitor.doings();
        let take = |bucket: &mut Bucket, rate: Option<Rate>| match rate {
            Some(rate) => bucket.take(&rate, now).map_err(|until| until.since(now)),
            None => Ok(()),
        };
        take(&mut doings.attempts, self.rules.attempts())?;
        let most = self.rules.connections.map_or(u32::MAX, NonZeroU32::get);
        if doings.open >= most.saturating_add(most / FLOOD).saturating_add(FLOOD) {
            return Err(CROWDED);
        }
        let refusal = match doings.open >= most {
            true => Some(Refusal::too_many_connections(CROWDED)),
            false => take(&mut doings.handshakes, self.rules.handshakes).err().map(Refusal::rate),
        };
        doings.open += 1;
        drop(doings);
        let place = Place { visitor, messages: self.rules.messages };
        Ok(Admitted { place: Some(Arc::new(place)), refusal })
    }

    /// Takes one from what an address may ask for.
    ///
    /// # Errors
    /// How long to wait.
    pub(crate) fn ask(&self, address: IpAddr, now: Timestamp) -> Result<(), Duration> {
        let Some(rate) = self.rules.requests() else { return Ok(()) };
        let Some(visitor) = self.visitor(address, now) else { return Ok(()) };
        visitor.doings().requests.take(&rate, now).map_err(|until| until.since(now))
    }

    /// `None` where nothing is counted.
    fn visitor(&self, address: IpAddr, now: Timestamp) -> Option<Arc<Visitor>> {
        let address = block(address);
        if self.rules.are_none() || self.rules.exempt_loopback && address.is_loopback() {
            return None;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.by_address.len() >= known.most && !known.by_address.contains_key(&address) {
            known.forget(&self.rules, now);
        }
        let visitor =
            known.by_address.entry(address).or_insert_with(|| Arc::new(Visitor::new(now)));
        Some(visitor.clone())
    }
}

impl Known {
    /// Forgets those who may do again all that a new one may, and where that
    /// isn't enough all who have nothing open.
    fn forget(&mut self, rules: &Rules, now: Timestamp) {
        self.by_address.retain(|_, visitor| visitor.is_in_use() || !visitor.is_rested(rules, now));
        if self.by_address.len() >= self.most {
            self.by_address.retain(|_, visitor| visitor.is_in_use());
        }
        self.most = ADDRESSES.max(2 * self.by_address.len());
    }
}

impl Visitor {
    fn new(now: Timestamp) -> Self {
        let full = Bucket::new(now);
        let [handshakes, attempts, requests, messages] = [full; 4];
        Self(Mutex::new(Doings { open: 0, handshakes, attempts, requests, messages }))
    }

    fn doings(&self) -> MutexGuard<'_, Doings> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it has something open: nobody else keeps it.
    fn is_in_use(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) > 1
    }

    fn is_rested(&self, rules: &Rules, now: Timestamp) -> bool {
        let doings = self.doings();
        [
            (doings.handshakes, rules.handshakes),
            (doings.attempts, rules.attempts()),
            (doings.requests, rules.requests()),
            (doings.messages, rules.messages),
        ]
        .into_iter()
        .all(|(bucket, rate)| rate.is_none_or(|rate| bucket.is_full(&rate, now)))
    }
}

impl Place {
    /// Takes one from what the address may say.
    ///
    /// # Errors
    /// The time from which on the next is allowed.
    pub(crate) fn take_turn(&self, now: Timestamp) -> Result<(), Timestamp> {
        let Some(rate) = &self.messages else { return Ok(()) };
        self.visitor.doings().messages.take(rate, now)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.visitor.doings().open -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    fn rules() -> Rules {
        Rules { connections: None, handshakes: None, messages: None, exempt_loopback: false }
    }

    fn rate(tokens: u32, burst: u32) -> Option<Rate> {
        Some(Rate { tokens, per: SECOND, burst })
    }

    fn address(n: u32) -> IpAddr {
        IpAddr::V4((0x0a00_0000 + n).into())
    }

    #[test]
    fn so_many_are_let_in_some_are_told_and_places_come_free() {
        let visitors = Visitors::new(Rules { connections: NonZeroU32::new(8), ..rules() });
        let admit = |n| visitors.admit(address(n), at(0));
        let mut all: Vec<_> = (0..8).map(|_| admit(1).unwrap()).collect();
        assert!(all.iter().all(|one| one.refusal.is_none()));
        for _ in 0..8 / FLOOD + FLOOD {
            let told = admit(1).unwrap();
            assert_eq!(told.refusal.as_ref().unwrap().retry, Some(CROWDED));
            all.push(told);
        }
        assert_eq!(admit(1).err(), Some(CROWDED));
        assert!(admit(2).unwrap().refusal.is_none(), "others are not hurt");
        all.drain(..7);
        assert!(admit(1).unwrap().refusal.is_none());
    }

    #[test]
    fn handshakes_have_a_rate_and_so_have_requests_and_floods() {
        let visitors = Visitors::new(Rules { handshakes: rate(1, 2), ..rules() });
        let admit = |ms| visitors.admit(address(1), at(ms)).map(|one| one.refusal);
        assert!(admit(0).unwrap().is_none() && admit(0).unwrap().is_none());
        for _ in 2..2 * FLOOD {
            assert_eq!(admit(0).unwrap().unwrap().retry, Some(SECOND));
        }
        assert_eq!(admit(0).err(), Some(SECOND / FLOOD));
        assert!(admit(1000).unwrap().is_none());

        let ask = |ms| visitors.ask(address(1), at(ms));
        assert!((0..2 * REQUESTS).all(|_| ask(0).is_ok()));
        assert_eq!(ask(0), Err(SECOND / REQUESTS));
        assert_eq!(visitors.ask(address(2), at(0)), Ok(()));
        assert_eq!(ask(50), Ok(()));
    }

    #[test]
    fn all_connections_of_an_address_speak_from_one_bucket() {
        let visitors = Visitors::new(Rules { messages: rate(10, 2), ..rules() });
        let place = |n| visitors.admit(address(n), at(0)).unwrap().place.unwrap();
        let (one, two, other) = (place(1), place(1), place(2));
        assert_eq!([one.take_turn(at(0)), two.take_turn(at(0))], [Ok(()), Ok(())]);
        assert_eq!(one.take_turn(at(0)), Err(at(100)));
        assert_eq!(other.take_turn(at(0)), Ok(()));
        drop((one, two));
        assert_eq!(place(1).take_turn(at(0)), Err(at(100)), "coming again gives nothing");
        assert_eq!(place(1).take_turn(at(100)), Ok(()));
    }

    #[test]
    fn loopback_is_left_out_where_that_was_asked_for() {
        let one = Rules { connections: NonZeroU32::new(1), ..rules() };
        for exempt_loopback in [true, false] {
            let visitors = Visitors::new(Rules { exempt_loopback, ..one });
            let place = |ip: &str| visitors.admit(ip.parse().unwrap(), at(0)).unwrap().place;
            assert_eq!(place("127.0.0.1").is_none(), exempt_loopback);
            assert_eq!(place("::1").is_none(), exempt_loopback);
            assert!(place("0.0.0.0").is_some(), "who isn't known is nobody's loopback");
        }
    }

    #[test]
    fn what_is_remembered_is_bounded_by_what_is_open() {
        let visitors = Visitors::new(Rules { handshakes: rate(1, 1), ..rules() });
        let known = || visitors.known.lock().unwrap().by_address.len();
        let last = u32::try_from(ADDRESSES).unwrap();
        let open: Vec<_> = (0..9).map(|n| visitors.admit(address(n), at(0)).unwrap()).collect();
        for n in 9..last {
            drop(visitors.admit(address(n), at(0)));
        }
        assert_eq!(known(), ADDRESSES);
        drop(visitors.admit(address(last), at(0)));
        assert_eq!(known(), open.len() + 1, "where all are needed, those are kept who are here");
        for n in 9..last - 1 {
            drop(visitors.admit(address(n), at(5000)));
        }
        assert_eq!(known(), ADDRESSES);
        drop(visitors.admit(address(last - 1), at(6000)));
        assert_eq!(known(), open.len() + 1, "and all who may do what a new one may are forgotten");
    }
}
