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
    /// One's own session, whose `join` ends what was before (docs/protocol.md, section 4.3).
    own: Option<u64>,
    /// Whether what comes now is new.
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
        Self {
            form,
            history,
            earlier: VecDeque::new(),
            own: None,
            live: false,
            left: count,
            missed: false,
        }
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
        write(self.tell(event))
    }

    /// What an event adds to what is written.
    fn tell(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::Message(_) if !self.live => {
                self.earlier.push_back(event.clone());
                if self.earlier.len() > self.history {
                    self.earlier.pop_front();
                }
                None
            }
            Event::Welcomed(welcomed) => {
                self.own = Some(welcomed.sid);
                self.render(event)
            }
            Event::Joined { person, .. } if Some(person.sid) == self.own => self.begin(event),
            // A large room tells of no `join`.
            Event::Live { .. } => self.begin(event),
            event => self.render(event),
        }
    }

    /// With this event, all before it is known to be there.
    fn begin(&mut self, event: &Event) -> Option<String> {
        self.live = true;
        let mut told = String::new();
        for event in std::mem::take(&mut self.earlier).iter().chain([event]) {
            told.extend(self.render(event));
        }
        Some(told)
    }

    fn render(&mut self, event: &Event) -> Option<String> {
        if self.left == Some(0) && !matches!(event, Event::Ended(_)) {
            return None;
        }
        if let (Event::Message(_), Some(left)) = (event, &mut self.left) {
            *left -= 1;
        }
        match (&mut self.form, event) {
            (Form::Json(json), event) => json.render(event),
            (Form::Lines(lines), Event::Message(_)) => lines.render(event),
            (Form::Raw, Event::Message(message)) => Some(format!("{}\n", message.text.as_str())),
            _ => None,
        }
    }
}

fn write(rendered: Option<String>) -> io::Result<()> {
    let Some(rendered) = rendered.filter(|rendered| !rendered.is_empty()) else { return Ok(()) };
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
    use super::{Form, Tail, has_colour};
    use crate::args::Color;
    use chat_client::{
        Arrival, Event, Message, Mode, Person, RoomInfo, RoomKind, Welcomed, Whereabouts,
    };

    fn welcomed(sid: u64) -> Event {
        let room = RoomInfo { kind: RoomKind::Plain, created: 0, expires: 9, history: 9, max: 9 };
        let (arrival, people) = (Arrival::First, Vec::new());
        Event::Welcomed(Box::new(Welcomed { arrival, sid, room, people, seq: 9, now: 1 }))
    }

    fn joined(sid: u64) -> Event {
        let (mode, is) = (Mode::V1, Whereabouts::Here);
        let person = Person { sid, nick: "Ear".into(), seal: None, mode, since: 0, is };
        Event::Joined { seq: 1, ts: 1, person }
    }

    fn said(text: &'static str) -> Event {
        let (nick, text) = ("Ben".into(), text.into());
        Event::Message(Message {
            seq: 1,
            ts: 1,
            off_clock: false,
            sid: 1,
            nick,
            code: None,
            text,
            own: false,
        })
    }

    #[test]
    fn what_is_said_after_the_own_join_is_new_though_it_comes_before_live() {
        let told = |history, events: &[Event]| {
            let mut tail = Tail::new(Form::Raw, history, None);
            events.iter().filter_map(|event| tail.tell(event)).collect::<String>()
        };
        let (old, older, new) = (said("old"), said("older"), said("new"));
        let (own, other, live) = (joined(2), joined(1), Event::Live { seq: 9 });
        let all = [welcomed(2), other, older, old, own, new, live, said("newer")];
        assert_eq!(told(0, &all), "new\nnewer\n");
        assert_eq!(told(1, &all), "old\nnew\nnewer\n");
        // In a large room nobody is told who came.
        assert_eq!(told(1, &[welcomed(2), said("old"), Event::Live { seq: 9 }]), "old\n");
    }

    #[test]
    fn a_wish_for_colours_counts_whatever_the_output_is() {
        assert_eq!((has_colour(Color::Always), has_colour(Color::Never)), (true, false));
    }
}
