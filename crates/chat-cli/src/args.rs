//! What can be typed on the command line.

use std::{path::PathBuf, time::Duration};

use chat_client::ServerUrl;
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use serde::Deserialize;

use crate::{commands, exit::HELP};

/// The chat in a terminal: temporary rooms, shared by a token.
#[derive(Parser)]
#[command(name = "chat-cli", version, after_help = HELP, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Create(CreateArgs),
    Join(JoinArgs),
    Send(SendArgs),
    Tail(TailArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Open a room and print its token
///
/// The room is end-to-end encrypted: the token is made here and never sent to the server, which
/// can't read what is said. With --plain it is not, and any WebSocket client can join.
///
/// The first line on standard output is the token alone, the second one the invite link; on a
/// terminal a QR code of the link follows. Whoever has one of them can come in.
#[derive(clap::Args)]
#[command(after_help = format!("{}\n\n{HELP}", environment(&[KEY, COLOR], "server, color, bell and mouse")))]
pub(crate) struct CreateArgs {
    /// Go right in, under this nick
    #[arg(long, value_name = "NICK")]
    pub(crate) join: Option<String>,

    /// Open a plain room, which is not encrypted: whoever runs the server can read it
    #[arg(long)]
    pub(crate) plain: bool,

    /// How long the room lives at most: 90s, 10m, 24h
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub(crate) ttl: Option<Duration>,

    /// How many earlier events a newcomer is shown; 0 for none
    #[arg(long, value_name = "N")]
    pub(crate) history: Option<u64>,

    /// The most people in the room
    #[arg(long, value_name = "N")]
    pub(crate) max: Option<u64>,

    /// Print JSON: the invitation, and with --join every event
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) key: KeyArgs,

    #[command(flatten)]
    pub(crate) view: ViewArgs,

    #[command(flatten)]
    pub(crate) reach: ReachArgs,
}

/// Join a room and talk
///
/// On a terminal this takes the whole screen. Otherwise, and with --plain-output, what you type
/// goes to the room line by line, and every event is one line on standard output; at the end of
/// the input you leave, once all that was sent has arrived. Ctrl-C leaves too.
#[derive(clap::Args)]
#[command(
    override_usage = "chat-cli join [OPTIONS] [TOKEN] <NICK>",
    after_help = format!(
        "{KEYS}\n\n{}\n\n{}\n\n{HELP}",
        commands::help(),
        environment(&[TOKEN, NICK, KEY, COLOR], "server, nick, color, bell and mouse"),
    ),
)]
pub(crate) struct JoinArgs {
    #[command(flatten)]
    pub(crate) token: TokenArg,

    /// Your nick in the room; left out where CHAT_NICK or the configuration file has one
    #[arg(value_name = "NICK")]
    pub(crate) nick: Option<String>,

    /// Open the room again where it has ended (encrypted rooms only)
    #[arg(long)]
    pub(crate) open: bool,

    /// Print every event as one JSON object
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) key: KeyArgs,

    #[command(flatten)]
    pub(crate) view: ViewArgs,

    #[command(flatten)]
    pub(crate) reach: ReachArgs,
}

/// Send a text, or the lines of standard input, and leave
///
/// With TEXT that is one message; without, each line of standard input is one. It ends once all
/// of it has arrived. Where CHAT_TOKEN is set, TOKEN is left out.
#[derive(clap::Args)]
#[command(after_help = format!("{}\n\n{HELP}", environment(&[TOKEN, NICK], "server and nick")))]
pub(crate) struct SendArgs {
    #[command(flatten)]
    pub(crate) token: TokenArg,

    /// What to say, in one message
    #[arg(value_name = "TEXT")]
    pub(crate) text: Vec<String>,

    /// The nick to send under [default: guest- and four random symbols]
    #[arg(long, value_name = "NICK")]
    pub(crate) nick: Option<String>,

    /// Give up where it has not all arrived after so many seconds
    #[arg(long, value_name = "SECONDS")]
    pub(crate) timeout: Option<u64>,

    /// Print errors as one JSON object
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) reach: ReachArgs,
}

/// Print what is said in a room, and nothing else
///
/// A message is `nick: text`, its further lines are indented, and what a terminal would obey is
/// left out. With --raw it is the text alone, exactly as it was written.
#[derive(clap::Args)]
#[command(after_help = format!("{}\n\n{HELP}", environment(&[TOKEN, NICK, COLOR], "server, nick and color")))]
pub(crate) struct TailArgs {
    #[command(flatten)]
    pub(crate) token: TokenArg,

    /// Leave after so many messages
    #[arg(long, value_name = "N")]
    pub(crate) count: Option<u64>,

    /// Begin with so many of the messages from before
    #[arg(long, value_name = "N", default_value = "0")]
    pub(crate) history: usize,

    /// The nick to listen under [default: guest- and four random symbols]
    #[arg(long, value_name = "NICK")]
    pub(crate) nick: Option<String>,

