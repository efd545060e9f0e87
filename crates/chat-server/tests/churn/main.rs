//! Two hundred members who come and go at random, at full speed. In a program
//! of its own, since its load would move the timers that other tests look at.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod ledger;
mod member;
#[path = "../server/process.rs"]
mod process;
mod socket;

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::timeout;

use ledger::Ledger;
use member::Member;
use process::{Running, chat_server, resident_kib};

const MEMBERS: u64 = 200;

/// Every how many members one reads rarely.
const SLOW: u64 = 10;

/// How much more memory the server may have at the end than it had in the
/// first third: each of the slow holds an encoded run of up to 64 KiB (1.3 MiB
/// for twenty of them), and a session up to 256 ids of 48 bytes (2.4 MiB for
/// two hundred). What is said in a minute is more than twice this.
const GROWTH_KIB: u64 = 4 << 10;

#[tokio::test]
async fn order_and_memory_hold_while_two_hundred_come_and_go() {
    let time = match std::env::var_os("CI") {
        Some(_) => Duration::from_secs(60),
        None => Duration::from_secs(10),
    };
    let seed = match std::env::var("CHURN_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => rand::random::<u64>(),
    };
    println!("CHURN_SEED={seed} does what every member did here");

    let server = Running::start(program());
    let token = socket::create(server.address()).await;
    let ledger = Arc::new(Ledger::new());
    let until = Instant::now() + time;
    let mut members = JoinSet::new();
    for n in 0..MEMBERS {
        let slow = n % SLOW == 0;
        let member = Member::new(n, slow, seed, server.address(), &token, ledger.clone());
        members.spawn(member.run(until));
    }
    let mut resident = Vec::new();
    for n in 1..=6 {
        let at = until - time + time * n / 6;
        let left = at.saturating_duration_since(Instant::now());
        // Nobody ends before the time is over, but by failing.
        if let Ok(ended) = timeout(left, members.join_next()).await {
            ended.unwrap().unwrap();
        }
        resident.push(resident_kib(server.id()));
    }
    ledger.finish();
    let rest = timeout(Duration::from_secs(60), members.join_all()).await;
    assert!(rest.is_ok(), "somebody waits for ever for what was to come");

    ledger.check();
    println!("{} in {time:?}; resident KiB {resident:?}", ledger.summary());
    let early = resident[0].max(resident[1]);
    assert!(resident[5] <= early + GROWTH_KIB, "it grows: {resident:?} KiB");
    server.signal("-TERM");
    assert_eq!(server.wait(), Some(0));
}

/// The server, with a log so small that whoever is slow or away for a while
/// misses something.
fn program() -> Command {
    let flags = "--listen 127.0.0.1:0 --message-rate 0 --log-events 128 --log-level warn \
                 --exempt-loopback";
    chat_server(&flags.split(' ').collect::<Vec<_>>())
}
