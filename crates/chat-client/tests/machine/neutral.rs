//! Inputs, actions and events as the tables write them, which the page's tests read too.

use chat_client::{Action, CloseCode, Event, Nick, Outcome, Session, Timestamp};
use serde_json::{Value, json};

/// Gives a session one input.
pub(crate) fn input(session: &mut Session, now: Timestamp, input: &Value) {
    let (kind, value) = input.as_object().unwrap().iter().next().unwrap();
    let nick = |value: &Value| Nick::parse(value.as_str().unwrap()).unwrap();
    match kind.as_str() {
        "start" => session.start(now, value.get("nick").map(nick)),
        "opened" => session.handle_opened(now),
        "frame" => session.handle_frame(now, &value.to_string()),
        "closed" => {
            let code = u16::try_from(value.as_u64().unwrap()).unwrap();
            session.handle_closed(now, Some(CloseCode(code)));
        }
        "wake" => session.handle_wake(now),
        "timeout" => session.handle_timeout(now),
        // What is refused has no other consequence.
        "send" => drop(session.send(now, value.as_str().unwrap().to_owned())),
        "rename" => session.rename(nick(value)),
        "away" => session.set_away(value.as_bool().unwrap()),
        "leave" => session.leave(now),
        other => panic!("no such input: {other}"),
    }
}

/// All that the session wants done.
pub(crate) fn actions(session: &mut Session) -> Vec<Value> {
    std::iter::from_fn(|| session.poll_action()).map(|action| self::action(&action)).collect()
}

/// An action as the tables write it.
pub(crate) fn action(action: &Action) -> Value {
    match action {
        Action::Connect => json!("connect"),
        Action::Drop => json!("drop"),
        Action::Close(CloseCode(code)) => json!({ "close": code }),
        Action::Transmit(frame) => {
            let mut frame: Value = serde_json::from_str(frame).unwrap();
            // The two programs have their own names.
            frame.as_object_mut().unwrap().remove("agent");
            json!({ "transmit": frame })
        }
    }
}

/// An event, where the tables speak of it.
pub(crate) fn event(event: &Event) -> Option<Value> {
    Some(match event {
        Event::Welcomed(welcomed) => json!({ "welcome": welcomed.arrival.as_str() }),
        Event::Live { seq } => json!({ "live": seq }),
        Event::Message(m) => json!({ "message": m.seq, "text": *m.text, "own": m.own }),
        Event::Joined { seq, person, .. } => json!({ "joined": seq, "sid": person.sid }),
        Event::Left { seq, sid, .. } => json!({ "left": seq, "sid": sid }),
        Event::Renamed { seq, sid, .. } => json!({ "renamed": seq, "sid": sid }),
        Event::State { sid, is, .. } => json!({ "state": sid, "is": is.as_str() }),
        Event::Gap { from, to, .. } => json!({ "gap": [from, to] }),
        Event::Acknowledged { id, .. } => json!({ "acknowledged": id.as_str() }),
        Event::Unconfirmed { id, .. } => json!({ "unconfirmed": id.as_str() }),
        Event::Refused { id: Some(id), .. } => json!({ "refused": id.as_str() }),
        Event::Waiting { in_ms, .. } => json!({ "waiting": in_ms }),
        Event::Stopped(Outcome::Refused { code, .. }) => json!({ "stopped": code.as_str() }),
        Event::Stopped(_) => json!({ "stopped": null }),
        Event::Ended(_) => json!({ "ended": true }),
        Event::Unverifiable { .. }
        | Event::Newer { .. }
        | Event::Missing { .. }
        | Event::Typing { .. }
        | Event::Counted { .. }
        | Event::Refused { id: None, .. }
        | Event::Ending { .. } => return None,
    })
}
