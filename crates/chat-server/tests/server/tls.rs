//! TLS by the server itself.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chat_server::{Config, Listeners, Timers, Tls};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};

use crate::support::{TestServer, hello, open_config, soon};
use crate::trust::trusting;

/// A certificate and its key as files.
pub(crate) struct Certificate {
    folder: TempDir,
}

impl Certificate {
    pub(crate) fn new() -> Self {
        let new = Self { folder: TempDir::new().unwrap() };
        new.replace();
        new
    }

    /// Puts another one in its place.
    pub(crate) fn replace(&self) -> CertificateDer<'static> {
        let names = ["127.0.0.1", "localhost"].map(str::to_owned);
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).unwrap();
        std::fs::write(self.key(), signing_key.serialize_pem()).unwrap();
        std::fs::write(self.certificate(), cert.pem()).unwrap();
        cert.der().clone()
    }

    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.folder.path().join("key")
    }

    pub(crate) fn tls(&self) -> Tls {
        Tls::from_files(self.certificate(), self.key()).unwrap()
    }

    /// How a client speaks that trusts it.
    pub(crate) fn trust(&self) -> TlsConnector {
        trusting([self.der()], &[])
    }

    fn der(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_file(self.certificate()).unwrap()
    }
}

/// A server that speaks TLS, and clients that trust it.
pub(crate) async fn start(config: Config) -> TestServer {
    let certificate = Certificate::new();
    let trust = certificate.trust();
    let config = Config { tls: Some(certificate.tls()), ..config };
    TestServer::start(config).await.over(trust)
}

/// The certificate that a new connection is shown.
pub(crate) async fn shown(server: &TestServer, trust: &TlsConnector) -> CertificateDer<'static> {
    let tcp = TcpStream::connect(server.address).await.unwrap();
    let name = ServerName::IpAddress(server.address.ip().into());
    let tls = soon("a TLS handshake", trust.connect(name, tcp)).await.unwrap();
    tls.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}

