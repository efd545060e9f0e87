//! What a schedule is made of, drawn from its seed.

use std::{num::NonZeroU32, ops::RangeInclusive, time::Duration};

use chat_core::Limits;
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};

/// How long the network does its worst, in milliseconds.
const TROUBLE_MS: u64 = 120_000;

/// One schedule.
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) sealed: bool,
    pub(crate) members: usize,
    pub(crate) limits: Limits,
    pub(crate) latency: RangeInclusive<u64>,
    /// How many frames a connection holds before its server waits.
    pub(crate) window: usize,
    /// What is done, in the order of time.
    pub(crate) script: Vec<(u64, Deed)>,
    /// When the network is good again, for ever.
    pub(crate) heals: u64,
}

/// Something that a person or the network does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    Join(usize),
    Say(usize),
    Rename(usize),
    /// Looks elsewhere, or here again.
    Turn(usize),
    Leave(usize),
    Wake(usize),
    Cut(usize, Cut),
    /// Nothing of this member's newest connection arrives for so long.
    Stall(usize, u64),
    /// The connection is cut, and what is said into the next one arrives only after so long.
    LateHello(usize, u64),
    /// This member reaches nobody for so long.
    Offline(usize, u64),
    /// The server is killed, and serves again after so long.
    Restart(u64),
}

/// Who hears that a connection was cut.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    pub(crate) client_hears: bool,
    pub(crate) server_hears: bool,
}

impl Plan {
    pub(crate) fn draw(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let sealed = seed % 8 == 7;
        let members = rng.random_range(2..=4);
        let lifetime = if rng.random_bool(0.05) { 60..=150 } else { 3600..=7200 };
        let s = |rng: &mut StdRng, range| Duration::from_secs(rng.random_range(range));
        let some = |n: usize| NonZeroU32::new(n as u32).unwrap();
        let limits = Limits {
            room_max: Some(some(members + 1 - 2 * usize::from(rng.random_bool(0.1)))),
            log_events: some(rng.random_range(6..=60)),
            history: rng.random_range(0..=40),
            grace: s(&mut rng, 1..=60),
            remember: s(&mut rng, 0..=200),
            message_ids: 256,
            room_ttl: s(&mut rng, lifetime),
            empty_ttl: s(&mut rng, 5..=600),
            unused_ttl: s(&mut rng, 5..=600),
            message_rate: None,
            ..Limits::default()
        };
        let slow = rng.random_range(1..=300);
        let mut plan = Self {
            seed,
            sealed,
            members,
            limits,
            latency: 1..=slow,
            window: rng.random_range(2..=20),
            script: Vec::new(),
            heals: TROUBLE_MS,
        };
        plan.write_script(&mut rng);
        plan
    }

    fn write_script(&mut self, rng: &mut impl Rng) {
        for member in 0..self.members {
            let at = if member == 0 { 0 } else { rng.random_range(500..20_000) };
            self.script.push((at, Deed::Join(member)));
        }
        let restarts = if self.sealed { 0.5 } else { 0.1 };
        if rng.random_bool(restarts) {
            let at = rng.random_range(1000..TROUBLE_MS);
            self.script.push((at, Deed::Restart(rng.random_range(0..8000))));
        }
        let talk = rng.random_range(3..30);
        for _ in 0..talk {
            let (at, who) = (rng.random_range(500..TROUBLE_MS), rng.random_range(0..self.members));
            // Bursts fill windows, and long ones fill logs.
            let longest = if rng.random_bool(0.1) { 50 } else { 6 };
            for n in 0..rng.random_range(1..longest) {
                self.script.push((at + n, Deed::Say(who)));
            }
        }
        for _ in 0..rng.random_range(1..12) {
            let (at, who) = (rng.random_range(500..TROUBLE_MS), rng.random_range(0..self.members));
            let deed = match rng.random_range(0..22) {
                0..9 => {
                    let (client_hears, server_hears) = (rng.random(), rng.random());
                    Deed::Cut(who, Cut { client_hears, server_hears })
                }
                9..14 => {
                    let longest = if rng.random() { 12_000 } else { 70_000 };
                    Deed::Stall(who, rng.random_range(10..longest))
                }
                14..17 => Deed::Offline(who, rng.random_range(10..90_000)),
                17 => Deed::Rename(who),
                18 => Deed::Rename(who),
                19 => Deed::Wake(who),
                20 => Deed::LateHello(who, rng.random_range(15_000..40_000)),
                _ => Deed::Leave(who),
            };
            self.script.push((at, deed));
        }
        for _ in 0..rng.random_range(0..8) {
            let (at, who) = (rng.random_range(500..TROUBLE_MS), rng.random_range(0..self.members));
            self.script.push((at, Deed::Turn(who)));
        }
        self.script.sort_by_key(|(at, _)| *at);
    }
}
