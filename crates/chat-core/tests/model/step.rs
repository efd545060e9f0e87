//! What is asked of the rooms, at random.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

use chat_core::{EndReason, LeaveReason, Limits, Mode, Rate, Wishes};
use proptest::prelude::*;

/// Messages and the log's limit are counted in this, so that they often fill it
/// to the last byte.
const UNIT: u8 = 16;

/// One thing that is asked; numbers choose among what is there.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Create(Wishes),
    Open(u8, Wishes),
    Join { room: u8, mode: Mode, look: u8 },
    Post { who: u8, bytes: u8, name: u8 },
    Rename { who: u8, look: u8 },
    Leave { who: u8, why: LeaveReason },
    Turn { who: u8 },
    Read { cursor: u8, take: u8 },
    Peek { room: u8, last: u8 },
    Close { room: u8, why: EndReason },
    Pass { ms: u64, punctual: bool },
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let mode = prop_oneof![Just(Mode::Structured), Just(Mode::Plain)];
    let left = prop_oneof![Just(LeaveReason::Bye), Just(LeaveReason::Timeout)];
    let over = prop_oneof![Just(EndReason::Closed), Just(EndReason::Shutdown)];
    let ms = prop_oneof![Just(0), 1..60u64, 1..1000u64, 1..12_000u64];
    prop_oneof![
        3 => wishes().prop_map(Step::Create),
        2 => (any::<u8>(), wishes()).prop_map(|(room, wishes)| Step::Open(room, wishes)),
        12 => (any::<u8>(), mode, any::<u8>())
            .prop_map(|(room, mode, look)| Step::Join { room, mode, look }),
        16 => (any::<u8>(), any::<u8>(), any::<u8>())
            .prop_map(|(who, units, name)| Step::Post { who, bytes: units % 8 * UNIT, name }),
        6 => (any::<u8>(), any::<u8>()).prop_map(|(who, look)| Step::Rename { who, look }),
        6 => (any::<u8>(), left).prop_map(|(who, why)| Step::Leave { who, why }),
        5 => any::<u8>().prop_map(|who| Step::Turn { who }),
        8 => (any::<u8>(), 0..6u8).prop_map(|(cursor, take)| Step::Read { cursor, take }),
        3 => (any::<u8>(), 0..40u8).prop_map(|(room, last)| Step::Peek { room, last }),
        1 => (any::<u8>(), over).prop_map(|(room, why)| Step::Close { room, why }),
        8 => (ms, any::<bool>()).prop_map(|(ms, punctual)| Step::Pass { ms, punctual }),
    ]
}

fn wishes() -> impl Strategy<Value = Wishes> {
    let ttl = prop::option::of((0..12_000u64).prop_map(Duration::from_millis));
    (ttl, prop::option::of(0..6u32), prop::option::of(0..12u32))
        .prop_map(|(ttl, max, history)| Wishes { ttl, max, history })
}

/// Limits that a few steps reach. A log holds about one to eight events by
/// their number, and by bytes about as many.
pub(crate) fn limits(bookkeeping: usize) -> impl Strategy<Value = Limits> {
    let ms = |range| Strategy::prop_map(range, Duration::from_millis);
    let bytes = (1..=8usize, 0..8u8)
        .prop_map(move |(events, units)| bookkeeping * events + usize::from(units * UNIT));
    let log = (1..9u32, bytes);
    let counts = (1..4usize, prop::option::of(1..6u32), 0..6u32, 0..3usize, 0..10u32);
    let times = (ms(500..10_000u64), ms(0..1000), ms(0..900), ms(0..1800), ms(0..400), ms(0..3000));
    let rate = prop::option::of((1..4u32, 1..4u32));
    (log, counts, times, rate).prop_map(|(log, counts, times, rate)| Limits {
        rooms: NonZeroUsize::new(counts.0),
        room_max: counts.1.and_then(NonZeroU32::new),
        listed_max: counts.2,
        ended_rooms: counts.3,
        history: counts.4,
        room_ttl: times.0,
        room_ttl_min: times.1,
        empty_ttl: times.2,
        unused_ttl: times.3,
        linger: times.4,
        ended_ttl: times.5,
        log_events: NonZeroU32::new(log.0).unwrap(),
        log_bytes: NonZeroUsize::new(log.1).unwrap(),
        message_rate: rate.map(|(tokens, burst)| Rate {
            tokens,
            per: Duration::from_millis(100),
            burst,
        }),
    })
}
