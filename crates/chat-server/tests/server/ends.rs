//! How rooms and the server end.

use std::time::Duration;

use chat_core::Limits;
use chat_server::{Config, Timers};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{TestServer, hello, open_config, soon};

fn lived(ttl_ms: u64, empty_ms: u64) -> Config {
    let limits = Limits {
        room_ttl: Duration::from_millis(ttl_ms),
        empty_ttl: Duration::from_millis(empty_ms),
        unused_ttl: Duration::from_millis(empty_ms),
        ..Limits::default()
    };
    Config { limits, ..open_config() }
}

#[tokio::test]
async fn at_the_end_of_its_time_everybody_in_the_room_is_told() {
    let server = TestServer::start(lived(1_000, 60_000)).await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let mut pat = server.plain(&token, "pat").await;
    ann.post("a", "last words").await;
    assert_eq!(pat.next_text().await, "ann: last words");
    let end = ann.until("end").await;
    assert_eq!((&end["why"], &end["in_ms"]), (&"ttl".into(), &0.into()));
    assert_eq!(ann.closed().await.0, 4410);
    assert_eq!(pat.closed().await.0, 4410);

    let mut late = server.v1().await;
    late.say(hello(&token, "late")).await;
    assert_eq!(late.closed().await, (4410, "room_ended".into()));
    let late = server.try_plain(&format!("token={token}&nick=late")).await.err();
    assert_eq!(late, Some((404, "room_ended".into())));
}

#[tokio::test]
async fn a_room_that_stays_empty_is_gone() {
    let server = TestServer::start(lived(60_000, 1)).await;
    let token = server.create().await;
    let refused = loop {
        match server.try_plain(&format!("token={token}&nick=a")).await {
            Ok(early) => early.close().await,
            Err(refused) => break refused,
        }
    };
    assert_eq!(refused, (404, "no_room".into()));
}

#[tokio::test]
async fn a_server_that_stops_says_goodbye_to_everybody() {
    let mut server = TestServer::start(Config { shards: 2, ..open_config() }).await;
    assert_eq!(server.get("/readyz").await.0, 200);
    assert_eq!(server.get("/healthz").await.0, 200);
    let mut rooms = Vec::new();
    for _ in 0..5 {
        let token = server.create().await;
        let ann = server.member(&token, "ann").await;
        let pat = server.plain(&token, "pat").await;
        rooms.push((ann, pat));
    }
    let mut silent = server.v1().await;
    for (ann, _) in &mut rooms {
        for n in 0..30 {
            ann.post(&n.to_string(), &n.to_string()).await;
        }
        // Some are on their way when it stops.
        ann.until("msg").await;
    }
    server.ask_to_stop();
    for (ann, pat) in &mut rooms {
        let mut heard = 0;
        let why = loop {
            let frame = ann.frame().await;
            match frame["t"].as_str().unwrap() {
                "end" => break frame["why"].clone(),
                "msg" => heard += 1,
                _ => {}
            }
        };
        assert_eq!(why, "shutdown");
        assert_eq!(ann.closed().await.0, 1012);
        // What one was told, the other was told as well.
        for n in 0..=heard {
            assert_eq!(pat.next_text().await, format!("ann: {n}"));
        }
        assert_eq!(pat.closed().await.0, 1012);
    }
    assert_eq!(silent.closed().await.0, 1012);
    drop((rooms, silent));
    server.stopped().await;
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_is_not_ready_and_serves_on_for_a_while() {
    let timers = Timers { drain_delay: Duration::from_secs(2), ..Timers::default() };
    let mut server = TestServer::start(Config { timers, ..open_config() }).await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    server.ask_to_stop();
    // It may take a moment to hear of it.
    soon("readiness to end", async { while server.get("/readyz").await.0 == 200 {} }).await;
    assert_eq!(server.get("/readyz").await.0, 503);
    assert_eq!(server.get("/healthz").await.0, 200);
    // As if nothing were: old and new, and they hear each other.
    let other = server.create().await;
    let mut bob = server.plain(&token, "bob").await;
    ann.post("a", "hello").await;
    assert_eq!(bob.next_text().await, "ann: hello");
    let eve = server.member(&other, "eve").await;
    for mut member in [ann, bob, eve] {
        assert_eq!(member.closed().await.0, 1012);
    }
    server.stopped().await;
}

#[tokio::test]
async fn who_was_let_in_before_the_stop_is_answered() {
    let long = Duration::from_secs(60);
    let timers = Timers { close: long, shutdown: long, ..Timers::default() };
    let mut server = TestServer::start(Config { timers, ..open_config() }).await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let mut asks = Vec::new();
    for path in ["/info", "/create", "/ws?nick=bob&token="] {
        asks.push((TcpStream::connect(server.address).await.unwrap(), path));
    }
    // Connections are taken in their order.
    server.get("/healthz").await;
    server.ask_to_stop();
    assert_eq!(ann.closed().await.0, 1012);
    for ((mut stream, path), status) in asks.into_iter().zip(["200", "503", "503"]) {
        let token = if path.ends_with('=') { &token } else { "" };
        let ask = format!(
            "GET {path}{token} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            server.address
        );
        stream.write_all(ask.as_bytes()).await.unwrap();
        let mut answer = String::new();
        soon("an answer", stream.read_to_string(&mut answer)).await.unwrap();
        assert_eq!(answer.split(' ').nth(1), Some(status), "{path}: {answer}");
    }
    drop(ann);
    server.stopped().await;
}
