//! What a server does wrong is found, and nothing else.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde_json::Value;

use crate::faulty::{Faulty, Manner};
use crate::program::load;

/// A run against a server of a manner; what it is to find are `missing`, `doubled`,
/// `out_of_order` and `closed`.
async fn assert_found(manner: Manner, expected: [u64; 4]) {
    let server = Faulty::start(manner).await;
    // A slow pace, so that two senders alternate and what is held back is let go soon.
    let words =
        "fanout --members 3 --senders 2 --rate 200 --warmup 50ms --time 250ms --timeout 700ms";
    let (code, found) = load(&server.url, words).await;
    let names = ["missing", "doubled", "out_of_order", "closed"];
    assert_eq!(names.map(|name| &found[name]), expected.map(Value::from).each_ref(), "{manner:?}");
    assert_eq!(code, i32::from(expected != [0; 4]), "{manner:?}");
}

#[tokio::test]
async fn a_server_without_a_fault_is_good() {
    assert_found(Manner::Good, [0, 0, 0, 0]).await;
}

#[tokio::test]
async fn messages_that_come_in_pieces_are_put_together() {
    assert_found(Manner::Stutters, [0, 0, 0, 0]).await;
}

#[tokio::test]
async fn a_ping_is_answered() {
    assert_found(Manner::Asks, [0, 0, 0, 0]).await;
}

#[tokio::test]
async fn a_missing_message_is_found() {
    assert_found(Manner::Drops, [1, 0, 0, 0]).await;
}

#[tokio::test]
async fn a_doubled_message_is_found() {
    assert_found(Manner::Doubles, [0, 1, 0, 0]).await;
}

#[tokio::test]
async fn two_swapped_messages_of_a_sender_are_found() {
    assert_found(Manner::Swaps, [0, 0, 1, 0]).await;
}

#[tokio::test]
async fn two_swapped_messages_of_different_senders_are_found() {
    assert_found(Manner::Reorders, [0, 0, 1, 0]).await;
}

#[tokio::test]
async fn a_closed_member_is_found() {
    assert_found(Manner::Closes, [0, 0, 0, 1]).await;
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn connections_come_from_all_over_a_network() {
    let server = Faulty::start(Manner::Good).await;
    let words = "idle --connections 4 --rounds 1 --settle 1ms --source 127.7.0.0/24";
    let (code, _) = load(&server.url, words).await;
    assert_eq!(code, 0);
    let expected: BTreeSet<IpAddr> = (1..=4).map(|last| [127, 7, 0, last].into()).collect();
    assert_eq!(*server.sources.lock().unwrap(), expected);
}
