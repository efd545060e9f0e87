//! Bad input: what it is answered with, and that it costs nobody a message.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use chat_core::{Limits, Rate};
use chat_server::{Config, Timers};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::support::{self, Client, TestServer, hello, open_config};

/// Two who talk while somebody else misbehaves.
struct Pair {
    ann: Client,
    bob: Client,
    said: usize,
}

impl Pair {
    async fn new(server: &TestServer, token: &str) -> Self {
        let ann = server.member(token, "well-behaved").await;
        Self { ann, bob: server.plain(token, "listener").await, said: 0 }
    }

    /// One more message arrives.
    async fn talk(&mut self) {
        self.said += 1;
        let text = format!("message {}", self.said);
        self.ann.post(&self.said.to_string(), &text).await;
        loop {
            if self.bob.next_text().await == format!("well-behaved: {text}") {
                return;
            }
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_query_is_said_by_status_and_code() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut pair = Pair::new(&server, &token).await;
    let long = "x".repeat(33);
    for (query, status, code) in [
        ("token=0000-0000-0000-0000&nick=a".to_owned(), 404, "no_room"),
        ("token=zzz&nick=a".into(), 400, "bad_token"),
        ("token=u000-0000-0000-0000&nick=a".into(), 400, "bad_token"),
        ("token=000g-40r4-0m30-e209-185g-r38e-1wpn&nick=a".into(), 400, "bad_token"),
        (format!("token={token}"), 400, "bad_request"),
        ("nick=a".into(), 400, "bad_request"),
        (format!("token={token}&nick="), 400, "bad_nick"),
        (format!("token={token}&nick={long}"), 400, "bad_nick"),
        (format!("token={token}&nick=a%00b"), 400, "bad_nick"),
        (format!("token={token}&nick=a%E2%80%AEb"), 400, "bad_nick"),
        (format!("token={token}&nick=%20a"), 400, "bad_nick"),
        (format!("token={token}&nick=a:b"), 400, "bad_nick"),
        (format!("token={token}&nick=LISTENER"), 409, "nick_taken"),
    ] {
        let refused = server.try_plain(&query).await.err();
        assert_eq!(refused, Some((status, code.into())), "{query}");
        pair.talk().await;
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_hello_is_said_by_error_and_close() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut pair = Pair::new(&server, &token).await;
    let with = |name: &str, value: serde_json::Value| {
        let mut frame = hello(&token, "ok");
        frame[name] = value;
        frame.to_string()
    };
    for (frame, close, code) in [
        (hello("0000-0000-0000-0000", "a").to_string(), 4404, "no_room"),
        (hello("nonsense", "a").to_string(), 4400, "bad_hello"),
        (hello("000g-40r4-0m30-e209-185g-r38e-1wpn", "a").to_string(), 4400, "bad_hello"),
        (hello(&token, "").to_string(), 4422, "bad_nick"),
        (hello(&token, "\u{202e}a").to_string(), 4422, "bad_nick"),
        (hello(&token, "Well-Behaved").to_string(), 4422, "nick_taken"),
        (with("v", json!(2)), 4426, "unsupported_version"),
        (with("key", json!("short")), 4400, "bad_hello"),
        (with("try", json!("one")), 4400, "bad_hello"),
        (with("nick", json!(7)), 4400, "bad_hello"),
        (with("room", json!("AAAAAAAAAAAAAAAAAAAAAQ")), 4400, "bad_hello"),
        (json!({"t": "send", "id": "a", "text": "early"}).to_string(), 4400, "bad_hello"),
        (json!({"t": "dance"}).to_string(), 4400, "bad_hello"),
        ("{".into(), 4400, "bad_frame"),
        ("[]".into(), 4400, "bad_frame"),
    ] {
        let mut client = server.v1().await;
        client.text(&frame).await;
        assert_eq!(client.closed().await, (close, code.into()), "{frame}");
        pair.talk().await;
    }
}

#[tokio::test]
async fn what_is_wrong_after_the_hello_is_a_bad_frame() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut pair = Pair::new(&server, &token).await;
    let deep = format!(r#"{{"t":"ping","n":1,"x":{}{}}}"#, "[".repeat(5000), "]".repeat(5000));
    for (n, frame) in [
        "{".to_owned(),
        "null".into(),
        deep,
        json!({"t": "send", "id": "a b", "text": "x"}).to_string(),
        json!({"t": "send", "id": "a"}).to_string(),
        json!({"t": "send", "id": "a", "text": ["x"]}).to_string(),
        json!({"t": "ping", "n": -1}).to_string(),
        json!({"t": "typing", "on": "yes"}).to_string(),
        hello(&token, "again").to_string(),
    ]
    .iter()
    .enumerate()
    {
        let mut client = server.member(&token, &format!("bad{n}")).await;
        client.text(frame).await;
        assert_eq!(client.closed().await, (4400, "bad_frame".into()), "{frame:.80}");
        pair.talk().await;
    }
}

#[tokio::test]
async fn what_is_only_refused_does_not_end_the_connection() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut pair = Pair::new(&server, &token).await;
    let mut client = server.member(&token, "clumsy").await;
    for (frame, code) in [
        (json!({"t": "dance"}), "unknown_type"),
        (json!({"t": "send", "id": "a", "text": "x".repeat(16_385)}), "too_big"),
        (
            json!({"t": "send", "id": "b",
                   "m": {"n": 0, "ct": "AAAA", "sig": format!("{}A", "A".repeat(85))}}),
            "wrong_kind",
        ),
        (json!({"t": "profile", "nick": "LISTENER"}), "nick_taken"),
        (json!({"t": "profile", "nick": "a:b"}), "bad_nick"),
    ] {
        client.say(frame.clone()).await;
        let error = client.until("error").await;
        assert_eq!((&error["code"], &error["fatal"]), (&json!(code), &json!(false)), "{code}");
        assert_eq!(error.get("re"), frame.get("id"), "{code}");
        pair.talk().await;
    }
    client.post("c", &"x".repeat(16_384)).await;
    while client.until("msg").await["id"] != "c" {}
}

#[tokio::test]
async fn frames_that_break_the_protocol_close_with_its_codes() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut pair = Pair::new(&server, &token).await;
    let bad_utf8 = Frame::message(vec![0xff, 0xfe], OpCode::Data(Data::Text), true);
    for (n, (message, close)) in [
        (Message::binary(vec![1, 2, 3]), 1003),
        (Message::Frame(bad_utf8), 1007),
        (Message::text("x".repeat(65_537)), 1009),
    ]
    .into_iter()
    .enumerate()
    {
        let mut structured = server.member(&token, &format!("v{n}")).await;
        structured.send(message.clone()).await;
        assert_eq!(structured.closed().await.0, close);
        pair.talk().await;
        let mut plain = server.plain(&token, &format!("p{n}")).await;
        plain.send(message).await;
        assert_eq!(plain.closed().await.0, close);
        pair.talk().await;
    }
    let mut plain = server.plain(&token, "long").await;
    plain.text(&"x".repeat(16_385)).await;
    assert_eq!(plain.closed().await.0, 1009);
    pair.talk().await;
}

/// A handshake by hand, so that what follows can be anything.
async fn by_hand(server: &TestServer, token: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "GET /ws?token={token}&nick=hand HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        server.address
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(support::soon("the handshake's answer", stream.read_u8()).await.unwrap());
    }
    assert!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));
    stream
}

