//! Being in a room without a screen: what is typed or given goes to the room, what happens there comes out.

use std::{
    io::{self, IsTerminal},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use chat_client::{Arrival, Event, Events, Handle, Nick, Outcome, RoomKind, SendError};
use tokio::sync::oneshot;

use crate::{
    codes,
    commands::{self, Deed, Written},
    exit::{self, Exit, Failure},
    input::{self, Line},
    output::Output,
    sanitize::complain,
    signal::leave_on_signal,
};

/// What is said in the room.
pub(crate) enum Input {
    /// The lines of standard input.
    Lines,
    /// One text.
    Text(String),
    /// Nothing: until somebody ends it.
    Nothing,
}

/// Stays until the end of the input, of the room or of the one who reads along.
pub(crate) async fn attend(
    handle: Handle,
    mut events: Events,
    input: Input,
    mut output: Output,
) -> Result<(), Failure> {
    leave_on_signal(handle.clone());
    // Not all that was said has arrived.
    let failed = Arc::new(AtomicBool::new(false));
    let (live, is_live) = oneshot::channel();
    tokio::spawn(say(handle.clone(), is_live, input, Arc::clone(&failed)));
    let mut live = Some(live);
    let mut broken = None;
    let mut waiting = false;
    while let Some(event) = events.next().await {
        if broken.is_none() {
            match output.show(&event) {
                Ok(()) if output.has_enough() => handle.leave(),
                Ok(()) => {}
                // Whoever read along is gone, or the disk is full: nothing is left to talk for.
                Err(error) => {
                    broken = Some(error);
                    handle.leave();
                }
            }
        }
        match event {
            Event::Welcomed(welcomed)
                if welcomed.arrival == Arrival::First && output.introduces() =>
            {
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
            Event::Ended(outcome) => {
                let failed = failed.load(Ordering::Relaxed) || output.misses_something();
                return end(&outcome, broken, failed);
            }
            _ => {}
        }
    }
    Err(Failure::new(Exit::Unreachable, "the connection was lost; join again"))
}

/// Who can read the room, in a sentence.
pub(crate) fn kind(kind: &RoomKind) -> &'static str {
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
            "you left the room, and not all that was said arrived: see above",
        )),
        (Outcome::Left, None) => Ok(()),
        (outcome, None) => Err(Failure::new(exit::outcome(outcome), outcome.sentence())),
    }
}

/// Says what is to be said from when the room is live, and leaves after it.
async fn say(
    handle: Handle,
    is_live: oneshot::Receiver<()>,
    input: Input,
    failed: Arc<AtomicBool>,
) {
    if is_live.await.is_err() {
        return;
    }
    let typed = matches!(input, Input::Lines) && io::stdin().is_terminal();
    let mut lines = match input {
        Input::Lines => input::lines(),
        Input::Text(text) => input::text(text),
        Input::Nothing => return,
    };
    let refuse = |sentence: &str| {
        complain(sentence);
        failed.store(true, Ordering::Relaxed);
    };
    while let Some(line) = lines.recv().await {
        let text = match line {
            // The Enter key alone says nothing; an empty line of a file is part of it.
            Line::Text(text) if typed && text.trim().is_empty() => continue,
            Line::Text(text) if typed => match obey(&handle, text) {
                Some(text) => text,
                None => continue,
            },
            Line::Text(text) => text,
            Line::NotText => {
                refuse("a line of the input is not UTF-8 and was not sent");
                continue;
            }
            Line::TooLong => {
                refuse("a line of the input is over a megabyte and was not sent");
                continue;
            }
            Line::Broken(reason) => {
                refuse(&format!("the input can't be read: {reason}"));
                break;
            }
        };
        match handle.send(&text).await {
            Ok(_) => {}
            Err(SendError::Over) => return,
            Err(error) => refuse(&error.to_string()),
        }
    }
    handle.leave();
}

/// Does what a typed line commands, or gives back what is to be said.
fn obey(handle: &Handle, text: String) -> Option<String> {
    match commands::read(&text) {
        Written::Say(text) => return Some(text),
        Written::Mistake(sentence) => complain(&sentence),
        Written::Do(Deed::Nick, nick) => match Nick::parse(&nick) {
            Ok(nick) => handle.rename(nick),
            Err(error) => complain(&error.to_string()),
        },
        Written::Do(Deed::Leave, _) => handle.leave(),
        Written::Do(deed, _) => eprintln!("{}", answer(handle, deed)),
    }
    None
}

/// What `/who`, `/code` and `/help` show. Nicks in it are harmless already.
pub(crate) fn answer(handle: &Handle, deed: Deed) -> String {
    match deed {
        Deed::Who => codes::people(&handle.people()),
        Deed::Code => {
            format!(
                "{}\n{}",
                codes::room(handle.room_code().as_deref()),
                codes::people(&handle.people())
            )
        }
        Deed::Nick | Deed::Me | Deed::Leave | Deed::Help => commands::help(),
    }
}
