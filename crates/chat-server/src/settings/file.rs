//! The configuration file: flags without their dashes, one a line.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use clap::error::{ContextKind, ContextValue};
use clap::{ArgAction, Command};
use toml::{Spanned, Value};

/// What a file says, as the command line would.
#[derive(Default)]
pub(super) struct File {
    path: String,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    line: usize,
    words: Vec<OsString>,
}

impl File {
    /// Reads a file of settings for this command.
    ///
    /// # Errors
    /// A sentence with the file's name, and the line where there is one.
    pub(super) fn read(path: &Path, command: &Command) -> Result<Self, String> {
        let path = path.display().to_string();
        let text = fs::read_to_string(&path)
            .map_err(|e| format!("the configuration file {path} can't be read: {e}"))?;
        let line = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        let said = |at, what: &str| Err(format!("{path}, line {}: {what}", line(at)));
        let settings: BTreeMap<Spanned<String>, Spanned<Value>> = match toml::from_str(&text) {
            Ok(settings) => settings,
            Err(e) => {
                let what = e.message().lines().next().unwrap_or_default();
                return said(e.span().map_or(0, |span| span.start), what);
            }
        };
        let mut entries = Vec::new();
        for (name, value) in settings {
            let at = name.span().start;
            match words(name.get_ref(), value.get_ref(), command) {
                Ok(words) => entries.push(Entry { name: name.into_inner(), line: line(at), words }),
                Err(what) => return said(at, &what),
            }
        }
        entries.sort_by_key(|entry| entry.line);
        Ok(Self { path, entries })
    }

    /// The words that say the same on the command line, of those settings that
    /// the file `decides`.
    pub(super) fn words(&self, decides: impl Fn(&str) -> bool) -> impl Iterator<Item = OsString> {
        let decided = self.entries.iter().filter(move |entry| decides(&entry.name));
        decided.flat_map(|entry| entry.words.iter().cloned())
    }

    /// Where a setting stands.
    pub(super) fn place(&self, name: &str) -> Option<String> {
        let entry = self.entries.iter().find(|entry| entry.name == name)?;
        Some(format!("{}, line {}", self.path, entry.line))
    }
}

fn words(name: &str, value: &Value, command: &Command) -> Result<Vec<OsString>, String> {
    let Some((arg, _)) = super::settings(command).find(|(_, long)| *long == name) else {
        return Err(unknown(name, command));
    };
    if matches!(arg.get_action(), ArgAction::SetTrue) {
        return match value {
            Value::Boolean(true) => Ok(vec![format!("--{name}").into()]),
            Value::Boolean(false) => Ok(Vec::new()),
            _ => Err(format!("{name} is either true or false")),
        };
    }
    let word = |value: &Value| match value {
        Value::String(text) => Some(format!("--{name}={text}").into()),
        Value::Integer(number) => Some(format!("--{name}={number}").into()),
        Value::Float(number) => Some(format!("--{name}={number}").into()),
        Value::Boolean(yes) => Some(format!("--{name}={yes}").into()),
        Value::Datetime(_) | Value::Array(_) | Value::Table(_) => None,
    };
    let words: Option<Vec<_>> = match value {
        Value::Array(values) => values.iter().map(word).collect(),
        one => word(one).map(|word| vec![word]),
    };
    words.ok_or_else(|| format!("{name} takes a number, a text in quotes, or a list of these"))
}

fn unknown(name: &str, command: &Command) -> String {
    let asked = command.clone().try_get_matches_from(["", &format!("--{name}")]);
    let like = asked.err().and_then(|error| match error.get(ContextKind::SuggestedArg) {
        Some(ContextValue::String(flag)) => Some(flag.trim_start_matches("--").to_owned()),
        _ => None,
    });
    let known = |like: &String| super::settings(command).any(|(_, long)| long == like);
    match like.filter(known) {
        Some(like) => format!("there is no setting `{name}`; `{like}` is one"),
        None => format!(
            "there is no setting `{name}`: they are called as the flags of chat-server --help \
             that may stand in the environment, without the dashes"
        ),
    }
}
