//! What whoever runs the server is told.

use std::net::SocketAddr;
use std::time::Duration;

use chat_server::{Config, LogAddresses};
use clap::{Args, ValueEnum};
use tracing::level_filters::LevelFilter;

use super::value::{address, duration};

#[derive(Debug, Args)]
#[command(next_help_heading = "Watching")]
pub(crate) struct Watching {
    /// What to say on standard error: off, error, warn, info, debug or trace.
    /// Never a token, a nickname or a text.
    #[arg(long, env = "CHAT_LOG_LEVEL", value_name = "LEVEL", default_value = "info")]
    pub(crate) log_level: LevelFilter,
    /// How to say it: as lines for people, or as a JSON object a line.
    #[arg(long, env = "CHAT_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    pub(crate) log_format: LogFormat,
    /// How much of an address to say: all of it, its network (192.0.2.0/24,
    /// 2001:db8::/48), or nothing.
    #[arg(long, env = "CHAT_LOG_ADDRESSES", value_name = "HOW", default_value = "short")]
    log_addresses: Addresses,
    /// Time between two summaries in the log.
    #[arg(long, env = "CHAT_LOG_SUMMARY", value_name = "TIME", default_value = "1h")]
    #[arg(value_parser = duration)]
    log_summary: Duration,
    /// Where Prometheus finds /metrics; may be given more than once, or as a
    /// list with commas. Not for everybody: 127.0.0.1:9464, for instance.
    /// [default: nowhere]
    #[arg(long, env = "CHAT_METRICS_LISTEN", value_name = "ADDR:PORT", value_delimiter = ',')]
    #[arg(value_parser = address)]
    pub(crate) metrics_listen: Vec<SocketAddr>,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people.
    Text,
    /// A JSON object a line.
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Addresses {
    Full,
    Short,
    None,
}

impl Watching {
    pub(super) fn set(self, config: &mut Config) {
        config.log_summary = self.log_summary;
        config.log_addresses = match self.log_addresses {
            Addresses::Full => LogAddresses::Full,
            Addresses::Short => LogAddresses::Short,
            Addresses::None => LogAddresses::None,
        };
    }
}
