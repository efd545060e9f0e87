//! `cargo xtask fuzz`: each target of `fuzz/` for a bounded time.

use std::{
    path::Path,
    process::{Command, ExitCode, Stdio},
};

/// The targets, as `fuzz/Cargo.toml` names them.
const TARGETS: [&str; 4] = ["token", "frame", "open", "unpad"];

/// How long each runs where nothing is said.
const SECONDS: u32 = 60;

/// Runs the targets that are named, or all; fails at the first that finds something.
pub(crate) fn run(root: &Path, words: &[&str]) -> ExitCode {
    let (seconds, targets) = match parse(words) {
        Ok(parsed) => parsed,
        Err(sentence) => {
            eprintln!("xtask fuzz: {sentence}");
            return ExitCode::from(2);
        }
    };
    let there = Command::new("cargo").args(["fuzz", "--version"]).stdout(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        eprintln!("xtask fuzz: install cargo-fuzz first: cargo install cargo-fuzz");
        return ExitCode::FAILURE;
    }
    for target in targets {
        println!("xtask fuzz: {target} for {seconds} s");
        // Without a sanitizer it needs no nightly toolchain.
        let run = Command::new("cargo")
            .current_dir(root)
            .args(["fuzz", "run", "-s", "none", target, "--"])
            .arg(format!("-max_total_time={seconds}"))
            .args(["-max_len=8192", "-print_final_stats=1"])
            .status();
        if !run.is_ok_and(|status| status.success()) {
            eprintln!("xtask fuzz: {target} found something: see fuzz/artifacts/{target}");
            return ExitCode::FAILURE;
        }
    }
    println!("xtask fuzz: nothing was found");
    ExitCode::SUCCESS
}

/// How long, and which targets.
fn parse<'a>(words: &[&'a str]) -> Result<(u32, Vec<&'a str>), String> {
    let (seconds, named) = match words {
        ["--seconds", n, rest @ ..] => match n.parse() {
            Ok(n) if n > 0 => (n, rest),
            _ => return Err(format!("`{n}` is no number of seconds")),
        },
        rest => (SECONDS, rest),
    };
    if let Some(unknown) = named.iter().find(|name| !TARGETS.contains(name)) {
        return Err(format!("there is no target `{unknown}`: they are {}", TARGETS.join(", ")));
    }
    Ok((seconds, if named.is_empty() { TARGETS.to_vec() } else { named.to_vec() }))
}

#[cfg(test)]
mod tests {
    use super::{SECONDS, TARGETS, parse};

    #[test]
    fn all_targets_run_for_a_minute_where_nothing_is_said() {
        assert_eq!(parse(&[]), Ok((SECONDS, TARGETS.to_vec())));
        assert_eq!(parse(&["--seconds", "5", "open"]), Ok((5, vec!["open"])));
    }

    #[test]
    fn what_is_not_there_is_named() {
        assert!(parse(&["close"]).unwrap_err().contains("close"));
        assert!(parse(&["--seconds", "soon"]).unwrap_err().contains("soon"));
        assert!(parse(&["--seconds", "0"]).is_err());
    }

    #[test]
    fn the_targets_are_those_of_the_folder() {
        let manifest = include_str!("../../fuzz/Cargo.toml");
        let there = manifest.matches("[[bin]]").count();
        assert_eq!(there, TARGETS.len());
        for target in TARGETS {
            assert!(manifest.contains(&format!("name = \"{target}\"")), "{target}");
        }
    }
}
