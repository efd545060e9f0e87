//! The chat in a terminal: `create` opens a room, `join` talks in one.

mod args;
mod codes;
mod create;
mod exit;
mod input;
mod join;
mod json;
mod lines;
mod sanitize;
mod signal;

use std::process::ExitCode;

use args::{Args, Command};
use chat_client::Client;
use clap::Parser;
use exit::{Exit, Failure};

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        // One thread keeps the connection alive while the main one writes to a terminal that may stall.
        .worker_threads(1)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            return fail(&Failure::new(Exit::Error, format!("no thread can be started: {error}")));
        }
    };
    let client = Client::new(concat!("chat-cli/", env!("CARGO_PKG_VERSION")));
    let result = runtime.block_on(async {
        match args.command {
            Command::Create(args) => create::run(&client, args).await,
            Command::Join(args) => join::run(&client, args).await,
        }
    });
    // What still waits for input or a name server ends with the process.
    runtime.shutdown_background();
    match result {
        Ok(()) => Exit::Left.into(),
        Err(failure) => fail(&failure),
    }
}

fn fail(failure: &Failure) -> ExitCode {
    sanitize::complain(&failure.sentence);
    failure.exit.into()
}
