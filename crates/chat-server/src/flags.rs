//! The command line, as it is typed. [`Flags::into_config`] makes of it what
//! the server uses.

mod addresses;
mod connections;
mod messages;
mod program;
mod rooms;
mod serving;
mod timers;
mod tls;
mod value;
mod visitors;
mod watching;

use chat_server::Config;
use clap::Parser;

use addresses::Addresses;
use connections::Connections;
use messages::Messages;
pub(crate) use program::Program;
use rooms::Rooms;
use serving::Serving;
use timers::Timers;
pub(crate) use tls::Source;
use tls::Tls;
use visitors::Visitors;
pub(crate) use watching::LogFormat;
use watching::Watching;

/// A messenger of temporary private rooms: whoever has a room's token joins
/// with a nickname and talks. No accounts, nothing kept.
///
/// Without flags it serves the page at http://localhost:8080 to this machine
/// alone. Every flag can also be given as an environment variable: --room-max
/// as CHAT_ROOM_MAX, and stand in a file (--config). Durations are written as 90s, 10m, 24h. Started with
/// sockets in LISTEN_FDS, as systemd does, it serves on those.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Flags {
    #[command(flatten)]
    pub(crate) serving: Serving,
    #[command(flatten)]
    pub(crate) tls: Tls,
    #[command(flatten)]
    visitors: Visitors,
    #[command(flatten)]
    rooms: Rooms,
    #[command(flatten)]
    messages: Messages,
    #[command(flatten)]
    connections: Connections,
    #[command(flatten)]
    addresses: Addresses,
    #[command(flatten)]
    timers: Timers,
    #[command(flatten)]
    pub(crate) watching: Watching,
    #[command(flatten)]
    pub(crate) program: Program,
}

impl Flags {
    /// What the server uses, but for TLS, which is for where it listens.
    pub(crate) fn into_config(self) -> Config {
        let mut config = Config::default();
        self.serving.set(&mut config);
        self.visitors.set(&mut config);
        self.rooms.set(&mut config);
        self.messages.set(&mut config);
        self.connections.set(&mut config);
        self.addresses.set(&mut config);
        self.timers.set(&mut config);
        self.watching.set(&mut config);
        config
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
        let config = parse(
            "--max-rooms 0 --room-max 0 --message-rate 0 --address-creates 0 --history 0 \
             --max-memory 0",
        )
        .unwrap()
        .into_config();
        assert_eq!((config.limits.rooms, config.max_memory), (None, None));
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
            "--public-url chat.example",
            "--allow-host chat.lan:8080",
            "--allow-origin https://app.example/",
            "--create-key /nowhere/at/all",
            "--drain-delay long",
            "--log-format xml",
            "--log-addresses some",
            "--metrics-listen 9464",
            "--colour",
        ] {
            assert_eq!(parse(refused).unwrap_err().exit_code(), 2, "{refused}");
        }
    }

    #[test]
    fn a_certificate_comes_with_its_key_and_alone() {
        let source = |args: &str| {
            let args = ["chat-server"].into_iter().chain(args.split_whitespace());
            Flags::try_parse_from(args).unwrap().tls.source()
        };
        assert_eq!(source(""), Ok(None));
        let files = source("--tls-cert c --tls-key k --redirect-http 127.0.0.1:80").unwrap();
        assert_eq!(files, Some(tls::Source::Files { certificate: "c".into(), key: "k".into() }));
        let own = source("--tls-self-signed --state-dir d").unwrap();
        assert_eq!(own, Some(tls::Source::SelfSigned { folder: "d".into() }));
        for (refused, named) in [
            ("--tls-cert c", "--tls-key"),
            ("--tls-key k", "--tls-cert"),
            ("--tls-cert c --tls-key k --tls-self-signed", "leave one out"),
            ("--redirect-http 127.0.0.1:80", "--tls-self-signed"),
        ] {
            let sentence = source(refused).unwrap_err();
            assert!(sentence.contains(named), "{refused}: {sentence}");
        }
    }

    #[test]
    fn the_help_is_well_formed() {
        use clap::CommandFactory;
        Flags::command().debug_assert();
    }
}
