//! What begins with `/`: one table, which the help is made of. The page has the same commands.

use std::fmt::Write;

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Nick,
    Me,
    Who,
    Code,
    Leave,
    Help,
}

/// A command as it is written and explained.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Command {
    pub(crate) name: &'static str,
    pub(crate) deed: Deed,
    /// What is written behind the name.
    argument: Option<&'static str>,
    help: &'static str,
}

/// All commands.
pub(crate) const COMMANDS: [Command; 6] = [
    Command { name: "nick", deed: Deed::Nick, argument: Some("NAME"), help: "changes your name" },
    Command {
        name: "me",
        deed: Deed::Me,
        argument: Some("TEXT"),
        help: "says what you do, in italics",
    },
    Command { name: "who", deed: Deed::Who, argument: None, help: "lists who is here" },
    Command {
        name: "code",
        deed: Deed::Code,
        argument: None,
        help: "shows the code of the room and of each person, to compare",
    },
    Command { name: "leave", deed: Deed::Leave, argument: None, help: "leaves the room" },
    Command { name: "help", deed: Deed::Help, argument: None, help: "shows this list" },
];

/// What was written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// A message, as it is to be sent.
    Say(String),
    /// A command with what stands behind it.
    Do(Deed, String),
    /// No good command, and a sentence that says why.
    Mistake(String),
}

impl Command {
    /// `/nick NAME`
    pub(crate) fn usage(&self) -> String {
        match self.argument {
            Some(argument) => format!("/{} {argument}", self.name),
            None => format!("/{}", self.name),
        }
    }
}

/// Reads what was written. A path is no command.
pub(crate) fn read(text: &str) -> Written {
    let Some(rest) = text.strip_prefix('/') else { return Written::Say(text.to_owned()) };
    if rest.starts_with('/') {
        return Written::Say(rest.to_owned());
    }
    let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    let (name, behind) = rest.split_at(end);
    if name.is_empty() || behind.starts_with(|c: char| !c.is_whitespace()) {
        return Written::Say(text.to_owned());
    }
    let (name, argument) = (name.to_lowercase(), behind.trim());
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        return Written::Mistake(format!(
            "there is no command /{name}: /help lists those that there are; to say it as it \
             stands, write //{name}"
        ));
    };
    if command.argument.is_some() == argument.is_empty() {
        return Written::Mistake(format!(
            "this command is written {}: correct it, or begin with // to say it as it stands",
            command.usage()
        ));
    }
    match command.deed {
        Deed::Me => Written::Say(italic(argument)),
        deed => Written::Do(deed, argument.to_owned()),
    }
}

/// The author's name stands before it, so italics say it all; they end with their line.
fn italic(text: &str) -> String {
    let line = |line: &str| match line.trim() {
        "" => String::new(),
        deed => format!("*{deed}*"),
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// The list of the commands, a line each.
pub(crate) fn help() -> String {
    let mut out = String::from("Commands:");
    for command in &COMMANDS {
        let _ = write!(out, "\n  {:<11} {}", command.usage(), command.help);
    }
    out.push_str("\nBegin a message with // to say it with a / in front.");
    out
}

/// The names of the commands that may be meant by what is written so far.
pub(crate) fn complete(begun: &str) -> Vec<&'static str> {
    let begun = begun.to_lowercase();
    COMMANDS.iter().map(|command| command.name).filter(|name| name.starts_with(&begun)).collect()
}

#[cfg(test)]
mod tests {
    use super::{COMMANDS, Deed, Written, complete, help, read};

    fn said(text: &str) -> String {
        match read(text) {
            Written::Say(said) => said,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_command_is_read_with_its_argument() {
        for (text, deed, argument) in [
            ("/nick Ann Lee ", Deed::Nick, "Ann Lee"),
            ("/who", Deed::Who, ""),
            ("/CODE ", Deed::Code, ""),
            ("/leave", Deed::Leave, ""),
            ("/help\n", Deed::Help, ""),
            ("/nick a\nb", Deed::Nick, "a\nb"),
        ] {
            assert_eq!(read(text), Written::Do(deed, argument.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_takes_an_argument_gets_one_and_nothing_else_does() {
        for text in ["/nick", "/nick ", "/me", "/me \n", "/leave me alone", "/who is it"] {
            let Written::Mistake(sentence) = read(text) else { panic!("{text}") };
            assert!(sentence.contains("is written /"), "{sentence}");
        }
    }

    #[test]
    fn a_word_that_is_no_command_is_named() {
        for (text, name) in [("/nik Ann", "/nik:"), ("/tmp", "/tmp:"), ("/кто\nздесь", "/кто:")]
        {
            let Written::Mistake(sentence) = read(text) else { panic!("{text}") };
            assert!(sentence.contains(name), "{sentence}");
        }
    }

    #[test]
    fn text_is_said_as_it_stands() {
        for text in ["hi", "", "/", "/ who", "/usr/bin", "/who/", "/who?", "/2", " /who", "\n/who"]
        {
            assert_eq!(said(text), text);
        }
        for text in ["/who", "/usr/bin", "/ who"] {
            assert_eq!(said(&format!("/{text}")), text);
        }
        assert_eq!((said("//"), said("///")), ("/".to_owned(), "//".to_owned()));
    }

    #[test]
    fn a_deed_is_said_in_italics_line_by_line() {
        assert_eq!(said("/me waves "), "*waves*");
        assert_eq!(said("/me waves\n \n and smiles"), "*waves*\n\n*and smiles*");
    }

    #[test]
    fn the_help_and_the_completion_are_made_of_the_table() {
        let help = help();
        for command in &COMMANDS {
            assert!(help.contains(&format!("\n  {}", command.usage())), "{help}");
        }
        assert_eq!(complete("").len(), COMMANDS.len());
        assert_eq!((complete("L"), complete("x")), (vec!["leave"], vec![]));
    }

    #[test]
    fn the_page_has_the_same_commands() {
        let page = include_str!("../../../web/js/core/commands.js");
        for command in &COMMANDS {
            let row = page.lines().find(|l| l.contains(&format!("{{ name: '{}'", command.name)));
            let row = row.unwrap_or_else(|| panic!("{}", command.name));
            assert_eq!(row.contains("argument:"), command.argument.is_some(), "{row}");
        }
        let rows = page.lines().filter(|line| line.trim_start().starts_with("{ name: '")).count();
        assert_eq!(rows, COMMANDS.len());
    }
}
