//! Limits by the address that a connection comes from.

use std::num::NonZeroU32;
use std::time::Duration;

use chat_core::Rate;
use chat_server::Config;
use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "Limits by address")]
pub(crate) struct Addresses {
    /// Connections that an address may have open; 0 for no limit.
    #[arg(long, env = "CHAT_ADDRESS_CONNECTIONS", value_name = "N", default_value = "256")]
    address_connections: u32,
    /// Connections that an address may open a second (five times as many at
    /// once), WebSockets alone where it comes through a trusted proxy; and
    /// twenty times as many requests; 0 for no limit.
    #[arg(long, env = "CHAT_ADDRESS_HANDSHAKES", value_name = "N", default_value = "50")]
    address_handshakes: u32,
    /// Frames that all sessions of an address may send a second (twice as many
    /// at once), and are read no faster; 0 for no limit.
    #[arg(long, env = "CHAT_ADDRESS_MESSAGES", value_name = "N", default_value = "500")]
    address_messages: u32,
    /// Rooms that an address may create a minute, and at once; 0 for no limit.
    #[arg(long, env = "CHAT_ADDRESS_CREATES", value_name = "N", default_value = "20")]
    address_creates: u32,
    /// Rooms that aren't there that an address may ask for a minute (20 at
    /// once); 0 for no limit.
    #[arg(long, env = "CHAT_ADDRESS_FAILED_JOINS", value_name = "N", default_value = "60")]
    address_failed_joins: u32,
    /// Leaves loopback out of the limits by address.
    #[arg(long, env = "CHAT_EXEMPT_LOOPBACK")]
    exempt_loopback: bool,
}

impl Addresses {
    pub(super) fn set(self, config: &mut Config) {
        let rate = |tokens, per, burst| {
            let per = Duration::from_secs(per);
            (tokens > 0).then_some(Rate { tokens, per, burst })
        };
        let by_second = |tokens: u32, times| rate(tokens, 1, tokens.saturating_mul(times));
        let by_minute = |tokens, burst| rate(tokens, 60, burst);
        config.address_connections = NonZeroU32::new(self.address_connections);
        config.address_handshakes = by_second(self.address_handshakes, 5);
        config.address_messages = by_second(self.address_messages, 2);
        config.address_creates = by_minute(self.address_creates, self.address_creates);
        config.address_failed_joins = by_minute(self.address_failed_joins, 20);
        config.exempt_loopback = self.exempt_loopback;
    }
}
