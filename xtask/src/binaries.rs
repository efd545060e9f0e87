//! The workspace's own programs, built.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::Value;

use crate::command::{cargo, line};

/// Builds what these arguments of `cargo build` name, and says where its programs are.
pub(crate) fn build<const N: usize>(
    root: &Path,
    what: &[&str],
    programs: [&str; N],
) -> Result<[PathBuf; N], String> {
    build_with(root, what, programs, &[])
}

/// As [`build`], with these variables set.
pub(crate) fn build_with<const N: usize>(
    root: &Path,
    what: &[&str],
    programs: [&str; N],
    variables: &[(&str, &str)],
) -> Result<[PathBuf; N], String> {
    let mut command = cargo();
    command.envs(variables.iter().copied());
    command.current_dir(root).args(["build", "--message-format=json-render-diagnostics"]);
    command.args(what);
    let line = line(&command);
    eprintln!("$ {line}");
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("can't run `{line}`: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{line}` ended with {}", output.status));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let mut paths = programs.map(|_| PathBuf::new());
    for (path, program) in paths.iter_mut().zip(programs) {
        *path = executable(&messages, program)
            .ok_or_else(|| format!("`{line}` built no program `{program}`"))?;
    }
    Ok(paths)
}

/// The program of this name among cargo's messages, one JSON object a line.
fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|message| message["target"]["name"] == name && message["executable"].is_string())
        .and_then(|message| message["executable"].as_str().map(PathBuf::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_among_cargos_messages() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"a"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"b"},"executable":"/t/b"}
{"reason":"compiler-artifact","target":{"name":"a"},"executable":"/t/a"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(executable(messages, "a"), Some("/t/a".into()));
        assert_eq!(executable(messages, "c"), None);
    }
}