    /// Print each text alone and exactly: not for a terminal
    #[arg(long, conflicts_with = "json")]
    pub(crate) raw: bool,

    /// Print every event as one JSON object
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) reach: ReachArgs,
}

/// Print completions for a shell
///
/// For example: chat-cli completions bash > ~/.local/share/bash-completion/completions/chat-cli
#[derive(clap::Args)]
pub(crate) struct CompletionsArgs {
    /// Which shell
    pub(crate) shell: Shell,
}

/// Print the manual page, of the program or of one of its commands
///
/// For example: chat-cli man > ~/.local/share/man/man1/chat-cli.1
#[derive(clap::Args)]
pub(crate) struct ManArgs {
    /// Which command
    #[arg(value_parser = ["create", "join", "send", "tail", "completions"])]
    pub(crate) command: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct TokenArg {
    /// The room's token or invite link; left out where CHAT_TOKEN is set
    ///
    /// `-`: the first line of standard input is the token. Where other people use this machine,
    /// CHAT_TOKEN or `-` keep the token out of the list of processes, which everybody can read.
    #[arg(value_name = "TOKEN")]
    pub(crate) token: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct ReachArgs {
    /// The server's address; an invite link names its own [default: http://localhost:8080]
    #[arg(long, value_name = "URL", env = "CHAT_SERVER", hide_env_values = true)]
    pub(crate) server: Option<ServerUrl>,

    /// Trust the certificates in this file (PEM) too, besides the system's
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
}

/// What opens a room where not everybody may.
#[derive(Clone, clap::Args)]
pub(crate) struct KeyArgs {
    /// A file with the server's key, where the server wants one from whoever opens a room
    ///
    /// Without it CHAT_CREATE_KEY holds the key, or you are asked for it on a terminal.
    #[arg(long, value_name = "FILE")]
    pub(crate) create_key_file: Option<PathBuf>,
}

/// How a room is shown.
#[derive(clap::Args)]
pub(crate) struct ViewArgs {
    /// Line by line, on a terminal too
    #[arg(long)]
    pub(crate) plain_output: bool,

    /// Whether there are colours
    #[arg(long, value_name = "WHEN")]
    pub(crate) color: Option<Color>,

    /// Ring the terminal's bell when somebody says something while the window isn't in focus
    #[arg(long)]
    pub(crate) bell: bool,

    /// Leave the mouse to the terminal: no scrolling with the wheel
    #[arg(long)]
    pub(crate) no_mouse: bool,
}

/// Whether there are colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set or TERM is dumb
    #[default]
    Auto,
    /// Whatever the output is
    Always,
    /// None
    Never,
}

const KEYS: &str = "\
Keys on the whole screen:
  Enter            sends; Alt-Enter or Ctrl-J breaks the line; what is pasted is one message
  Tab              completes a command or a nick, and again the next one
  Up, Down         earlier messages of yours
  PageUp, PageDown and the mouse's wheel scroll; Esc goes to the end
  Ctrl-U, -W, -K   delete to the beginning, a word, to the end; Ctrl-Y brings it back
  Ctrl-L, Ctrl-Z   draw anew, suspend
  Ctrl-C, Ctrl-D   leave; a second time at once";

const TOKEN: &str = "
  CHAT_TOKEN   the room's token or invite link, in place of the argument";

const NICK: &str = "
  CHAT_NICK    the nick";

const KEY: &str = "
  CHAT_CREATE_KEY
               the server's key, for opening rooms where it wants one";

const COLOR: &str = "
  NO_COLOR     no colours, whatever the terminal can do";

/// What a command takes from elsewhere: of the environment its `own` besides what
/// all take, and what the configuration file `may_set`.
fn environment(own: &[&str], may_set: &str) -> String {
    format!(
        "\
Environment:
  CHAT_SERVER  the server's address{}
  HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY
               the proxy, and where there is none
  SSL_CERT_FILE, SSL_CERT_DIR
               the certificates to trust in place of the system's
A configuration file, $XDG_CONFIG_HOME/chat/config.toml, may set {may_set}.",
        own.concat()
    )
}

#[cfg(test)]
mod tests {
    use super::Args;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn help_names_every_exit_code() {
        for name in ["create", "join", "send", "tail"] {
            let mut command = Args::command();
            let help = command.find_subcommand_mut(name).unwrap().render_long_help().to_string();
            for code in 0..=5 {
                assert!(help.contains(&format!("\n  {code}  ")), "{name}: {help}");
            }
        }
    }

    #[test]
    fn the_help_of_join_lists_the_commands_and_the_keys() {
        let mut command = Args::command();
        let help = command.find_subcommand_mut("join").unwrap().render_long_help().to_string();
        for said in ["/nick NAME", "/help ", "Ctrl-Z", "CHAT_TOKEN"] {
            assert!(help.contains(said), "{said}: {help}");
        }
    }
}