/// What a socket without TLS is answered, to its end.
async fn answer(address: std::net::SocketAddr, bytes: &[u8]) -> String {
    let mut tcp = TcpStream::connect(address).await.unwrap();
    tcp.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    // A reset ends it just as well.
    let _ = soon("the end", tcp.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn both_modes_talk_and_leave() {
    let server = start(open_config()).await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let mut pat = server.plain(&token, "pat").await;
    // Longer than a record of TLS (RFC 8446, section 5.1).
    for text in ["hi".to_owned(), "x".repeat(16_384)] {
        ann.post(&text[..1], &text).await;
        assert_eq!(ann.until("msg").await["text"], text);
        assert_eq!(pat.next_text().await, format!("ann: {text}"));
        pat.text(&text).await;
        assert_eq!(ann.until("msg").await["text"], text);
        assert_eq!(pat.next_text().await, format!("pat: {text}"));
    }
    pat.close().await;
    assert_eq!(ann.until("leave").await["why"], "bye");
    ann.say(serde_json::json!({"t": "bye"})).await;
    assert_eq!(ann.closed().await.0, 1000);
    assert_eq!(server.refused(&hello("0000-0000-0000-0000", "eve")).await.1, "no_room");
    server.stopped_now().await;
}

#[tokio::test]
async fn who_speaks_http_is_led_to_https() {
    let certificate = Certificate::new();
    let allow_hosts = vec!["chat.lan".parse().unwrap()];
    let config = Config { tls: Some(certificate.tls()), allow_hosts, ..open_config() };
    let listen = || TcpListener::bind("127.0.0.1:0");
    let (serving, redirecting) = (listen().await.unwrap(), listen().await.unwrap());
    let port = serving.local_addr().unwrap().port();
    let other = redirecting.local_addr().unwrap();
    let listeners = Listeners {
        serving: vec![serving],
        redirecting: vec![redirecting],
        ..Listeners::default()
    };
    let server = TestServer::on(config, listeners);
    // To the port of TLS itself, too.
    for address in [other, server.address] {
        for (method, host) in [("GET", "chat.lan"), ("POST", "chat.lan:80")] {
            let request = format!(
                "{method} /create?a=b HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            );
            let answer = answer(address, request.as_bytes()).await.to_lowercase();
            assert!(answer.starts_with("http/1.1 308 "), "{answer}");
            let location = format!("location: https://chat.lan:{port}/create?a=b\r\n");
            assert!(answer.contains(&location), "{answer}");
            assert!(answer.contains("cache-control: no-store"), "{answer}");
            assert!(!answer.contains("strict-transport-security"), "{answer}");
        }
        for (host, refused) in [("a/b", "400"), ("", "400"), ("evil.example", "421")] {
            let bad = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            let answer = answer(address, bad.as_bytes()).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {refused} ")), "{host}: {answer}");
        }
        // Whoever watches the server needs no TLS for it.
        let ask = "GET /readyz HTTP/1.1\r\nHost: 10.0.0.1\r\nConnection: close\r\n\r\n";
        assert!(answer(address, ask.as_bytes()).await.ends_with("\r\n\r\nready\n"));
    }
    server.stopped_now().await;
}

#[tokio::test]
async fn a_handshake_that_never_ends_costs_its_own_connection_alone() {
    let timers = Timers { head: Duration::from_millis(200), ..Timers::default() };
    let server = start(Config { timers, ..open_config() }).await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    for begun in [&b""[..], b"\x16", b"\x16\x03\x01\x02\x00\x01", b"\x16\x03\x01\x00\x05hello"] {
        answer(server.address, begun).await;
    }
    // What is neither TLS nor HTTP.
    answer(server.address, b"\x00\xff\x00\xff\r\n\r\n").await;
    ann.post("a", "still here").await;
    assert_eq!(ann.until("msg").await["text"], "still here");
}

#[tokio::test]
async fn http_1_1_is_spoken_and_no_other() {
    let certificate = Certificate::new();
    let config = Config { tls: Some(certificate.tls()), ..open_config() };
    let server = TestServer::start(config).await;
    for (offers, agreed) in [
        (&["h2", "http/1.1"][..], Some(Some(&b"http/1.1"[..]))),
        (&[], Some(None)),
        (&["h2"], None),
    ] {
        let tcp = TcpStream::connect(server.address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let connected = trusting([certificate.der()], offers).connect(name, tcp).await.ok();
        let spoken = connected.map(|tls| tls.get_ref().1.alpn_protocol().map(<[u8]>::to_vec));
        assert_eq!(spoken, agreed.map(|name| name.map(<[u8]>::to_vec)), "{offers:?}");
    }
}

#[tokio::test]
async fn browsers_are_told_to_come_back_over_tls_where_they_believe_it() {
    const HSTS: &str = "strict-transport-security: max-age=31536000\r\n";
    let trusted = start(open_config()).await;
    for path in ["/", "/create", "/info", "/nothing", "/ws"] {
        let (_, head, _) = trusted.get(path).await;
        assert!(head.contains(HSTS), "{path}: {head}");
    }
    let folder = TempDir::new().unwrap();
    let tls = Tls::self_signed(folder.path(), &["127.0.0.1:0".parse().unwrap()], &[]).unwrap();
    let own = CertificateDer::from_pem_file(folder.path().join("cert.pem")).unwrap();
    let server = TestServer::start(Config { tls: Some(tls), ..open_config() }).await;
    let self_signed = server.over(trusting([own], &[]));
    for server in [self_signed, TestServer::open().await] {
        let (status, head, _) = server.get("/").await;
        assert!(status == 200 && !head.contains("strict-transport"), "{head}");
    }
}

#[tokio::test]
async fn the_names_in_a_certificate_of_its_own_are_the_server_s() {
    let folder = TempDir::new().unwrap();
    let also = ["chat.lan".parse().unwrap()];
    let tls = Tls::self_signed(folder.path(), &[], &also).unwrap();
    let own = CertificateDer::from_pem_file(folder.path().join("cert.pem")).unwrap();
    let server = TestServer::start(Config { tls: Some(tls), ..open_config() }).await;
    let server = server.over(trusting([own], &[]));
    for (host, status) in [("chat.lan", 200), ("localhost", 200), ("evil.example", 421)] {
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let answer = server.raw(request.as_bytes()).await;
        let begins = format!("HTTP/1.1 {status} ");
        assert!(answer.starts_with(begins.as_bytes()), "{host}");
    }
}

#[tokio::test]
async fn a_certificate_is_replaced_while_people_talk_and_nobody_is_refused() {
    let certificate = Certificate::new();
    let (tls, old) = (certificate.tls(), certificate.der());
    let server = TestServer::start(Config { tls: Some(tls.clone()), ..open_config() }).await;
    let server = server.over(trusting([old.clone()], &[]));
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let mut bob = server.member(&token, "bob").await;

    let new = certificate.replace();
    let both = trusting([old.clone(), new.clone()], &[]);
    let done = Arc::new(AtomicBool::new(false));
    let asking = tokio::spawn({
        let (done, both) = (done.clone(), both.clone());
        let server = TestServer::at(server.address).over(both);
        async move {
            let mut answers = 0;
            while !done.load(Ordering::Relaxed) {
                assert_eq!(server.get("/healthz").await.0, 200, "after {answers}");
                answers += 1;
            }
            answers
        }
    });
    for n in 0..30 {
        if n == 10 {
            tls.reload();
        }
        ann.post(&n.to_string(), &n.to_string()).await;
        assert_eq!(ann.until("msg").await["text"], n.to_string());
        assert_eq!(bob.until("msg").await["text"], n.to_string());
    }
    assert_eq!(shown(&server, &both).await, new);
    assert_ne!(old, new);
    done.store(true, Ordering::Relaxed);
    assert!(soon("the last answer", asking).await.unwrap() > 0);
}

#[tokio::test]
async fn a_change_is_noticed_and_a_broken_one_changes_nothing() {
    let certificate = Certificate::new();
    let tls = certificate.tls();
    let server = TestServer::start(Config { tls: Some(tls.clone()), ..open_config() }).await;
    let new = certificate.replace();
    let trust = trusting([new.clone()], &[]);
    // Nobody tells the server.
    soon("the new certificate", async {
        loop {
            let tcp = TcpStream::connect(server.address).await.unwrap();
            let name = ServerName::try_from("localhost").unwrap();
            if trust.connect(name, tcp).await.is_ok() {
                return;
            }
        }
    })
    .await;
    let fingerprint = tls.fingerprint();
    let other = Certificate::new();
    for broken in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no"] {
        std::fs::write(certificate.certificate(), broken).unwrap();
        tls.reload();
        assert_eq!(shown(&server, &trust).await, new);
    }
    // Of another key.
    std::fs::copy(other.certificate(), certificate.certificate()).unwrap();
    tls.reload();
    assert_eq!(shown(&server, &trust).await, new);
    assert_eq!(tls.fingerprint(), fingerprint);
    std::fs::copy(other.key(), certificate.key()).unwrap();
    tls.reload();
    assert_eq!(shown(&server, &trusting([other.der()], &[])).await, other.der());
}
