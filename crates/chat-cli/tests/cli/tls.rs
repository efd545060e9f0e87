//! `https` and `wss`, with a certificate that the system trusts or doesn't.

use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::NamedTempFile;
use tokio::{
    io::copy_bidirectional,
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
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
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
