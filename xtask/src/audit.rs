//! `cargo xtask audit`: licences, sources and doubles of what we depend on.

use std::{
    path::Path,
    process::{Command, ExitCode},
};

use crate::command::{output, run as run_command};

/// Runs cargo-deny over deny.toml, and installs it where it is missing.
pub(crate) fn run(root: &Path) -> ExitCode {
    match audit(root) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask audit: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn audit(root: &Path) -> Result<(), String> {
    // As it is typed: this cargo may be one without subcommands of others.
    if output(Command::new("cargo").args(["deny", "--version"])).is_none() {
        eprintln!("xtask audit: cargo-deny is missing, and is compiled now: that takes minutes");
        run_command(Command::new("cargo").args(["install", "cargo-deny", "--locked"]))?;
    }
    run_command(Command::new("cargo").current_dir(root).args([
        "deny",
        "--workspace",
        "check",
        "bans",
        "licenses",
        "sources",
    ]))
}
