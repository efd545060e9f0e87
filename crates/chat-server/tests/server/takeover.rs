//! Sockets that are handed over, and taken over by the next program
//! (sd_listen_fds(3)).

use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::process::Running;
use crate::secrets::{Log, Secrets};
use crate::support::{PATIENCE, TestServer, again, sealed, sealed_hello, soon};
use crate::tls::Certificate;

/// The program with `stdin` handed over as its one socket.
pub(crate) fn handed(stdin: Stdio, args: &[&str]) -> Command {
    let mut command = Command::new("sh");
    let script = r#"LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@" 3<&0 </dev/null"#;
    command.args(["-c", script, env!("CARGO_BIN_EXE_chat-server")]);
    command.args(args).stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A listening socket, to be handed over.
pub(crate) fn socket(listener: &TcpListener) -> Stdio {
    OwnedFd::from(listener.try_clone().unwrap()).into()
}

#[tokio::test]
async fn the_next_program_takes_over_and_no_connection_is_refused() {
    take_over(&[], TestServer::at).await;
}

#[tokio::test]
async fn the_next_program_takes_over_and_no_handshake_of_tls_fails() {
    let certificate = Certificate::new();
    let (cert, key) = (certificate.certificate(), certificate.key());
    let files = ["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let trust = certificate.trust();
    take_over(&files, |address| TestServer::at(address).over(trust.clone())).await;
}

async fn take_over(args: &[&str], at: impl Fn(SocketAddr) -> TestServer) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let log = Log::new();
    let program = || {
        let mut program = handed(socket(&listener), args);
        log.takes(&mut program);
        program
    };
    let first = Running::start(program());
    assert_eq!(first.address(), address);
    let server = at(address);
    let room = "AAAAAAAAAAAAAAAAAAAAAg";
    let hellos = [sealed_hello(room, 1, 0, true), sealed_hello(room, 2, 0, true)];
    let mut secrets = Secrets::default();
    let mut members = Vec::new();
    for hello in &hellos {
        secrets.keep_all(hello);
        members.push(server.enter(hello).await);
    }

    let done = Arc::new(AtomicBool::new(false));
    let asking = tokio::spawn({
        let (server, done) = (at(address), done.clone());
        async move {
            let mut answers = 0;
            while !done.load(Ordering::Relaxed) {
                assert_eq!(server.get("/healthz").await.0, 200, "after {answers}");
                answers += 1;
            }
            answers
        }
    });
    let next = program();
    let second = tokio::task::spawn_blocking(|| Running::start(next));
    first.signal("-TERM");

    let mut back = Vec::new();
    for (mut member, hello) in members.into_iter().zip(&hellos) {
        assert_eq!(member.until("end").await["why"], "shutdown");
        assert_eq!(member.closed().await.0, 1012);
        let resume = (member.welcome()["inst"].clone(), member.last());
        let again = again(hello, Some((&resume.0, resume.1)));
        let member = server.enter(&again).await;
        assert_eq!(member.welcome()["resumed"], false);
        assert_ne!(member.welcome()["inst"], resume.0);
        back.push(member);
    }
    back[1].say(json!({"t": "send", "id": "sealed-id-1", "m": sealed(0)})).await;
    let message = back[0].until("msg").await;
    assert_eq!(message["id"], "sealed-id-1");
    secrets.keep_all(&message);

    let ended = tokio::task::spawn_blocking(|| first.wait());
    assert_eq!(soon("the first one's end", ended).await.unwrap(), Some(0));
    done.store(true, Ordering::Relaxed);
    let answers = tokio::time::timeout(PATIENCE, asking).await.unwrap().unwrap();
    assert!(answers > 0);
    let second = second.await.unwrap();
    drop(back);
    second.signal("-TERM");
    assert_eq!(second.wait(), Some(0));
    let log = log.read();
    assert!(log.contains("came into a room") && log.contains("stopping"), "{log}");
    secrets.assert_unsaid(&log);
}

#[test]
fn what_cannot_be_served_on_is_said_in_a_sentence() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let both = handed(socket(&listener), &["--listen", "127.0.0.1:0"]);
    for (mut command, word) in [(both, "--listen"), (handed(Stdio::null(), &[]), "TCP")] {
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(stderr.contains("LISTEN_FDS") && stderr.contains(word), "{stderr}");
    }
}
