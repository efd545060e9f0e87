//! Events as JSON for programs: one object a line, as `docs/cli.md` says.

use std::fmt::Write;

use chat_client::{Event, Outcome, Person};
use serde::Serialize;

use crate::{exit, sanitize::is_harmful};

/// Writes events; knows whether they are replayed.
#[derive(Default)]
pub(crate) struct Json {
    live: bool,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Object<'a> {
    Welcome {
        arrival: &'a str,
        sid: u64,
        kind: &'a str,
        created: u64,
        expires: u64,
        people: Vec<JsonPerson<'a>>,
        seq: u64,
    },
    Message {
        seq: u64,
        ts: u64,
        off_clock: bool,
        sid: u64,
        nick: &'a str,
        code: Option<&'a str>,
        text: &'a str,
        own: bool,
        replayed: bool,
    },
    Unverifiable {
        seq: u64,
        ts: u64,
        sid: u64,
        replayed: bool,
    },
    Newer {
        seq: u64,
        ts: u64,
        sid: u64,
        nick: Option<&'a str>,
        replayed: bool,
    },
    Missing {
        sid: u64,
        nick: &'a str,
        count: u64,
    },
    Join {
        seq: u64,
        ts: u64,
        #[serde(flatten)]
        person: JsonPerson<'a>,
        replayed: bool,
    },
    Leave {
        seq: u64,
        ts: u64,
        sid: u64,
        nick: Option<&'a str>,
        why: &'a str,
        replayed: bool,
    },
    Rename {
        seq: u64,
        ts: u64,
        sid: u64,
        old: Option<&'a str>,
        nick: &'a str,
        replayed: bool,
    },
    Typing {
        sid: u64,
        nick: Option<&'a str>,
        on: bool,
    },
    State {
        sid: u64,
        nick: &'a str,
        is: &'a str,
    },
    Count {
        n: u64,
    },
    Gap {
        from: u64,
        to: u64,
        why: &'a str,
    },
    Live {
        seq: u64,
    },
    Refused {
        code: &'a str,
        message: &'a str,
    },
    Ending {
        why: &'a str,
        in_ms: u64,
    },
    Unconfirmed {
        text: &'a str,
    },
    Waiting {
        in_ms: u64,
        message: &'a str,
    },
    End {
        exit: u8,
        message: String,
    },
}

#[derive(Serialize)]
struct JsonPerson<'a> {
    sid: u64,
    nick: &'a str,
    code: Option<&'a str>,
    verified: Option<bool>,
    mode: &'a str,
    since: u64,
    is: &'a str,
}

impl<'a> From<&'a Person> for JsonPerson<'a> {
    fn from(person: &'a Person) -> Self {
        Self {
            sid: person.sid,
            nick: &person.nick,
            code: person.seal.as_ref().map(|seal| seal.code.as_str()),
            verified: person.seal.as_ref().map(|seal| seal.verified),
            mode: person.mode.as_str(),
            since: person.since,
            is: person.is.as_str(),
        }
    }
}

impl Json {
    /// The event's object and a line break; `None` for what another object says already.
    pub(crate) fn render(&mut self, event: &Event) -> Option<String> {
        let replayed = !self.live;
        let object = match event {
            Event::Welcomed(welcomed) => Object::Welcome {
                arrival: welcomed.arrival.as_str(),
                sid: welcomed.sid,
                kind: welcomed.room.kind.as_str(),
                created: welcomed.room.created,
                expires: welcomed.room.expires,
                people: welcomed.people.iter().map(JsonPerson::from).collect(),
                seq: welcomed.seq,
            },
            Event::Message(message) => Object::Message {
                seq: message.seq,
                ts: message.ts,
                off_clock: message.off_clock,
                sid: message.sid,
                nick: &message.nick,
                code: message.code.as_deref(),
                text: &message.text,
                own: message.own,
                replayed,
            },
            Event::Unverifiable { seq, ts, sid } => {
                Object::Unverifiable { seq: *seq, ts: *ts, sid: *sid, replayed }
            }
            Event::Newer { seq, ts, sid, nick } => {
                let nick = nick.as_deref();
                Object::Newer { seq: *seq, ts: *ts, sid: *sid, nick, replayed }
            }
            Event::Missing { sid, nick, count } => {
                Object::Missing { sid: *sid, nick, count: *count }
            }
            Event::Joined { seq, ts, person } => {
                Object::Join { seq: *seq, ts: *ts, person: person.into(), replayed }
            }
            Event::Left { seq, ts, sid, nick, why } => Object::Leave {
                seq: *seq,
                ts: *ts,
                sid: *sid,
                nick: nick.as_deref(),
                why: why.as_str(),
                replayed,
            },
            Event::Renamed { seq, ts, sid, old, nick } => Object::Rename {
                seq: *seq,
                ts: *ts,
                sid: *sid,
                old: old.as_deref(),
                nick,
                replayed,
            },
            Event::Typing { sid, nick, on } => {
                Object::Typing { sid: *sid, nick: nick.as_deref(), on: *on }
            }
            Event::State { sid, nick, is } => Object::State { sid: *sid, nick, is: is.as_str() },
            Event::Counted { n } => Object::Count { n: *n },
            Event::Gap { from, to, why } => Object::Gap { from: *from, to: *to, why: why.as_str() },
            Event::Live { seq } => {
                self.live = true;
                Object::Live { seq: *seq }
            }
            Event::Refused { code, message, .. } => {
                Object::Refused { code: code.as_str(), message }
            }
            Event::Ending { why, in_ms } => Object::Ending { why: why.as_str(), in_ms: *in_ms },
            Event::Unconfirmed { text, .. } => Object::Unconfirmed { text },
            Event::Ended(outcome) => end(outcome),
            Event::Waiting { in_ms, why } => {
                Object::Waiting { in_ms: *in_ms, message: why.reason() }
            }
            // One's own message coming back is the acknowledgement; what stopped ends.
            Event::Acknowledged { .. } | Event::Stopped(_) => return None,
        };
        Some(line(&object))
    }
}

