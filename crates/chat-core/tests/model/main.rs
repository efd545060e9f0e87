//! The rooms against a naive model of what they promise, in virtual time.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chat_core::{Limits, Registry, RoomId, Timestamp, Wishes};
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm::XorShift, TestCaseError},
};
use rand::{SeedableRng, rngs::StdRng};
use run::Run;

mod cursor;
mod limits;
mod look;
mod naive;
mod person;
mod promise;
mod run;
mod step;

type Outcome = Result<(), TestCaseError>;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn rooms_do_what_a_naive_model_does(
        limits in limits::limits(bookkeeping()),
        steps in step::steps(),
    ) {
        let mut run = Run::new(limits, bookkeeping());
        for step in &steps {
            run.take(step)?;
            run.compare()?;
        }
        run.read_all()?;
    }
}

/// As many cases as `PROPTEST_CASES` says, or 2048; drawn by what is fast
/// without optimisation too.
fn config() -> ProptestConfig {
    let mut config = ProptestConfig { rng_algorithm: XorShift, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 2048;
    }
    config
}

/// What a log counts for an event beside what the event holds.
fn bookkeeping() -> usize {
    let (now, mut rng) = (Timestamp::ZERO, StdRng::seed_from_u64(0));
    let mut rooms = Registry::<String>::new(Limits::default().into());
    let id = RoomId::Plain(rooms.create(now, &mut rng, &Wishes::default()).unwrap());
    let ann = look::nick(0);
    let joined = rooms.change(id, |room| room.join(now, ann.face())).unwrap();
    assert!(joined.is_ok());
    rooms.room(id).unwrap().log_bytes() - ann.bytes()
}
