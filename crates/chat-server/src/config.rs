//! What the server is told, ready to use.

use std::path::PathBuf;
use std::time::Duration;

use chat_core::{Limits, Rate};
use chat_proto::CreateKey;

use crate::host::Host;
use crate::origin::{Origin, PublicUrl};
use crate::tls::Tls;

/// Everything that can be set. [`Config::default`] is what `chat-server`
/// without flags uses.
#[derive(Clone, Debug)]
pub struct Config {
    /// Bounds on rooms and what they hold.
    pub limits: Limits,
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
    /// Rooms that an address may create. Default 20 a minute, 20 at once.
    pub address_creates: Option<Rate>,
    /// Rooms that aren't there that an address may ask for. Default 1 a
    /// second, 20 at once.
    pub address_failed_joins: Option<Rate>,
    /// Whether limits by address leave out loopback. Default no.
    pub exempt_loopback: bool,
    /// How many threads rooms are spread over. Default: one a processor.
    pub shards: usize,
    /// How long things may take.
    pub timers: Timers,
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
    /// How long a shutdown may take. Default 5 s.
    pub shutdown: Duration,
}

impl Config {
    /// The names that it says the server is reached by: those of `public_urls`,
    /// and `allow_hosts`.
    pub fn names(&self) -> impl Iterator<Item = &Host> {
        self.public_urls.iter().map(|url| url.origin().host()).chain(&self.allow_hosts)
    }
}

impl Default for Config {
    fn default() -> Self {
        let minute = Duration::from_secs(60);
        Self {
            limits: Limits::default(),
            max_text: 16 << 10,
            max_frame: 64 << 10,
            web_dir: None,
            tls: None,
            public_urls: Vec::new(),
            allow_hosts: Vec::new(),
            allow_origins: Vec::new(),
            create_key: None,
            address_creates: Some(Rate { tokens: 20, per: minute, burst: 20 }),
            address_failed_joins: Some(Rate { tokens: 60, per: minute, burst: 20 }),
            exempt_loopback: false,
            shards: std::thread::available_parallelism().map_or(1, usize::from),
            timers: Timers::default(),
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
            shutdown: Duration::from_secs(5),
        }
    }
}
