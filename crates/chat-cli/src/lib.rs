//! The terminal client as modules, so that they can be tested without a terminal.

mod args;
mod attend;
mod codes;
mod commands;
mod config;
mod create;
mod entrance;
mod exit;
mod input;
mod jobs;
mod join;
mod json;
mod key;
mod lines;
mod notice;
mod output;
mod pages;
mod qr;
mod sanitize;
mod screen;
mod send;
mod signal;
mod tail;
pub mod terminal;

use std::{
    env,
    io::{self, Write},
    process::ExitCode,
};

use args::{Args, Command};
use clap::{Parser, error::ErrorKind};
use exit::{Exit, Failure};

/// Does what the command line says.
pub fn run() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return mistake(&error),
    };
    let as_json = match &args.command {
        Command::Create(args) => args.json,
        Command::Join(args) => args.json,
        Command::Send(args) => args.json,
        Command::Tail(args) => args.json,
        Command::Completions(_) | Command::Man(_) => false,
    };
    match obey(args.command) {
        Ok(()) => Exit::Left.into(),
        Err(failure) => {
            if as_json {
                print_error(&failure);
            }
            sanitize::complain(&failure.sentence);
            failure.exit.into()
        }
    }
}

fn obey(command: Command) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // One thread keeps the connection alive while the main one writes to a terminal that may stall.
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Error, format!("no thread can be started: {error}")))?;
    let result = runtime.block_on(async {
        match command {
            Command::Completions(args) => pages::completions(&args),
            Command::Man(args) => pages::man(args),
            Command::Create(args) => create::run(args, &config::read()?).await,
            Command::Join(args) => join::run(args, &config::read()?).await,
            Command::Send(args) => send::run(args, &config::read()?).await,
            Command::Tail(args) => tail::run(args, &config::read()?).await,
        }
    });
    // What still waits for input or a name server ends with the process.
    runtime.shutdown_background();
    result
}

/// Help, the version, or what is wrong with the command line.
fn mistake(error: &clap::Error) -> ExitCode {
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if !asked && env::args_os().any(|arg| arg == "--json") {
        let text = error.to_string();
        let sentence = text.lines().next().unwrap_or_default();
        let sentence = sentence.strip_prefix("error: ").unwrap_or(sentence);
        print_error(&Failure::new(Exit::Usage, sentence));
    }
    // Who doesn't read it doesn't want it.
    let _ = error.print();
    if asked { Exit::Left.into() } else { Exit::Usage.into() }
}

fn print_error(failure: &Failure) {
    // Who doesn't read it doesn't want it.
    let _ = io::stdout().write_all(json::error(failure).as_bytes());
}
