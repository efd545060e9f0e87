//! The program, run as people run it.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::process::Command;
use tokio::time::timeout;

/// After this something that was waited for does not come: generous, since it is only ever used up
/// by a test that fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// What a run left.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The program with these words.
pub(crate) fn command(words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat-load"));
    command.args(words.split_whitespace()).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Runs it to its end.
pub(crate) async fn run(words: &str) -> Outcome {
    let output = timeout(PATIENCE, command(words).output())
        .await
        .unwrap_or_else(|_| panic!("this never ended: chat-load {words}"))
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let code = |status: ExitStatus| status.code().expect("an exit code");
    Outcome { code: code(output.status), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs a scenario against a server, for its exit code and what it found.
pub(crate) async fn load(url: &str, words: &str) -> (i32, Value) {
    let outcome = run(&format!("{words} --url {url} --json")).await;
    match serde_json::from_str(&outcome.out) {
        Ok(found) => (outcome.code, found),
        Err(_) => panic!("no JSON from chat-load {words}: {outcome:?}"),
    }
}
