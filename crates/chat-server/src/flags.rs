//! The command line, as it is typed. [`Flags::into_config`] makes of it what
//! the server uses.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use chat_core::{Limits, Rate};
use chat_server::{Config, Timers};
use clap::Parser;
use tracing::level_filters::LevelFilter;

/// A messenger of temporary private rooms: whoever has a room's token joins
/// with a nickname and talks. No accounts, nothing kept.
///
/// Without flags it serves the page at http://localhost:8080 to this machine
/// alone. Every flag can also be given as an environment variable: --room-max
/// as CHAT_ROOM_MAX. Durations are written as 90s, 10m, 24h. Started with
/// sockets in LISTEN_FDS, as systemd does, it serves on those.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Flags {
    /// Where to listen; may be given more than once, or as a list with commas.
    /// Port 0 takes any free one. Not together with sockets that systemd hands
    /// over. [default: port 8080 on 127.0.0.1 and ::1]
    #[arg(long, env = "CHAT_LISTEN", value_name = "ADDR:PORT", value_delimiter = ',')]
    #[arg(help_heading = "Serving", value_parser = address)]
    pub(crate) listen: Vec<SocketAddr>,
    /// Serves this folder instead of the built-in page. It is read at each
    /// request, and without the built-in page's content security policy.
    #[arg(long, env = "CHAT_WEB_DIR", value_name = "DIR", help_heading = "Serving")]
    #[arg(value_parser = folder)]
    web_dir: Option<PathBuf>,
    /// What to say on standard error: off, error, warn, info, debug or trace.
    /// Never a token, a nickname or a text.
    #[arg(long, env = "CHAT_LOG_LEVEL", value_name = "LEVEL", default_value = "info")]
    #[arg(help_heading = "Serving")]
    pub(crate) log_level: LevelFilter,
    /// Threads that rooms are spread over; 0 for one a processor.
    #[arg(long, env = "CHAT_SHARDS", value_name = "N", default_value = "0")]
    #[arg(help_heading = "Serving")]
    shards: u16,

    /// Rooms at once; 0 for no limit.
    #[arg(long, env = "CHAT_MAX_ROOMS", value_name = "N", default_value = "100000")]
    #[arg(help_heading = "Rooms")]
    max_rooms: usize,
    /// People in a room; 0 for no limit.
    #[arg(long, env = "CHAT_ROOM_MAX", value_name = "N", default_value = "256")]
    #[arg(help_heading = "Rooms")]
    room_max: u32,
    /// How long a room lives at most.
    #[arg(long, env = "CHAT_ROOM_TTL", value_name = "TIME", default_value = "24h")]
    #[arg(help_heading = "Rooms", value_parser = duration)]
    room_ttl: Duration,
    /// How long an empty room waits for somebody (1 h before its first message,
    /// where that is longer).
    #[arg(long, env = "CHAT_EMPTY_TTL", value_name = "TIME", default_value = "10m")]
    #[arg(help_heading = "Rooms", value_parser = duration)]
    empty_ttl: Duration,
    /// How long somebody whose connection is lost stays in the list, with
    /// nickname and place (10 s at most where a page was closed or reloaded).
    #[arg(long, env = "CHAT_GRACE", value_name = "TIME", default_value = "60s")]
    #[arg(help_heading = "Rooms", value_parser = duration)]
    grace: Duration,
    /// How long after that whoever comes back is still known.
    #[arg(long, env = "CHAT_REMEMBER", value_name = "TIME", default_value = "1h")]
    #[arg(help_heading = "Rooms", value_parser = duration)]
    remember: Duration,
    /// Earlier events that a newcomer is shown; 0 for none.
    #[arg(long, env = "CHAT_HISTORY", value_name = "N", default_value = "100")]
    #[arg(help_heading = "Rooms")]
    history: u32,
    /// Events that a room holds for newcomers and slow readers.
    #[arg(long, env = "CHAT_LOG_EVENTS", value_name = "N", default_value = "512")]
    #[arg(help_heading = "Rooms")]
    log_events: NonZeroU32,
    /// Bytes of them at most.
    #[arg(long, env = "CHAT_LOG_BYTES", value_name = "N", default_value = "1048576")]
    #[arg(help_heading = "Rooms")]
    log_bytes: NonZeroUsize,

    /// Frames that a session may send a second, and is read no faster; 0 for no
    /// limit.
    #[arg(long, env = "CHAT_MESSAGE_RATE", value_name = "N", default_value = "20")]
    #[arg(help_heading = "Messages")]
    message_rate: u32,
    /// Frames that it may send at once.
    #[arg(long, env = "CHAT_MESSAGE_BURST", value_name = "N", default_value = "40")]
    #[arg(help_heading = "Messages")]
    message_burst: NonZeroU32,
    /// The longest text, in bytes of UTF-8.
    #[arg(long, env = "CHAT_MAX_TEXT", value_name = "BYTES", default_value = "16384")]
    #[arg(help_heading = "Messages")]
    max_text: NonZeroUsize,
    /// The longest frame, in bytes.
    #[arg(long, env = "CHAT_MAX_FRAME", value_name = "BYTES", default_value = "65536")]
    #[arg(help_heading = "Messages")]
    max_frame: NonZeroUsize,

    /// Rooms that an address may create a minute, and at once; 0 for no limit.
    #[arg(long, env = "CHAT_ADDRESS_CREATES", value_name = "N", default_value = "20")]
    #[arg(help_heading = "Limits by address")]
    address_creates: u32,
    /// Rooms that aren't there that an address may ask for a minute (20 at
    /// once); 0 for no limit.
    #[arg(long, env = "CHAT_ADDRESS_FAILED_JOINS", value_name = "N", default_value = "60")]
    #[arg(help_heading = "Limits by address")]
    address_failed_joins: u32,
    /// Leaves loopback out of the limits by address.
    #[arg(long, env = "CHAT_EXEMPT_LOOPBACK", help_heading = "Limits by address")]
    exempt_loopback: bool,

    /// How long a request's head may take.
    #[arg(long, env = "CHAT_HEAD_TIMEOUT", value_name = "TIME", default_value = "10s")]
    #[arg(help_heading = "Timers", value_parser = duration)]
    head_timeout: Duration,
    /// How long a client may take to say hello.
    #[arg(long, env = "CHAT_HELLO_TIMEOUT", value_name = "TIME", default_value = "10s")]
    #[arg(help_heading = "Timers", value_parser = duration)]
    hello_timeout: Duration,
    /// Time between two pings.
    #[arg(long, env = "CHAT_PING_INTERVAL", value_name = "TIME", default_value = "20s")]
    #[arg(help_heading = "Timers", value_parser = duration)]
    ping_interval: Duration,
    /// After how long a silent connection is lost.
    #[arg(long, env = "CHAT_SILENCE_TIMEOUT", value_name = "TIME", default_value = "45s")]
    #[arg(help_heading = "Timers", value_parser = duration)]
    silence_timeout: Duration,
    /// After how long a connection that takes nothing is closed.
    #[arg(long, env = "CHAT_STALL_TIMEOUT", value_name = "TIME", default_value = "15s")]
    #[arg(help_heading = "Timers", value_parser = duration)]
    stall_timeout: Duration,
    /// How long the closing of a connection may take.
    #[arg(long, env = "CHAT_CLOSE_TIMEOUT", value_name = "TIME", default_value = "2s")]
    #[arg(help_heading = "Timers", value_parser = duration)]
    close_timeout: Duration,
    /// How long stopping the server may take.
    #[arg(long, env = "CHAT_SHUTDOWN_TIMEOUT", value_name = "TIME", default_value = "5s")]
    #[arg(help_heading = "Timers", value_parser = duration)]
    shutdown_timeout: Duration,
}

