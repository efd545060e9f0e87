//! What is asked of the rooms, at random.

use std::time::Duration;

use chat_core::{Departure, EndReason, Wishes};
use proptest::prelude::*;

/// Messages and the log's limit are counted in this, so that they often fill it
/// to the last byte.
pub(crate) const UNIT: u8 = 16;

/// One thing that is asked; numbers choose among what is there.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Create(Wishes),
    Open(u8, Wishes),
    Enter { room: u8, key: u8, attempt: Attempt, look: Option<u8>, resume: Option<(Life, Last)> },
    Join { room: u8, look: u8 },
    Post { who: u8, bytes: u8, name: Option<u8> },
    Rename { who: u8, look: u8 },
    Detach { who: u8, how: Departure },
    Away { who: u8, away: bool },
    Turn { who: u8 },
    Read { cursor: u8, take: u8 },
    Peek { room: u8, last: u8 },
    Close { room: u8, why: EndReason },
    Pass { ms: u64, handling: Handling },
}

/// An attempt's number, by the one that was let in last with this key.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Attempt {
    Higher(u8),
    Equal,
    Lower,
}

/// Which life of the room is resumed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Life {
    This,
    Earlier,
}

/// What was seen of it, as somebody says who comes back.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Last {
    /// What a connection with this key has read.
    Read,
    /// All but so many.
    But(u8),
    /// So many more than there are.
    Ahead(u8),
}

/// When timeouts are handled while time passes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Handling {
    /// Each when it is due.
    Punctual,
    /// All at once.
    Late,
    /// Not now.
    Never,
}

/// Steps that begin with a plain room and a sealed one.
pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let rooms = (wishes(), wishes())
        .prop_map(|(plain, sealed)| vec![Step::Create(plain), Step::Open(0, sealed)]);
    (rooms, prop::collection::vec(step(), 1..100))
        .prop_map(|(rooms, steps)| rooms.into_iter().chain(steps).collect())
}

fn step() -> impl Strategy<Value = Step> {
    let over = prop_oneof![Just(EndReason::Closed), Just(EndReason::Shutdown)];
    let ms = prop_oneof![
        2 => Just(0),
        6 => 1..60u64,
        6 => 1..400u64,
        3 => 1..2000u64,
        1 => 1..12_000u64,
    ];
    let handling = prop_oneof![
        6 => Just(Handling::Punctual),
        4 => Just(Handling::Late),
        1 => Just(Handling::Never),
    ];
    prop_oneof![
        3 => wishes().prop_map(Step::Create),
        2 => (any::<u8>(), wishes()).prop_map(|(room, wishes)| Step::Open(room, wishes)),
        18 => enter(),
        4 => (any::<u8>(), any::<u8>()).prop_map(|(room, look)| Step::Join { room, look }),
        24 => (any::<u8>(), any::<u8>(), prop::option::weighted(0.9, 0..4u8))
            .prop_map(|(who, units, name)| Step::Post { who, bytes: units % 8 * UNIT, name }),
        6 => (any::<u8>(), any::<u8>()).prop_map(|(who, look)| Step::Rename { who, look }),
        12 => (any::<u8>(), departure()).prop_map(|(who, how)| Step::Detach { who, how }),
        6 => (any::<u8>(), any::<bool>()).prop_map(|(who, away)| Step::Away { who, away }),
        8 => any::<u8>().prop_map(|who| Step::Turn { who }),
        8 => (any::<u8>(), 0..6u8).prop_map(|(cursor, take)| Step::Read { cursor, take }),
        3 => (any::<u8>(), 0..40u8).prop_map(|(room, last)| Step::Peek { room, last }),
        1 => (any::<u8>(), over).prop_map(|(room, why)| Step::Close { room, why }),
        10 => (ms, handling).prop_map(|(ms, handling)| Step::Pass { ms, handling }),
    ]
}

/// Mostly somebody who comes back as clients do: a later attempt, the same
/// look, what was read.
fn enter() -> impl Strategy<Value = Step> {
    let attempt = prop_oneof![
        8 => (1..3u8).prop_map(Attempt::Higher),
        1 => Just(Attempt::Equal),
        1 => Just(Attempt::Lower),
    ];
    let life = prop_oneof![5 => Just(Life::This), 1 => Just(Life::Earlier)];
    let last = prop_oneof![
        4 => Just(Last::Read),
        4 => (0..12u8).prop_map(Last::But),
        1 => (1..3u8).prop_map(Last::Ahead),
    ];
    let look = prop::option::weighted(0.4, any::<u8>());
    let resume = prop::option::weighted(0.7, (life, last));
    (any::<u8>(), 0..4u8, attempt, look, resume).prop_map(|(room, key, attempt, look, resume)| {
        Step::Enter { room, key, attempt, look, resume }
    })
}

fn departure() -> impl Strategy<Value = Departure> {
    prop_oneof![
        1 => Just(Departure::Bye),
        6 => Just(Departure::Lost),
        4 => Just(Departure::Reloading),
        1 => Just(Departure::Expelled),
    ]
}

fn wishes() -> impl Strategy<Value = Wishes> {
    let ttl = prop::option::of((0..12_000u64).prop_map(Duration::from_millis));
    let max = prop::option::of(prop_oneof![0..3u32, 0..8u32]);
    (ttl, max, prop::option::of(0..12u32)).prop_map(|(ttl, max, history)| Wishes {
        ttl,
        max,
        history,
    })
}
