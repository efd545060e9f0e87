//! Running other programs and saying so.

use std::{
    env,
    process::{Command, Stdio},
};

/// The cargo that runs this task.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a program whose output goes where ours goes, after a line with what is
/// run.
///
/// # Errors
///
/// A sentence, where it can't be started or fails.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let line = line(command);
    eprintln!("$ {line}");
    let status = command.status().map_err(|error| format!("can't run `{line}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` ended with {status}")) }
}

/// What a program writes, or nothing where it can't be started or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a program writes.
///
/// # Errors
///
/// A sentence with what it says instead, where it can't be started or fails.
pub(crate) fn said(command: &mut Command) -> Result<String, String> {
    let line = line(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("can't run `{line}`: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let why = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{line}` ended with {}: {}", output.status, why.trim()))
}

/// The program and its arguments, as far as they are worth a line.
pub(crate) fn line(command: &Command) -> String {
    let name = std::path::Path::new(command.get_program()).file_stem().unwrap_or_default();
    let mut words = vec![name.to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_is_a_sentence() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert!(error.starts_with("`sh -c exit 3` ended with"), "{error}");
        let error = run(&mut Command::new("/nowhere/nothing")).unwrap_err();
        assert!(error.starts_with("can't run `nothing`"), "{error}");
    }

    #[test]
    fn what_a_program_says_is_told_and_why_it_failed() {
        assert_eq!(said(Command::new("sh").args(["-c", "echo a"])).as_deref(), Ok("a\n"));
        let error = said(Command::new("sh").args(["-c", "echo why >&2; exit 3"])).unwrap_err();
        assert!(error.contains("ended with") && error.ends_with(": why"), "{error}");
        assert!(said(&mut Command::new("/nowhere/nothing")).is_err());
    }

    #[test]
    fn output_is_there_only_of_what_went_well() {
        assert_eq!(output(Command::new("sh").args(["-c", "echo a"])).as_deref(), Some("a\n"));
        assert_eq!(output(Command::new("sh").args(["-c", "echo a; exit 1"])), None);
    }
}
