//! No line of the program's log, at the most verbose, holds what people said,
//! know or are.

use std::io::Write;
use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::addresses::introduces;
use crate::process::{Running, chat_server};
use crate::secrets::{Log, Secrets};
use crate::support::{TestServer, again, hello, sealed, sealed_hello};
use crate::tls::Certificate;

/// Where everybody comes from: all of 127.0.0.0/8 is this machine.
const HOME: &str = "127.43.21.7";
const NETWORK: &str = "127.43.21.0/24";

/// A plain room: members in both modes, who say things and change their minds.
async fn talk(server: &TestServer, secrets: &mut Secrets) -> String {
    let token = server.create().await;
    let (nick, text) = ("Zebulon-Ω", "the treasure is buried under the oak");
    secrets.keep(&[&token, nick, "Zebulon", text, "treasure", "Patroclus", "Briseis-2"]);
    let says = hello(&token, nick);
    secrets.keep_all(&says);
    let mut ann = server.enter(&says).await;
    let (inst, last) = (ann.welcome()["inst"].clone(), ann.last());
    secrets.keep_all(&inst);
    let mut pat = server.plain(&token, "Patroclus").await;
    ann.post("message-id-1", text).await;
    ann.post("message-id-1", text).await;
    secrets.keep(&["message-id-1"]);
    pat.text(text).await;
    pat.next_text().await;
    ann.say(json!({"t": "profile", "nick": "Briseis-2"})).await;
    ann.say(json!({"t": "profile", "nick": "Patroclus"})).await;
    assert_eq!(ann.until("error").await["code"], "nick_taken");
    for frame in [json!({"t": "typing", "on": true}), json!({"t": "away", "on": true})] {
        ann.say(frame).await;
    }
    ann.say(json!({"t": "ping", "n": 7})).await;
    ann.until("pong").await;
    // A later connection takes over, and resumes; then one that knows too much.
    let mut later = server.enter(&again(&says, Some((&inst, last)))).await;
    assert_eq!(ann.closed().await.0, 4409);
    let mut ahead = again(&again(&says, None), Some((&inst, 1 << 40)));
    assert_eq!(server.refused(&ahead).await.1, "bad_hello");
    ahead["resume"]["inst"] = json!(text);
    assert_eq!(server.refused(&ahead).await.1, "bad_hello");
    later.say(json!({"t": text, text: text})).await;
    assert_eq!(later.until("error").await["code"], "unknown_type");
    later.text(&format!("{{\"t\":\"send\",\"text\":\"{text}\"")).await;
    assert_eq!(later.closed().await.0, 4400);
    pat.close_with(4321).await;
    token
}

/// A sealed room: what is sealed is nobody's business either.
async fn talk_sealed(server: &TestServer, secrets: &mut Secrets) {
    let room = "c2VhbGVkLXJvb20taQQQQQ";
    let hellos = [1, 2].map(|spk| sealed_hello(room, spk, 0, true));
    hellos.iter().for_each(|hello| secrets.keep_all(hello));
    let mut ann = server.enter(&hellos[0]).await;
    let mut bob = server.enter(&hellos[1]).await;
    ann.say(json!({"t": "send", "id": "sealed-id-1", "m": sealed(1)})).await;
    secrets.keep(&["sealed-id-1"]);
    bob.until("msg").await;
    bob.say(json!({"t": "profile", "profile": sealed(2)})).await;
    ann.until("profile").await;
    ann.say(json!({"t": "send", "id": "open-id-1", "text": "said openly by mistake"})).await;
    secrets.keep(&["open-id-1", "said openly"]);
    assert_eq!(ann.until("error").await["code"], "wrong_kind");
    let mut thief = sealed_hello(room, 1, 9, true);
    assert_eq!(server.refused(&thief).await.1, "spk_taken");
    thief["profile"]["ct"] = json!("A".repeat(400));
    assert_eq!(server.refused(&thief).await.1, "bad_nick");
    bob.close_with(1001).await;
    drop(ann);
}

