//! Limits by the address that a connection comes from.

use std::time::Duration;

use chat_core::Rate;
use chat_server::Config;
use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "Limits by address")]
pub(crate) struct Addresses {
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
        let by_minute = |tokens, burst| {
            (tokens > 0).then_some(Rate { tokens, per: Duration::from_secs(60), burst })
        };
        config.address_creates = by_minute(self.address_creates, self.address_creates);
        config.address_failed_joins = by_minute(self.address_failed_joins, 20);
        config.exempt_loopback = self.exempt_loopback;
    }
}