impl Flags {
    /// What the server uses.
    pub(crate) fn into_config(self) -> Config {
        let defaults = Config::default();
        let minute = Duration::from_secs(60);
        let by_minute = |n, burst| (n > 0).then_some(Rate { tokens: n, per: minute, burst });
        Config {
            limits: Limits {
                rooms: NonZeroUsize::new(self.max_rooms),
                room_max: NonZeroU32::new(self.room_max),
                room_ttl: self.room_ttl,
                empty_ttl: self.empty_ttl,
                grace: self.grace,
                remember: self.remember,
                history: self.history,
                log_events: self.log_events,
                log_bytes: self.log_bytes,
                message_rate: (self.message_rate > 0).then_some(Rate {
                    tokens: self.message_rate,
                    per: Duration::from_secs(1),
                    burst: self.message_burst.get(),
                }),
                ..defaults.limits
            },
            max_text: self.max_text.get(),
            max_frame: self.max_frame.get(),
            web_dir: self.web_dir,
            address_creates: by_minute(self.address_creates, self.address_creates),
            address_failed_joins: by_minute(self.address_failed_joins, 20),
            exempt_loopback: self.exempt_loopback,
            shards: match self.shards {
                0 => defaults.shards,
                n => n.into(),
            },
            timers: Timers {
                head: self.head_timeout,
                hello: self.hello_timeout,
                ping: self.ping_interval,
                silence: self.silence_timeout,
                stall: self.stall_timeout,
                close: self.close_timeout,
                shutdown: self.shutdown_timeout,
            },
        }
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "write an address and a port, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080".into()
    })
}

fn duration(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(time) if time >= Duration::from_millis(1) => Ok(time),
        Ok(_) => Err("write at least 1ms".into()),
        Err(_) => Err("write a number with its unit, such as 500ms, 90s, 10m or 24h".into()),
    }
}

fn folder(text: &str) -> Result<PathBuf, String> {
    let folder = PathBuf::from(text);
    match folder.is_dir() {
        true => Ok(folder),
        false => Err("there is no such folder".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_flags_the_documented_defaults_hold() {
        let flags = Flags::try_parse_from(["chat-server"]).unwrap();
        assert_eq!(format!("{:?}", flags.into_config()), format!("{:?}", Config::default()));
    }

    #[test]
    fn zero_is_no_limit_where_that_is_said_and_refused_elsewhere() {
        let parse =
            |args: &str| Flags::try_parse_from(["chat-server"].into_iter().chain(args.split(' ')));
        let config =
            parse("--max-rooms 0 --room-max 0 --message-rate 0 --address-creates 0 --history 0")
                .unwrap()
                .into_config();
        assert_eq!(config.limits.rooms, None);
        assert_eq!(config.limits.room_max, None);
        assert_eq!(config.limits.message_rate, None);
        assert_eq!(config.address_creates, None);
        assert_eq!(config.limits.history, 0);
        for refused in [
            "--log-events 0",
            "--log-bytes 0",
            "--message-burst 0",
            "--max-text 0",
            "--max-frame 0",
            "--room-ttl 0s",
            "--room-ttl soon",
            "--listen here",
            "--web-dir /nowhere/at/all",
            "--colour",
        ] {
            assert_eq!(parse(refused).unwrap_err().exit_code(), 2, "{refused}");
        }
    }

    #[test]
    fn the_help_is_well_formed() {
        use clap::CommandFactory;
        Flags::command().debug_assert();
    }
}
