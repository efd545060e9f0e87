//! `chat-cli create`: a new room, its token and its invite link.

use std::io::{self, Write};

use chat_client::{Client, Invite, Opts};

use crate::{
    args::CreateArgs,
    exit::{Exit, Failure},
};

pub(crate) async fn run(client: &Client, args: CreateArgs) -> Result<(), Failure> {
    let server = args.server.url;
    let token = client.create(&server, &Opts::default()).await?;
    let lines = format!("{token}\n{}\n", Invite::url(&server, &token));
    match io::stdout().write_all(lines.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Error, format!("the token can't be printed: {error}")))
        }
        _ => Ok(()),
    }
}
