//! What a log may not hold, and the log of a program that says all it can.

use std::fs::File;
use std::io::{self, Seek};
use std::process::Command;

/// What people said, know or are.
#[derive(Default)]
pub(crate) struct Secrets(pub(crate) Vec<String>);

impl Secrets {
    pub(crate) fn keep(&mut self, words: &[&str]) {
        self.0.extend(words.iter().map(|word| (*word).to_owned()));
    }

    pub(crate) fn assert_unsaid(&self, log: &str) {
        let log = log.to_lowercase();
        assert!(!self.0.is_empty() && !log.is_empty());
        for word in &self.0 {
            for spelling in spellings(word) {
                if let Some((before, _)) = log.split_once(&spelling) {
                    let line = log.lines().nth(before.matches('\n').count());
                    panic!("{spelling} is in the log: {line:?}");
                }
            }
        }
    }
}

/// A word as it may turn up: as it is, and in the usual writings of its bytes.
fn spellings(word: &str) -> Vec<String> {
    let bytes = word.as_bytes();
    let join = |f: &dyn Fn(&u8) -> String| bytes.iter().map(f).collect::<String>();
    vec![
        word.to_lowercase(),
        word.replace('-', "").to_lowercase(),
        join(&|b| format!("{b:02x}")),
        join(&|b| format!("%{b:02x}")),
        join(&|b| format!("{b}, ")).trim_end_matches(", ").to_owned(),
        format!("{word:?}").trim_matches('"').to_lowercase(),
    ]
}

/// The log of programs, at the most verbose: a file, which takes whatever comes,
/// as a pipe that nobody reads doesn't.
pub(crate) struct Log(File);

impl Log {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempfile().unwrap())
    }

    /// Has a program that is to be started write into it.
    pub(crate) fn takes(&self, command: &mut Command) {
        command.args(["--log-level", "trace"]).env("RUST_LOG", "trace");
        command.stderr(self.0.try_clone().unwrap());
    }

    /// All that was written, once the programs have ended.
    pub(crate) fn read(mut self) -> String {
        self.0.rewind().unwrap();
        io::read_to_string(self.0).unwrap()
    }
}
