//! `cargo xtask count`: how many instructions the hot paths take, against what
//! they took.
//!
//! Time differs from run to run and from machine to machine; the instructions
//! that callgrind counts don't. A path that takes a fifth more than is recorded
//! fails. Where another compiler, another target or a processor with other
//! features makes the record meaningless, nothing is compared.

use std::{fs, path::Path, process::ExitCode};

use self::{callgrind::Callgrind, compiler::Compiler, record::Record, verdict::judge};
use crate::{binaries, program};

mod callgrind;
mod compiler;
mod record;
mod verdict;

/// What was counted when it was recorded.
const RECORD: &str = "crates/chat-bench/counts.txt";

const BUILD: [&str; 6] = ["--profile", "count", "--package", "chat-bench", "--bin", "chat-count"];

/// Compares, or records anew where `words` say so.
pub(crate) fn run(root: &Path, words: &[&str]) -> ExitCode {
    let result = match words {
        [] => check(root),
        ["--record"] => record(root),
        _ => {
            eprintln!("xtask count: it takes `--record`, or nothing");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask count: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Counts, and compares with the record.
///
/// # Errors
///
/// A line for each path that takes too many instructions or isn't recorded, or
/// a sentence where it can't be counted.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let text = fs::read_to_string(root.join(RECORD)).map_err(|why| format!("{RECORD}: {why}"))?;
    let recorded: Record = text.parse().map_err(|why| format!("{RECORD}: {why}"))?;
    let compiler = Compiler::here()?;
    // Before anything is built or installed: callgrind isn't everywhere.
    if let Some(why) = recorded.is_of_another(&compiler) {
        eprintln!("xtask count: skipped: {why}");
        return Ok(());
    }
    let callgrind = start(root)?;
    let cpu = callgrind.cpu()?;
    if let Some(why) = recorded.is_of_other_features(&cpu) {
        eprintln!("xtask count: skipped: {why}");
        return Ok(());
    }
    let counted = callgrind.count_all()?;
    let judgement = judge(&recorded.counts, &counted);
    for line in &judgement.faster {
        eprintln!("xtask count: {line}");
    }
    if !judgement.failures.is_empty() {
        return Err(judgement.failures.join("\n"));
    }
    eprintln!("xtask count: nothing takes a fifth more than is recorded");
    Ok(())
}

/// Counts, and writes the record.
fn record(root: &Path) -> Result<(), String> {
    let compiler = Compiler::here()?;
    let callgrind = start(root)?;
    let record = Record { compiler, cpu: callgrind.cpu()?, counts: callgrind.count_all()? };
    fs::write(root.join(RECORD), record.to_string()).map_err(|why| format!("{RECORD}: {why}"))?;
    eprintln!("xtask count: recorded in {RECORD}");
    Ok(())
}

/// All that counting needs: the program that goes the paths, and valgrind.
fn start(root: &Path) -> Result<Callgrind, String> {
    let valgrind = program::valgrind()?;
    let [program] = binaries::build(root, &BUILD, ["chat-count"])?;
    let folder = root.join("target").join("callgrind");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(Callgrind { valgrind, program, folder })
}
