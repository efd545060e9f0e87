//! That all that rooms hold stays within what was set.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use chat_server::Config;

use crate::process::chat_server;
#[cfg(target_os = "linux")]
use crate::process::{Running, resident_kib};
use crate::support::{PATIENCE, TestServer, open_config};

/// What a room of the defaults takes when it is opened, or a little less.
const STEP: usize = 49 << 10;

#[tokio::test]
async fn new_rooms_are_refused_and_those_that_are_there_go_on() {
    let mut config = Config { max_memory: NonZeroUsize::new(16 * STEP + 20_000), ..open_config() };
    config.limits.message_rate = None;
    // Long enough to come into a room that was just opened.
    let soon = Duration::from_secs(2);
    (config.limits.grace, config.limits.empty_ttl, config.limits.unused_ttl) = (soon, soon, soon);
    let server = TestServer::start(config).await;
    let token = server.create_with("?history=512").await;
    let mut ann = server.member(&token, "ann").await;
    let small = server.create().await;
    let mut cat = server.member(&small, "cat").await;
    let text = "x".repeat(16_000);
    for n in 0..100 {
        ann.post(&n.to_string(), &text).await;
        assert_eq!(ann.until("msg").await["id"], n.to_string());
    }
    // What the large room was given, and no more.
    let bob = server.member(&token, "bob").await;
    let held = bob.seen.iter().filter(|frame| frame["t"] == "msg").count() * text.len();
    assert!((8 * STEP..12 * STEP).contains(&held), "{held}");

    let mut rooms = Vec::new();
    let refused = loop {
        let (status, head, body) = server.get("/create").await;
        if status != 200 {
            break (status, head, body);
        }
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let token = body["token"].as_str().unwrap().to_owned();
        rooms.push((server.member(&token, "dan").await, token));
        assert!(rooms.len() < 16);
    };
    assert!(rooms.len() >= 2, "a quarter is for rooms that open");
    assert_eq!(refused.0, 503, "{}", refused.2);
    assert!(refused.1.contains("retry-after: 60") && refused.2.contains("memory"), "{refused:?}");

    // Nobody who is there notices: the largest texts go on, in each room.
    ann.post("more", &text).await;
    assert_eq!(ann.until("msg").await["id"], "more");
    cat.post("more", &text).await;
    assert_eq!(cat.until("msg").await["id"], "more");

    // What a room held others can have once it is gone.
    drop((rooms, ann, bob, cat));
    let since = Instant::now();
    while server.get("/create").await.0 != 200 {
        assert!(since.elapsed() < PATIENCE);
    }
}

#[test]
fn a_bound_without_a_place_for_a_room_is_refused_at_the_start() {
    let words = ["--listen", "127.0.0.1:0", "--max-memory", "10000"];
    let output = chat_server(&words).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("--max-memory") && said.contains("--max-frame"), "{said}");
}

/// The bound, and what may come beside it: what the allocator doesn't give back,
/// connections, and what is on its way.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_process_grows_no_further_than_that() {
    const BOUND_KIB: u64 = 8 << 10;
    const BESIDE_KIB: u64 = 16 << 10;
    let flags = format!(
        "--listen 127.0.0.1:0 --exempt-loopback --message-rate 0 --address-creates 0 --max-memory \
         {}",
        BOUND_KIB << 10
    );
    let running = Running::start(chat_server(&flags.split(' ').collect::<Vec<_>>()));
    let server = TestServer::at(running.address());
    let before = resident_kib(running.id());
    let text = "x".repeat(16_000);
    // Five times as much as there is room for.
    for _ in 0..40 {
        let token = server.create().await;
        let mut ann = server.plain(&token, "ann").await;
        for _ in 0..64 {
            ann.text(&text).await;
            ann.next_text().await;
        }
    }
    let grown = resident_kib(running.id()).saturating_sub(before);
    assert!(grown > BOUND_KIB / 2, "it holds something: {grown} KiB");
    assert!(grown < BOUND_KIB + BESIDE_KIB, "{grown} KiB");
}
