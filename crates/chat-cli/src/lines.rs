//! Events as lines for people.

use chat_client::{Event, Message};

use crate::{notice, sanitize};

/// Colours that can be read on light and on dark; a person keeps one by the session's number.
const COLOURS: [&str; 6] = ["31", "32", "33", "34", "35", "36"];

/// How events are written, one a line; a text's further lines are indented.
///
/// A message is `nick: text`, everything else begins with `* `.
pub(crate) struct Lines {
    /// Whether the terminal shows colours.
    pub(crate) colour: bool,
}

impl Lines {
    /// The event's lines, each with its break; `None` for what is not shown in this mode.
    pub(crate) fn render(&self, event: &Event) -> Option<String> {
        if let Event::Message(message) = event {
            return Some(self.message(message));
        }
        // What else there is is said on standard error, or not at all by people who only read along.
        let notice = notice::of(event)?;
        Some(self.paint("2", &format!("* {notice}")) + "\n")
    }

    fn message(&self, message: &Message) -> String {
        let colour = COLOURS[usize::try_from(message.sid).unwrap_or_default() % COLOURS.len()];
        let nick = notice::author(&message.nick, message.code.as_deref());
        let mut out = self.paint(colour, &nick);
        out.push_str(": ");
        for (n, line) in sanitize::lines(&message.text).enumerate() {
            if n > 0 {
                out.push_str("  ");
            }
            out.push_str(&line);
            out.push('\n');
        }
        out
    }

    fn paint(&self, style: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;
    use chat_client::{
        Arrival, EndWhy, Event, GapWhy, LeaveWhy, Message, Mode, Outcome, Person, RoomInfo,
        RoomKind, Welcomed, Whereabouts,
    };

    fn render(event: &Event) -> String {
        Lines { colour: false }.render(event).unwrap()
    }

    fn message(nick: &str, text: &str) -> Event {
        let (nick, text) = (nick.to_owned().into(), text.to_owned().into());
        Event::Message(Message {
            seq: 1,
            ts: 1,
            off_clock: false,
            sid: 8,
            nick,
            code: None,
            text,
            own: false,
        })
    }

    #[test]
    fn a_text_with_breaks_can_not_look_like_somebody_elses() {
        assert_eq!(render(&message("Ann", "hi")), "Ann: hi\n");
        assert_eq!(
            render(&message("Eve", "hi\nAnn: yes\r\n* Ann left\u{85}x")),
            "Eve: hi\n  Ann: yes\n  * Ann left\n  x\n"
        );
    }

    #[test]
    fn a_nick_can_not_look_like_a_notice() {
        assert_eq!(render(&message("* Ann left", "")), "\"* Ann left\": \n");
    }

    #[test]
    fn texts_and_nicks_are_made_harmless_and_colours_are_ours() {
        let hostile = "\u{1b}[2Jx\u{202e}";
        assert_eq!(render(&message(hostile, hostile)), "[2Jx: [2Jx\n");
        let coloured = Lines { colour: true }.render(&message(hostile, hostile)).unwrap();
        assert_eq!(coloured, "\u{1b}[33m[2Jx\u{1b}[0m: [2Jx\n");
        let person = Person {
            sid: 1,
            nick: hostile.into(),
            seal: None,
            mode: Mode::V1,
            since: 0,
            is: Whereabouts::Here,
        };
        assert_eq!(render(&Event::Joined { seq: 1, ts: 1, person }), "* [2Jx joined\n");
    }

    #[test]
    fn coming_in_again_is_told_where_it_changes_something() {
        let welcomed = |arrival| {
            let room =
                RoomInfo { kind: RoomKind::Sealed, created: 1, expires: 2, history: 3, max: 4 };
            let person = Person {
                sid: 1,
                nick: "Ann".into(),
                seal: None,
                mode: Mode::V1,
                since: 0,
                is: Whereabouts::Here,
            };
            let people = vec![person];
            let welcomed = Welcomed { arrival, sid: 1, room, people, seq: 1, now: 1 };
            Lines { colour: false }.render(&Event::Welcomed(Box::new(welcomed)))
        };
        assert_eq!(welcomed(Arrival::First).as_deref(), Some("* here now: Ann (you)\n"));
        assert_eq!(welcomed(Arrival::Resumed), None);
        assert_eq!(welcomed(Arrival::Forgotten), welcomed(Arrival::First));
        assert!(welcomed(Arrival::Reopened).unwrap().contains("opened anew"));
    }

    #[test]
    fn every_event_is_a_line() {
        let nick = || Some("Ann".into());
        for (event, line) in [
            (
                Event::Left { seq: 1, ts: 1, sid: 1, nick: nick(), why: LeaveWhy::Bye },
                "* Ann left\n",
            ),
            (
                Event::Left { seq: 1, ts: 1, sid: 1, nick: None, why: LeaveWhy::Timeout },
                "* somebody lost the connection\n",
            ),
            (
                Event::Renamed { seq: 1, ts: 1, sid: 1, old: nick(), nick: "Anna".into() },
                "* Ann is now Anna\n",
            ),
            (
                Event::Gap { from: 3, to: 9, why: GapWhy::Slow },
                "* 7 events are missing here: this end read too slowly\n",
            ),
            (
                Event::Gap { from: 3, to: 3, why: GapWhy::Expired },
                "* 1 event is missing here: the server has no more of it\n",
            ),
            (Event::Counted { n: 300 }, "* 300 people are here\n"),
            (
                Event::Ending { why: EndWhy::Ttl, in_ms: 59_001 },
                "* the room ends in 60 s: its time is over\n",
            ),
            (Event::Ended(Outcome::Left), "* you left the room\n"),
        ] {
            assert_eq!(render(&event), line);
        }
    }
}
