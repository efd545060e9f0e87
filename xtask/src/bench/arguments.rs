//! What is typed after `cargo xtask bench`.

/// How often every row is measured where nothing is said.
const ROUNDS: u32 = 5;

/// How long a run measures where nothing is said.
const SECONDS: u32 = 3;

/// How many rounds or seconds may be asked for: every run is to end in the end.
const MOST: u32 = 1000;

/// What is measured, how often and how long.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arguments {
    pub(super) rounds: u32,
    pub(super) seconds: u32,
    /// The rows' names; empty for all.
    pub(super) only: Vec<String>,
    /// A server that runs already, to be measured beside ours.
    pub(super) against: Option<Against>,
    /// Only say which rows there are.
    pub(super) list: bool,
    /// Write no file.
    pub(super) dry: bool,
}

/// A server of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Against {
    pub(super) url: String,
    /// Its process, where that is on this machine: for its time and its memory.
    pub(super) pid: Option<u32>,
}

/// Reads the words.
///
/// # Errors
///
/// A sentence about the first that can't be used.
pub(super) fn parse(words: &[&str]) -> Result<Arguments, String> {
    let mut arguments = Arguments {
        rounds: ROUNDS,
        seconds: SECONDS,
        only: Vec::new(),
        against: None,
        list: false,
        dry: false,
    };
    let (mut url, mut pid) = (None, None);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
        match *word {
            "--rounds" => arguments.rounds = number(value()?, MOST)?,
            "--seconds" => arguments.seconds = number(value()?, MOST)?,
            "--only" => arguments.only.extend(value()?.split(',').map(str::to_string)),
            "--against" => url = Some(value()?.to_string()),
            "--against-pid" => pid = Some(number(value()?, u32::MAX)?),
            "--list" => arguments.list = true,
            "--dry" => arguments.dry = true,
            unknown => return Err(format!("there is no `{unknown}`: see cargo xtask help")),
        }
    }
    if pid.is_some() && url.is_none() {
        return Err("`--against-pid` says nothing without `--against URL`".into());
    }
    arguments.against = url.map(|url| Against { url, pid });
    Ok(arguments)
}

fn number(word: &str, most: u32) -> Result<u32, String> {
    match word.parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(format!("`{word}` is no whole number from 1 to {most}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_words_everything_is_measured_five_times() {
        let expected = Arguments {
            rounds: 5,
            seconds: 3,
            only: Vec::new(),
            against: None,
            list: false,
            dry: false,
        };
        assert_eq!(parse(&[]), Ok(expected));
    }

    #[test]
    fn every_word_is_understood() {
        let words = "--rounds 2 --seconds 1 --only a,b --only c --against http://127.0.0.1:1 \
                     --against-pid 7 --list --dry";
        let words: Vec<&str> = words.split_whitespace().collect();
        let expected = Arguments {
            rounds: 2,
            seconds: 1,
            only: ["a", "b", "c"].map(String::from).to_vec(),
            against: Some(Against { url: "http://127.0.0.1:1".into(), pid: Some(7) }),
            list: true,
            dry: true,
        };
        assert_eq!(parse(&words), Ok(expected));
    }

    #[test]
    fn what_can_not_be_used_is_named() {
        for (words, named) in [
            (&["--rounds", "0"][..], "`0`"),
            (&["--seconds", "1001"], "`1001`"),
            (&["--seconds", "soon"], "`soon`"),
            (&["--rounds"], "`--rounds`"),
            (&["--fast"], "`--fast`"),
            (&["--against-pid", "7"], "`--against URL`"),
        ] {
            let sentence = parse(words).unwrap_err();
            assert!(sentence.contains(named), "{sentence}");
        }
    }
}
