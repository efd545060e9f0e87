//! The workspace's tests.

use std::path::Path;

use crate::command::{cargo, run as run_command};

/// Builds and runs unit, integration and documentation tests; builds examples.
pub(super) fn run(root: &Path) -> Result<(), String> {
    run_command(cargo().current_dir(root).args(["test", "--workspace", "--no-fail-fast"]))
}
