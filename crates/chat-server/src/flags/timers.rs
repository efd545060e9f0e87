//! How long things may take.

use std::time::Duration;

use chat_server::Config;
use clap::Args;

use super::value::{duration, duration_or_none};

#[derive(Debug, Args)]
#[command(next_help_heading = "Timers")]
pub(crate) struct Timers {
    /// How long a request's head may take.
    #[arg(long, env = "CHAT_HEAD_TIMEOUT", value_name = "TIME", default_value = "10s")]
    #[arg(value_parser = duration)]
    head_timeout: Duration,
    /// How long a client may take to say hello.
    #[arg(long, env = "CHAT_HELLO_TIMEOUT", value_name = "TIME", default_value = "10s")]
    #[arg(value_parser = duration)]
    hello_timeout: Duration,
    /// Time between two pings.
    #[arg(long, env = "CHAT_PING_INTERVAL", value_name = "TIME", default_value = "20s")]
    #[arg(value_parser = duration)]
    ping_interval: Duration,
    /// After how long a silent connection is lost.
    #[arg(long, env = "CHAT_SILENCE_TIMEOUT", value_name = "TIME", default_value = "45s")]
    #[arg(value_parser = duration)]
    silence_timeout: Duration,
    /// After how long a connection that takes nothing is closed.
    #[arg(long, env = "CHAT_STALL_TIMEOUT", value_name = "TIME", default_value = "15s")]
    #[arg(value_parser = duration)]
    stall_timeout: Duration,
    /// How long the closing of a connection may take.
    #[arg(long, env = "CHAT_CLOSE_TIMEOUT", value_name = "TIME", default_value = "2s")]
    #[arg(value_parser = duration)]
    close_timeout: Duration,
    /// How long a server that is told to stop still takes connections, while
    /// /readyz says that it is not ready: as long as the load balancer in front
    /// needs to notice.
    #[arg(long, env = "CHAT_DRAIN_DELAY", value_name = "TIME", default_value = "0s")]
    #[arg(value_parser = duration_or_none)]
    drain_delay: Duration,
    /// How long stopping the server may take after that.
    #[arg(long, env = "CHAT_SHUTDOWN_TIMEOUT", value_name = "TIME", default_value = "5s")]
    #[arg(value_parser = duration)]
    shutdown_timeout: Duration,
}

impl Timers {
    pub(super) fn set(self, config: &mut Config) {
        config.timers = chat_server::Timers {
            head: self.head_timeout,
            hello: self.hello_timeout,
            ping: self.ping_interval,
            silence: self.silence_timeout,
            stall: self.stall_timeout,
            close: self.close_timeout,
            drain_delay: self.drain_delay,
            shutdown: self.shutdown_timeout,
        };
    }
}
