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

use clap::Parser;

use args::{Cli, Command, Common};
use failure::Failure;
use report::LoadReport;
use scenario::steady;
use yardstick::floor;

/// Something is missing, doubled or out of order, or a member was closed.
const WRONG: u8 = 1;
/// The load could not be made.
const FAILED: u8 = 3;

fn main() -> ExitCode {
    let result = match &Cli::parse().command {
        Command::Fanout(args) => steady::fanout(args).and_then(|found| said(&found, &args.common)),
        Command::Rooms(args) => steady::rooms(args).and_then(|found| said(&found, &args.common)),
        Command::Floor(args) => floor::run(args).map(|()| ExitCode::SUCCESS),
    };
    result.unwrap_or_else(|failure| {
        eprintln!("chat-load: {failure}");
        ExitCode::from(FAILED)
    })
}

fn said(found: &LoadReport, common: &Common) -> Result<ExitCode, Failure> {
    report::print(found, common.json)
        .map_err(|error| Failure::new(format!("the result can't be written: {error}")))?;
    Ok(if found.verdict.is_clean() { ExitCode::SUCCESS } else { ExitCode::from(WRONG) })
}
