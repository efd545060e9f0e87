//! The program's certificates: where they come from, and what it says of them.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{ChildStdout, Command};

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use crate::process::{Running, chat_server};
use crate::secrets::Secrets;
use crate::support::TestServer;
use crate::tls::{self, Certificate};
use crate::trust::trusting;

fn on_any_port(args: &[&str]) -> Command {
    let mut command = chat_server(&["--listen", "127.0.0.1:0"]);
    command.args(args);
    command
}

fn self_signed(folder: &Path) -> (Running, BufReader<ChildStdout>) {
    Running::heard(on_any_port(&["--tls-self-signed", "--state-dir", folder.to_str().unwrap()]))
}

/// Waits until the log says something; what it said up to there.
fn says(log: &mut impl BufRead, words: &str) -> String {
    let mut said = String::new();
    while !said.contains(words) {
        let read = log.read_line(&mut said).unwrap();
        assert_ne!(read, 0, "it ended without saying: {words}");
    }
    said
}

fn trusted(address: SocketAddr, certificate: CertificateDer<'static>) -> TestServer {
    TestServer::at(address).over(trusting([certificate], &[]))
}

#[cfg(unix)]
#[tokio::test]
async fn a_certificate_of_its_own_is_kept_and_its_fingerprint_said() {
    use std::os::unix::fs::MetadataExt;
    let folder = TempDir::new().unwrap();
    let state = folder.path().join("state");
    let mut said = Vec::new();
    for _ in 0..2 {
        let (running, mut output) = self_signed(&state);
        assert!(running.line.contains("open https://127.0.0.1:"), "{}", running.line);
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let own = CertificateDer::from_pem_file(state.join("cert.pem")).unwrap();
        let hash = Sha256::digest(&own);
        let hash = hash.iter().map(|b| format!("{b:02X}")).collect::<Vec<_>>().join(":");
        assert_eq!(line.trim(), format!("SHA-256 of its certificate: {hash}"));
        // A client that trusts it, and it alone, comes in.
        let server = trusted(running.address(), own);
        let token = server.create().await;
        let mut ann = server.member(&token, "ann").await;
        ann.post("a", "hi").await;
        assert_eq!(ann.until("msg").await["text"], "hi");
        said.push(line);
    }
    assert_eq!(said[0], said[1]);
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(&state), 0o700);
    assert_eq!(mode(&state.join("key.pem")), 0o600);
}

#[cfg(unix)]
#[tokio::test]
async fn a_hangup_has_the_certificate_read_again() {
    let certificate = Certificate::new();
    let (cert, key) = (certificate.certificate(), certificate.key());
    let files = ["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let mut program = on_any_port(&files);
    program.args(["--log-level", "trace"]);
    let mut running = Running::start(program);
    let mut log = BufReader::new(running.child.stderr.take().unwrap());
    let new = certificate.replace();
    running.signal("-HUP");
    let mut said = says(&mut log, "the certificate was read again");
    let server = TestServer::at(running.address());
    assert_eq!(tls::shown(&server, &trusting([new.clone()], &[])).await, new);
    let secret = fs::read_to_string(&key).unwrap();
    fs::write(&key, "abracadabra").unwrap();
    running.signal("-HUP");
    said += &says(&mut log, "holds no private key");
    assert_eq!(tls::shown(&server, &trusting([new.clone()], &[])).await, new);

    let server = server.over(trusting([new], &[]));
    let (token, nick) = (server.create().await, "Clytemnestra");
    let mut member = server.member(&token, nick).await;
    member.post("message-id-1", "bronze").await;
    member.until("msg").await;
    running.signal("-TERM");
    assert_eq!(running.wait(), Some(0));
    log.read_to_string(&mut said).unwrap();
    assert!(said.contains("came into a room"), "{said}");
    let mut secrets = Secrets::default();
    secrets.keep(&[&token, nick, "message-id-1", "bronze", "abracadabra"]);
    secrets.keep(&secret.lines().filter(|line| !line.starts_with("---")).collect::<Vec<_>>());
    secrets.assert_unsaid(&said);
}

#[test]
fn what_is_wrong_with_a_certificate_is_said_in_a_sentence() {
    let (one, other) = (Certificate::new(), Certificate::new());
    let path = |path: std::path::PathBuf| path.to_str().unwrap().to_owned();
    let (cert, key, foreign) = (path(one.certificate()), path(one.key()), path(other.key()));
    for (args, words) in [
        (vec!["--tls-cert", &cert], ["--tls-cert", "--tls-key"]),
        (vec!["--tls-key", &key], ["--tls-key", "--tls-cert"]),
        (vec!["--tls-cert", "/no/where", "--tls-key", &key], ["/no/where", "No such file"]),
        (vec!["--tls-cert", &key, "--tls-key", &key], ["no certificate", "BEGIN CERTIFICATE"]),
        (vec!["--tls-cert", &cert, "--tls-key", &cert], ["no private key", "BEGIN PRIVATE KEY"]),
        (vec!["--tls-cert", &cert, "--tls-key", &foreign], ["doesn't belong", &cert]),
        (vec!["--tls-self-signed", "--state-dir", &cert], [&cert, "--state-dir"]),
        (vec!["--redirect-http", "127.0.0.1:0"], ["--redirect-http", "--tls-cert"]),
    ] {
        let output = on_any_port(&args).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(words.iter().all(|word| stderr.contains(word)), "{args:?}: {stderr}");
    }
}
