//! What a process of this machine uses: processor time and memory, as /proc tells them.

use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::failure::Failure;

/// A process that is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process(u32);

/// What each thread has run so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cpu(Vec<Thread>);

#[derive(Clone, Debug)]
struct Thread {
    id: u32,
    name: String,
    nanos: u64,
}

/// A thread's part of a processor.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Share {
    pub(crate) name: String,
    pub(crate) share: f64,
}

impl Process {
    /// Fails where there is no such process.
    pub(crate) fn find(pid: u32) -> Result<Self, Failure> {
        match Path::new(&format!("/proc/{pid}/task")).is_dir() {
            true => Ok(Self(pid)),
            false => Err(Failure::new(format!(
                "there is no process {pid} to look at (--pid): give that of the running server"
            ))),
        }
    }

    /// This process.
    pub(crate) fn own() -> Self {
        Self(std::process::id())
    }

    /// What its threads have run; nothing once it has ended.
    pub(crate) fn cpu(self) -> Cpu {
        let Ok(tasks) = fs::read_dir(format!("/proc/{}/task", self.0)) else {
            return Cpu::default();
        };
        let mut threads: Vec<Thread> =
            tasks.flatten().filter_map(|task| thread(&task.path())).collect();
        threads.sort_by_key(|thread| thread.id);
        Cpu(threads)
    }

    /// Its memory in KiB; `None` once it has ended.
    pub(crate) fn rss_kib(self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches("kB").trim_end().parse().ok()
    }
}

fn thread(task: &Path) -> Option<Thread> {
    let id = task.file_name()?.to_str()?.parse().ok()?;
    let name = fs::read_to_string(task.join("comm")).ok()?.trim_end().to_owned();
    let exact = || fs::read_to_string(task.join("schedstat")).ok()?.split(' ').next()?.parse().ok();
    let nanos = exact().or_else(|| ticks(&fs::read_to_string(task.join("stat")).ok()?))?;
    Some(Thread { id, name, nanos })
}

/// The time in a stat line, for a kernel that keeps no better: the fields 14 and 15, in hundredths
/// of a second. The name before them may hold anything, but ends at the last parenthesis.
fn ticks(stat: &str) -> Option<u64> {
    const TICK: u64 = 10_000_000;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some((next()? + next()?) * TICK)
}

impl Cpu {
    /// What ran since then, in seconds.
    pub(crate) fn seconds_since(&self, before: &Self) -> f64 {
        self.each_since(before).map(|(_, nanos)| seconds(nanos)).sum()
    }

    /// Each thread's part of a processor in a time of so many seconds, those that count.
    pub(crate) fn shares_since(&self, before: &Self, time: f64) -> Vec<Share> {
        const LEAST: f64 = 0.001;
        self.each_since(before)
            .map(|(name, nanos)| Share { name: name.to_owned(), share: seconds(nanos) / time })
            .filter(|share| share.share > LEAST)
            .collect()
    }

    fn each_since<'a>(&'a self, before: &'a Self) -> impl Iterator<Item = (&'a str, u64)> {
        self.0.iter().map(|thread| {
            let earlier = before.0.iter().find(|earlier| earlier.id == thread.id);
            let nanos = thread.nanos.saturating_sub(earlier.map_or(0, |earlier| earlier.nanos));
            (thread.name.as_str(), nanos)
        })
    }
}

#[allow(clippy::cast_precision_loss, reason = "nanoseconds of a run fit in 53 bits")]
fn seconds(nanos: u64) -> f64 {
    nanos as f64 / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_stat_line_is_read_whatever_the_name() {
        let line = "7 (a) b) c) S 1 7 7 0 -1 4194560 1 0 0 0 12 30 0 0 20 0 1 0 5 0 0";
        assert_eq!(ticks(line), Some(420_000_000));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_uses_memory_and_time() {
        let own = Process::own();
        assert!(own.rss_kib().unwrap() > 100);
        let before = own.cpu();
        let mut sum = 0_u64;
        while own.cpu().seconds_since(&before) < 0.005 {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(own.cpu().shares_since(&before, 0.005).iter().any(|thread| thread.share >= 0.5));
    }

    #[test]
    fn a_process_that_is_not_there_is_said() {
        assert!(Process::find(u32::MAX).unwrap_err().to_string().contains("--pid"));
    }
}
