//! `chat-cli send`: says something and leaves.

use std::time::Duration;

use tokio::time::timeout;

use crate::{
    args::SendArgs,
    attend::{Input, attend},
    config::Config,
    entrance::{self, Entrance, token_or_text},
    exit::{Exit, Failure},
    output::Output,
};

pub(crate) async fn run(args: SendArgs, config: &Config) -> Result<(), Failure> {
    let client = entrance::client(&args.reach)?;
    let (token, first) = token_or_text(args.token);
    let words: Vec<String> = first.into_iter().chain(args.text).collect();
    let entrance = Entrance::of_guest(token, args.nick, args.reach.server, config)?;
    let input = if words.is_empty() { Input::Lines } else { Input::Text(words.join(" ")) };
    let sending = async {
        let (handle, events) = entrance.enter(&client).await?;
        attend(handle, events, input, Output::Nothing).await
    };
    let Some(seconds) = args.timeout else { return sending.await };
    match timeout(Duration::from_secs(seconds), sending).await {
        Ok(result) => result,
        Err(_) => {
            let sentence = format!("not all of it arrived within {seconds} s");
            Err(Failure::new(Exit::Error, sentence))
        }
    }
}
