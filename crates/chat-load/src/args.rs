//! The command line, as it is typed.

use std::net::SocketAddr;
use std::time::Duration;

use clap::builder::RangedI64ValueParser;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};

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
    /// Many connections that say nothing: what one costs in memory.
    Idle(Idle),
    /// Rooms in which half of the members come and leave as fast as they can.
    Churn(Churn),
    /// A small room beside a large and loud one: what the one suffers from the other.
    Mixed(Mixed),
    /// Thousands who come into one room.
    Join(Join),
    /// Serves the same with one bare thread: about the least that a server can take.
    Floor(Floor),
    /// Serves the same in the way that everybody writes first.
    Naive(Naive),
}

/// What all scenarios have.
#[derive(Clone, Debug, Args)]
pub(crate) struct Common {
    /// The server, such as http://127.0.0.1:8080.
    #[arg(long)]
    pub(crate) url: Target,
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
    #[arg(long, value_parser = window())]
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
    /// How members speak.
    #[arg(long, value_enum, default_value = "plain")]
    pub(crate) mode: Mode,
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
    /// How members speak.
    #[arg(long, value_enum, default_value = "plain")]
    pub(crate) mode: Mode,
    #[command(flatten)]
    pub(crate) speed: Speed,
    #[command(flatten)]
    pub(crate) extent: Extent,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Idle {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Connections.
    #[arg(long, default_value = "10000", value_parser = count)]
    pub(crate) connections: usize,
    /// Members of each room.
    #[arg(long, default_value = "10", value_parser = count)]
    pub(crate) room_size: usize,
    /// How often all of them come and leave.
    #[arg(long, default_value = "3", value_parser = count)]
    pub(crate) rounds: usize,
    /// How members speak.
    #[arg(long, value_enum, default_value = "plain")]
    pub(crate) mode: Mode,
    /// How long the server is left alone before its memory is looked at.
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration)]
    pub(crate) settle: Duration,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Churn {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Rooms.
    #[arg(long, default_value = "10", value_parser = count)]
    pub(crate) rooms: usize,
    /// Members of each: the larger half stays and sends, the others come and leave.
    #[arg(long, default_value = "10", value_parser = count)]
    pub(crate) members: usize,
    /// Messages a second into each room.
    #[arg(long, default_value = "10", value_parser = rate)]
    pub(crate) rate: f64,
    /// Bytes of each text.
    #[arg(long, value_name = "BYTES", default_value = "128", value_parser = size)]
    pub(crate) size: usize,
    /// How members speak.
    #[arg(long, value_enum, default_value = "plain")]
    pub(crate) mode: Mode,
    /// How long.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub(crate) time: Duration,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Mixed {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Members of the small room; one of them sends.
    #[arg(long, default_value = "10", value_parser = count)]
    pub(crate) members: usize,
    /// Messages a second into the small room.
    #[arg(long, default_value = "10", value_parser = rate)]
    pub(crate) rate: f64,
    /// Members of the large room; one of them sends.
    #[arg(long, default_value = "8000", value_parser = count)]
    pub(crate) large: usize,
    /// Messages that the sender of the large room keeps on their way.
    #[arg(long, default_value = "64", value_parser = window())]
    pub(crate) window: u32,
    /// Bytes of each text.
    #[arg(long, value_name = "BYTES", default_value = "128", value_parser = size)]
    pub(crate) size: usize,
    /// How members speak.
    #[arg(long, value_enum, default_value = "plain")]
    pub(crate) mode: Mode,
    /// How long the load runs before anything is counted, each time.
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration)]
    pub(crate) warmup: Duration,
    /// How long it is counted, each time.
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration)]
    pub(crate) time: Duration,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Join {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Members.
    #[arg(long, default_value = "5000", value_parser = count)]
    pub(crate) members: usize,
    /// In how many steps they come; each is measured.
    #[arg(long, default_value = "5", value_parser = count)]
    pub(crate) steps: usize,
    /// How members speak.
    #[arg(long, value_enum, default_value = "v1")]
    pub(crate) mode: Mode,
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

#[derive(Clone, Debug, Args)]
pub(crate) struct Naive {
    /// Where to listen; port 0 takes any free one.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
}

impl Cli {
    /// The command line, or the end of the program with what is wrong with it.
    pub(crate) fn read() -> Self {
        let cli = Self::parse();
        if let Err(sentence) = cli.command.check() {
            Self::command().error(ErrorKind::ValueValidation, sentence).exit()
        }
        cli
    }
}

impl Command {
    /// What can't be told from one argument alone.
    fn check(&self) -> Result<(), String> {
        match self {
            Self::Fanout(Fanout { members, senders, stalled, .. })
                if senders.saturating_add(*stalled) > *members =>
            {
                Err(format!(
                    "{senders} who send and {stalled} who never read are more than {members} \
                     members: ask for more members, or fewer of those"
                ))
            }
            Self::Churn(Churn { members: 1, .. }) => {
                Err("half of 1 member can't leave: ask for 2 members or more".into())
            }
            Self::Join(Join { members, steps, .. }) if steps > members => {
                Err(format!("{members} members can't come in {steps} steps: ask for fewer steps"))
            }
            _ => Ok(()),
        }
    }
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

fn window() -> RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=1_000_000)
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
