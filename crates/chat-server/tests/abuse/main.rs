//! What somebody in the open internet may do to a server, each time beside a
//! well-behaved room that must not suffer from it: all that is said there
//! arrives, once and in order, and how fast is printed (`--nocapture`). The log
//! is the most verbose there is, and tells nothing of anybody.
//!
//! The server is the program, so that its memory is its own. The attacker comes
//! from an address of its own (127.0.0.66), which Linux has without asking.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod attacker;
mod calm;
mod connections;
mod frames;
mod guesses;
#[path = "../server/process.rs"]
mod process;
mod rooms;
#[path = "../server/secrets.rs"]
mod secrets;
mod socket;
#[path = "../server/trust.rs"]
mod trust;

use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use attacker::{ATTACKER, VILLAIN};
use calm::{Calm, WORD};
use process::{Running, chat_server, resident_kib};
use secrets::{Log, Secrets};
use socket::{Place, TOKENS};

/// One attack at a time: what is printed of the room beside it would be another
/// attack's doing.
static STAGE: Mutex<()> = Mutex::const_new(());

/// What an attacker says, and guesses.
const MARK: &str = "th3rs1t3s";

/// A server under attack, and the room beside it.
struct Scene {
    _alone: MutexGuard<'static, ()>,
    server: Running,
    place: Place,
    log: Log,
    calm: Calm,
    _state: Option<TempDir>,
}

impl Scene {
    async fn new(flags: &str) -> Self {
        Self::with(flags, None).await
    }

    /// The same, where the server speaks TLS.
    async fn over_tls(flags: &str) -> Self {
        let state = TempDir::new().unwrap();
        let flags = format!("--tls-self-signed --state-dir {} {flags}", state.path().display());
        Self::with(&flags, Some(state)).await
    }

    async fn with(flags: &str, state: Option<TempDir>) -> Self {
        let alone = STAGE.lock().await;
        // Every connection is a file.
        rlimit::increase_nofile_limit(1 << 14).unwrap();
        // The room shares a core with whatever is done to the server.
        let mut program = chat_server(&["--listen", "127.0.0.1:0", "--shards", "1"]);
        program.args(flags.split_whitespace());
        let log = Log::new();
        log.takes(&mut program);
        let server = Running::start(program);
        let tls = state.as_ref().map(|state| {
            let own = CertificateDer::from_pem_file(state.path().join("cert.pem")).unwrap();
            trust::trusting([own], &[])
        });
        let place = Place { address: server.address(), tls };
        let calm = Calm::start(&place).await;
        Self { _alone: alone, server, place, log, calm, _state: state }
    }

    /// The server's memory, in KiB.
    fn resident_kib(&self) -> u64 {
        resident_kib(self.server.id())
    }

    /// How many files the server has open: every connection is one.
    fn open_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.server.id())).unwrap().count()
    }

    /// The attack is over: the room has not suffered, the server stops as it
    /// always does, and its log says nothing of anybody.
    async fn end(self, attack: &str) {
        println!("{attack}: {}", self.calm.end().await);
        self.server.signal("-TERM");
        assert_eq!(self.server.wait(), Some(0));
        let log = self.log.read();
        assert!(log.contains("came into a room"), "{log}");
        let mut secrets = Secrets::default();
        // As it is guessed, and as tokens are written.
        secrets.keep(&[WORD, VILLAIN, MARK, "th3r-s1t3", &ATTACKER.to_string()]);
        secrets.keep(&TOKENS.lock().unwrap().iter().map(String::as_str).collect::<Vec<_>>());
        secrets.assert_unsaid(&log);
    }
}

/// What the others are to be compared with.
#[tokio::test]
async fn nobody() {
    let mut scene = Scene::new("").await;
    scene.calm.goes_on(480).await;
    scene.end("no attack").await;
}
