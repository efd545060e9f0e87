//! How much one address may take, and all together: what it is told that takes
//! too much, when it may go on, and that others don't notice.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use chat_core::Rate;
use chat_server::Config;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::support::{Client, TestServer, hello, open_config, soon};

const HOUR: Duration = Duration::from_secs(3600);

/// A room with two who are well-behaved, and come from elsewhere.
struct Beside {
    ann: Client,
    bob: Client,
    said: u32,
}

impl Beside {
    async fn start(server: &TestServer) -> Self {
        let elsewhere = server.seen_from(200);
        let token = elsewhere.create().await;
        let ann = elsewhere.member(&token, "ann").await;
        let mut bob = elsewhere.member(&token, "bob").await;
        bob.say(serde_json::json!({"t": "ping", "n": 0})).await;
        bob.until("pong").await;
        Self { ann, bob, said: 0 }
    }

    /// What one says the other hears.
    async fn talk(&mut self) {
        self.said += 1;
        let text = format!("number {}", self.said);
        self.ann.post(&self.said.to_string(), &text).await;
        assert_eq!(self.bob.until("msg").await["text"], text);
    }
}

async fn is_closed_at_once(server: &TestServer) {
    let mut stream = server.silent().await;
    let ended = soon("the end", stream.read(&mut [0])).await;
    assert!(matches!(ended, Ok(0)) || ended.is_err(), "{ended:?}");
}

/// All three ways of being told, and the hint of each, in seconds.
async fn is_told(server: &TestServer, status: u16, code: &str, close: u16, retry_s: u64) {
    let (got, head, body) = server.get("/info").await;
    assert_eq!(got, status, "{body}");
    assert!(body.contains(&format!("\"error\":\"{code}\"")), "{body}");
    assert!(head.contains("connection: close"), "{head}");
    assert!(head.contains("x-content-type-options"), "{head}");
    let (_, hint) = head.split_once("retry-after: ").unwrap();
    let hint: u64 = hint.lines().next().unwrap().parse().unwrap();
    assert!((retry_s.saturating_sub(5)..=retry_s).contains(&hint), "{hint}");

    assert_eq!(server.try_plain("token=x&nick=y").await.err(), Some((status, code.into())));

    let error = server.v1().await.error().await;
    assert_eq!((&error["code"], &error["fatal"]), (&code.into(), &true.into()));
    let hint = error["retry_ms"].as_u64().unwrap();
    assert!((retry_s.saturating_sub(5) * 1000..=retry_s * 1000).contains(&hint), "{hint}");
    assert_eq!(server.v1().await.closed().await, (close, code.into()));

    assert_eq!(server.get("/healthz").await.0, 200, "whoever watches it is told how it is");
}

#[tokio::test]
async fn an_address_has_so_many_connections() {
    let address_connections = NonZeroU32::new(4);
    let server = TestServer::start(Config { address_connections, ..open_config() }).await;
    let mut beside = Beside::start(&server).await;
    let token = server.create().await;
    let mut first = server.member(&token, "first").await;
    let second = server.member(&token, "second").await;
    let third = server.member(&token, "third").await;
    let fourth = server.plain(&token, "fourth").await;
    is_told(&server, 429, "rate", 4429, 10).await;
    beside.talk().await;

    // However they end, their places are free again.
    let is_gone = async |client: &mut Client| loop {
        let frame = client.frame().await;
        if frame["t"] == "leave" || frame["is"] == "lost" {
            return;
        }
    };
    second.close().await;
    is_gone(&mut first).await;
    drop(third);
    is_gone(&mut first).await;
    drop(fourth);
    is_gone(&mut first).await;
    let mut mad = server.member(&token, "mad").await;
    mad.send(tokio_tungstenite::tungstenite::Message::binary(vec![1])).await;
    assert_eq!(mad.closed().await.0, 1003);
    drop(mad);
    is_gone(&mut first).await;
    let mut all = Vec::new();
    for nick in ["b", "c", "d"] {
        all.push(server.member(&token, nick).await);
    }
    assert_eq!(server.v1().await.closed().await, (4429, "rate".into()));
    first.post("a", "still here").await;
    assert_eq!(first.until("msg").await["text"], "still here");
}

#[tokio::test]
async fn who_opens_far_too_many_is_not_even_told() {
    let address_connections = NonZeroU32::new(4);
    let server = TestServer::start(Config { address_connections, ..open_config() }).await;
    let mut beside = Beside::start(&server).await;
    let mut silent: Vec<TcpStream> = Vec::new();
    for _ in 0..4 + 4 / 4 + 4 {
        silent.push(server.silent().await);
    }
    for _ in 0..20 {
        is_closed_at_once(&server).await;
    }
    beside.talk().await;
    // Those who came while there was room are served.
    silent[0].write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = [0; 12];
    soon("an answer", silent[0].read_exact(&mut answer)).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
}

