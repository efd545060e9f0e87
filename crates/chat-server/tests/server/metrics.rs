//! The figures that Prometheus is told.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::Duration;

use chat_core::{Limits, PlainToken};
use chat_server::{Config, Timers};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{
    Client, PATIENCE, TestServer, again, hello, open_config, sealed, sealed_hello, soon,
};

/// Every series with its value.
type Figures = BTreeMap<String, f64>;

async fn text(server: &TestServer) -> String {
    let (status, head, body) = TestServer::at(server.metrics.unwrap()).get("/metrics").await;
    assert_eq!(status, 200);
    assert!(head.contains("content-type: text/plain; version=0.0.4"), "{head}");
    body
}

async fn scrape(server: &TestServer) -> Figures {
    let text = text(server).await;
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (series, value) = line.rsplit_once(' ').unwrap();
            (series.to_owned(), value.parse().unwrap())
        })
        .collect()
}

/// Waits until the figures are exactly these: what a client has seen may be
/// counted a moment later.
async fn settle(server: &TestServer, expected: &[(&str, u64)]) {
    let expected: Figures =
        expected.iter().map(|(series, n)| ((*series).to_owned(), *n as f64)).collect();
    let mut figures = Figures::new();
    let _ = timeout(PATIENCE, async {
        while figures != expected {
            figures = scrape(server).await;
            figures.retain(|series, _| expected.contains_key(series));
        }
    })
    .await;
    assert_eq!(figures, expected);
}

/// What a client was told of the log: frames, and their bytes on the wire.
#[derive(Default)]
struct Heard {
    events: u64,
    bytes: u64,
}

impl Heard {
    /// Reads `count` texts.
    async fn listen(&mut self, client: &mut Client, count: usize) {
        for _ in 0..count {
            let text = client.next_text().await;
            let frame: Value = serde_json::from_str(&text).unwrap_or_default();
            let kind = frame["t"].as_str();
            if kind.is_none_or(|t| ["join", "leave", "msg", "profile"].contains(&t)) {
                self.events += 1;
                self.bytes += text.len() as u64 + if text.len() < 126 { 2 } else { 4 };
            }
        }
    }
}

/// A member on chat.v1, and what of the log it was told up to `live`.
async fn member(server: &TestServer, hello: &Value, frames: usize, heard: &mut Heard) -> Client {
    let mut client = server.v1().await;
    client.say(hello.clone()).await;
    heard.listen(&mut client, frames).await;
    client
}

#[tokio::test]
async fn talk_is_counted_exactly() {
    let server = TestServer::watched(open_config()).await;
    let token = server.create().await;
    let mut heard = Heard::default();
    let ann_says = hello(&token, "ann");
    // Each is told welcome, what was before, its own coming, and live.
    let mut ann = member(&server, &ann_says, 3, &mut heard).await;
    let bob_says = hello(&token, "bob");
    let mut bob = member(&server, &bob_says, 4, &mut heard).await;
    let mut pat = server.plain(&token, "pat").await;
    let secret = sealed_hello("AAAAAAAAAAAAAAAAAAAAAg", 1, 0, true);
    let mut eve = member(&server, &secret, 3, &mut heard).await;
    // The coming of bob and pat, and of pat.
    heard.listen(&mut ann, 2).await;
    heard.listen(&mut bob, 1).await;

    let mut received: u64 =
        [&ann_says, &bob_says, &secret].map(|h| h.to_string().len() as u64).iter().sum();
    for frame in [
        json!({"t": "send", "id": "a", "text": "one"}),
        json!({"t": "send", "id": "b", "text": "двa".repeat(100)}),
        // A repeat is answered and no message.
        json!({"t": "send", "id": "b", "text": "двa".repeat(100)}),
    ] {
        received += frame.to_string().len() as u64;
        ann.say(frame).await;
    }
    heard.listen(&mut ann, 3).await;
    pat.text("three").await;
    received += 5;
    heard.listen(&mut ann, 1).await;
    heard.listen(&mut bob, 3).await;
    heard.listen(&mut pat, 3).await;
    let frame = json!({"t": "send", "id": "c", "m": sealed(1)});
    received += frame.to_string().len() as u64;
    eve.say(frame).await;
    heard.listen(&mut eve, 1).await;

    settle(
        &server,
        &[
            ("chat_messages_total", 4),
            ("chat_deliveries_total", heard.events),
            ("chat_delivered_bytes_total", heard.bytes),
            ("chat_received_frames_total", 8),
            ("chat_received_bytes_total", received),
            ("chat_connections{mode=\"structured\"}", 3),
            ("chat_connections{mode=\"plain\"}", 1),
            ("chat_connections_behind", 0),
            ("chat_members", 4),
            ("chat_rooms{kind=\"plain\"}", 1),
            ("chat_rooms{kind=\"sealed\"}", 1),
            ("chat_rooms_opened_total{kind=\"plain\"}", 1),
            ("chat_rooms_opened_total{kind=\"sealed\"}", 1),
            // The request for a room, and four who stayed.
            ("chat_connections_accepted_total", 5),
            ("chat_connections{mode=\"waiting\"}", 0),
            ("chat_ready", 1),
        ],
    )
    .await;
    // One's own joining, four messages and what they are kept with.
    let figures = scrape(&server).await;
    assert!(figures["chat_log_bytes"] > 300.0, "{figures:?}");
    let flushes = figures["chat_fanout_seconds_count"];
    let written = figures["chat_write_latency_seconds_count"];
    assert!((2.0..=4.0).contains(&written) && written <= flushes, "{written} of {flushes}");
    assert_eq!(figures["chat_write_latency_seconds_bucket{le=\"+Inf\"}"], written);
    assert!(figures["chat_write_latency_seconds_sum"] > 0.0);
    assert!(figures["process_resident_memory_bytes"] > 1e6 || !cfg!(target_os = "linux"));
    let version = concat!("chat_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"}");
    assert_eq!(figures[version], 1.0);
    server.stopped_now().await;
}

