//! `https` and `wss`, with a certificate that the system trusts or doesn't.

use std::sync::{Arc, Mutex};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::NamedTempFile;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use crate::bench::{Server, command, run};

/// TLS in front of a server: its port, and the certificate as a file.
async fn tls_end(server: &Server) -> (u16, NamedTempFile) {
    let names = ["localhost", "chat.example", "proxy.localhost"].map(str::to_owned);
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let backend = (server.url.host().to_owned(), server.url.port());
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            let (acceptor, backend) = (acceptor.clone(), backend.clone());
            tokio::spawn(async move {
                // A client that doesn't trust us hangs up: that is what one test wants.
                let Ok(mut tls) = acceptor.accept(tcp).await else { return };
                let mut plain = TcpStream::connect(backend).await.unwrap();
                let _ = copy_bidirectional(&mut tls, &mut plain).await;
            });
        }
    });
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), cert.pem()).unwrap();
    (port, file)
}

#[tokio::test]
async fn create_and_join_over_tls() {
    let server = Server::start().await;
    let (port, certificate) = tls_end(&server).await;
    let url = format!("https://localhost:{port}");
    let mut create = command(&["create", "--server", &url]);
    create.env("SSL_CERT_FILE", certificate.path());
    let (code, out, said) = run(create, b"").await;
    assert_eq!(code, 0, "{said}");
    let link = out.lines().nth(1).unwrap();
    assert!(link.starts_with(&url), "{link}");
    let mut join = command(&["join", link, "Ann"]);
    join.env("SSL_CERT_FILE", certificate.path());
    let (code, out, said) = run(join, b"hi\n").await;
    assert_eq!(code, 0, "{said}");
    assert!(out.contains("Ann: hi\n"), "{out}");
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let server = Server::start().await;
    let (port, certificate) = tls_end(&server).await;
    let (_, other) = tls_end(&server).await;
    // Another one is trusted here; and by that one's name nobody may call himself 127.0.0.1.
    for (host, trusted) in [("localhost", &other), ("127.0.0.1", &certificate)] {
        let mut create = command(&["create", "--server", &format!("https://{host}:{port}")]);
        create.env("SSL_CERT_FILE", trusted.path());
        let (code, out, said) = run(create, b"").await;
        assert_eq!((code, out.as_str()), (1, ""), "{said}");
        assert!(said.contains("no secure connection") && said.contains("certificate"), "{said}");
    }
}

#[tokio::test]
async fn a_certificate_of_ones_own_is_trusted_where_it_is_named() {
    let server = Server::start().await;
    let (port, certificate) = tls_end(&server).await;
    let url = format!("https://localhost:{port}");
    let ca = certificate.path().to_str().unwrap();
    let (code, out, said) = run(command(&["create", "--server", &url, "--ca", ca]), b"").await;
    assert_eq!(code, 0, "{said}");
    let link = out.lines().nth(1).unwrap();
    let (code, out, said) = run(command(&["join", link, "Ann", "--ca", ca]), b"hi\n").await;
    assert_eq!(code, 0, "{said}");
    assert!(out.contains("Ann: hi\n"), "{out}");
    let empty = NamedTempFile::new().unwrap();
    for (file, reason) in
        [(empty.path().to_str().unwrap(), "PEM"), ("/nowhere/ca.pem", "No such file")]
    {
        let (code, _, said) = run(command(&["create", "--server", &url, "--ca", file]), b"").await;
        assert_eq!(code, 2);
        assert!(said.contains("--ca ") && said.contains(reason), "{said}");
    }
}

#[tokio::test]
async fn a_certificate_that_the_server_made_itself_is_trusted_where_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let listening = "127.0.0.1:0".parse().unwrap();
    let tls = chat_server::Tls::self_signed(folder.path(), &[listening], &[]).unwrap();
    let config = chat_server::Config { tls: Some(tls), ..chat_server::Config::default() };
    let server = Server::with(config).await;
    let certificate = folder.path().join("cert.pem");
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("https://{host}:{}", server.url.port());
        let ca = ["--ca", certificate.to_str().unwrap()];
        let create = [&["create", "--server", &url][..], &ca].concat();
        let (code, out, said) = run(command(&create), b"").await;
        assert_eq!(code, 0, "{said}");
        let join = [&["join", out.lines().nth(1).unwrap(), "Ann"][..], &ca].concat();
        let (code, out, said) = run(command(&join), b"hi\n").await;
        assert_eq!(code, 0, "{said}");
        assert!(out.contains("Ann: hi\n"), "{out}");
        let (code, _, said) = run(command(&["create", "--server", &url]), b"").await;
        assert_eq!(code, 1);
        assert!(said.contains("no secure connection"), "{said}");
    }
}

