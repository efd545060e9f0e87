//! The cores: who runs on which, and how busy they are.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::lookup::on_path;

/// A core for the server and another for the load.
pub(super) struct Pins {
    taskset: PathBuf,
    server: usize,
    load: usize,
}

/// Who is to run on a core of its own.
#[derive(Clone, Copy)]
pub(super) enum Role {
    Server,
    Load,
}

impl Pins {
    /// The first two cores that this process may use.
    ///
    /// # Errors
    ///
    /// A sentence that says why that can't be done here.
    pub(super) fn here() -> Result<Self, String> {
        let taskset = on_path("taskset").ok_or("there is no taskset")?;
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        match allowed(&status)[..] {
            [server, load, ..] => Ok(Self { taskset, server, load }),
            _ => Err("there is one core only".into()),
        }
    }

    /// This program, on the core of its role.
    pub(super) fn command(&self, program: &Path, role: Role) -> Command {
        let core = match role {
            Role::Server => self.server,
            Role::Load => self.load,
        };
        // It becomes the program: process and guard are those of the program.
        let mut command = Command::new(&self.taskset);
        command.arg("-c").arg(core.to_string()).arg(program);
        command
    }
}

/// The cores in the line `Cpus_allowed_list:` of a process's status.
fn allowed(status: &str) -> Vec<usize> {
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let ranges = list.unwrap_or_default().trim().split(',');
    ranges
        .filter_map(|range| {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            Some(first.parse().ok()?..=last.parse().ok()?)
        })
        .flatten()
        .collect()
}

/// How long each core was busy and how long it was there, since the system
/// started.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Busy(Vec<(u64, u64)>);

impl Busy {
    /// Up to now; without cores where the system doesn't tell.
    pub(super) fn now() -> Self {
        Self::read(&fs::read_to_string("/proc/stat").unwrap_or_default())
    }

    /// From the lines `cpuN` of proc_stat(5).
    fn read(stat: &str) -> Self {
        let core = |line: &str| {
            let rest = line.strip_prefix("cpu").filter(|rest| !rest.starts_with(' '))?;
            // The two after these are part of the first two.
            let times = rest.split_whitespace().skip(1).take(8).map(str::parse);
            let times: Vec<u64> = times.collect::<Result<_, _>>().ok()?;
            let total: u64 = times.iter().sum();
            Some((total - times.get(3)? - times.get(4)?, total))
        };
        Self(stat.lines().filter_map(core).collect())
    }

    /// How busy the busiest core was since then, from 0 to 1.
    pub(super) fn busiest_since(&self, earlier: &Self) -> Option<f64> {
        let since = self.0.iter().zip(&earlier.0).map(|(now, then)| {
            let (busy, total) = (now.0.saturating_sub(then.0), now.1.saturating_sub(then.1));
            if total == 0 { 0.0 } else { busy as f64 / total as f64 }
        });
        since.reduce(f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_allowed_cores_are_listed() {
        assert_eq!(allowed("Name:\ta\nCpus_allowed_list:\t0-2,5\n"), [0, 1, 2, 5]);
        assert_eq!(allowed("Cpus_allowed_list:\t3\n"), [3]);
        assert_eq!(allowed(""), [0; 0]);
    }

    #[test]
    fn the_busiest_core_is_the_one_that_counts() {
        let then = Busy::read(
            "cpu 9 9 9 9 9 9 9 9 9 9\ncpu0 1 1 1 7 3 1 1 0 0 0\ncpu1 0 0 0 5 0 0 0 0 0 0\nintr 7\n",
        );
        assert_eq!(then, Busy(vec![(5, 15), (0, 5)]));
        let now = Busy::read("cpu0 2 1 1 10 3 1 1 0 9 0\ncpu1 2 0 0 6 0 0 0 1 0 0\n");
        assert_eq!(now.busiest_since(&then), Some(0.75));
        assert_eq!(Busy::read("").busiest_since(&then), None);
    }

    #[test]
    fn this_machine_tells_its_cores() {
        assert!(!Busy::now().0.is_empty());
    }
}
