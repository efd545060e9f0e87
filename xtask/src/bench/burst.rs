//! A burst into the page: a browser that shows it, and a terminal client that sends.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::server::released;
use crate::program::{self, Node};

/// What runs the burst, beside the server.
pub(super) struct Burst {
    node: Node,
    chromium: PathBuf,
    sender: PathBuf,
    folder: PathBuf,
}

impl Burst {
    /// Finds, builds and fetches all of it.
    ///
    /// # Errors
    ///
    /// A sentence, where something can't be had.
    pub(super) fn prepare(root: &Path) -> Result<Self, String> {
        let (node, chromium) = (program::node()?, program::chromium()?);
        let folder = root.join("web").join("tests");
        node.fetch(&folder)?;
        let sender = released(root, "chat-cli")?;
        Ok(Self { node, chromium, sender, folder })
    }

    /// The script, told where the server is.
    pub(super) fn command(&self, url: &str) -> Command {
        let mut command = Command::new(&self.node.node);
        command
            .current_dir(&self.folder)
            .env("CHROMIUM", &self.chromium)
            .env("CHAT_CLI_BIN", &self.sender)
            .args(["bench/burst.js", url]);
        command
    }
}
