//! What the program does instead of serving.

use clap::CommandFactory;

use crate::flags::{Flags, Program};
use crate::{health, settings};

/// What is printed in place of serving, where that was asked for.
///
/// # Errors
/// A sentence: the server that was asked isn't well, or nothing can be printed.
pub(crate) fn run(asked: &Program) -> Option<Result<Vec<u8>, String>> {
    if let Some(url) = &asked.check_health {
        return Some(health::ask(url).map(|()| Vec::new()));
    }
    if let Some(shell) = asked.completions {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut Flags::command(), "chat-server", &mut text);
        return Some(Ok(text));
    }
    if asked.man {
        let mut page = Vec::new();
        let man = clap_mangen::Man::new(Flags::command()).section("8");
        return Some(man.render(&mut page).map(|()| page).map_err(|e| e.to_string()));
    }
    asked.example_config.then(|| Ok(settings::example(&Flags::command()).into_bytes()))
}
