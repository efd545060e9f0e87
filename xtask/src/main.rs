//! The project's tasks, run as `cargo xtask <task>`.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

mod apt;
mod audit;
mod bench;
mod binaries;
mod command;
mod confusables;
mod count;
mod deploy;
mod dist;
mod fuzz;
mod lookup;
mod program;
mod shipped;
mod test;
mod tidy;

const HELP: &str = "\
Usage: cargo xtask <task>

Tasks:
  audit            check licences, sources and doubles of what we depend on, by
                   cargo-deny, which is installed where it is missing (minutes)
  bench [--only ROW,...] [--rounds N] [--seconds S] [--dry]
        [--against URL [--against-pid PID]] [--list]
                   measure the server beside what does nothing but write the
                   same bytes, and write docs/performance.md: all rows, or those
                   named, 5 rounds of 3 seconds where nothing is said. --dry
                   writes nothing, --list says which rows there are, --against
                   puts a server that runs already beside ours in plain rows
  test [rust|web]  run all tests, or one half of them: the workspace's (rust) or
                   the page's, in Node.js and in a browser (web). What is missing
                   for them is installed where apt-get can be used
  count [--record] count the instructions that the hot paths take, under callgrind,
                   and fail where they are a fifth more than is recorded, or
                   record them anew. Part of test rust
  confusables      write the page's table of characters that look alike anew
  deploy           check systemd's units, and go the Containerfile's steps without
                   an engine: build it, and run what is in it alone (minutes; root)
  dist             make what is given on, in target/dist: both programs, .deb,
                   manual pages, completions, what they are made of, checksums
  fuzz [--seconds N] [TARGET...]
                   look for inputs that break something, each target for N
                   seconds (60 where nothing is said)
  tidy [--record]  check what the compiler doesn't: who depends on whom, what may
                   stand in the page, file lengths, links, and that the programs
                   hold no more packages than is recorded, or record them anew";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            ExitCode::SUCCESS
        }
        ["audit"] => audit::run(&root()),
        ["bench", ref rest @ ..] => bench::run(&root(), rest),
        ["tidy"] => tidy::run(&root()),
        ["tidy", "--record"] => tidy::record(&root()),
        ["confusables"] => confusables::run(&root()),
        ["count", ref rest @ ..] => count::run(&root(), rest),
        ["deploy"] => deploy::run(&root()),
        ["dist"] => dist::run(&root()),
        ["fuzz", ref rest @ ..] => fuzz::run(&root(), rest),
        ["test"] => test::run(&root(), &[test::Half::Rust, test::Half::Web]),
        ["test", "rust"] => test::run(&root(), &[test::Half::Rust]),
        ["test", "web"] => test::run(&root(), &[test::Half::Web]),
        _ => {
            eprintln!(
                "There is no task `{}`: `cargo xtask` without a task lists those there are.",
                words.join(" ")
            );
            ExitCode::from(2)
        }
    }
}

/// The workspace's folder, whatever folder the task is run from.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
