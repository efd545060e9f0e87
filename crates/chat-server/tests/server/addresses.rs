//! Whose request it is: what proxies say, and who is believed.

use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use chat_core::Rate;
use chat_server::{Config, IpNet, Timers};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::process::{Running, chat_server};
use crate::support::{TestServer, hello, open_config, soon};

/// A room an hour for each address: who is told apart is let in once each.
fn one_room_each(trusted: &str, proxy_protocol: bool) -> Config {
    let trusted = trusted.parse::<IpNet>().unwrap();
    Config {
        trusted_proxies: vec![trusted],
        proxy_protocol,
        address_creates: Some(Rate { tokens: 1, per: Duration::from_secs(3600), burst: 1 }),
        ..open_config()
    }
}

async fn creates(server: &TestServer, headers: &str) -> u16 {
    server.ask("GET", "/create", headers).await.0
}

#[tokio::test]
async fn who_is_not_a_trusted_proxy_is_not_believed() {
    let server = TestServer::start(one_room_each("127.0.0.9/32", false)).await;
    assert_eq!(creates(&server, "X-Forwarded-For: 192.0.2.1\r\n").await, 200);
    for spoofed in ["X-Forwarded-For: 192.0.2.2\r\n", "Forwarded: for=192.0.2.3\r\n"] {
        assert_eq!(creates(&server, spoofed).await, 429, "{spoofed}");
    }
    // Nor is one counted who only was named.
    assert_eq!(creates(&server.seen_from(9), "X-Forwarded-For: 192.0.2.1\r\n").await, 200);
}

#[tokio::test]
async fn a_trusted_proxy_tells_its_clients_apart() {
    let server = TestServer::start(one_room_each("127.0.0.1/32", false)).await;
    for (headers, status) in [
        ("X-Forwarded-For: 192.0.2.1\r\n", 200),
        ("X-Forwarded-For: 1.1.1.1, 192.0.2.1\r\n", 429),
        ("X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 192.0.2.1, 127.0.0.1\r\n", 429),
        ("Forwarded: for=1.1.1.1, for=192.0.2.1:4711\r\n", 429),
        ("X-Forwarded-For: 192.0.2.2\r\n", 200),
        ("X-Forwarded-For: 2001:db8::1\r\n", 200),
        ("Forwarded: for=\"[2001:db8::2]:4711\";proto=https\r\n", 429),
        ("X-Forwarded-For: 2001:db8:0:1::2\r\n", 200),
        // Nobody knows who these are; they are one together.
        ("Forwarded: for=_hidden\r\n", 200),
        ("X-Forwarded-For: 192.0.2.3, unknown\r\n", 429),
        ("X-Forwarded-For: 192.0.2.4\r\nForwarded: for=192.0.2.5\r\n", 429),
        // The proxy itself.
        ("", 200),
        ("", 429),
    ] {
        assert_eq!(creates(&server, headers).await, status, "{headers}");
    }
}

#[tokio::test]
async fn each_request_of_a_connection_has_its_own_client() {
    let server = TestServer::start(one_room_each("127.0.0.1/32", false)).await;
    let ask = |n, how| {
        format!(
            "GET /create HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.{n}\r\n{how}\r\n"
        )
    };
    let all = [ask(1, ""), ask(2, ""), ask(1, ""), ask(3, "Connection: close\r\n")].concat();
    let answers = server.raw(all.as_bytes()).await;
    let answers = String::from_utf8(answers).unwrap();
    let statuses = answers.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]);
    assert_eq!(statuses.collect::<Vec<_>>(), ["200", "200", "429", "200"]);
}

/// A header of version 2 for a client 192.0.2.`n`, and something that the
/// server has to skip.
pub(crate) fn introduces(n: u8) -> Vec<u8> {
    let mut header = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x13".to_vec();
    header.extend([192, 0, 2, n, 127, 0, 0, 1, 0x10, 0, 0, 80]);
    header.extend([4, 0, 4, 1, 2, 3, 4]);
    header
}

const CREATE: &[u8] = b"GET /create HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

async fn introduced(server: &TestServer, header: &[u8]) -> Option<u16> {
    let answer = server.raw(&[header, CREATE].concat()).await;
    let answer = String::from_utf8(answer).unwrap();
    answer.split(' ').nth(1).map(|status| status.parse().unwrap())
}

#[tokio::test]
async fn a_connection_is_whose_its_header_says() {
    let server = TestServer::start(one_room_each("127.0.0.1/32", true)).await;
    assert_eq!(introduced(&server, &introduces(1)).await, Some(200));
    assert_eq!(introduced(&server, &introduces(2)).await, Some(200));
    assert_eq!(introduced(&server, &introduces(1)).await, Some(429));
    // What the client writes into its request counts for nothing.
    let spoof = b"GET /create HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.9\r\n\
        Connection: close\r\n\r\n";
    let answer = server.raw(&[&introduces(1)[..], spoof].concat()).await;
    assert!(answer.starts_with(b"HTTP/1.1 429"));
    // The proxy asks for itself.
    let local = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";
    assert_eq!(introduced(&server, local).await, Some(200));
    assert_eq!(introduced(&server, local).await, Some(429));
}

