//! What the system says of this process (proc(5)).

use std::fs;

/// Clock ticks in a second: what Linux counts in towards programs, whatever it
/// counts in itself.
const TICKS: f64 = 100.0;

/// What is known; nothing where there is no `/proc`.
#[derive(Debug, Default)]
pub(super) struct Process {
    pub(super) resident_bytes: Option<u64>,
    pub(super) threads: Option<u64>,
    pub(super) cpu_seconds: Option<f64>,
    pub(super) open_files: Option<u64>,
    pub(super) max_files: Option<u64>,
}

impl Process {
    /// Reads files: not on a thread that others wait for.
    pub(super) fn read() -> Self {
        let read = |name: &str| fs::read_to_string(format!("/proc/self/{name}")).ok();
        let (status, stat, limits) = (read("status"), read("stat"), read("limits"));
        let line = |text: &Option<String>, start: &str, word| {
            let line = text.as_ref()?.lines().find_map(|line| line.strip_prefix(start))?;
            line.split_whitespace().nth(word)?.parse().ok()
        };
        Self {
            resident_bytes: line(&status, "VmRSS:", 0).map(|kib: u64| kib << 10),
            threads: line(&status, "Threads:", 0),
            cpu_seconds: stat.as_deref().and_then(cpu_seconds),
            open_files: open_files(),
            max_files: line(&limits, "Max open files", 0),
        }
    }
}

/// User and system time: the 14th and 15th word of `stat`, of which the second
/// is a name in parentheses that may hold anything.
fn cpu_seconds(stat: &str) -> Option<f64> {
    let mut words = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || words.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / TICKS)
}

fn open_files() -> Option<u64> {
    // Linux 6.2 and later say how many; before that they are counted.
    match fs::metadata("/proc/self/fd").ok()?.len() {
        0 => fs::read_dir("/proc/self/fd").ok().map(|files| files.count() as u64),
        count => Some(count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_looks_like_the_end_of_itself_is_read_over() {
        let stat = "7 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 4 0 99";
        assert_eq!(cpu_seconds(stat), Some(3.0));
        assert_eq!(cpu_seconds("7 (a) S 1"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_says_all_of_it() {
        let process = Process::read();
        assert!(process.resident_bytes.unwrap() > 1 << 20);
        assert!(process.threads.unwrap() >= 1);
        assert!(process.cpu_seconds.is_some());
        assert!(process.open_files.unwrap() <= process.max_files.unwrap());
    }
}
