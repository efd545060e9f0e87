//! The program: a load generator for the chat's interface, and the yardsticks a server is held to.

mod args;
mod clock;
mod engine;
mod failure;
mod form;
mod frame;
mod http;
mod ledger;
mod member;
mod pace;
mod process;
mod report;
mod room;
mod scenario;
mod socket;
mod source;
mod stamp;
mod tally;
mod target;
mod yardstick;

use std::process::ExitCode;

use args::{Cli, Command, Common};
use failure::Failure;
use report::Report;
use scenario::{churn, idle, join, mixed, steady};
use yardstick::{floor, naive};

/// Something is missing, doubled or out of order, or a member was closed.
const WRONG: u8 = 1;
/// The load could not be made.
const FAILED: u8 = 3;

fn main() -> ExitCode {
    let result = match &Cli::read().command {
        Command::Fanout(args) => say(steady::fanout(args), &args.common),
        Command::Rooms(args) => say(steady::rooms(args), &args.common),
        Command::Idle(args) => say(idle::run(args), &args.common),
        Command::Churn(args) => say(churn::run(args), &args.common),
        Command::Mixed(args) => say(mixed::run(args), &args.common),
        Command::Join(args) => say(join::run(args), &args.common),
        Command::Floor(args) => floor::run(args).map(|()| ExitCode::SUCCESS),
        Command::Naive(args) => naive::run(args).map(|()| ExitCode::SUCCESS),
    };
    result.unwrap_or_else(|failure| {
        eprintln!("chat-load: {failure}");
        ExitCode::from(FAILED)
    })
}

fn say(found: Result<impl Report, Failure>, common: &Common) -> Result<ExitCode, Failure> {
    let found = found?;
    report::print(&found, common.json)
        .map_err(|error| Failure::new(format!("the result can't be written: {error}")))?;
    Ok(if found.verdict().is_clean() { ExitCode::SUCCESS } else { ExitCode::from(WRONG) })
}