#[tokio::test]
async fn without_a_good_header_nobody_is_served() {
    let server = TestServer::start(one_room_each("127.0.0.1/32", true)).await;
    for bad in [
        &b""[..],
        b"PROXY TCP4 192.0.2.1 127.0.0.1 4096 80\r\n",
        b"\r\n\r\n\0\r\nQUIT\n\x11\x11\0\0",
        b"\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff",
    ] {
        assert_eq!(introduced(&server, bad).await, None, "{bad:?}");
    }
    let elsewhere = server.seen_from(2);
    assert_eq!(introduced(&elsewhere, &introduces(1)).await, None, "who isn't trusted");
    assert_eq!(introduced(&server, &introduces(1)).await, Some(200));
}

#[tokio::test]
async fn a_header_that_does_not_come_is_not_waited_for() {
    let head = Duration::from_millis(50);
    let timers = Timers { head, ..Timers::default() };
    let server = TestServer::start(Config { timers, ..one_room_each("127.0.0.1/32", true) }).await;
    for begun in [&b""[..], b"PRO", &introduces(1)[..20]] {
        let mut stream = server.silent().await;
        stream.write_all(begun).await.unwrap();
        let ended = soon("the end", stream.read_to_end(&mut Vec::new())).await;
        assert!(matches!(ended, Ok(0)) || ended.is_err(), "{ended:?}");
    }
}

#[tokio::test]
async fn people_talk_through_a_proxy_that_introduces_them() {
    let server = TestServer::start(one_room_each("127.0.0.1/32", true)).await;
    let answer = server.raw(&[&introduces(1)[..], CREATE].concat()).await;
    let answer = String::from_utf8(answer).unwrap();
    let (_, token) = answer.rsplit_once("\"token\":\"").unwrap();
    let token = token.trim_end_matches("\"}");
    let mut stream = server.silent().await;
    // Header and request in one piece: nothing is read that isn't its own.
    let ask = format!(
        "GET /ws?token={token}&nick=ann HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n\
        Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n\r\n",
        "A".repeat(22) + "=="
    );
    let said = b"\x81\x82\0\0\0\0hi";
    stream.write_all(&[&introduces(2), ask.as_bytes(), said].concat()).await.unwrap();
    let mut seen = Vec::new();
    while !seen.ends_with(b"\x81\x07ann: hi") {
        assert_ne!(soon("what was said", stream.read_buf(&mut seen)).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn whoever_forgot_to_name_the_proxy_is_told_once() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut command = chat_server(&["--listen", "127.0.0.1:0"]);
    command.stderr(Stdio::from(File::create(log.path()).unwrap()));
    let running = Running::start(command);
    let server = TestServer::at(running.address());
    server.get("/info").await;
    let written = || std::fs::read_to_string(log.path()).unwrap();
    assert!(!written().contains("--trusted-proxy"), "{}", written());
    for n in 1..4 {
        server.ask("GET", "/info", &format!("X-Forwarded-For: 192.0.2.{n}\r\n")).await;
    }
    let written = written();
    assert_eq!(written.matches("--trusted-proxy").count(), 1, "{written}");
    assert!(!written.contains("192.0.2."), "{written}");
}

#[tokio::test]
async fn members_through_a_proxy_are_not_one_person() {
    let config = Config {
        trusted_proxies: vec!["127.0.0.1".parse::<std::net::IpAddr>().unwrap().into()],
        address_connections: 2.try_into().ok(),
        ..open_config()
    };
    let server = TestServer::start(config).await;
    let token = server.create().await;
    let v1 = async |address: &str| {
        let headers = [("sec-websocket-protocol", "chat.v1"), ("x-forwarded-for", address)];
        server.connect("/ws", &headers).await.unwrap()
    };
    let enter = async |address: &str, nick: &str| {
        let mut client = v1(address).await;
        client.say(hello(&token, nick)).await;
        client.live().await;
        client
    };
    let mut ann = enter("192.0.2.1", "ann").await;
    let bob = enter("192.0.2.1", "bob").await;
    let refused = v1("192.0.2.1").await.error().await;
    assert_eq!((&refused["code"], &refused["retry_ms"]), (&"rate".into(), &10_000.into()));
    let _cat = enter("192.0.2.2", "cat").await;

    // Its place is free once its connection has broken.
    drop(bob);
    while ann.frame().await["is"] != "lost" {}
    let _dan = enter("192.0.2.1", "dan").await;
    assert_eq!(v1("192.0.2.1").await.error().await["code"], "rate");
}
