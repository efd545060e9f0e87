//! An example of a configuration file, made of the flags' definition.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command};

/// All that can be set, commented out, each with its default and what the help
/// says of it.
pub(crate) fn example(command: &Command) -> String {
    let mut text = String::from(
        "# What chat-server can be told, with its defaults: `chat-server --config FILE` reads such\n\
         # a file. What stands on the command line or in the environment counts before it. Paths\n\
         # are best written in full. `chat-server --check-config --config FILE` looks it through.\n",
    );
    let mut heading = None;
    for (arg, name) in super::settings(command) {
        if arg.get_help_heading() != heading {
            heading = arg.get_help_heading();
            let _ = write!(text, "\n## {}\n", heading.unwrap_or_default());
        }
        let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string);
        text.push('\n');
        for line in help.unwrap_or_default().lines().flat_map(|line| wrapped(line, 98)) {
            let _ = writeln!(text, "{}", format!("# {line}").trim_end());
        }
        let _ = writeln!(text, "#{name} = {}", value(arg));
    }
    text
}

fn value(arg: &Arg) -> String {
    if matches!(arg.get_action(), ArgAction::SetTrue) {
        return "false".into();
    }
    let default = arg.get_default_values().first().map(|value| value.to_string_lossy());
    match default {
        Some(number) if number.parse::<u64>().is_ok() => number.into(),
        Some(text) => format!("{text:?}"),
        None => {
            let names = arg.get_value_names().unwrap_or_default();
            let name = names.first().map_or("", |name| name.as_str());
            match arg.get_action() {
                ArgAction::Append => format!("[\"{name}\"]"),
                _ => format!("\"{name}\""),
            }
        }
    }
}

/// The words of a line, in lines of so many characters.
fn wrapped(line: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let last = lines.len() - 1;
        match lines[last].len() + 1 + word.len() <= columns || lines[last].is_empty() {
            true if lines[last].is_empty() => lines[last].push_str(word),
            true => lines[last].extend([" ", word]),
            false => lines.push(word.to_owned()),
        }
    }
    lines
}
