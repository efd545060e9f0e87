//! A bot that says again what others say: `cargo run -p chat-client --example echo -- INVITE [NICK]`.

use std::{env, error::Error};

use chat_client::{Client, Event, Invite, Message, Nick, SendError, ServerUrl};

const USAGE: &str =
    "usage: echo INVITE [NICK]; an invite is a link or a token, the latter with CHAT_SERVER";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let invite: Invite = args.next().ok_or(USAGE)?.parse()?;
    let nick = Nick::parse(args.next().as_deref().unwrap_or("echo"))?;
    let server: ServerUrl = match invite.server {
        Some(server) => server,
        None => env::var("CHAT_SERVER").unwrap_or("http://localhost:8080".to_owned()).parse()?,
    };

    let client = Client::new("chat-echo/0.1");
    let (handle, mut events) = client.join(&server, invite.token, nick).await?;
    // What was said before is not for us.
    let mut live = false;
    while let Some(event) = events.next().await {
        match event {
            Event::Live { .. } => live = true,
            Event::Message(Message { text, own: false, .. }) if live => {
                match handle.try_send(&text) {
                    Ok(_) => {}
                    Err(SendError::Busy) => eprintln!("too fast for an echo: one is left out"),
                    Err(error) => eprintln!("{error}"),
                }
            }
            Event::Ended(outcome) => eprintln!("{}", outcome.sentence()),
            _ => {}
        }
    }
    Ok(())
}
