//! What was asked for: by flags, by the environment, and by the configuration
//! file.

mod example;
mod file;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory, Error, FromArgMatches};

pub(crate) use example::example;

use crate::flags::Flags;
use file::File;

/// All that was asked for.
pub(crate) struct Settings {
    pub(crate) flags: Flags,
    /// A line for each that was set: its name, its value and who says so.
    pub(crate) set: Vec<String>,
}

/// Reads the command line and the environment, and the file that one of them
/// names. A flag counts before the environment, that before the file, and that
/// before the default.
///
/// # Errors
/// What is wrong, and where: a sentence, or help that was asked for.
pub(crate) fn read(words: impl IntoIterator<Item = OsString>) -> Result<Settings, Error> {
    let words: Vec<_> = words.into_iter().collect();
    let command = Flags::command();
    // This time only to learn which file to read and what it doesn't decide.
    let typed = command.clone().ignore_errors(true).try_get_matches_from(&words)?;
    let file = match typed.get_one::<PathBuf>("config") {
        Some(path) => File::read(path, &command).map_err(mistake)?,
        None => File::default(),
    };
    let decides = |name: &str| !is_typed(&typed, &command, name);
    // In front of what was typed, so that clap judges all of it as one.
    let (program, rest) = words.split_at(words.len().min(1));
    let all = program.iter().cloned().chain(file.words(decides)).chain(rest.iter().cloned());
    let mut matches = command
        .clone()
        .try_get_matches_from(all)
        .map_err(|error| said_of_file(error, &file, &decides))?;
    let set = set(&matches, &command, &file, &decides);
    Ok(Settings { flags: Flags::from_arg_matches_mut(&mut matches)?, set })
}

/// A mistake in the file ends the program as one on the command line does.
fn mistake(sentence: String) -> Error {
    Error::raw(ErrorKind::ValueValidation, sentence + "\n")
}

/// The flags that may stand in a file: those that may stand in the environment.
fn settings(command: &Command) -> impl Iterator<Item = (&clap::Arg, &str)> {
    command
        .get_arguments()
        .filter(|arg| arg.get_env().is_some() && arg.get_id() != "config")
        .filter_map(|arg| Some((arg, arg.get_long()?)))
}

fn is_typed(typed: &ArgMatches, command: &Command, name: &str) -> bool {
    let id = settings(command).find(|(_, long)| *long == name).map(|(arg, _)| arg.get_id());
    let source = id.and_then(|id| typed.value_source(id.as_str()));
    matches!(source, Some(ValueSource::CommandLine | ValueSource::EnvVariable))
}

/// What clap says of something that stands in the file, with its place there.
fn said_of_file(error: Error, file: &File, decides: &dyn Fn(&str) -> bool) -> Error {
    let named = [ContextKind::InvalidArg, ContextKind::PriorArg]
        .into_iter()
        .filter_map(|kind| error.get(kind))
        .flat_map(|value| match value {
            ContextValue::String(one) => std::slice::from_ref(one),
            ContextValue::Strings(all) => all,
            _ => &[],
        })
        .filter_map(|flag| {
            let name = flag.strip_prefix("--")?;
            name.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next()
        });
    let place = named.filter(|name| decides(name)).find_map(|name| file.place(name));
    let Some(place) = place else { return error };
    let text = error.render().to_string();
    let lines = text.lines().take_while(|line| !line.is_empty()).map(str::trim);
    let said = lines.collect::<Vec<_>>().join(" ");
    mistake(format!("{place}: {}", said.strip_prefix("error: ").unwrap_or(&said)))
}

fn set(
    matches: &ArgMatches,
    command: &Command,
    file: &File,
    decides: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let line = |(arg, name): (&clap::Arg, &str)| {
        let by = match matches.value_source(arg.get_id().as_str())? {
            ValueSource::EnvVariable => "environment",
            ValueSource::CommandLine if decides(name) && file.place(name).is_some() => "file",
            ValueSource::CommandLine => "flag",
            _ => return None,
        };
        let values = matches.get_raw(arg.get_id().as_str())?;
        let values: Vec<_> = values.map(|value| value.to_string_lossy()).collect();
        Some(format!("{name} = {} ({by})", values.join(", ")))
    };
    settings(command).filter_map(line).collect()
}

#[cfg(test)]
mod tests;