/// A server's configuration that knows the name by which it is reached through a proxy.
fn named() -> chat_server::Config {
    let allow_hosts = vec!["chat.example".parse().unwrap()];
    chat_server::Config { allow_hosts, ..chat_server::Config::default() }
}

/// A proxy that leads every CONNECT to this port, and what was asked of it.
async fn proxy(port: u16) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let hears = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let hears = Arc::clone(&hears);
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(near.read_u8().await.unwrap());
                }
                let head = String::from_utf8(head).unwrap();
                let refuses = head.contains("forbidden.example");
                hears.lock().unwrap().push(head);
                if refuses {
                    near.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n").await.unwrap();
                    return;
                }
                let mut far = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                near.write_all(b"HTTP/1.1 200 Connected\r\nVia: test\r\n\r\n").await.unwrap();
                let _ = copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    (own, asked)
}

#[tokio::test]
async fn a_proxy_leads_to_a_secure_server_and_sees_its_name_alone() {
    let server = Server::with(named()).await;
    let (port, certificate) = tls_end(&server).await;
    let (proxy, asked) = proxy(port).await;
    let ca = certificate.path().to_str().unwrap();
    let mut create = command(&["create", "--server", "https://chat.example", "--ca", ca]);
    create.env("HTTPS_PROXY", format!("http://me:secret@127.0.0.1:{proxy}"));
    let (code, out, said) = run(create, b"").await;
    assert_eq!(code, 0, "{said}");
    let token = out.lines().next().unwrap();
    let mut join = command(&["join", out.lines().nth(1).unwrap(), "Ann", "--ca", ca]);
    join.env("ALL_PROXY", format!("http://127.0.0.1:{proxy}"));
    let (code, out, said) = run(join, b"hi\n").await;
    assert_eq!(code, 0, "{said}");
    assert!(out.contains("Ann: hi\n"), "{out}");
    let asked = asked.lock().unwrap();
    assert!(asked.len() >= 2);
    assert!(asked.iter().all(|head| head.starts_with("CONNECT chat.example:443 HTTP/1.1\r\n")));
    assert!(asked[0].contains("Proxy-Authorization: Basic bWU6c2VjcmV0\r\n"), "{asked:?}");
    assert!(!asked.iter().any(|head| head.contains(token)));
}

#[tokio::test]
async fn a_proxy_leads_to_a_plain_server_and_is_left_out_where_it_is_said() {
    let server = Server::with(named()).await;
    let (proxy, asked) = proxy(server.url.port()).await;
    let through = |args: &[&str]| {
        let mut it = command(args);
        it.env("HTTP_PROXY", format!("http://127.0.0.1:{proxy}"));
        it
    };
    let (code, _, said) =
        run(through(&["create", "--plain", "--server", "http://chat.example:8080"]), b"").await;
    assert_eq!(code, 0, "{said}");
    assert!(asked.lock().unwrap()[0].starts_with("CONNECT chat.example:8080 "));
    // On this machine no proxy is asked.
    let url = server.url.to_string();
    assert_eq!(run(through(&["create", "--server", &url]), b"").await.0, 0);
    assert_eq!(asked.lock().unwrap().len(), 1);

    let refused = through(&["create", "--server", "http://forbidden.example"]);
    let (code, _, said) = run(refused, b"").await;
    assert_eq!(code, 5);
    assert!(
        said.contains("the proxy refused with status 403") && said.contains("NO_PROXY"),
        "{said}"
    );
    let mut socks = command(&["create", "--server", "http://chat.example"]);
    socks.env("ALL_PROXY", "socks5://127.0.0.1:1");
    let (code, _, said) = run(socks, b"").await;
    assert_eq!(code, 5);
    assert!(said.contains("only http and https"), "{said}");
}
