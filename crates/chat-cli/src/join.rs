//! `chat-cli join`: on a terminal the whole screen, else line by line.

use std::io::{self, IsTerminal};

use chat_client::{Events, Handle};

use crate::{
    args::{JoinArgs, ViewArgs},
    attend::{Input, attend},
    config::Config,
    entrance::{self, Entrance},
    exit::Failure,
    json::Json,
    key,
    lines::Lines,
    output::{Output, has_colour},
    screen,
};

pub(crate) async fn run(args: JoinArgs, config: &Config) -> Result<(), Failure> {
    let client = entrance::client(&args.reach)?;
    let view = View::new(&args.view, args.json, config);
    let (key, opens) = (args.key.clone(), args.open);
    let entrance = Entrance::of_join(args, config)?;
    let client = key::equip(client, &key, &entrance.server, opens).await?;
    let (handle, events) = entrance.enter(&client).await?;
    view.attend(handle, events, Vec::new()).await
}

/// How the room is shown.
pub(crate) enum View {
    Screen(screen::Options),
    Output(Output),
}

impl View {
    pub(crate) fn new(view: &ViewArgs, json: bool, config: &Config) -> Self {
        let colour = has_colour(view.color.or(config.color).unwrap_or_default());
        let terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        if json {
            return Self::Output(Output::Json(Json::default()));
        }
        if view.plain_output || !terminal || is_dumb() {
            return Self::Output(Output::Lines(Lines { colour }));
        }
        Self::Screen(screen::Options {
            colour,
            bell: view.bell || config.bell,
            mouse: !view.no_mouse && config.mouse.unwrap_or(true),
        })
    }

    /// Stays in the room; on the screen it begins with these lines.
    pub(crate) async fn attend(
        self,
        handle: Handle,
        events: Events,
        first: Vec<String>,
    ) -> Result<(), Failure> {
        match self {
            Self::Screen(options) => screen::run(handle, events, options, first).await,
            Self::Output(output) => attend(handle, events, Input::Lines, output).await,
        }
    }
}

/// A terminal that can only write on.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}
