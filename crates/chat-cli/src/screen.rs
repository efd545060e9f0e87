//! The whole screen: between the terminal, the session and the machine that knows what is seen.

use std::{
    io, thread,
    time::{Duration, Instant, SystemTime},
};

use chat_client::{Event, Events, Handle};
use ratatui::crossterm::event;
use tokio::{sync::mpsc, time::sleep_until};

use crate::{
    attend,
    exit::{self, Exit, Failure},
    jobs::{self, Job, Jobs},
    signal::Signals,
    terminal::{self, Modes},
};

mod app;
mod completion;
mod editor;
mod entry;
mod history;
mod keys;
mod layout;
mod log;
mod look;
mod painter;
mod picture;
#[cfg(test)]
mod tests;
mod wrap;

use app::{App, Effect};
use look::Look;
use painter::Painter;

/// Keys that wait; then the terminal keeps them.
const KEYS: usize = 256;

/// Pictures are not drawn more often than that: nobody sees it.
const PICTURE_EVERY: Duration = Duration::from_millis(16);

/// How the screen is to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    pub(crate) colour: bool,
    pub(crate) bell: bool,
    pub(crate) mouse: bool,
}

/// Stays in the room until somebody leaves or it ends.
pub(crate) async fn run(
    handle: Handle,
    mut events: Events,
    options: Options,
    first: Vec<String>,
) -> Result<(), Failure> {
    let mut screen = Screen::new(handle, options).map_err(broken)?;
    let (picture, words) = first.split_at(first.len().saturating_sub(1));
    screen.app.show_picture(picture.to_vec());
    words.iter().for_each(|words| screen.app.tell(words));
    let mut keys = read_keys();
    let mut signals = Signals::new().map_err(broken)?;
    let mut jobs = Jobs::new().map_err(broken)?;
    while screen.app.outcome.is_none() && !screen.is_over {
        screen.perform();
        let (draw, due) = (screen.next_picture, screen.app.poll_timeout().map(instant));
        tokio::select! {
            event = events.next() => match event {
                Some(event) => screen.happened(event),
                None => break,
            },
            key = keys.recv() => match key {
                Some(key) => screen.app.handle_input(key, now()),
                // The terminal is gone.
                None => return screen.hang_up(&mut events).await,
            },
            Some(()) = signals.next() => screen.app.leave(),
            Some(job) = jobs.next() => match job {
                Job::Stop => screen.suspend(),
                Job::GoOn => screen.come_back(),
            },
            () = until(due) => screen.app.handle_timeout(now()),
            () = until(draw) => {
                screen.paint();
                continue;
            }
        }
        screen.changed();
    }
    let outcome = screen.app.outcome.take();
    drop(screen);
    match outcome {
        Some(outcome) => match exit::outcome(&outcome) {
            Exit::Left => Ok(()),
            code => Err(Failure::new(code, outcome.sentence())),
        },
        None => Err(Failure::new(
            Exit::Error,
            "you left the room, and not all that was said may have arrived",
        )),
    }
}

struct Screen {
    app: App,
    handle: Handle,
    painter: Painter,
    /// Given back when the screen goes.
    modes: Modes,
    /// The terminal takes no picture any more.
    is_broken: bool,
    /// It ends at once.
    is_over: bool,
    painted: Instant,
    next_picture: Option<Instant>,
    people_changed: bool,
}

impl Screen {
    fn new(handle: Handle, options: Options) -> io::Result<Self> {
        let size = Painter::size()?;
        let modes = Modes::take(options.mouse)?;
        let app = App::new(Look::new(options.colour), options.bell, size, now());
        let painted = Instant::now();
        Ok(Self {
            app,
            handle,
            painter: Painter::new(),
            modes,
            is_broken: false,
            is_over: false,
            painted,
            next_picture: Some(painted),
            people_changed: false,
        })
    }

    fn happened(&mut self, event: Event) {
        self.people_changed |= matches!(
            event,
            Event::Welcomed(_)
                | Event::Joined { .. }
                | Event::Left { .. }
                | Event::Renamed { .. }
                | Event::State { .. }
        );
        self.app.handle_event(event, now());
    }

    fn changed(&mut self) {
        self.next_picture.get_or_insert(self.painted + PICTURE_EVERY);
    }

    fn paint(&mut self) {
        self.next_picture = None;
        self.painted = Instant::now();
        if std::mem::take(&mut self.people_changed) {
            self.app.people = self.handle.people();
        }
        if !self.is_broken {
            self.is_broken = self.painter.paint(&self.app).is_err();
        }
    }

    /// Does what the machine wants done.
    fn perform(&mut self) {
        while let Some(effect) = self.app.poll_effect() {
            match effect {
                Effect::Say(text) => match self.handle.try_send(&text) {
                    Ok(id) => self.app.sent(id, text),
                    Err(error) => self.app.not_sent(text, &error.to_string()),
                },
                Effect::Rename(nick) => self.handle.rename(nick),
                Effect::Typing(on) => self.handle.set_typing(on),
                Effect::Answer(deed) => self.app.tell(&attend::answer(&self.handle, deed)),
                Effect::Leave => self.handle.leave(),
                Effect::Quit => self.is_over = true,
                Effect::Suspend => self.suspend(),
                Effect::Redraw => self.painter.forget(),
                // A terminal that is gone says so when it is drawn on.
                Effect::Bell => drop(self.painter.ring()),
            }
            self.changed();
        }
    }

    fn suspend(&mut self) {
        if !jobs::can_stop() {
            return self.app.tell("nobody could bring this program back: it is not suspended");
        }
        terminal::give_back();
        jobs::stop();
        self.come_back();
    }

    /// Whatever was done to the terminal meanwhile.
    fn come_back(&mut self) {
        terminal::give_back();
        self.is_broken |= self.modes.take_again().is_err();
        if let Ok(size) = Painter::size() {
            self.app.size = size;
        }
        self.painter.forget();
    }

    /// Leaves a room that nobody looks at any more.
    async fn hang_up(self, events: &mut Events) -> Result<(), Failure> {
        self.handle.leave();
        while let Some(event) = events.next().await {
            if let Event::Ended(_) = event {
                break;
            }
        }
        Err(Failure::new(Exit::Error, "the terminal is gone"))
    }
}

/// Keys, pastes and what else the terminal tells. The thread ends with the terminal or the process.
fn read_keys() -> mpsc::Receiver<event::Event> {
    let (sender, receiver) = mpsc::channel(KEYS);
    thread::spawn(move || {
        while let Ok(event) = event::read() {
            if sender.blocking_send(event).is_err() {
                return;
            }
        }
    });
    receiver
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}

/// Milliseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn instant(at: u64) -> Instant {
    Instant::now() + Duration::from_millis(at.saturating_sub(now()))
}

fn broken(error: io::Error) -> Failure {
    Failure::new(Exit::Error, format!("the terminal can't be used: {error}; try --plain-output"))
}
