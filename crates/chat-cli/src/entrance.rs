//! Which room, on which server, under which nick: from what was typed, the environment and the configuration.

use std::{
    env, fs,
    io::{self, IsTerminal},
};

use chat_client::{Client, Events, Handle, Invite, Nick, Opts, ServerUrl, Token};

use crate::{
    args::{JoinArgs, ReachArgs, TokenArg},
    config::Config,
    exit::{Exit, Failure},
    input,
};

const SERVER: &str = "http://localhost:8080";

/// Symbols that a guest's nick may end with: none that looks like another.
const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Which room to come into, and as whom.
pub(crate) struct Entrance {
    pub(crate) server: ServerUrl,
    pub(crate) token: Token,
    pub(crate) nick: Nick,
    /// Open the room where it isn't there, with these wishes.
    pub(crate) open: Option<Opts>,
}

impl Entrance {
    /// Of `join`.
    pub(crate) fn of_join(args: JoinArgs, config: &Config) -> Result<Self, Failure> {
        let kept = environment("CHAT_NICK").or_else(|| config.nick.clone());
        let (token, nick) = match (args.token.token, args.nick, environment("CHAT_TOKEN"), kept) {
            (Some(token), Some(nick), ..) => (token, nick),
            (Some(nick), None, Some(token), _) if !is_invite(&nick) => (token, nick),
            (Some(token), None, _, Some(nick)) | (None, None, Some(token), Some(nick)) => {
                (token, nick)
            }
            (_, _, Some(_), _) => return Err(usage("the nick is missing: chat-cli join NICK")),
            _ => {
                return Err(usage("the token or the nick is missing: chat-cli join TOKEN NICK"));
            }
        };
        let (server, token) = room(token, args.reach.server, config)?;
        if args.open && matches!(token, Token::Plain(_)) {
            return Err(usage("a plain room can't be opened again: create a new one"));
        }
        let open = args.open.then(Opts::default);
        Ok(Self { server, token, nick: parse_nick(&nick)?, open })
    }

    /// Of a command that needs no nick.
    pub(crate) fn of_guest(
        token: Option<String>,
        nick: Option<String>,
        server: Option<ServerUrl>,
        config: &Config,
    ) -> Result<Self, Failure> {
        let token = token.or_else(|| environment("CHAT_TOKEN")).ok_or_else(|| {
            usage("the token is missing: name it, or set CHAT_TOKEN, or write `-` and give it as the first line of standard input")
        })?;
        let nick = nick.or_else(|| environment("CHAT_NICK")).or_else(|| config.nick.clone());
        let nick = parse_nick(&nick.unwrap_or_else(guest))?;
        let (server, token) = room(token, server, config)?;
        Ok(Self { server, token, nick, open: None })
    }

    /// Comes in.
    pub(crate) async fn enter(self, client: &Client) -> Result<(Handle, Events), Failure> {
        let Self { server, token, nick, open } = self;
        let is_sealed = matches!(token, Token::Sealed(_));
        let entered = match (token, open) {
            (Token::Sealed(token), Some(opts)) => client.open(&server, &token, nick, opts).await,
            (token, _) => client.join(&server, token, nick).await,
        };
        entered.map_err(|error| {
            let mut failure = Failure::from(error);
            if failure.exit == Exit::NoRoom && is_sealed {
                failure
                    .sentence
                    .push_str("; chat-cli join --open opens it again with the same token");
            }
            failure
        })
    }
}

/// The token of `send`, and whether its first argument is text instead.
///
/// Where CHAT_TOKEN is set the token is left out; one that is typed all the same never becomes a text.
pub(crate) fn token_or_text(argument: TokenArg) -> (Option<String>, Option<String>) {
    match argument.token {
        Some(first) if environment("CHAT_TOKEN").is_some() && !is_invite(&first) => {
            (None, Some(first))
        }
        token => (token, None),
    }
}

/// The server that rooms are opened on.
pub(crate) fn server(typed: Option<ServerUrl>, config: &Config) -> Result<ServerUrl, Failure> {
    if let Some(typed) = typed {
        return Ok(typed);
    }
    let address = config.server.as_deref().unwrap_or(SERVER);
    address.parse().map_err(|error| usage(format!("the configuration's server: {error}")))
}

/// A client that reaches servers as it was told to. What is not typed may be much at once, and waits for
/// who reads more slowly.
pub(crate) fn client(reach: &ReachArgs) -> Result<Client, Failure> {
    let client = Client::new(concat!("chat-cli/", env!("CARGO_PKG_VERSION"))).with_env_proxies();
    let client = if io::stdin().is_terminal() { client } else { client.paced() };
    let Some(file) = &reach.ca else { return Ok(client) };
    let what = |reason: String| usage(format!("--ca {}: {reason}", file.display()));
    let pem = fs::read(file).map_err(|error| what(error.to_string()))?;
    client.trusting(&pem).map_err(|error| what(error.to_string()))
}

/// A nick, or why it is none.
pub(crate) fn parse_nick(nick: &str) -> Result<Nick, Failure> {
    Nick::parse(nick).map_err(|error| Failure::new(Exit::Refused, error.to_string()))
}

fn room(
    token: String,
    server: Option<ServerUrl>,
    config: &Config,
) -> Result<(ServerUrl, Token), Failure> {
    let token = if token == "-" { input::token()? } else { token };
    let invite: Invite = token.parse().map_err(|error| usage(format!("{error}")))?;
    let server = match invite.server {
        Some(server) => server,
        None => self::server(server, config)?,
    };
    Ok((server, invite.token))
}

fn is_invite(text: &str) -> bool {
    text == "-" || text.parse::<Invite>().is_ok()
}

pub(crate) fn environment(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Nobody's name: least of all that of the account on this machine.
fn guest() -> String {
    let mut nick = String::from("guest-");
    nick.extend(rand::random::<[u8; 4]>().map(|byte| char::from(SYMBOLS[usize::from(byte % 32)])));
    nick
}

fn usage(sentence: impl Into<String>) -> Failure {
    Failure::new(Exit::Usage, sentence)
}

#[cfg(test)]
mod tests {
    use super::{guest, parse_nick};
    use std::collections::BTreeSet;

    #[test]
    fn guests_are_told_apart() {
        let names: BTreeSet<String> = (0..50).map(|_| guest()).collect();
        assert!(names.len() > 40);
        for name in names {
            assert!(name.len() == 10 && parse_nick(&name).is_ok(), "{name}");
        }
    }
}
