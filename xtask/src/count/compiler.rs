//! Which compiler makes the program, and for what.

use std::{env, process::Command};

use crate::command::said;

/// A compiler: from another one, or for another target, come other instructions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Compiler {
    /// As it names itself.
    pub(super) rustc: String,
    /// What it compiles for where nothing is said.
    pub(super) target: String,
}

impl Compiler {
    /// The one that cargo uses here.
    ///
    /// # Errors
    ///
    /// A sentence, where it can't be run or says something else.
    pub(super) fn here() -> Result<Self, String> {
        let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let words = said(Command::new(rustc).arg("-vV"))?;
        Self::parse(&words).ok_or_else(|| format!("`rustc -vV` says what is not known: {words}"))
    }

    fn parse(words: &str) -> Option<Self> {
        let rustc = words.lines().next().filter(|line| line.starts_with("rustc "))?.to_string();
        let target = words.lines().find_map(|line| line.strip_prefix("host: "))?.to_string();
        Some(Self { rustc, target })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_compiler_says_of_itself_is_read() {
        let words = "rustc 1.95.0 (59807616e 2026-04-14)\nbinary: rustc\n\
                    host: x86_64-unknown-linux-gnu\nrelease: 1.95.0\n";
        let compiler = Compiler::parse(words).unwrap();
        assert_eq!(compiler.rustc, "rustc 1.95.0 (59807616e 2026-04-14)");
        assert_eq!(compiler.target, "x86_64-unknown-linux-gnu");
        assert_eq!(Compiler::parse("clang version 19\nhost: x86_64-unknown-linux-gnu\n"), None);
        assert_eq!(Compiler::parse("rustc 1.95.0 (59807616e 2026-04-14)\n"), None);
    }

    #[test]
    fn there_is_one_here() {
        assert!(Compiler::here().unwrap().rustc.starts_with("rustc 1."));
    }
}
