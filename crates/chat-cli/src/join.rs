//! `chat-cli join`: what is typed goes to the room, what happens there comes out.

use std::{
    env,
    io::{self, IsTerminal, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use chat_client::{
    Arrival, Client, Event, Events, Handle, Opts, Outcome, RoomKind, SendError, Token,
};
use tokio::sync::oneshot;

use crate::{
    args::{JoinArgs, Joining},
    codes,
    exit::{self, Exit, Failure},
    input::{self, Line},
    json::Json,
    lines::Lines,
    sanitize::complain,
    signal::leave_on_signal,
};

pub(crate) async fn run(client: &Client, args: JoinArgs) -> Result<(), Failure> {
    let mut output = Output::new(args.json);
    let joining = args.resolve()?;
    let (handle, mut events) = enter(client, joining).await?;
    leave_on_signal(handle.clone());

    // Not all that was typed has arrived.
    let failed = Arc::new(AtomicBool::new(false));
    let (live, is_live) = oneshot::channel();
    tokio::spawn(send_input(handle.clone(), is_live, Arc::clone(&failed)));
    let mut live = Some(live);
    let mut broken = None;
    let mut waiting = false;
    while let Some(event) = events.next().await {
        if let (None, Err(error)) = (&broken, output.show(&event)) {
            // Whoever read along is gone, or the disk is full: nothing is left to talk for.
            broken = Some(error);
            handle.leave();
        }
        match event {
            Event::Welcomed(welcomed) if welcomed.arrival == Arrival::First => {
                complain(kind(&welcomed.room.kind));
            }
            // Said once, however many attempts it takes.
            Event::Waiting { why, .. } if !waiting => {
                waiting = true;
                complain(&format!("{}; coming back by itself", why.reason()));
            }
            Event::Live { .. } => {
                if std::mem::take(&mut waiting) {
                    complain("connected again");
                }
                if let Some(live) = live.take() {
                    // Without anybody to send there is nobody to tell.
                    let _ = live.send(());
                }
            }
            Event::Refused { message, .. } => {
                complain(&format!("the server refused this: {}", message.as_str()));
                failed.store(true, Ordering::Relaxed);
            }
            Event::Unconfirmed { text, .. } => {
                complain(&format!("this may not have arrived: {}", text.as_str()));
                failed.store(true, Ordering::Relaxed);
            }
            Event::Ended(outcome) => return end(&outcome, broken, failed.load(Ordering::Relaxed)),
            _ => {}
        }
    }
    Err(Failure::new(Exit::Unreachable, "the connection was lost; join again"))
}

async fn enter(client: &Client, joining: Joining) -> Result<(Handle, Events), Failure> {
    let Joining { invite, server, nick, open } = joining;
    let entered = match &invite.token {
        Token::Sealed(token) if open => client.open(&server, token, nick, Opts::default()).await,
        token => client.join(&server, token.clone(), nick).await,
    };
    entered.map_err(|error| {
        let mut failure = Failure::from(error);
        if failure.exit == Exit::NoRoom && matches!(invite.token, Token::Sealed(_)) {
            failure.sentence.push_str("; --open opens it again with the same token");
        }
        failure
    })
}

fn kind(kind: &RoomKind) -> &'static str {
    match kind {
        RoomKind::Sealed => {
            "this room is end-to-end encrypted: only those who have the token can read it"
        }
        RoomKind::Plain | RoomKind::Other(_) => {
            "this room is plain, not encrypted: whoever runs the server can read all of it"
        }
    }
}

fn end(outcome: &Outcome, broken: Option<io::Error>, failed: bool) -> Result<(), Failure> {
    match (outcome, broken) {
        (_, Some(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        (_, Some(error)) => {
            Err(Failure::new(Exit::Error, format!("the room can't be printed: {error}")))
        }
        (Outcome::Left, None) if failed => Err(Failure::new(
            Exit::Error,
            "you left the room, and not all that was typed arrived: see above",
        )),
        (Outcome::Left, None) => Ok(()),
        (outcome, None) => Err(Failure::new(exit::outcome(outcome), outcome.sentence())),
    }
}

/// Sends the lines of standard input from when the room is live, and leaves after the last.
async fn send_input(handle: Handle, is_live: oneshot::Receiver<()>, failed: Arc<AtomicBool>) {
    if is_live.await.is_err() {
        return;
    }
    let typed = io::stdin().is_terminal();
    let mut lines = input::lines();
    let refuse = |sentence: &str| {
        complain(sentence);
        failed.store(true, Ordering::Relaxed);
    };
    while let Some(line) = lines.recv().await {
        match line {
            // The Enter key alone says nothing; an empty line of a file is part of it.
            Line::Text(text) if typed && text.trim().is_empty() => {}
            Line::Text(text) if typed && text.trim() == "/who" => {
                complain(&codes::people(&handle.people()));
            }
            Line::Text(text) if typed && text.trim() == "/code" => {
                complain(&codes::room(handle.room_code().as_deref()));
            }
            Line::Text(text) => match handle.send(&text).await {
                Ok(_) => {}
                Err(SendError::Over) => return,
                Err(error) => refuse(&error.to_string()),
            },
            Line::NotText => refuse("a line of the input is not UTF-8 and was not sent"),
            Line::TooLong => refuse("a line of the input is over a megabyte and was not sent"),
            Line::Broken(reason) => {
                refuse(&format!("the input can't be read: {reason}"));
                break;
            }
        }
    }
    handle.leave();
}

/// Standard output, one event at a time.
enum Output {
    Lines(Lines),
    Json(Json),
}

impl Output {
    fn new(json: bool) -> Self {
        if json {
            return Self::Json(Json::default());
        }
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self::Lines(Lines { colour: io::stdout().is_terminal() && !set("NO_COLOR") && !dumb })
    }

    fn show(&mut self, event: &Event) -> io::Result<()> {
        let rendered = match self {
            Self::Lines(lines) => lines.render(event),
            Self::Json(json) => json.render(event),
        };
        let Some(rendered) = rendered else { return Ok(()) };
        let mut stdout = io::stdout().lock();
        stdout.write_all(rendered.as_bytes())?;
        stdout.flush()
    }
}
