//! The chat in a terminal: `create` opens a room, `join` talks in one, `send` and `tail` are for scripts.

use std::process::ExitCode;

fn main() -> ExitCode {
    chat_cli::run()
}
