//! `chat-cli tail`: prints what is said.

use crate::{
    args::{Color, TailArgs},
    attend::{Input, attend},
    config::Config,
    entrance::{self, Entrance},
    exit::Failure,
    json::Json,
    lines::Lines,
    output::{Form, Output, Tail, has_colour},
};

pub(crate) async fn run(args: TailArgs, config: &Config) -> Result<(), Failure> {
    let client = entrance::client(&args.reach)?;
    let form = match (args.json, args.raw) {
        (true, _) => Form::Json(Json::default()),
        (_, true) => Form::Raw,
        _ => Form::Lines(Lines { colour: has_colour(config.color.unwrap_or(Color::Auto)) }),
    };
    let output = Output::Tail(Tail::new(form, args.history, args.count));
    let entrance = Entrance::of_guest(args.token.token, args.nick, args.reach.server, config)?;
    let (handle, events) = entrance.enter(&client).await?;
    attend(handle, events, Input::Nothing, output).await
}
