//! `cargo xtask test`: all tests, the browser's too.

use std::{path::Path, process::ExitCode};

use crate::{count, deploy};

mod rust;
mod web;

/// One half of the tests.
#[derive(Clone, Copy)]
pub(crate) enum Half {
    /// The workspace's, with its examples and documentation, systemd's units, and
    /// what its hot paths take.
    Rust,
    /// The page's: its modules in Node.js, and the whole in a browser.
    Web,
}

/// Runs these halves, each whatever became of the one before.
pub(crate) fn run(root: &Path, halves: &[Half]) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for half in halves {
        let (name, result) = match half {
            Half::Rust => {
                let units = rust::run(root).and_then(|()| deploy::check_units(root));
                ("rust", units.and_then(|()| count::check(root)))
            }
            Half::Web => ("web", web::run(root)),
        };
        match result {
            Ok(()) => eprintln!("xtask test: {name} passed"),
            Err(sentence) => {
                eprintln!("xtask test: {name} failed: {sentence}");
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}
