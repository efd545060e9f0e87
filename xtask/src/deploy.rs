//! `cargo xtask deploy`: what `deploy/` promises, done.

use std::{path::Path, process::ExitCode};

mod container;
mod containerfile;
mod units;

pub(crate) use units::check as check_units;

/// Checks systemd's units, and goes the steps of the Containerfile. The files
/// of nginx and Caddy are used by the page's tests.
pub(crate) fn run(root: &Path) -> ExitCode {
    match units::check(root).and_then(|()| container::check(root)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask deploy: {sentence}");
            ExitCode::FAILURE
        }
    }
}
