//! By which names the server is asked.

use chat_server::Config;

use crate::privacy::Lines;
use crate::support::{TestServer, open_config};

impl TestServer {
    /// The status of an answer to a request with these lines.
    async fn status(&self, first: &str, lines: &str) -> u16 {
        let request = format!("{first}\r\n{lines}Connection: close\r\n\r\n");
        let answer = self.raw(request.as_bytes()).await;
        String::from_utf8_lossy(&answer).split(' ').nth(1).unwrap().parse().unwrap()
    }

    async fn as_host(&self, path: &str, host: &str) -> u16 {
        self.status(&format!("GET {path} HTTP/1.1"), &format!("Host: {host}\r\n")).await
    }
}

fn named() -> Config {
    Config {
        public_urls: vec!["https://chat.example/room".parse().unwrap()],
        allow_hosts: vec!["chat.lan".parse().unwrap()],
        ..open_config()
    }
}

#[tokio::test]
async fn only_its_own_names_are_answered() {
    let server = TestServer::start(named()).await;
    for host in [
        "localhost",
        "localhost:1",
        "LocalHost.",
        "chat.localhost:8080",
        "127.0.0.1",
        "192.168.1.7:8080",
        "[::1]",
        "[2001:db8::7]:8080",
        "chat.example",
        "Chat.Example:443",
        "chat.lan",
        "chat.lan.:8080",
    ] {
        assert_eq!(server.as_host("/info", host).await, 200, "{host}");
    }
    for host in [
        "evil.example",
        "evil.example:8080",
        "sub.chat.example",
        "chat.example.evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1.nip.io",
    ] {
        for path in ["/", "/info", "/create", "/ws?token=a&nick=b", "/sw.js", "/nowhere"] {
            assert_eq!(server.as_host(path, host).await, 421, "{host}{path}");
        }
        for path in ["/healthz", "/readyz"] {
            assert_eq!(server.as_host(path, host).await, 200, "{host}{path}");
        }
    }
    let plain = TestServer::open().await;
    for host in ["chat.example", "chat.lan"] {
        assert_eq!(plain.as_host("/", host).await, 421, "{host}");
    }
}

#[tokio::test]
async fn a_request_says_once_and_clearly_where_it_goes() {
    let server = TestServer::start(named()).await;
    let get = "GET /info HTTP/1.1";
    for (lines, status) in [
        ("", 400),
        ("Host: localhost\r\nHost: localhost\r\n", 400),
        ("Host: localhost\r\nHost: evil.example\r\n", 400),
        ("Host:\r\n", 400),
        ("Host: a b\r\n", 400),
        ("Host: http://localhost\r\n", 400),
        ("Host: user@localhost\r\n", 400),
        ("Host: localhost:port\r\n", 400),
        ("Host: \u{43b}\u{430}\u{43d}\r\n", 400),
        ("Host: localhost\r\n", 200),
    ] {
        assert_eq!(server.status(get, lines).await, status, "{lines:?}");
    }
    // Before HTTP/1.1 nobody had to say it.
    assert_eq!(server.status("GET /info HTTP/1.0", "").await, 200);
    assert_eq!(server.status("GET /info HTTP/1.0", "Host: evil.example\r\n").await, 421);
    // What stands in the first line counts more.
    let full = |host: &str| format!("GET http://{host}/info HTTP/1.1");
    assert_eq!(server.status(&full("chat.lan"), "Host: evil.example\r\n").await, 200);
    assert_eq!(server.status(&full("evil.example"), "Host: localhost\r\n").await, 421);
    assert_eq!(server.status(&full("localhost"), "").await, 400);
}

#[tokio::test]
async fn strangers_learn_no_flag_and_the_log_names_it_once() {
    let lines = Lines::default();
    let writer = lines.clone();
    let log = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    // HTTP is answered on the test's own thread.
    let _log = tracing::subscriber::set_default(log);
    let server = TestServer::open().await;
    let secret = "x".repeat(300);
    for _ in 0..3 {
        let headers = "Host: evil.example\r\nConnection: close\r\n\r\n";
        let answer = server.raw(format!("GET / HTTP/1.1\r\n{headers}").as_bytes()).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.starts_with("HTTP/1.1 421 Misdirected Request"), "{answer}");
        assert!(answer.contains(r#"{"error":"misdirected","message":""#), "{answer}");
        assert!(!answer.contains("allow-host") && !answer.contains("evil"), "{answer}");
        assert_eq!(server.as_host("/", &secret).await, 400);
        assert_eq!(server.as_host("/healthz", "probe.example").await, 200);
    }
    let log = lines.text();
    assert_eq!(log.matches("--allow-host").count(), 1, "{log}");
    assert!(
        log.contains("evil.example") && !log.contains("probe") && !log.contains("xxx"),
        "{log}"
    );
}
