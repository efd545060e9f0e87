//! What can be typed on the command line.

use std::env;

use chat_client::{Invite, Nick, ServerUrl, Token};
use clap::{Parser, Subcommand};

use crate::{
    exit::{Exit, Failure, HELP},
    input,
};

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
}

/// Open a room and print its token
///
/// The room is end-to-end encrypted: the token is made here and never sent to the server, which
/// can't read what is said. With --plain it is not, and any WebSocket client can join.
///
/// The first line on standard output is the token alone, the second one the invite link. Whoever
/// has either can come in.
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct CreateArgs {
    /// Open a plain room, which is not encrypted: whoever runs the server can read it
    #[arg(long)]
    pub(crate) plain: bool,

    #[command(flatten)]
    pub(crate) server: ServerArg,
}

/// Join a room and talk
///
/// What you type goes to the room line by line, and every event is one line on standard output.
/// On a terminal, /who shows everybody's person code and /code the room's code.
/// At the end of the input you leave, once all that was sent has arrived. Ctrl-C leaves too.
#[derive(clap::Args)]
#[command(
    override_usage = "chat-cli join [OPTIONS] [TOKEN] <NICK>",
    after_help = format!("{ENVIRONMENT}\n\n{HELP}"),
)]
pub(crate) struct JoinArgs {
    /// The room's token or invite link; left out where CHAT_TOKEN is set
    ///
    /// `-`: the first line of standard input is the token. Where other people use this machine,
    /// CHAT_TOKEN or `-` keep the token out of the list of processes.
    #[arg(value_name = "TOKEN")]
    first: Option<String>,

    /// Your nick in the room
    #[arg(value_name = "NICK")]
    second: Option<String>,

    /// Open the room again where it has ended (encrypted rooms only)
    #[arg(long)]
    open: bool,

    /// Print every event as one JSON object
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    server: ServerArg,
}

#[derive(clap::Args)]
pub(crate) struct ServerArg {
    /// The server's address; an invite link names its own
    #[arg(
        long = "server",
        value_name = "URL",
        env = "CHAT_SERVER",
        default_value = "http://localhost:8080"
    )]
    pub(crate) url: ServerUrl,
}

const ENVIRONMENT: &str = "\
Environment:
  CHAT_SERVER  the server's address
  CHAT_TOKEN   the room's token or invite link, in place of the argument
  NO_COLOR     no colours, whatever the terminal can do";

/// Which room to join, and as whom.
pub(crate) struct Joining {
    pub(crate) invite: Invite,
    pub(crate) server: ServerUrl,
    pub(crate) nick: Nick,
    /// Open the room where it isn't there.
    pub(crate) open: bool,
}

impl JoinArgs {
    /// Puts together what was typed, what the environment says and, for `-`, the first line of input.
    pub(crate) fn resolve(self) -> Result<Joining, Failure> {
        let usage = |sentence: String| Failure::new(Exit::Usage, sentence);
        let from_environment = env::var("CHAT_TOKEN").ok().filter(|token| !token.is_empty());
        let (token, nick) = match (self.first, self.second, from_environment) {
            (Some(token), Some(nick), _) => (token, nick),
            (Some(nick), None, Some(token)) => (token, nick),
            (_, _, from_environment) => {
                return Err(usage(match from_environment {
                    Some(_) => "the nick is missing: chat-cli join NICK".to_owned(),
                    None => "the token or the nick is missing: chat-cli join TOKEN NICK".to_owned(),
                }));
            }
        };
        let token = if token == "-" { input::token()? } else { token };
        let invite: Invite = token.parse().map_err(|error| usage(format!("{error}")))?;
        let nick = Nick::parse(&nick).map_err(|e| Failure::new(Exit::Refused, e.to_string()))?;
        let server = invite.server.clone().unwrap_or(self.server.url);
        if self.open && matches!(invite.token, Token::Plain(_)) {
            return Err(usage("a plain room can't be opened again: create a new one".to_owned()));
        }
        Ok(Joining { invite, server, nick, open: self.open })
    }
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
        for name in ["create", "join"] {
            let mut command = Args::command();
            let help = command.find_subcommand_mut(name).unwrap().render_long_help().to_string();
            for code in 0..=5 {
                assert!(help.contains(&format!("\n  {code}  ")), "{name}: {help}");
            }
        }
    }
}
