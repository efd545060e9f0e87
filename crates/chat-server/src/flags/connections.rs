//! How many connections there may be, and who brings them.

use chat_server::{Config, IpNet};
use clap::Args;

use super::value::network;

#[derive(Debug, Args)]
#[command(next_help_heading = "Connections")]
pub(crate) struct Connections {
    /// Connections at once; 0 for no limit. [default: as many as files may be
    /// open (ulimit -n), less some]
    #[arg(long, env = "CHAT_MAX_CONNECTIONS", value_name = "N")]
    max_connections: Option<usize>,
    /// Addresses or networks of the proxies in front of this server, such as
    /// 127.0.0.1 or 10.0.0.0/8; may be given more than once, or as a list with
    /// commas. They alone are believed in Forwarded and X-Forwarded-For.
    #[arg(long, env = "CHAT_TRUSTED_PROXY", value_name = "NETWORK", value_delimiter = ',')]
    #[arg(value_parser = network)]
    trusted_proxy: Vec<IpNet>,
    /// Takes connections from trusted proxies alone, each beginning with a PROXY
    /// protocol header of version 2 that says whose it is.
    #[arg(long, env = "CHAT_PROXY_PROTOCOL", requires = "trusted_proxy")]
    proxy_protocol: bool,
}

impl Connections {
    pub(super) fn set(self, config: &mut Config) {
        config.max_connections = self.max_connections;
        config.trusted_proxies = self.trusted_proxy;
        config.proxy_protocol = self.proxy_protocol;
    }
}
