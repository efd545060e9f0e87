//! What is served, and where.

use std::net::SocketAddr;
use std::path::PathBuf;

use chat_server::Config;
use clap::Args;

use super::value::{address, folder};

#[derive(Debug, Args)]
#[command(next_help_heading = "Serving")]
pub(crate) struct Serving {
    /// Where to listen; may be given more than once, or as a list with commas.
    /// Port 0 takes any free one. Not together with sockets that systemd hands
    /// over. [default: port 8080 on 127.0.0.1 and ::1]
    #[arg(long, env = "CHAT_LISTEN", value_name = "ADDR:PORT", value_delimiter = ',')]
    #[arg(value_parser = address)]
    pub(crate) listen: Vec<SocketAddr>,
    /// Serves this folder instead of the built-in page. It is read at each
    /// request, and without the built-in page's content security policy.
    #[arg(long, env = "CHAT_WEB_DIR", value_name = "DIR")]
    #[arg(value_parser = folder)]
    web_dir: Option<PathBuf>,
    /// Threads that rooms are spread over; 0 for one a processor.
    #[arg(long, env = "CHAT_SHARDS", value_name = "N", default_value = "0")]
    shards: u16,
}

impl Serving {
    pub(super) fn set(self, config: &mut Config) {
        config.web_dir = self.web_dir;
        if self.shards > 0 {
            config.shards = self.shards.into();
        }
    }
}
