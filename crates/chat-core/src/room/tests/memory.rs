//! Rooms that share memory.

use alloc::string::String;
use alloc::sync::Arc;

use super::{limits, nick};
use crate::budget::Budget;
use crate::event::Departure;
use crate::id::{RoomId, Seq};
use crate::limits::Wishes;
use crate::registry::{OpenError, Registry};
use crate::time::Timestamp;

#[test]
fn new_rooms_are_refused_before_those_that_are_there_suffer() {
    let (now, mut rng, wishes) = (Timestamp::ZERO, rand::rng(), Wishes::default());
    let budget = Arc::new(Budget::new(40_000, 1000));
    let mut one = Registry::<String>::new(limits().into()).sharing(budget.clone());
    let mut other = Registry::<String>::new(limits().into()).sharing(budget.clone());
    let big = RoomId::Plain(one.create(now, &mut rng, &wishes).unwrap());
    let ann = one.change(big, |room| room.enter(now, nick("ann", 1))).unwrap().unwrap();
    let ann = ann.connection.id;
    let post = |rooms: &mut Registry<String>| {
        rooms.change(big, |room| room.post(now, ann, None, "x".repeat(500))).unwrap().unwrap();
        rooms.room(big).unwrap().log_bytes()
    };
    for _ in 0..100 {
        post(&mut one);
    }
    assert_eq!(budget.used(), 30_000, "a quarter is for rooms that open");
    let small = RoomId::Sealed([1; 16]);
    other.open(now, small, &mut rng, &wishes).unwrap();
    while other.create(now, &mut rng, &wishes).is_ok() {}
    assert_eq!(other.create(now, &mut rng, &wishes), Err(OpenError::NoMemory));
    assert_eq!(budget.used(), budget.max());

    // All that are open go on: what is new pushes out what is old.
    assert!(other.open(now, small, &mut rng, &wishes).is_ok(), "it is there already");
    let held = post(&mut one);
    assert!((29_000..=30_000).contains(&held), "{held}");
    assert_eq!(one.room(big).unwrap().newest(), Seq::new(102));

    // What a room held others can have once it is gone.
    one.change(big, |room| room.detach(now, ann, Departure::Bye)).unwrap();
    let due = one.poll_timeout().unwrap();
    one.handle_timeout(due);
    assert_eq!(budget.used(), 10_000);
    assert!(other.create(now, &mut rng, &wishes).is_ok());
}
