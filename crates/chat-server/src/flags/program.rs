//! The configuration file, and what the program does instead of serving.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

use crate::health::HealthUrl;

#[derive(Debug, Args)]
#[command(next_help_heading = "The program")]
pub(crate) struct Program {
    /// Reads flags from this file too, as TOML: --room-max 256 is the line
    /// room-max = 256. What the command line or the environment says counts
    /// before it.
    #[arg(long, env = "CHAT_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Looks at all that was set, and says what is wrong with it or that it is
    /// good, instead of serving.
    #[arg(long, group = "instead")]
    pub(crate) check_config: bool,
    /// Prints a configuration file with all that can be set.
    #[arg(long, group = "instead")]
    pub(crate) example_config: bool,
    /// Asks a server that runs, as a container's health check does:
    /// http://127.0.0.1:8080/healthz. The exit code says whether it is well.
    #[arg(long, group = "instead", value_name = "URL")]
    pub(crate) check_health: Option<HealthUrl>,
    /// Prints the manual page.
    #[arg(long, group = "instead")]
    pub(crate) man: bool,
    /// Prints completions for a shell.
    #[arg(long, group = "instead", value_name = "SHELL")]
    pub(crate) completions: Option<Shell>,
}