#[tokio::test]
async fn unmasked_frames_and_reserved_bits_are_protocol_errors() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut pair = Pair::new(&server, &token).await;
    for bytes in [&b"\x81\x02hi"[..], b"\xc1\x82\0\0\0\0hi", b"\x83\x80\0\0\0\0"] {
        let mut stream = by_hand(&server, &token).await;
        stream.write_all(bytes).await.unwrap();
        let mut end = Vec::new();
        let _ = support::soon("the close", stream.read_to_end(&mut end)).await;
        assert_eq!(end.get(..1), Some(&b"\x88"[..]));
        assert_eq!(end.get(2..4), Some(&1002_u16.to_be_bytes()[..]));
        drop(stream);
        pair.talk().await;
    }
}

#[tokio::test]
async fn a_connection_that_is_only_half_there_is_lost() {
    let timers = Timers {
        ping: Duration::from_millis(100),
        silence: Duration::from_millis(300),
        ..Timers::default()
    };
    let server = TestServer::start(Config { timers, ..open_config() }).await;
    let token = server.create().await;
    // It reads nothing and so answers no ping; its kernel takes all.
    let _half = by_hand(&server, &token).await;
    let mut ann = server.member(&token, "ann").await;
    assert_eq!(ann.until("leave").await["why"], "timeout");
}

#[tokio::test]
async fn a_hello_that_does_not_come_is_not_waited_for() {
    let timers = Timers { hello: Duration::from_millis(50), ..Timers::default() };
    let server = TestServer::start(Config { timers, ..open_config() }).await;
    let mut client = server.v1().await;
    assert_eq!(client.closed().await, (4401, String::new()));
}

#[tokio::test]
async fn http_that_is_too_long_too_slow_or_none_at_all_is_turned_away() {
    let timers = Timers { head: Duration::from_millis(200), ..Timers::default() };
    let server = TestServer::start(Config { timers, ..open_config() }).await;
    let token = server.create().await;
    let mut pair = Pair::new(&server, &token).await;
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(20_000));
    let many = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "a: b\r\n".repeat(5_000));
    for (bytes, answers) in [
        (long.as_bytes(), &["HTTP/1.1 414", "HTTP/1.1 431"][..]),
        (many.as_bytes(), &["HTTP/1.1 431"]),
        (b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", &["HTTP/1.1 400", ""]),
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", &["HTTP/1.1 400"]),
        // Its head never ends.
        (b"GET / HTTP/1.1\r\nHost: x\r\n", &["HTTP/1.1 408", ""]),
    ] {
        let answer = String::from_utf8_lossy(&server.raw(bytes).await).into_owned();
        let status = answer.get(..12).unwrap_or_default();
        assert!(answers.contains(&status), "{status:?}, not one of {answers:?}");
        pair.talk().await;
    }
}