#[tokio::test]
async fn ends_are_counted_by_who_ended_and_how() {
    let limits = Limits {
        empty_ttl: Duration::from_millis(500),
        unused_ttl: Duration::from_millis(500),
        grace: Duration::from_millis(1),
        ..Limits::default()
    };
    let server = TestServer::watched(Config { limits, ..open_config() }).await;
    let room = "AAAAAAAAAAAAAAAAAAAAAg";
    let mut bye = server.enter(&sealed_hello(room, 1, 0, true)).await;
    let reload = server.enter(&sealed_hello(room, 2, 0, true)).await;
    let odd = server.enter(&sealed_hello(room, 3, 0, true)).await;
    let lost = server.enter(&sealed_hello(room, 4, 0, true)).await;
    let mut wrong = server.enter(&sealed_hello(room, 5, 0, true)).await;
    let mut early = server.v1().await;
    wrong.text("{").await;
    assert_eq!(wrong.closed().await.0, 4400);
    bye.say(json!({"t": "bye"})).await;
    assert_eq!(bye.closed().await.0, 1000);
    reload.close_with(1001).await;
    odd.close_with(4999).await;
    drop(lost);
    early.send(Message::binary(vec![1])).await;
    assert_eq!(early.closed().await.0, 1003);
    let closes = [
        ("chat_closes_total{by=\"server\",code=\"1000\"}", 1),
        ("chat_closes_total{by=\"server\",code=\"1003\"}", 1),
        ("chat_closes_total{by=\"server\",code=\"4400\"}", 1),
        ("chat_closes_total{by=\"server\",code=\"other\"}", 0),
        ("chat_closes_total{by=\"peer\",code=\"1000\"}", 0),
        ("chat_closes_total{by=\"peer\",code=\"1001\"}", 1),
        ("chat_closes_total{by=\"peer\",code=\"1006\"}", 1),
        ("chat_closes_total{by=\"peer\",code=\"other\"}", 1),
        ("chat_rooms_ended_total{reason=\"empty\"}", 1),
        ("chat_rooms{kind=\"sealed\"}", 0),
        ("chat_members", 0),
        ("chat_connections{mode=\"structured\"}", 0),
        ("chat_connections{mode=\"waiting\"}", 0),
    ];
    settle(&server, &closes).await;
}

#[tokio::test]
async fn refusals_are_counted_by_their_code() {
    let limits = Limits { room_max: NonZeroU32::new(1), ..Limits::default() };
    let rate = chat_core::Rate { tokens: 1, per: Duration::from_secs(600), burst: 2 };
    let config = Config { address_failed_joins: Some(rate), limits, ..open_config() };
    let server = TestServer::watched(config).await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let refused = async |hello| server.refused(&hello).await.1;
    assert_eq!(refused(hello(&token, "bob")).await, "room_full");
    assert_eq!(refused(json!({"t": "ping", "n": 1})).await, "bad_hello");
    let nowhere = PlainToken::generate(&mut rand::rng()).to_string();
    assert_eq!(refused(hello(&nowhere, "bob")).await, "no_room");
    let plain = server.try_plain(&format!("token={nowhere}&nick=bob")).await.err();
    assert_eq!(plain, Some((404, "no_room".into())));
    assert_eq!(refused(hello(&token, "bob")).await, "rate");
    assert_eq!(server.ask("GET", "/ws", "Origin: http://evil.example\r\n").await.0, 403);
    assert_eq!(server.ask("DELETE", "/create", "").await.0, 405);
    ann.post("a", &"x".repeat(17 << 10)).await;
    assert_eq!(ann.until("error").await["code"], "too_big");
    ann.say(json!({"t": "of a later version"})).await;
    assert_eq!(ann.until("error").await["code"], "unknown_type");
    let series = |code: &str| format!("chat_refusals_total{{code=\"{code}\"}}");
    let counts = [
        ("room_full", 1),
        ("bad_hello", 1),
        ("no_room", 2),
        ("rate", 1),
        ("forbidden", 1),
        ("method_not_allowed", 1),
        ("too_big", 1),
        ("unknown_type", 1),
        ("bad_frame", 0),
        ("other", 0),
    ];
    let expected: Vec<_> = counts.map(|(code, n)| (series(code), n)).into();
    let expected: Vec<_> = expected.iter().map(|(series, n)| (series.as_str(), *n)).collect();
    settle(&server, &expected).await;
}

