//! What the programs hold doesn't grow unnoticed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use super::finding::Finding;
use crate::shipped::{PROGRAMS, packages};

/// Each package with the programs that hold it, one a line.
const RECORD: &str = "xtask/shipped.txt";

const HEADER: &str = "\
# The packages that the programs hold, each with the programs. `cargo xtask tidy` fails where this
# isn't so any more; `cargo xtask tidy --record` writes it anew.
";

type Holders = BTreeMap<String, BTreeSet<String>>;

/// The programs hold what is recorded, no more and no less.
pub(crate) fn shipped(root: &Path) -> io::Result<Vec<Finding>> {
    let recorded = match fs::read_to_string(root.join(RECORD)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    Ok(compare(&recorded, &holders(root)?))
}

/// Writes down what the programs hold.
pub(crate) fn record(root: &Path) -> io::Result<()> {
    let mut text = String::from(HEADER);
    for (package, programs) in holders(root)? {
        let programs: Vec<_> = programs.into_iter().collect();
        text += &format!("{package}: {}\n", programs.join(", "));
    }
    fs::write(root.join(RECORD), text)
}

fn holders(root: &Path) -> io::Result<Holders> {
    let mut holders = Holders::new();
    for program in PROGRAMS {
        for package in packages(root, program).map_err(io::Error::other)? {
            holders.entry(package.name).or_default().insert(program.into());
        }
    }
    Ok(holders)
}

/// One finding for each program that holds more, and one for what went.
fn compare(recorded: &str, holders: &Holders) -> Vec<Finding> {
    let mut new = holders.clone();
    let mut gone = Vec::new();
    for line in recorded.lines().filter(|line| !line.starts_with('#')) {
        let (name, programs) = line.split_once(": ").unwrap_or((line, ""));
        let mut now = new.remove(name).unwrap_or_default();
        if programs.split(", ").any(|program| !now.remove(program)) {
            gone.push(name);
        }
        new.insert(name.into(), now);
    }
    let mut findings = Vec::new();
    for program in PROGRAMS {
        let held = new.iter().filter(|(_, programs)| programs.contains(program));
        let held: Vec<_> = held.map(|(name, _)| name.as_str()).collect();
        if let [first, ..] = held[..] {
            findings.push(Finding::new(
                RECORD,
                1,
                format!(
                    "{program} holds what is not recorded: {}. See whether it can do without \
                     (`cargo tree --package {program} --invert {first}`); if not, record it with \
                     `cargo xtask tidy --record`, and say in the commit what it is for",
                    held.join(", ")
                ),
            ));
        }
    }
    if !gone.is_empty() {
        let gone = gone.join(", ");
        let what = format!("in fewer programs now: {gone}. Run `cargo xtask tidy --record`");
        findings.push(Finding::new(RECORD, 1, what));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(recorded: &str) -> Vec<String> {
        let set = |programs: &[&str]| programs.iter().map(|one| (*one).to_owned()).collect();
        let holders = Holders::from([
            ("clap".into(), set(&["chat-server", "chat-cli"])),
            ("toml".into(), set(&["chat-cli"])),
        ]);
        compare(recorded, &holders).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_as_recorded_is_in_order() {
        assert_eq!(said("# clap\nclap: chat-server, chat-cli\ntoml: chat-cli\n"), [""; 0]);
    }

    #[test]
    fn what_came_and_what_went_is_found() {
        let said = said("#\nclap: chat-cli\nzip: chat-cli\nzlib: chat-cli, chat-server\n");
        let here = |said: &str| format!("xtask/shipped.txt:1: {said}");
        assert!(said[0].starts_with(&here("chat-server holds what is not recorded: clap. ")));
        assert!(said[1].starts_with(&here("chat-cli holds what is not recorded: toml. ")));
        assert!(said[2].starts_with(&here("in fewer programs now: zip, zlib. ")), "{said:?}");
        assert_eq!(said.len(), 3);
    }
}
