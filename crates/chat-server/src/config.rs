//! What the server is told, ready to use.

use std::io;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use chat_core::{Limits, Rate};
use chat_proto::CreateKey;
use ipnet::IpNet;

use crate::Heartbeat;
use crate::host::Host;
use crate::origin::{Origin, PublicUrl};
use crate::tls::Tls;
use crate::watch::LogAddresses;

/// Everything that can be set. [`Config::default`] is what `chat-server`
/// without flags uses.
#[derive(Clone, Debug)]
pub struct Config {
    /// Bounds on rooms and what they hold.
    pub limits: Limits,
    /// Bytes that the logs of all rooms may hold together; `None` for no limit.
    /// A room takes what its largest message needs (three quarters of
    /// `max_frame`, mostly) when it is opened, and more as it grows. Default
    /// 1 GiB.
    pub max_memory: Option<NonZeroUsize>,
    /// The longest text, in bytes of UTF-8. Default 16 KiB.
    pub max_text: usize,
    /// The longest frame or message that a client may send, in bytes.
    /// Default 64 KiB.
    pub max_frame: usize,
    /// Where the page comes from; the one in the binary where it is `None`.
    pub web_dir: Option<PathBuf>,
    /// TLS on what is served, where the server speaks it itself. Default no.
    pub tls: Option<Tls>,
    /// Where people find the page, through a proxy for example. Default none.
    pub public_urls: Vec<PublicUrl>,
    /// Names that the server answers to besides `localhost`, IP addresses and
    /// those of `public_urls`. Default none.
    pub allow_hosts: Vec<Host>,
    /// Origins elsewhere whose pages may use this server. Default none.
    pub allow_origins: Vec<Origin>,
    /// What whoever opens a room must show. Default: everybody may open rooms.
    pub create_key: Option<CreateKey>,
    /// The networks of proxies that are believed when they say whose request or
    /// connection they pass on. Default none.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether each connection begins with a PROXY protocol header of version 2;
    /// those that don't come from a trusted proxy are refused then. Default no.
    pub proxy_protocol: bool,
    /// Connections at once; `Some(0)` for no limit. Default: as many as files
    /// may be open, less some for others than connections.
    pub max_connections: Option<usize>,
    /// Connections that an address may have open. Default 256.
    pub address_connections: Option<NonZeroU32>,
    /// Connections that an address may open, those to WebSockets alone where it
    /// comes through a trusted proxy; and twenty times as many requests. Default
    /// 50 a second, 250 at once.
    pub address_handshakes: Option<Rate>,
    /// Frames that are read of all connections of an address. Default 500 a
    /// second, 1,000 at once.
    pub address_messages: Option<Rate>,
    /// Rooms that an address may create. Default 20 a minute, 20 at once.
    pub address_creates: Option<Rate>,
    /// Rooms that aren't there that an address may ask for. Default 1 a
    /// second, 20 at once.
    pub address_failed_joins: Option<Rate>,
    /// Whether limits by address leave out loopback. Default no.
    pub exempt_loopback: bool,
    /// How much of the peers' addresses the log says. Default: the network.
    pub log_addresses: LogAddresses,
    /// Time between the log's summaries. Default 1 h.
    pub log_summary: Duration,
    /// How many threads rooms are spread over. Default: one a processor.
    pub shards: usize,
    /// How long things may take.
    pub timers: Timers,
    /// What is done while the server lives. Default nothing.
    pub heartbeat: Option<Heartbeat>,
}

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Timers {
    /// From connecting, or the last answer, to the end of a request's head.
    /// Default 10 s.
    pub head: Duration,
    /// From the upgrade to the `hello`. Default 10 s.
    pub hello: Duration,
    /// Between the server's WebSocket pings, and what `welcome` asks of
    /// clients that can't see those. Default 20 s.
    pub ping: Duration,
    /// After how long a connection that nothing is heard of is lost.
    /// Default 45 s.
    pub silence: Duration,
    /// After how long a socket that takes nothing is closed. Default 15 s.
    pub stall: Duration,
    /// How long a closing handshake may take. Default 2 s.
    pub close: Duration,
    /// From saying that it is not ready to taking no more connections, once the
    /// server stops: what is in front of it looks elsewhere meanwhile. Default
    /// none.
    pub drain_delay: Duration,
    /// How long a shutdown may take after that. Default 5 s.
    pub shutdown: Duration,
}

impl Config {
    /// Whether a server can start with it, as far as that can be told without one.
    ///
    /// # Errors
    /// When `max_memory` has no place for a single room.
    pub fn check(&self) -> io::Result<()> {
        crate::hub::check(self)
    }

    /// Whether a proxy has to stand before it that speaks TLS, and whose clients
    /// it can't tell apart.
    pub(crate) fn takes_all_for_one(&self) -> bool {
        let https = self.public_urls.iter().any(|url| url.origin().is_https());
        https && self.tls.is_none() && self.trusted_proxies.is_empty()
    }

    /// The names that it says the server is reached by: those of `public_urls`,
    /// and `allow_hosts`.
    pub fn names(&self) -> impl Iterator<Item = &Host> {
        self.public_urls.iter().map(|url| url.origin().host()).chain(&self.allow_hosts)
    }
}

impl Default for Config {
    fn default() -> Self {
        let (second, minute) = (Duration::from_secs(1), Duration::from_secs(60));
        Self {
            limits: Limits::default(),
            max_memory: NonZeroUsize::new(1 << 30),
            max_text: 16 << 10,
            max_frame: 64 << 10,
            web_dir: None,
            tls: None,
            public_urls: Vec::new(),
            allow_hosts: Vec::new(),
            allow_origins: Vec::new(),
            create_key: None,
            trusted_proxies: Vec::new(),
            proxy_protocol: false,
            max_connections: None,
            address_connections: NonZeroU32::new(256),
            address_handshakes: Some(Rate { tokens: 50, per: second, burst: 250 }),
            address_messages: Some(Rate { tokens: 500, per: second, burst: 1000 }),
            address_creates: Some(Rate { tokens: 20, per: minute, burst: 20 }),
            address_failed_joins: Some(Rate { tokens: 60, per: minute, burst: 20 }),
            exempt_loopback: false,
            log_addresses: LogAddresses::default(),
            log_summary: 60 * minute,
            shards: std::thread::available_parallelism().map_or(1, usize::from),
            timers: Timers::default(),
            heartbeat: None,
        }
    }
}

impl Default for Timers {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            hello: Duration::from_secs(10),
            ping: Duration::from_secs(20),
            silence: Duration::from_secs(45),
            stall: Duration::from_secs(15),
            close: Duration::from_secs(2),
            drain_delay: Duration::ZERO,
            shutdown: Duration::from_secs(5),
        }
    }
}
