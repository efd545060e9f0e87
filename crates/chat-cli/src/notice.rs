//! What happened in the room, as a sentence.

use chat_client::{Arrival, EndWhy, Event, GapWhy, LeaveWhy, Mode, Outcome, Person, Whereabouts};

use crate::sanitize;

/// What happened; `None` for a message, and for what is told elsewhere or not at all.
pub(crate) fn of(event: &Event) -> Option<String> {
    Some(match event {
        Event::Welcomed(welcomed) => {
            let name = |person: &Person| {
                let you = if person.sid == welcomed.sid { " (you)" } else { "" };
                format!("{}{you}", called(person))
            };
            let people: Vec<String> = welcomed.people.iter().map(name).collect();
            let anew = match welcomed.arrival {
                // It just goes on.
                Arrival::Resumed => return None,
                Arrival::First | Arrival::Forgotten => "",
                Arrival::Reopened => {
                    "the room was opened anew, and what stands above was in the earlier one; "
                }
            };
            format!("{anew}here now: {}", people.join(", "))
        }
        Event::Joined { person, .. } => format!("{} joined", called(person)),
        Event::Unverifiable { .. } => "a message that could not be verified".to_owned(),
        Event::Newer { nick, .. } => {
            let who = name(nick.as_deref());
            format!("{who} sent something that needs a newer client")
        }
        Event::Missing { nick, count, .. } => {
            let nick = sanitize::line(nick);
            let are = if *count == 1 { "message of" } else { "messages of" };
            format!("{count} {are} {nick} did not arrive: the server left out what it had")
        }
        Event::Left { nick, why, .. } => {
            let what = match why {
                LeaveWhy::Timeout => "lost the connection",
                LeaveWhy::Bye | LeaveWhy::Other(_) => "left",
            };
            format!("{} {what}", name(nick.as_deref()))
        }
        Event::Renamed { old, nick, .. } => {
            format!("{} is now {}", name(old.as_deref()), sanitize::line(nick))
        }
        Event::Counted { n } => format!("{n} people are here"),
        Event::Gap { from, to, why } => {
            let n = to.saturating_sub(*from).saturating_add(1);
            let why = match why {
                GapWhy::Slow => "this end read too slowly",
                GapWhy::Expired | GapWhy::Other(_) => "the server has no more of it",
            };
            let are = if n == 1 { "event is" } else { "events are" };
            format!("{n} {are} missing here: {why}")
        }
        Event::Ending { why, in_ms } => {
            let why = match why {
                EndWhy::Ttl => "its time is over",
                EndWhy::Shutdown => "the server stops",
                EndWhy::Closed | EndWhy::Other(_) => "it is closed",
            };
            format!("the room ends in {} s: {why}", in_ms.div_ceil(1000))
        }
        Event::Ended(Outcome::Left) => "you left the room".to_owned(),
        Event::Message(_)
        | Event::Ended(_)
        | Event::Stopped(_)
        | Event::Waiting { .. }
        | Event::Refused { .. }
        | Event::Unconfirmed { .. }
        | Event::Acknowledged { .. }
        | Event::Live { .. }
        | Event::Typing { .. }
        | Event::State { .. } => return None,
    })
}

/// When it happened, in milliseconds since 1970, where the event says so.
pub(crate) fn time(event: &Event) -> Option<u64> {
    match event {
        Event::Message(message) => Some(message.ts),
        Event::Unverifiable { ts, .. }
        | Event::Newer { ts, .. }
        | Event::Joined { ts, .. }
        | Event::Left { ts, .. }
        | Event::Renamed { ts, .. } => Some(*ts),
        _ => None,
    }
}

/// A nickname, and what it takes to know whose it is.
pub(crate) fn called(person: &Person) -> String {
    let nick = sanitize::line(&person.nick);
    match &person.seal {
        Some(seal) if !seal.verified => {
            format!("somebody connected without the room's secret ({})", seal.code)
        }
        Some(seal) if seal.ambiguous => format!("{nick} [{}]", seal.code),
        Some(_) | None => nick,
    }
}

/// What is worth knowing beside the name: that somebody may not read what is written just now, or
/// has a client that shows less.
pub(crate) fn state(person: &Person) -> &'static str {
    match (&person.is, &person.mode) {
        (Whereabouts::Lost, _) => " (reconnecting)",
        (Whereabouts::Away, _) => " (away)",
        (_, Mode::Plain) => " (simple client)",
        _ => "",
    }
}

/// A nickname that may not be known.
pub(crate) fn name(nick: Option<&str>) -> String {
    nick.map_or_else(|| "somebody".to_owned(), sanitize::line)
}

/// The author of a message as it is shown; never as a notice begins.
pub(crate) fn author(nick: &str, code: Option<&str>) -> String {
    let mut nick = sanitize::line(nick);
    if nick.starts_with('*') {
        // Else `* Ann left` would be a nick that looks like a notice.
        nick = format!("\"{nick}\"");
    }
    match code {
        Some(code) => format!("{nick} [{code}]"),
        None => nick,
    }
}
