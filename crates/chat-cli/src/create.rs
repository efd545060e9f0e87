//! `chat-cli create`: a new room, its token, its invite link and a code to scan.

use std::io::{self, IsTerminal, Write};

use chat_client::{
    Bounds, Client, Event, Events, Handle, Info, Invite, Nick, Opts, ServerUrl, Token,
};

use crate::{
    args::CreateArgs,
    config::Config,
    entrance::{self, parse_nick},
    exit::{self, Exit, Failure},
    join::View,
    json, key, qr,
};

/// Who is seen in an encrypted room to have opened it and gone.
const OPENER: &str = "chat-cli create";

pub(crate) async fn run(args: CreateArgs, config: &Config) -> Result<(), Failure> {
    let client = entrance::client(&args.reach)?;
    let server = entrance::server(args.reach.server.clone(), config)?;
    let client = key::equip(client, &args.key, &server, true).await?;
    let nick = args.join.as_deref().map(parse_nick).transpose()?;
    let opts =
        Opts { ttl_s: args.ttl.map(|ttl| ttl.as_secs()), max: args.max, history: args.history };
    if !opts.is_empty() {
        within(&opts, &client.info(&server).await?)?;
    }
    let token = match args.plain {
        true => Token::from(client.create(&server, &opts).await?),
        false => Token::from(chat_client::draw_token()),
    };
    let Some(nick) = nick else {
        if let Token::Sealed(_) = token {
            let (handle, events) =
                open(&client, &server, &token, parse_nick(OPENER)?, opts).await?;
            leave(handle, events).await?;
        }
        return show(&server, &token, args.json);
    };
    let (handle, events) = open(&client, &server, &token, nick, opts).await?;
    show(&server, &token, args.json)?;
    let link = Invite::url(&server, &token);
    let mut first = qr::lines(&link).unwrap_or_default();
    first.push(format!("The invitation to this room, for whoever may come in: {link}"));
    View::new(&args.view, args.json, config).attend(handle, events, first).await
}

/// A wish beyond a bound would be cut to it without a word.
fn within(opts: &Opts, info: &Info) -> Result<(), Failure> {
    let bounds = &info.opts;
    let check = |flag: &str, wish: Option<u64>, Bounds { min, max, .. }: Bounds| {
        // No limit is the most.
        let too_much = |wish| max != 0 && (wish > max || flag == "--max" && wish == 0);
        match wish {
            Some(wish) if wish < min || too_much(wish) => {
                let most =
                    if max == 0 { String::new() } else { format!(", and {max} at the most") };
                Err(Failure::new(
                    Exit::Usage,
                    format!("{flag}: this server allows {min} at the least{most}, not {wish}"),
                ))
            }
            _ => Ok(()),
        }
    };
    check("--ttl in seconds", opts.ttl_s, bounds.ttl_s)?;
    check("--max", opts.max, bounds.max)?;
    check("--history", opts.history, bounds.history)
}

/// A sealed room is opened by the first who comes; a plain one is there.
async fn open(
    client: &Client,
    server: &ServerUrl,
    token: &Token,
    nick: Nick,
    opts: Opts,
) -> Result<(Handle, Events), Failure> {
    Ok(match token {
        Token::Sealed(token) => client.open(server, token, nick, opts).await?,
        Token::Plain(_) => client.join(server, token.clone(), nick).await?,
    })
}

async fn leave(handle: Handle, mut events: Events) -> Result<(), Failure> {
    handle.leave();
    while let Some(event) = events.next().await {
        if let Event::Ended(outcome) = event {
            return match exit::outcome(&outcome) {
                Exit::Left => Ok(()),
                code => Err(Failure::new(code, outcome.sentence())),
            };
        }
    }
    Err(Failure::new(Exit::Unreachable, "the connection was lost; try again"))
}

fn show(server: &ServerUrl, token: &Token, as_json: bool) -> Result<(), Failure> {
    let link = Invite::url(server, token);
    let mut text = match as_json {
        true => json::invite(&token.to_string(), &link),
        false => format!("{token}\n{link}\n"),
    };
    if !as_json && io::stdout().is_terminal() {
        for line in qr::lines(&link).unwrap_or_default() {
            text.push_str(&line);
            text.push('\n');
        }
    }
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Error, format!("the token can't be printed: {error}")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::within;
    use chat_client::{Bounds, Info, Opts};

    #[test]
    fn a_wish_that_the_server_would_cut_is_refused_with_the_bounds() {
        let text = r#"{"limits":{"frame":9,"text":9,"nick":9,"rate":{"per_s":1,"burst":1},"ping_ms":1,"grace_ms":1},"opts":{"ttl_s":{"min":60,"max":3600,"default":60},"max":{"min":1,"max":0,"default":9},"history":{"min":0,"max":512,"default":100}}}"#;
        let mut info = Info::decode(text, 9999).unwrap();
        let said = |opts, info: &Info| within(&opts, info).err().map(|failure| failure.sentence);
        let ttl = |ttl_s| Opts { ttl_s: Some(ttl_s), ..Opts::default() };
        let max = |max| Opts { max: Some(max), ..Opts::default() };
        assert_eq!((said(ttl(60), &info), said(ttl(3600), &info)), (None, None));
        assert!(said(ttl(59), &info).unwrap().contains("60 at the least, and 3600 at the most"));
        assert!(said(ttl(3601), &info).is_some());
        assert_eq!((said(max(1), &info), said(max(1 << 40), &info)), (None, None));
        info.opts.max = Bounds { min: 1, max: 256, default: 256 };
        assert!(said(max(257), &info).is_some() && said(max(0), &info).is_some());
        let history = Opts { history: Some(513), ..Opts::default() };
        assert!(said(history, &info).unwrap().starts_with("--history: "));
    }
}
