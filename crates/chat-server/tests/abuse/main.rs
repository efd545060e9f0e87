//! What somebody in the open internet may do to a server, each time beside a
//! well-behaved room that must not suffer from it: all that is said there
//! arrives, once and in order, and how fast is printed (`--nocapture`).
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
mod socket;

use std::net::SocketAddr;
use std::process::{Command, Stdio};

use tokio::sync::{Mutex, MutexGuard};

use calm::Calm;
use process::Running;

/// One attack at a time: what is printed of the room beside it would be another
/// attack's doing.
static STAGE: Mutex<()> = Mutex::const_new(());

/// A server under attack, and the room beside it.
struct Scene {
    _alone: MutexGuard<'static, ()>,
    server: Running,
    calm: Calm,
}

impl Scene {
    async fn new(flags: &str) -> Self {
        let alone = STAGE.lock().await;
        // Every connection is a file.
        rlimit::increase_nofile_limit(1 << 14).unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_chat-server"));
        let flags = format!("--listen 127.0.0.1:0 --log-level error {flags}");
        program.args(flags.split_whitespace()).stdin(Stdio::null());
        let server = Running::start(program);
        let calm = Calm::start(server.address()).await;
        Self { _alone: alone, server, calm }
    }

    fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// The server's memory, in KiB.
    fn resident_kib(&self) -> u64 {
        let status = format!("/proc/{}/status", self.server.id());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// How many files the server has open: every connection is one.
    fn open_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.server.id())).unwrap().count()
    }

    /// The attack is over: the room has not suffered, and the server stops as
    /// it always does.
    async fn end(self, attack: &str) {
        println!("{attack}: {}", self.calm.end().await);
        self.server.signal("-TERM");
        assert_eq!(self.server.wait(), Some(0));
    }
}
