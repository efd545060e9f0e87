//! Manual pages and completions, as the programs print them.

use std::{path::Path, process::Command};

use super::write;
use crate::command::said;

/// The commands of chat-cli that have a page of their own.
const COMMANDS: [&str; 5] = ["create", "join", "send", "tail", "completions"];

const SHELLS: [&str; 3] = ["bash", "zsh", "fish"];

/// What belongs to a program, each as the name of a file and its text.
pub(super) struct Pages {
    pub(super) manual: Vec<(String, String)>,
    /// By shell.
    pub(super) completions: Vec<(&'static str, String, String)>,
}

impl Pages {
    /// Asks the program.
    ///
    /// # Errors
    ///
    /// A sentence, where it can't be run here.
    pub(super) fn of(program: &Path) -> Result<Self, String> {
        let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let ask = |words: &[&str]| said(Command::new(program).args(words));
        let is_server = name == "chat-server";
        let mut manual = Vec::new();
        if is_server {
            manual.push((format!("{name}.8"), ask(&["--man"])?));
        } else {
            manual.push((format!("{name}.1"), ask(&["man"])?));
            for command in COMMANDS {
                manual.push((format!("{name}-{command}.1"), ask(&["man", command])?));
            }
        }
        let word = if is_server { "--completions" } else { "completions" };
        let mut completions = Vec::new();
        for shell in SHELLS {
            let file = match shell {
                "zsh" => format!("_{name}"),
                "fish" => format!("{name}.fish"),
                _ => name.clone(),
            };
            completions.push((shell, file, ask(&[word, shell])?));
        }
        Ok(Self { manual, completions })
    }

    /// Writes them below a folder.
    ///
    /// # Errors
    ///
    /// A sentence, where that can't be.
    pub(super) fn write(&self, folder: &Path) -> Result<(), String> {
        for (file, text) in &self.manual {
            write(&folder.join("man").join(file), text)?;
        }
        for (shell, file, text) in &self.completions {
            write(&folder.join("completions").join(shell).join(file), text)?;
        }
        Ok(())
    }
}
