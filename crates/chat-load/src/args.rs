//! The command line, as it is typed.

use std::net::SocketAddr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::form::Mode;
use crate::pace::Pace;
use crate::source::Source;
use crate::stamp;
use crate::target::Target;

/// Loads a chat server and checks what it delivers: every message to every member, once, and in one
/// order for all. Exit code 0 where all of it came, 1 where something is missing, doubled or out of
/// order or a member was closed, 2 for wrong usage, 3 where the load could not be made.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// One room: a few send, all receive.
    Fanout(Fanout),
    /// Many rooms in which everybody sends.
    Rooms(Rooms),
    /// A server that holds still.
    Floor(Floor),
}

/// What all scenarios have.
#[derive(Clone, Debug, Args)]
pub(crate) struct Common {
    /// The server, such as http://127.0.0.1:8080.
    #[arg(long)]
    pub(crate) url: Target,
    /// How members speak: plain (`nick: text`) or v1 (the subprotocol chat.v1).
    #[arg(long, value_enum, default_value = "plain")]
    pub(crate) mode: Mode,
    /// The server's process, to tell what processor time and memory it takes.
    #[arg(long)]
    pub(crate) pid: Option<u32>,
    /// Says the result as one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    /// Spreads connections over the addresses of a network, such as 127.0.0.0/8.
    #[arg(long, value_name = "CIDR")]
    pub(crate) source: Option<Source>,
    /// How long anything (connecting, what is still to come) may take at most.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub(crate) timeout: Duration,
}

/// How fast messages are sent.
#[derive(Clone, Copy, Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Speed {
    /// Messages a second into each room, sent when they are due whatever comes back.
    #[arg(long, value_parser = rate)]
    rate: Option<f64>,
    /// Messages that each sender keeps on their way.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    window: Option<u32>,
}

/// How long, and how large.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Extent {
    /// Bytes of each text.
    #[arg(long, value_name = "BYTES", default_value = "128", value_parser = size)]
    pub(crate) size: usize,
    /// How long the load runs before anything is counted.
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration)]
    pub(crate) warmup: Duration,
    /// How long it is counted.
    #[arg(long, value_name = "TIME", default_value = "3s", value_parser = duration)]
    pub(crate) time: Duration,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Fanout {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Members of the room.
    #[arg(long, default_value = "100", value_parser = count)]
    pub(crate) members: usize,
    /// How many of them send.
    #[arg(long, default_value = "1", value_parser = count)]
    pub(crate) senders: usize,
    /// How many of those who don't send never read.
    #[arg(long, default_value = "0")]
    pub(crate) stalled: usize,
    #[command(flatten)]
    pub(crate) speed: Speed,
    #[command(flatten)]
    pub(crate) extent: Extent,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Rooms {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Rooms.
    #[arg(long, default_value = "500", value_parser = count)]
    pub(crate) rooms: usize,
    /// Members of each; all of them send.
    #[arg(long, default_value = "2", value_parser = count)]
    pub(crate) members: usize,
    #[command(flatten)]
    pub(crate) speed: Speed,
    #[command(flatten)]
    pub(crate) extent: Extent,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Floor {
    /// Where to listen; port 0 takes any free one.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// Joins what came in one turn into one write for each member.
    #[arg(long)]
    pub(crate) batched: bool,
}

impl Speed {
    /// As a pace; clap sees to it that there is one.
    pub(crate) fn pace(self) -> Pace {
        match (self.rate, self.window) {
            (Some(rate), _) => Pace::Rate(rate),
            (None, window) => Pace::Window(window.unwrap_or(1)),
        }
    }
}

/// A number of at least 1 that no machine's memory refuses outright.
fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number @ 1..=1_000_000) => Ok(number),
        _ => Err("write a number from 1 to 1000000".into()),
    }
}

fn size(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(size @ stamp::LEN..=1_000_000) => Ok(size),
        _ => Err(format!("write a number of bytes from {} to 1000000", stamp::LEN)),
    }
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if (0.001..=1e7).contains(&rate) => Ok(rate),
        _ => Err("write messages a second, such as 1000 or 0.5".into()),
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(time) if time >= Duration::from_millis(1) => Ok(time),
        Ok(_) => Err("write at least 1ms".into()),
        Err(_) => Err("write a number with its unit, such as 500ms, 3s or 2m".into()),
    }
}
