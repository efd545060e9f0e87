//! `chat-cli create`: a new room, its token and its invite link.

use std::{
    fmt::Display,
    io::{self, Write},
};

use chat_client::{Client, Event, Invite, Nick, Opts, SealedToken, ServerUrl};

use crate::{
    args::CreateArgs,
    exit::{self, Exit, Failure},
};

/// Who is seen in an encrypted room to have opened it and gone.
const OPENER: &str = "chat-cli create";

pub(crate) async fn run(client: &Client, args: CreateArgs) -> Result<(), Failure> {
    let server = args.server.url;
    if args.plain {
        let token = client.create(&server, &Opts::default()).await?;
        return print(&server, &token);
    }
    let token = chat_client::draw_token();
    open(client, &server, &token).await?;
    print(&server, &token)
}

/// A sealed room is opened by the first who comes, so somebody has to.
async fn open(client: &Client, server: &ServerUrl, token: &SealedToken) -> Result<(), Failure> {
    let nick = Nick::parse(OPENER).map_err(|e| Failure::new(Exit::Error, e.to_string()))?;
    let (handle, mut events) = client.open(server, token, nick, Opts::default()).await?;
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

fn print(server: &ServerUrl, token: &impl Display) -> Result<(), Failure> {
    let lines = format!("{token}\n{}\n", Invite::url(server, token));
    match io::stdout().write_all(lines.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Error, format!("the token can't be printed: {error}")))
        }
        _ => Ok(()),
    }
}