fn end<'a>(outcome: &Outcome) -> Object<'a> {
    Object::End { exit: exit::outcome(outcome) as u8, message: outcome.sentence() }
}

/// JSON as it is, but what a terminal would obey is escaped: no byte of it reaches one by accident.
fn line(object: &Object<'_>) -> String {
    let json = match serde_json::to_string(object) {
        Ok(json) => json,
        Err(error) => unreachable!("strings and numbers only: {error}"),
    };
    let mut out = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        if is_harmful(c) {
            // Outside of strings JSON is printable ASCII, so this is inside of one.
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::Json;
    use chat_client::{
        Arrival, EndWhy, ErrorCode, Event, GapWhy, LeaveWhy, Message, Mode, Outcome, Person,
        RoomInfo, RoomKind, Welcomed, Whereabouts,
    };

    fn message(text: &str) -> Event {
        let (nick, text) = ("Ann".into(), text.to_owned().into());
        Event::Message(Message {
            seq: 2,
            ts: 3,
            off_clock: false,
            sid: 4,
            nick,
            code: None,
            text,
            own: true,
        })
    }

    #[test]
    fn a_message_says_whether_it_is_replayed() {
        let mut json = Json::default();
        let rest = r#""seq":2,"ts":3,"off_clock":false,"sid":4,"nick":"Ann","code":null,"text":"hi","own":true,"#;
        assert_eq!(
            json.render(&message("hi")).unwrap(),
            format!("{{\"type\":\"message\",{rest}\"replayed\":true}}\n")
        );
        assert_eq!(
            json.render(&Event::Live { seq: 2 }).unwrap(),
            "{\"type\":\"live\",\"seq\":2}\n"
        );
        assert!(json.render(&message("hi")).unwrap().ends_with("\"replayed\":false}\n"));
    }

    #[test]
    fn the_text_is_exact_and_no_terminal_obeys_it() {
        let text = "\u{1b}[2J\u{7f}\u{9b}m\r\n\u{202e}\u{2028}\u{e0041}👩\u{200d}👧 \"\\ é";
        let line = Json::default().render(&message(text)).unwrap();
        assert!(!line.trim_end().chars().any(crate::sanitize::is_harmful), "{line:?}");
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["text"], text);
    }

    /// The members of an object, deeper ones too.
    fn members(value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(map) => {
                for (name, value) in map {
                    found.push(name.clone());
                    members(value, found);
                }
            }
            serde_json::Value::Array(list) => list.iter().for_each(|value| members(value, found)),
            _ => {}
        }
    }

    #[test]
    fn every_object_and_member_is_documented() {
        let documented = include_str!("../../../docs/cli.md");
        let (mode, is) = (Mode::V1, Whereabouts::Away);
        let person = Person { sid: 1, nick: "Ann".into(), seal: None, mode, since: 1, is };
        let room = RoomInfo { kind: RoomKind::Plain, created: 1, expires: 2, history: 3, max: 4 };
        let people = vec![person.clone()];
        let arrival = Arrival::First;
        let welcomed = Welcomed { arrival, sid: 1, room, people, seq: 1, now: 1 };
        let (seq, ts, sid, id) = (1, 1, 1, "m1".parse().unwrap());
        for event in [
            Event::Welcomed(Box::new(welcomed)),
            message("hi"),
            Event::Unverifiable { seq, ts, sid },
            Event::Newer { seq, ts, sid, nick: None },
            Event::Missing { sid, nick: "Ann".into(), count: 1 },
            Event::Joined { seq, ts, person },
            Event::Left { seq, ts, sid, nick: None, why: LeaveWhy::Bye },
            Event::Renamed { seq, ts, sid, old: None, nick: "Ann".into() },
            Event::Typing { sid, nick: None, on: true },
            Event::State { sid, nick: "Ann".into(), is: Whereabouts::Lost },
            Event::Counted { n: 1 },
            Event::Gap { from: 1, to: 1, why: GapWhy::Slow },
            Event::Live { seq },
            Event::Refused { id: None, code: ErrorCode::TooBig, message: "no".into() },
            Event::Ending { why: EndWhy::Ttl, in_ms: 1 },
            Event::Unconfirmed { id, text: "hi".into() },
            Event::Waiting { in_ms: 1, why: Outcome::Silent },
            Event::Ended(Outcome::Left),
        ] {
            let line = Json::default().render(&event).unwrap();
            let value: serde_json::Value = serde_json::from_str(&line).unwrap();
            let row = format!("\n| `{}` | ", value["type"].as_str().unwrap());
            let row = documented.split(&row).nth(1).unwrap_or_else(|| panic!("{line}"));
            let row = row.lines().next().unwrap();
            let mut names = Vec::new();
            members(&value, &mut names);
            for name in names.iter().filter(|name| *name != "type") {
                assert!(row.contains(&format!("`{name}`")), "{name} of {line}");
            }
        }
    }

    #[test]
    fn the_end_says_the_exit_code() {
        let line = Json::default().render(&Event::Ended(Outcome::Silent)).unwrap();
        assert!(line.starts_with(r#"{"type":"end","exit":5,"message":"#), "{line}");
    }
}