#[tokio::test]
async fn who_comes_from_elsewhere_or_asks_wrongly_is_told_so() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let query = format!("/ws?token={token}&nick=a");
    let connect = |headers: &'static [(&'static str, &'static str)]| {
        let (server, query) = (&server, &query);
        async move { server.connect(query, headers).await.err() }
    };
    let foreign = connect(&[("origin", "http://evil.example")]).await;
    assert_eq!(foreign, Some((403, "forbidden".into())));
    let unknown = connect(&[("sec-websocket-protocol", "chat.v9, other")]).await;
    assert_eq!(unknown, Some((400, "unknown_subprotocol".into())));

    let cross = server.ask("POST", "/create", "Sec-Fetch-Site: cross-site\r\n").await;
    assert_eq!(cross.0, 403);
    let (status, head, _) = server.ask("DELETE", "/create", "").await;
    assert_eq!(status, 405);
    assert!(head.contains("allow: get, post"), "{head}");
    let (status, head, body) = server.get("/ws").await;
    assert_eq!(status, 426, "{body}");
    assert!(head.contains("upgrade: websocket"), "{head}");
    assert_eq!(server.get("/create?max=many").await.0, 400);
    assert_eq!(server.get("/nowhere").await.0, 404);
}

#[tokio::test]
async fn faster_than_the_rate_is_read_slower_and_refused_nothing() {
    let rate = Rate { tokens: 100, per: Duration::from_secs(1), burst: 3 };
    let limits = Limits { message_rate: Some(rate), ..Limits::default() };
    let server = TestServer::start(Config { limits, ..open_config() }).await;
    let token = server.create().await;
    let mut fast = server.member(&token, "fast").await;
    let mut plain = server.plain(&token, "plain").await;
    for n in 0..30 {
        fast.post(&n.to_string(), &n.to_string()).await;
    }
    let mut taken = Vec::new();
    for n in 0..30 {
        assert_eq!(plain.next_text().await, format!("fast: {n}"));
        taken.push(fast.until("msg").await["ts"].as_u64().unwrap());
    }
    // 27 beyond the burst at 10 ms each, by the server's own clock.
    assert!(taken[29] - taken[0] >= 260, "{taken:?}");
    // Somebody else's pace is somebody else's.
    plain.text("at once").await;
    assert_eq!(plain.next_text().await, "plain: at once");
}

#[tokio::test]
async fn a_full_room_and_a_full_server_say_so() {
    let limits =
        Limits { rooms: NonZeroUsize::new(2), room_max: NonZeroU32::new(2), ..Limits::default() };
    let server = TestServer::start(Config { limits, shards: 2, ..open_config() }).await;
    let token = server.create().await;
    server.create().await;
    let (status, head, body) = server.get("/create").await;
    assert_eq!(status, 503, "{body}");
    assert!(head.contains("retry-after: "), "{head}");

    let mut pair = Pair::new(&server, &token).await;
    let refused = server.try_plain(&format!("token={token}&nick=third")).await.err();
    assert_eq!(refused, Some((409, "room_full".into())));
    let mut third = server.v1().await;
    third.say(hello(&token, "third")).await;
    assert_eq!(third.closed().await, (4423, "room_full".into()));
    pair.talk().await;
}

#[tokio::test]
async fn an_address_that_wants_too_much_waits() {
    let server = TestServer::start(Config::default()).await;
    let token = server.create().await;
    let mut pair = Pair::new(&server, &token).await;
    for _ in 1..20 {
        server.create().await;
    }
    let (status, head, body) = server.get("/create").await;
    assert_eq!((status, body.contains(r#""error":"rate""#)), (429, true), "{body}");
    let retry = head.split("retry-after: ").nth(1).unwrap().split("\r\n").next().unwrap();
    assert!((1..=3).contains(&retry.parse::<u32>().unwrap()), "{retry}");

    // It asks for ten thousand rooms that aren't there, on one connection.
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let (mut missing, mut limited) = (0, 0);
    for n in 0..10_000 {
        let request = format!(
            "GET /ws?token=0000-0000-0000-{n:04}&nick=a HTTP/1.1\r\nHost: {}\r\n\
             Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            server.address
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        match support::soon("an answer", status_of(&mut stream)).await {
            404 => missing += 1,
            429 => limited += 1,
            other => panic!("{other}"),
        }
    }
    assert!(missing >= 20 && limited > 9_000, "{missing} missing, {limited} limited");
    // Nor is it told whether a room is there.
    let mut client = server.v1().await;
    client.say(hello(&token, "guesser")).await;
    assert_eq!(client.closed().await, (4429, "rate".into()));
    pair.talk().await;
}

/// Reads one answer with a body of a stated length.
async fn status_of(stream: &mut TcpStream) -> u16 {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).await.unwrap();
    head.split(' ').nth(1).unwrap().parse().unwrap()
}
