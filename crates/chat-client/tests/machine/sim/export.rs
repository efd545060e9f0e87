//! A member's life as a line of JSON, for the page's machine to live it again.
//!
//! In a sealed room the page's machine stands behind one that seals and opens: it sees names and
//! texts. So what is exported of a sealed life is what this machine made of the ciphertext.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use chat_client::{Action, B64, Event, Outcome, Token};
use serde_json::{Value, json};

use super::member::Input;
use crate::neutral;

/// All that happened to a member, and what it did.
pub(crate) struct Life {
    pub(crate) fractions: Arc<Mutex<Vec<f64>>>,
    token: Option<String>,
    nick: String,
    /// The nickname that the newest `hello` shows.
    nick_now: String,
    key: String,
    /// `None` where nobody will live it again.
    steps: Option<Vec<Value>>,
    /// What was typed, by its id.
    typed: HashMap<String, String>,
    may_go_on: bool,
}

impl Life {
    pub(crate) fn new(token: &Token, nick: &str, key: B64<16>) -> Self {
        Self {
            fractions: Arc::default(),
            token: match token {
                Token::Plain(token) => Some(token.to_string()),
                Token::Sealed(_) => None,
            },
            nick: nick.to_owned(),
            nick_now: nick.to_owned(),
            key: serde_json::to_value(key).unwrap().as_str().unwrap().to_owned(),
            steps: None,
            typed: HashMap::new(),
            may_go_on: false,
        }
    }

    /// From now on it is written down.
    pub(crate) fn record(&mut self) {
        self.steps = Some(Vec::new());
    }

    /// The session took a text.
    pub(crate) fn typed(&mut self, id: &str, text: &str) {
        self.typed.insert(id.to_owned(), text.to_owned());
    }

    /// Whether the person can go on, where the session has stopped.
    pub(crate) fn may_go_on(&self) -> bool {
        self.may_go_on
    }

    pub(crate) fn step(
        &mut self,
        now: u64,
        input: &Input<'_>,
        actions: &[Action],
        events: &[Event],
        spk: Option<[u8; 32]>,
    ) {
        for event in events {
            if let Event::Stopped(outcome) = event {
                let code = match outcome {
                    Outcome::Refused { code, .. } => code.as_str(),
                    _ => "",
                };
                self.may_go_on = matches!(code, "nick_taken" | "room_full");
            }
        }
        if self.steps.is_none() {
            return;
        }
        let mut said: Vec<Value> = actions.iter().map(neutral::action).collect();
        let told: Vec<Value> = events.iter().filter_map(neutral::event).collect();
        let mut given = given(input);
        if let Some(spk) = spk {
            if let Input::Start(Some(nick)) = input {
                self.nick_now = (*nick).to_owned();
            }
            self.open(&mut said, &mut given, events, spk);
        }
        let step = json!({ "at": now, "in": given, "do": said, "tell": told });
        self.steps.iter_mut().for_each(|steps| steps.push(step.clone()));
    }

    /// The life as a line.
    pub(crate) fn line(&self, seed: u64) -> Option<String> {
        let steps = self.steps.as_ref()?;
        let mut line = json!({
            "seed": seed,
            "sealed": self.token.is_none(),
            "nick": self.nick,
            "key": self.key,
            "fractions": *self.fractions.lock().unwrap(),
            "steps": steps,
        });
        if let Some(token) = &self.token {
            line["token"] = json!(token);
        }
        Some(line.to_string())
    }

    /// Puts names and texts in the place of what was sealed.
    fn open(&self, said: &mut [Value], given: &mut Value, events: &[Event], spk: [u8; 32]) {
        for action in said {
            let Some(frame) = action.get_mut("transmit") else { continue };
            match frame["t"].as_str() {
                Some("hello") => {
                    take(frame, "spk");
                    take(frame, "profile");
                    frame["nick"] = json!(self.nick_now);
                }
                Some("send") => {
                    take(frame, "m");
                    let id = frame["id"].as_str().unwrap_or_default();
                    frame["text"] = json!(self.typed.get(id));
                }
                _ => {}
            }
        }
        let Some(frame) = given.get_mut("frame") else { return };
        let own = |who: &Value| {
            let key: Option<B64<32>> = serde_json::from_value(who.clone()).ok();
            key.is_some_and(|key| key.0 == spk)
        };
        match frame["t"].as_str() {
            Some("welcome") => {
                let names: HashMap<u64, String> = events
                    .iter()
                    .filter_map(|event| match event {
                        Event::Welcomed(welcomed) => Some(&welcomed.people),
                        _ => None,
                    })
                    .flatten()
                    .map(|person| (person.sid, person.nick.to_string()))
                    .collect();
                for peer in frame["peers"].as_array_mut().unwrap() {
                    take(peer, "profile");
                    peer["nick"] = json!(names.get(&peer["sid"].as_u64().unwrap()));
                }
            }
            Some("join") => {
                let peer = &mut frame["peer"];
                take(peer, "profile");
                peer["nick"] = json!("somebody");
            }
            Some("msg") => {
                let own = own(&take(frame, "spk"));
                take(frame, "m");
                frame["own"] = json!(own);
                // Every id of the model's is its sender's alone.
                if !own {
                    take(frame, "id");
                }
                frame["nick"] = json!("somebody");
                let message = events.iter().find_map(|event| match event {
                    Event::Message(message) => Some(message),
                    _ => None,
                });
                match message {
                    Some(message) => frame["text"] = json!(*message.text),
                    None => frame["opaque"] = json!("repeat"),
                }
            }
            _ => {}
        }
    }
}

fn given(input: &Input<'_>) -> Value {
    match input {
        Input::Start(None) => json!({ "start": {} }),
        Input::Start(Some(nick)) => json!({ "start": { "nick": nick } }),
        Input::Opened => json!({ "opened": {} }),
        Input::Frame(frame) => json!({ "frame": serde_json::from_str::<Value>(frame).unwrap() }),
        Input::Closed(code) => json!({ "closed": code }),
        Input::Wake => json!({ "wake": {} }),
        Input::Timeout => json!({ "timeout": {} }),
        Input::Send(text) => json!({ "send": text }),
        Input::Rename(nick) => json!({ "rename": nick }),
        Input::Away(away) => json!({ "away": away }),
        Input::Leave => json!({ "leave": {} }),
    }
}

fn take(object: &mut Value, name: &str) -> Value {
    object.as_object_mut().and_then(|object| object.remove(name)).unwrap_or_default()
}