#[tokio::test]
async fn an_address_comes_so_often() {
    let address_handshakes = Some(Rate { tokens: 10, per: Duration::from_secs(1), burst: 3 });
    let server = TestServer::start(Config { address_handshakes, ..open_config() }).await;
    let mut beside = Beside::start(&server).await;
    let mut told = None;
    for _ in 0..9 {
        let mut client = server.v1().await;
        client.say(hello("x", "ann")).await;
        let error = client.error().await;
        match error["code"].as_str().unwrap() {
            "bad_hello" => {}
            "rate" => told = error["retry_ms"].as_u64(),
            other => panic!("{other}"),
        }
    }
    beside.talk().await;
    // Who waits for as long as it was told is let in.
    let told = Duration::from_millis(told.expect("a hint"));
    sleep(told).await; // tidy: whether that is long enough is what is asked
    assert_eq!(server.get("/info").await.0, 200);
}

#[tokio::test]
async fn a_flood_of_connections_is_let_go_without_a_word() {
    let address_handshakes = Some(Rate { tokens: 1, per: HOUR, burst: 3 });
    let server = TestServer::start(Config { address_handshakes, ..open_config() }).await;
    let mut beside = Beside::start(&server.seen_from(201)).await;
    for status in [200, 200, 200, 429, 429] {
        assert_eq!(server.get("/info").await.0, status);
    }
    is_told(&server, 429, "rate", 4429, 3600).await;
    // Those were five; twelve in all are told.
    server.get("/info").await;
    server.get("/info").await;
    for _ in 0..20 {
        is_closed_at_once(&server).await;
    }
    beside.talk().await;
}

#[tokio::test]
async fn an_address_asks_for_so_much() {
    let address_handshakes = Some(Rate { tokens: 1, per: HOUR, burst: 1 });
    let server = TestServer::start(Config { address_handshakes, ..open_config() }).await;
    let ask = "GET /info HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let answers = server.raw(ask.repeat(30).as_bytes()).await;
    let answers = String::from_utf8_lossy(&answers).into_owned();
    let statuses: Vec<_> = answers.split("HTTP/1.1 ").skip(1).map(|it| &it[..3]).collect();
    assert_eq!((statuses.len(), statuses[19], statuses[20]), (21, "200", "429"), "{answers}");
    assert_eq!(server.seen_from(2).get("/info").await.0, 200);
}

#[tokio::test]
async fn an_address_is_read_no_faster_than_it_may_speak() {
    let address_messages = Some(Rate { tokens: 20, per: Duration::from_secs(1), burst: 2 });
    let mut config = Config { address_messages, ..open_config() };
    config.limits.message_rate = None;
    let server = TestServer::start(config).await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let mut bob = server.member(&token, "bob").await;
    let mut cat = server.seen_from(2).member(&token, "cat").await;
    let start = Instant::now();
    for n in 0..8 {
        ann.post(&format!("a{n}"), "ann").await;
        bob.post(&format!("b{n}"), "bob").await;
    }
    let said =
        async |client: &mut Client| client.until("msg").await["text"].as_str().unwrap().to_owned();
    said(&mut cat).await;
    cat.post("c", "cat").await;
    let mut all = Vec::new();
    for _ in 0..16 {
        all.push(said(&mut cat).await);
    }
    assert!(start.elapsed() >= Duration::from_millis(14 * 50), "two at once, then one in 50 ms");
    let count = |who: &str| all.iter().filter(|said| *said == who).count();
    assert_eq!((count("ann") + count("bob"), count("cat")), (15, 1), "nothing is refused");
    let place = all.iter().position(|said| said == "cat").unwrap();
    assert!(place < 10, "who comes from elsewhere waits for nobody: {all:?}");
}

#[tokio::test]
async fn the_server_has_so_many_connections() {
    let server = TestServer::start(Config { max_connections: Some(4), ..open_config() }).await;
    let mut beside = Beside::start(&server).await;
    let token = server.create().await;
    let third = server.member(&token, "third").await;
    let mut fourth = server.member(&token, "fourth").await;
    is_told(&server, 503, "overloaded", 1013, 5).await;
    beside.talk().await;
    drop(third);
    while fourth.frame().await["is"] != "lost" {}
    let _again = server.member(&token, "again").await;
    assert_eq!(server.v1().await.closed().await, (1013, "overloaded".into()));
}

#[tokio::test]
async fn who_asks_for_nothing_makes_room_for_who_does() {
    let server = TestServer::start(Config { max_connections: Some(6), ..open_config() }).await;
    let token = server.create().await;
    let mut beside = Beside::start(&server).await;
    let mut silent = [server.silent().await, server.silent().await];
    let mut mute = server.v1().await;
    let mut members = Vec::new();
    for nick in ["one", "two", "three", "four"] {
        members.push(server.member(&token, nick).await);
    }
    for silent in &mut silent {
        assert_eq!(soon("its end", silent.read(&mut [0])).await.unwrap_or(0), 0);
    }
    assert_eq!(mute.closed().await, (1013, "overloaded".into()));
    // All who are there have asked for something.
    assert_eq!(server.v1().await.closed().await, (1013, "overloaded".into()));
    beside.talk().await;
}

#[tokio::test]
async fn a_hello_comes_before_pings_without_end() {
    let server = TestServer::open().await;
    let mut socket = server.v1().await;
    let ping = tokio_tungstenite::tungstenite::Message::Ping(Vec::new().into());
    for _ in 0..40 {
        socket.send(ping.clone()).await;
    }
    assert_eq!(socket.closed().await, (4400, "bad_hello".into()));
}
