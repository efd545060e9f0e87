//! The configuration file: what one would type every time.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{
    args::Color,
    exit::{Exit, Failure},
};

/// What the file says. A token is never read from a file, nor written to one.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) server: Option<String>,
    pub(crate) nick: Option<String>,
    pub(crate) color: Option<Color>,
    pub(crate) bell: bool,
    pub(crate) mouse: Option<bool>,
}

/// Reads the file where the XDG rules put it; nothing where there is none.
pub(crate) fn read() -> Result<Config, Failure> {
    let Some(path) = path() else { return Ok(Config::default()) };
    match fs::read_to_string(&path) {
        Ok(text) => parse(&path, &text),
        Err(error) if is_absent(&error) => Ok(Config::default()),
        Err(error) => Err(mistake(&path, &format!("can't be read: {error}"))),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn path() -> Option<PathBuf> {
    // A relative one is to be ignored (XDG Base Directory Specification).
    let absolute =
        |name| env::var_os(name).map(PathBuf::from).filter(|path: &PathBuf| path.is_absolute());
    let folder = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")))?;
    Some(folder.join("chat").join("config.toml"))
}

fn parse(path: &Path, text: &str) -> Result<Config, Failure> {
    toml::from_str(text).map_err(|error| {
        // The error's own text repeats the line, and what stands in it may be a secret.
        let line = error.span().map_or(1, |span| {
            text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
        });
        let what = match error.message() {
            message if message.contains("unknown field `token`") => {
                "a token is not read from a file: give it by CHAT_TOKEN or as the first line of \
                 standard input"
            }
            message => message.lines().next().unwrap_or_default(),
        };
        mistake(path, &format!("line {line}: {what}"))
    })
}

fn mistake(path: &Path, what: &str) -> Failure {
    Failure::new(Exit::Usage, format!("the configuration file {}: {what}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{Config, parse};
    use crate::args::Color;
    use std::path::Path;

    #[test]
    fn all_that_it_may_say_is_read() {
        let text = "# mine\nserver = \"https://chat.example\"\nnick = \"Ann\"\ncolor = \"never\"\n\
                    bell = true\nmouse = false\n";
        let config = parse(Path::new("c"), text).unwrap();
        let expected = Config {
            server: Some("https://chat.example".into()),
            nick: Some("Ann".into()),
            color: Some(Color::Never),
            bell: true,
            mouse: Some(false),
        };
        assert_eq!((config, parse(Path::new("c"), "").unwrap()), (expected, Config::default()));
    }

    #[test]
    fn a_mistake_is_named_with_its_line_and_without_what_stands_there() {
        for (text, said) in [
            ("nick = \"Ann\"\ntoken = \"x3wd\"", "line 2: a token is not read from a file"),
            ("\nsecret = \"x3wd\"", "line 2: unknown field `secret`"),
            ("bell = \"x3wd\"", "line 1: "),
            ("= x3wd", "line 1: "),
        ] {
            let failure = parse(Path::new("c.toml"), text).unwrap_err();
            assert!(failure.sentence.starts_with("the configuration file c.toml: line "));
            assert!(failure.sentence.contains(said), "{}", failure.sentence);
            assert_eq!(failure.sentence.lines().count(), 1);
            if !text.contains("bell") {
                assert!(!failure.sentence.contains("x3wd"), "{}", failure.sentence);
            }
        }
    }
}
