//! Limits that a few steps reach.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

use chat_core::{Limits, Rate};
use proptest::prelude::*;

use crate::step::UNIT;

/// A log holds about one to eight events by their number, and by bytes about
/// as many; all other numbers and times are small, many of them 0.
pub(crate) fn limits(bookkeeping: usize) -> impl Strategy<Value = Limits> {
    (rooms(), log(bookkeeping), sessions()).prop_map(|(rooms, log, sessions)| Limits {
        log_events: log.log_events,
        log_bytes: log.log_bytes,
        history: log.history,
        grace: sessions.grace,
        reload_grace: sessions.reload_grace,
        remember: sessions.remember,
        remembered: sessions.remembered,
        message_ids: sessions.message_ids,
        message_rate: sessions.message_rate,
        ..rooms
    })
}

fn rooms() -> impl Strategy<Value = Limits> {
    let counts = (1..4usize, prop::option::of(1..8u32), 0..8u32, 0..3usize);
    let times = (ms(500..20_000), ms(0..1000), ms(0..3000), ms(0..4000), ms(0..400), ms(0..3000));
    (counts, times).prop_map(|(counts, times)| Limits {
        rooms: NonZeroUsize::new(counts.0),
        room_max: counts.1.and_then(NonZeroU32::new),
        listed_max: counts.2,
        ended_rooms: counts.3,
        room_ttl: times.0,
        room_ttl_min: times.1,
        empty_ttl: times.2,
        unused_ttl: times.3,
        linger: times.4,
        ended_ttl: times.5,
        ..Limits::default()
    })
}

fn log(bookkeeping: usize) -> impl Strategy<Value = Limits> {
    let bytes = (1..=8usize, 0..8u8)
        .prop_map(move |(events, units)| bookkeeping * events + usize::from(units * UNIT));
    (1..9u32, bytes, 0..10u32).prop_map(|(events, bytes, history)| Limits {
        log_events: NonZeroU32::new(events).unwrap(),
        log_bytes: NonZeroUsize::new(bytes).unwrap(),
        history,
        ..Limits::default()
    })
}

fn sessions() -> impl Strategy<Value = Limits> {
    let times = (ms(0..300), ms(0..300), ms(0..5000));
    // Slow ones still tell after a grace what was sent before it.
    let rate = (1..4u32, prop_oneof![Just(100), Just(1500)], 1..3u32)
        .prop_map(|(tokens, per, burst)| Rate { tokens, per: Duration::from_millis(per), burst });
    let rate = prop::option::weighted(0.8, rate);
    (times, 0..4u32, 0..6usize, rate).prop_map(|(times, remembered, message_ids, message_rate)| {
        Limits {
            grace: times.0,
            reload_grace: times.1,
            remember: times.2,
            remembered,
            message_ids,
            message_rate,
            ..Limits::default()
        }
    })
}

/// One in eight is no time at all.
fn ms(range: std::ops::Range<u64>) -> impl Strategy<Value = Duration> {
    prop_oneof![1 => Just(0), 7 => range].prop_map(Duration::from_millis)
}
