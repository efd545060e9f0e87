//! Takes the terminal, waits for a line's end and ends as it is told: what the tests look at.

use std::{
    io::{self, Read},
    process::ExitCode,
};

use chat_cli::terminal::Modes;

fn main() -> ExitCode {
    let end = std::env::args().nth(1).unwrap_or_default();
    match run(&end) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(end: &str) -> io::Result<()> {
    let _modes = Modes::take(true)?;
    println!("taken");
    io::stdin().read_exact(&mut [0])?;
    match end {
        "panic" => panic!("as it was told"),
        "error" => Err(io::Error::other("as it was told")),
        _ => Ok(()),
    }
}
