//! Standard output, one event at a time.

use std::{
    collections::VecDeque,
    env,
    io::{self, IsTerminal, Write},
};

use chat_client::Event;

use crate::{args::Color, json::Json, lines::Lines, notice, sanitize::complain};

/// What is printed of a room.
pub(crate) enum Output {
    /// All that happens, for people.
    Lines(Lines),
    /// All that happens, for programs.
    Json(Json),
    /// What is said, and nothing else.
    Tail(Tail),
    /// Nothing.
    Nothing,
}

/// The messages of a room.
pub(crate) struct Tail {
    form: Form,
    /// How many of those before are shown.
    history: usize,
    /// The newest of them, until it is known that they are.
    earlier: VecDeque<Event>,
    live: bool,
    /// How many more are shown.
    left: Option<u64>,
    missed: bool,
}

/// How a message is written.
pub(crate) enum Form {
    Lines(Lines),
    Json(Json),
    /// The text alone.
    Raw,
}

impl Output {
    /// Whether somebody is told which kind of room this is.
    pub(crate) const fn introduces(&self) -> bool {
        matches!(self, Self::Lines(_) | Self::Json(_))
    }

    /// Whether nothing more is wanted.
    pub(crate) const fn has_enough(&self) -> bool {
        matches!(self, Self::Tail(Tail { left: Some(0), .. }))
    }

    /// Whether something can't be shown that should be.
    pub(crate) const fn misses_something(&self) -> bool {
        matches!(self, Self::Tail(Tail { missed: true, left: None | Some(1..), .. }))
    }

    /// Writes what is to be seen of an event.
    pub(crate) fn show(&mut self, event: &Event) -> io::Result<()> {
        match self {
            Self::Lines(lines) => write(lines.render(event)),
            Self::Json(json) => write(json.render(event)),
            Self::Tail(tail) => tail.show(event),
            Self::Nothing => Ok(()),
        }
    }
}

impl Tail {
    pub(crate) fn new(form: Form, history: usize, count: Option<u64>) -> Self {
        Self { form, history, earlier: VecDeque::new(), live: false, left: count, missed: false }
    }

    fn show(&mut self, event: &Event) -> io::Result<()> {
        if let Event::Gap { .. } | Event::Missing { .. } | Event::Unverifiable { .. } = event
            && self.live
        {
            self.missed = true;
            if let Some(sentence) = notice::of(event) {
                complain(&sentence);
            }
        }
        match event {
            Event::Message(_) if !self.live => {
                self.earlier.push_back(event.clone());
                if self.earlier.len() > self.history {
                    self.earlier.pop_front();
                }
                Ok(())
            }
            Event::Live { .. } => {
                for earlier in std::mem::take(&mut self.earlier) {
                    self.print(&earlier)?;
                }
                self.live = true;
                self.print(event)
            }
            event => self.print(event),
        }
    }

    fn print(&mut self, event: &Event) -> io::Result<()> {
        if self.left == Some(0) && !matches!(event, Event::Ended(_)) {
            return Ok(());
        }
        let rendered = match (&mut self.form, event) {
            (Form::Json(json), event) => json.render(event),
            (Form::Lines(lines), Event::Message(_)) => lines.render(event),
            (Form::Raw, Event::Message(message)) => Some(format!("{}\n", message.text.as_str())),
            _ => None,
        };
        if let (Event::Message(_), Some(left)) = (event, &mut self.left) {
            *left -= 1;
        }
        write(rendered)
    }
}

fn write(rendered: Option<String>) -> io::Result<()> {
    let Some(rendered) = rendered else { return Ok(()) };
    let mut stdout = io::stdout().lock();
    stdout.write_all(rendered.as_bytes())?;
    stdout.flush()
}

/// Whether standard output is to have colours.
pub(crate) fn has_colour(wish: Color) -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    match wish {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => io::stdout().is_terminal() && !set("NO_COLOR") && !dumb,
    }
}

#[cfg(test)]
mod tests {
    use super::has_colour;
    use crate::args::Color;

    #[test]
    fn a_wish_for_colours_counts_whatever_the_output_is() {
        assert_eq!((has_colour(Color::Always), has_colour(Color::Never)), (true, false));
    }
}