#[tokio::test]
async fn those_who_miss_something_are_counted() {
    let limits =
        Limits { message_rate: None, log_events: NonZeroU32::new(4).unwrap(), ..Limits::default() };
    let server = TestServer::watched(Config { limits, ..open_config() }).await;
    let token = server.create().await;
    let mut slow = server.member(&token, "slow").await;
    let back = hello(&token, "back");
    let gone = server.enter(&back).await;
    let (inst, last) = (gone.welcome()["inst"].clone(), gone.last());
    drop(gone);
    let mut ann = server.member(&token, "ann").await;
    // More than any socket's buffers hold.
    for n in 0..2000 {
        ann.post(&n.to_string(), &"x".repeat(16 << 10)).await;
        ann.until("msg").await;
    }
    settle(&server, &[("chat_connections_behind", 1), ("chat_messages_total", 2000)]).await;
    let back = server.enter(&again(&back, Some((&inst, last)))).await;
    assert!(back.seen.iter().any(|frame| frame["t"] == "gap"), "{:?}", back.seen);

    let mut gaps = 0;
    loop {
        let frame = slow.frame().await;
        gaps += u64::from(frame["t"] == "gap");
        if frame["id"] == "1999" {
            break;
        }
    }
    assert!(gaps > 0);
    settle(
        &server,
        &[
            ("chat_gaps_total{why=\"slow\"}", gaps),
            ("chat_gaps_total{why=\"expired\"}", 1),
            ("chat_connections_behind", 0),
        ],
    )
    .await;
}

#[tokio::test]
async fn nobody_outside_can_add_a_series_or_a_word() {
    let server = TestServer::watched(open_config()).await;
    let before: Vec<_> = scrape(&server).await.into_keys().collect();
    assert!(before.len() < 160, "{}", before.len());
    let token = server.create().await;
    let word = "zebulon";
    for n in 0..50_u16 {
        server.get(&format!("/{word}{n}?{word}={word}")).await;
        server
            .ask(word, &format!("/{word}"), &format!("{word}: {word}\r\nOrigin: {word}\r\n"))
            .await;
        let _ = server.try_plain(&format!("token={token}&nick={word}{n}")).await;
        let _ = server.try_plain(&format!("token={word}&nick={word}")).await;
        let _ = server.connect("/ws", &[("sec-websocket-protocol", word)]).await;
        let mut member = server.member(&token, &format!("{word}-{n}")).await;
        member.post(word, word).await;
        member.say(json!({"t": word, word: word})).await;
        member.close_with(4000 + n).await;
        let mut early = server.v1().await;
        early.say(json!({"t": "hello", "v": n, "token": word, "key": word})).await;
        early.closed().await;
    }
    let text = text(&server).await;
    assert!(!text.contains(word) && !text.contains(&token), "{text}");
    let after: Vec<_> = scrape(&server).await.into_keys().collect();
    assert_eq!(after, before);
    let counted = scrape(&server).await;
    assert_eq!(counted["chat_closes_total{by=\"peer\",code=\"other\"}"], 50.0);
    let described = text.lines().filter(|line| line.starts_with("# HELP chat_")).count();
    assert_eq!(described, text.lines().filter(|line| line.starts_with("# TYPE chat_")).count());
}

#[tokio::test]
async fn figures_are_told_on_a_listener_of_their_own() {
    let timers = Timers { head: Duration::from_millis(300), ..Timers::default() };
    let server = TestServer::watched(Config { timers, ..open_config() }).await;
    assert_eq!(server.get("/metrics").await.0, 404);
    let metrics = TestServer::at(server.metrics.unwrap());
    assert_eq!(metrics.get("/").await.0, 404);
    assert_eq!(metrics.get("/ws").await.0, 404);
    assert_eq!(metrics.get("/healthz").await.0, 200);
    assert_eq!(metrics.ask("POST", "/metrics", "").await.0, 405);
    assert_eq!(metrics.ask("HEAD", "/metrics", "").await.2, "");
    // A page elsewhere whose name points here learns nothing, and that it asked is counted.
    let by_name = "GET /metrics HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n";
    let answer = String::from_utf8(metrics.raw(by_name.as_bytes()).await).unwrap();
    assert!(answer.starts_with("HTTP/1.1 421") && !answer.contains("chat_"), "{answer}");
    assert_eq!(scrape(&server).await["chat_refusals_total{code=\"misdirected\"}"], 1.0);
    // Those who say nothing take all places, and no longer than a head may take.
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(TcpStream::connect(metrics.address).await.unwrap());
    }
    assert_eq!(soon("an answer", metrics.get("/metrics")).await.0, 200);
    let long = format!("GET /metrics HTTP/1.1\r\nX: {}", "x".repeat(64 << 10));
    let answer = metrics.raw(long.as_bytes()).await;
    assert!(!answer.windows(5).any(|part| part == b"chat_"));
    server.stopped_now().await;
    assert!(TcpStream::connect(metrics.address).await.is_err());
}
