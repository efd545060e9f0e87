//! What is inside: a message or a profile, as JSON.

use chat_core::Nick;

use crate::json::{Object, write_string};

/// What a message says.
#[derive(Clone, PartialEq, Eq)]
pub enum Words {
    /// A text.
    Text {
        /// Its sender's nickname at the time; `None` where it breaks the rules,
        /// and the person code is to be shown.
        nick: Option<Nick>,
        /// When its sender says it was sent, in milliseconds since 1970.
        ts: u64,
        /// The text.
        text: String,
    },
    /// Something that needs a newer client.
    Newer,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text { .. } => "Words::Text(..)",
            Self::Newer => "Words::Newer",
        })
    }
}

impl Words {
    pub(crate) fn parse(inside: &[u8]) -> Option<Self> {
        let object = Object::parse(std::str::from_utf8(inside).ok()?)?;
        if object.string("k")? != "text" {
            return Some(Self::Newer);
        }
        Some(Self::Text {
            nick: nick(&object),
            ts: object.int("ts")?,
            text: object.string("text")?.to_owned(),
        })
    }
}

/// The nickname in a profile; the inner `None` is one that breaks the rules.
pub(crate) fn parse_profile(inside: &[u8]) -> Option<Option<Nick>> {
    let object = Object::parse(std::str::from_utf8(inside).ok()?)?;
    Some(nick(&object))
}

fn nick(object: &Object) -> Option<Nick> {
    // One that would be changed by reading it isn't the one that was sealed.
    let text = object.string("nick")?;
    Nick::parse(text).ok()
}

pub(crate) fn text(nick: &Nick, ts: u64, text: &str) -> Vec<u8> {
    let mut json = String::with_capacity(text.len() + 96);
    json.push_str("{\"k\":\"text\",\"nick\":");
    write_string(&mut json, nick.as_str());
    json.push_str(&format!(",\"ts\":{ts},\"text\":"));
    write_string(&mut json, text);
    json.push('}');
    json.into_bytes()
}

pub(crate) fn profile(nick: &Nick) -> Vec<u8> {
    let mut json = String::from("{\"nick\":");
    write_string(&mut json, nick.as_str());
    json.push('}');
    json.into_bytes()
}
