//! The program, running on its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};

/// The program, to be given these arguments.
pub(crate) fn chat_server(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat-server"));
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// How much memory a process has, in KiB.
pub(crate) fn resident_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A server of its own; it is killed with the test that drops it.
pub(crate) struct Running {
    pub(crate) child: Child,
    /// What it says where it is.
    pub(crate) line: String,
}

impl Running {
    /// Starts it, and waits for the line that says where.
    pub(crate) fn start(command: Command) -> Self {
        Self::heard(command).0
    }

    /// The same, and what it says after that.
    pub(crate) fn heard(mut command: Command) -> (Self, BufReader<ChildStdout>) {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        (Self { child, line }, output)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.line.trim().rsplit_once("://").unwrap().1.parse().unwrap()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let killed = Command::new("kill").args([name, &self.id().to_string()]).status();
        assert!(killed.unwrap().success());
    }

    /// Waits for its end; its code.
    pub(crate) fn wait(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Where it has ended there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