/// Those who get nowhere.
async fn fail(server: &TestServer, token: &str, secrets: &mut Secrets) {
    let wrong = "000g-40r4-0m30-e209-185g-r38e-1wpn";
    secrets.keep(&[wrong, "Menelaus", "odysseus", "evil.example", "Mozilla/9"]);
    for query in [
        format!("token={wrong}&nick=Menelaus"),
        format!("token={token}&nick=a%00Menelaus"),
        format!("token={token}&nick={}", "Menelaus".repeat(9)),
        format!("token={token}Menelaus"),
    ] {
        assert!(server.try_plain(&query).await.is_err());
    }
    let nowhere = chat_core::PlainToken::generate(&mut rand::rng()).to_string();
    secrets.keep(&[&nowhere]);
    assert_eq!(server.refused(&hello(&nowhere, "Menelaus")).await.1, "no_room");
    for change in [
        json!({"v": 99}),
        json!({"token": wrong}),
        json!({"nick": "Menelaus\u{202e}"}),
        json!({"nick": ["Menelaus"]}),
        json!({"key": "Menelaus"}),
        json!({"t": "Menelaus"}),
    ] {
        let mut hello = hello(token, "Menelaus");
        secrets.keep_all(&hello["key"]);
        hello.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        server.refused(&hello).await;
    }
    let mut early = server.v1().await;
    early.send(Message::binary(b"odysseus".to_vec())).await;
    assert_eq!(early.closed().await.0, 1003);
    let mut giant = server.v1().await;
    giant.text(&"odysseus".repeat(10_000)).await;
    assert_eq!(giant.closed().await.0, 1009);
    let headers = "Origin: http://evil.example\r\nUser-Agent: Mozilla/9\r\nCookie: odysseus\r\n";
    for path in ["/odysseus", "/ws?token=odysseus", "/create?ttl_s=odysseus", "/%6fdysseus"] {
        server.ask("GET", path, headers).await;
        server.ask("ODYSSEUS", path, headers).await;
    }
    // What isn't HTTP, what is too long for it, and what isn't WebSocket.
    server.raw(b"GET /odysseus HTTP/9\r\n\r\n").await;
    server.raw(b"odysseus odysseus odysseus odysseus\r\n\r\n").await;
    server.raw(format!("GET /{} HTTP/1.1\r\n", "odysseus".repeat(10_000)).as_bytes()).await;
    let upgrade = "GET /ws HTTP/1.1\r\nHost: odysseus\r\nConnection: Upgrade\r\n\
                   Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Protocol: chat.v1\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    secrets.keep(&["dGhlIHNhbXBsZSBub25jZQ"]);
    // A text that isn't masked, and one that isn't text.
    server.raw(format!("{upgrade}\u{1}\u{8}odysseus").as_bytes()).await;
    let masked = b"\x81\x8a\0\0\0\0odysseus\xff\xfe";
    server.raw(&[upgrade.as_bytes(), masked].concat()).await;
    // Who guesses is stopped after a while.
    let mut guesses = 0;
    while server.refused(&hello(&nowhere, "Menelaus")).await.1 != "rate" {
        guesses += 1;
        assert!(guesses < 100);
    }
}

/// The program, with a log that says all it can.
struct Logged {
    running: Running,
    log: Log,
}

impl Logged {
    fn start(flags: &[&str]) -> Self {
        let log = Log::new();
        let mut command = chat_server(&["--listen", "127.0.0.1:0"]);
        command.args(flags);
        log.takes(&mut command);
        Self { running: Running::start(command), log }
    }

    fn address(&self) -> SocketAddr {
        self.running.address()
    }

    /// Stops it; all that it said.
    async fn end(self) -> String {
        self.running.signal("-TERM");
        let code = tokio::task::spawn_blocking(|| self.running.wait()).await.unwrap();
        assert_eq!(code, Some(0));
        self.log.read()
    }
}

/// The log of a whole evening.
async fn evening(format: &str, addresses: &str, secrets: &mut Secrets) -> String {
    let names = ["--allow-host", "odysseus", "--log-format", format, "--log-addresses", addresses];
    let limits = ["--log-summary", "10ms", "--address-failed-joins", "1", "--grace", "1ms"];
    let metrics = ["--metrics-listen", "127.0.0.1:0"];
    let program = Logged::start(&[&names[..], &limits, &metrics].concat());
    let server = TestServer::at(program.address()).known_from(HOME.parse().unwrap());
    let token = talk(&server, secrets).await;
    talk_sealed(&server, secrets).await;
    let staying = server.plain(&token, "Agamemnon").await;
    secrets.keep(&["Agamemnon"]);
    fail(&server, &token, secrets).await;
    let log = program.end().await;
    drop(staying);
    assert!(secrets.0.len() > 20, "{:?}", secrets.0);
    log
}

/// A log that holds nothing shows nothing.
fn assert_tells(log: &str) {
    for word in [
        "listening",
        "connected",
        "came into a room",
        "left a room",
        "came to no room",
        "refused",
        "no_room",
        "rate",
        "nick_taken",
        "4321",
        "what there is",
        "stopping",
        "stopped",
    ] {
        assert!(log.contains(word), "{word} is not in the log:\n{log}");
    }
}

#[tokio::test]
async fn nothing_secret_is_logged_as_text() {
    let mut secrets = Secrets::default();
    let log = evening("text", "short", &mut secrets).await;
    assert_tells(&log);
    assert!(log.contains(NETWORK), "{log}");
    secrets.keep(&[HOME]);
    secrets.assert_unsaid(&log);
}

#[tokio::test]
async fn nothing_secret_is_logged_as_json() {
    let mut secrets = Secrets::default();
    let log = evening("json", "none", &mut secrets).await;
    assert_tells(&log);
    secrets.keep(&[HOME, "127.43.21"]);
    secrets.assert_unsaid(&log);
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        let target = line["target"].as_str().unwrap();
        assert!(target == "chat_server" || target.starts_with("chat_server::"), "{line}");
        assert!(line["level"].is_string() && line["message"].is_string(), "{line}");
    }
}

