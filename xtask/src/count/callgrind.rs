//! Counting instructions with callgrind.

use std::{fs, path::PathBuf, process::Command};

use crate::command::said;

/// Runs the program that goes the paths.
///
/// To a program under valgrind every processor looks like one of a few that
/// valgrind knows, whatever else it can do, so that the same instructions run on
/// nearly every machine. It gets no variable of our environment: some choose how
/// the C library copies.
pub(super) struct Callgrind {
    pub(super) valgrind: PathBuf,
    pub(super) program: PathBuf,
    /// Where callgrind's files go.
    pub(super) folder: PathBuf,
}

impl Callgrind {
    /// What the processor can do that the program sees.
    pub(super) fn cpu(&self) -> Result<String, String> {
        let mut command = self.valgrind(&["--tool=none"]);
        said(command.arg(&self.program).arg("cpu")).map(|features| features.trim().to_string())
    }

    /// What an operation of each path takes, with a line for each.
    pub(super) fn count_all(&self) -> Result<Vec<(String, u64)>, String> {
        let listed = said(Command::new(&self.program).arg("paths"))?;
        let mut counts = Vec::new();
        for (path, operations) in paths(&listed)? {
            let count = self.count(path, operations)?;
            eprintln!("{path:>16} {count:>9} instructions");
            counts.push((path.to_string(), count));
        }
        Ok(counts)
    }

    /// What an operation takes: twice as many take as much more as so many do,
    /// without what making them ready takes.
    fn count(&self, path: &str, operations: u64) -> Result<u64, String> {
        let once = self.instructions(path, operations)?;
        let twice = self.instructions(path, 2 * operations)?;
        twice
            .checked_sub(once)
            .map(|more| more / operations)
            .filter(|each| *each > 0)
            .ok_or_else(|| format!("{path} takes nothing: see chat-count and what it goes"))
    }

    fn instructions(&self, path: &str, operations: u64) -> Result<u64, String> {
        let file = format!("{path}-{operations}.out");
        // Its name is in the folder, as in a path valgrind would take `%` for something else.
        let mut command =
            self.valgrind(&["--tool=callgrind", &format!("--callgrind-out-file={file}")]);
        said(command.arg(&self.program).args([path, &operations.to_string()]))?;
        let file = self.folder.join(file);
        let text = fs::read_to_string(&file).map_err(|why| format!("{}: {why}", file.display()))?;
        summary(&text).ok_or_else(|| format!("{}: it sums up no instructions", file.display()))
    }

    fn valgrind(&self, options: &[&str]) -> Command {
        let mut command = Command::new(&self.valgrind);
        command.env_clear().current_dir(&self.folder).arg("--quiet").args(options);
        command
    }
}

/// The paths, each with the number of operations that are counted.
fn paths(listed: &str) -> Result<Vec<(&str, u64)>, String> {
    let paths: Option<Vec<(&str, u64)>> = listed
        .lines()
        .map(|line| {
            let (path, operations) = line.split_once(' ')?;
            Some((path, operations.parse().ok().filter(|n| *n > 0)?))
        })
        .collect();
    paths.ok_or_else(|| format!("`chat-count paths` says what is no path: {listed}"))
}

/// What callgrind's file sums up, where instructions are all that it counted.
fn summary(file: &str) -> Option<u64> {
    let value = |key: &str| file.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
    if value("events:")? != "Ir" {
        return None;
    }
    value("summary:")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# callgrind format\nversion: 1\ncreator: callgrind-3.19.0\n\
        desc: Trigger: Program termination\n\npositions: line\nevents: Ir\nsummary: 3545780\n\n\
        fn=(1) main\n16 3\n\ntotals: 3545780\n";

    #[test]
    fn the_sum_of_all_instructions_is_read() {
        assert_eq!(summary(FILE), Some(3_545_780));
    }

    #[test]
    fn a_sum_of_something_else_is_none() {
        assert_eq!(summary(&FILE.replace("events: Ir", "events: Ir Dr Dw")), None);
        assert_eq!(summary(&FILE.replace("summary: 3545780", "summary: 1 2")), None);
        assert_eq!(summary(&FILE.replace("summary: ", "")), None);
        assert_eq!(summary(""), None);
    }

    #[test]
    fn paths_are_listed_with_their_numbers() {
        assert_eq!(paths("post 200\nread-1 1000\n"), Ok(vec![("post", 200), ("read-1", 1000)]));
        for bad in ["post", "post many", "post 0"] {
            assert!(paths(bad).unwrap_err().contains(bad), "{bad}");
        }
    }
}