#[tokio::test]
async fn whole_addresses_are_logged_where_that_was_asked_for() {
    let mut secrets = Secrets::default();
    let log = evening("json", "full", &mut secrets).await;
    assert!(log.contains(HOME), "{log}");
    secrets.assert_unsaid(&log);
}

#[tokio::test]
async fn the_key_of_a_server_is_not_logged() {
    let (key, wrong) = ("quercus-robur-and-oak", "fagus-sylvatica-and-beech");
    let mut kept = tempfile::NamedTempFile::new().unwrap();
    kept.write_all(key.as_bytes()).unwrap();
    let program = Logged::start(&["--create-key", kept.path().to_str().unwrap()]);
    let server = TestServer::at(program.address());
    for (key, status) in [(wrong, 401), (key, 200)] {
        let bearer = format!("Authorization: Bearer {key}\r\n");
        assert_eq!(server.ask("POST", "/create", &bearer).await.0, status);
    }
    server.get(&format!("/create?create_key={wrong}")).await;
    for key in [wrong, key] {
        let mut opener = server.v1().await;
        let mut hello = sealed_hello("yM_W3eTr8vkABw4VHCMqMQ", 1, 0, true);
        hello["create_key"] = key.into();
        opener.say(hello).await;
        opener.next().await;
    }
    let log = program.end().await.to_lowercase();
    assert!(log.contains("create_key") && log.contains("came into a room"), "{log}");
    let mut secrets = Secrets::default();
    secrets.keep(&[key, wrong]);
    secrets.assert_unsaid(&log);
}

#[tokio::test]
async fn nothing_is_logged_of_what_was_said_over_tls() {
    let certificate = Certificate::new();
    let (kept, key) = (certificate.certificate(), certificate.key());
    let files = ["--tls-cert", kept.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let program = Logged::start(&files);
    let mut secrets = Secrets::default();
    let server = TestServer::at(program.address()).over(certificate.trust());
    let token = talk(&server, &mut secrets).await;
    talk_sealed(&server, &mut secrets).await;
    let text = "said to the wrong door";
    secrets.keep(&[text]);
    let over_http =
        format!("GET /?{token} HTTP/1.1\r\nHost: nobody.example\r\nConnection: close\r\n\r\n");
    let no_handshake = format!("\x16\x03\x01\x00\x16{text}");
    for said in [over_http, no_handshake] {
        TestServer::at(program.address()).raw(said.as_bytes()).await;
    }
    let log = program.end().await;
    assert!(secrets.0.len() > 20, "{:?}", secrets.0);
    assert!(log.contains("a TLS handshake failed") && log.contains("came into a room"), "{log}");
    secrets.assert_unsaid(&log);
}

#[tokio::test]
async fn nothing_is_logged_of_what_proxies_say() {
    let trust = ["--trusted-proxy", "127.0.0.0/8", "--log-addresses", "none"];
    let program = Logged::start(&[&trust[..], &["--address-creates", "1"]].concat());
    let server = TestServer::at(program.address());
    let client = "203.0.113.77";
    let mut refused = 0;
    for headers in [
        format!("X-Forwarded-For: {client}\r\n"),
        format!("Forwarded: for={client};by=odysseus\r\n"),
        format!("X-Forwarded-For: {client}\r\nForwarded: for=203.0.113.78\r\n"),
        "X-Forwarded-For: odysseus\r\n".to_owned(),
    ] {
        server.ask("GET", "/odysseus", &headers).await;
        for _ in 0..2 {
            refused += usize::from(server.ask("GET", "/create", &headers).await.0 == 429);
        }
    }
    assert!(refused > 0, "nobody was refused anything");
    let log = program.end().await.to_lowercase();
    assert!(log.contains("refused") && log.contains("name different clients"), "{log}");
    let mut secrets = Secrets::default();
    secrets.keep(&[client, "203.0.113", "odysseus"]);
    secrets.assert_unsaid(&log);
}

#[tokio::test]
async fn nothing_is_logged_of_whom_a_proxy_introduces() {
    let trust = ["--trusted-proxy", "127.0.0.0/8", "--proxy-protocol", "--address-creates", "1"];
    for (addresses, secret) in [("short", "192.0.2.77"), ("none", "192.0.2.")] {
        let program = Logged::start(&[&trust[..], &["--log-addresses", addresses]].concat());
        let server = TestServer::at(program.address());
        let create = b"GET /create?odysseus=1 HTTP/1.1\r\nHost: localhost\r\n\
            Connection: close\r\n\r\n";
        for status in ["200", "429"] {
            let answer = server.raw(&[&introduces(77)[..], create].concat()).await;
            assert!(answer.starts_with(format!("HTTP/1.1 {status}").as_bytes()));
        }
        // What isn't a header, and what is one that isn't understood.
        let mut foreign = introduces(77);
        foreign[13] = 0x3f;
        for bad in [&b"odysseus odysseus odysseus"[..], &foreign] {
            server.raw(&[bad, create].concat()).await;
        }
        let log = program.end().await;
        assert!(log.contains("refused") && log.contains("PROXY"), "{log}");
        let mut secrets = Secrets::default();
        secrets.keep(&[secret, "odysseus"]);
        secrets.assert_unsaid(&log);
    }
}
