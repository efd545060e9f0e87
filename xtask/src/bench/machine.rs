//! Where and of what something was measured.

use std::{fs, path::Path, process::Command, thread};

use super::page::PAGE;
use crate::command::output;

/// The machine, the compiler and the commit, as a sentence each.
pub(super) fn described(root: &Path) -> String {
    let file = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let model = value(&file("/proc/cpuinfo"), "model name");
    let memory = value(&file("/proc/meminfo"), "MemTotal").and_then(|kib| gib(&kib));
    let kernel = file("/proc/sys/kernel/osrelease");
    let cores = thread::available_parallelism().map_or(1, usize::from);
    format!(
        "{} with {cores} cores, {} of memory, Linux {}; {}; {}.",
        or_unknown(model),
        or_unknown(memory),
        or_unknown(Some(kernel.trim().to_string())),
        or_unknown(output(Command::new("rustc").arg("--version").current_dir(root))).trim(),
        commit(root),
    )
}

/// The day, in UTC.
pub(super) fn today() -> String {
    let day = output(Command::new("date").args(["-u", "+%Y-%m-%d"]));
    or_unknown(day).trim().to_string()
}

/// The commit, and whether there is more than it says. The document that the
/// figures go to is no change.
fn commit(root: &Path) -> String {
    let git = |words: &[&str]| output(Command::new("git").current_dir(root).args(words));
    let Some(commit) = git(&["rev-parse", "--short", "HEAD"]) else {
        return "no commit".into();
    };
    let but_page = format!(":(exclude){PAGE}");
    let changes = git(&["status", "--porcelain", "--", ".", &but_page]).unwrap_or_default();
    let more = if changes.trim().is_empty() { "" } else { " + changes" };
    format!("commit {}{more}", commit.trim())
}

/// The first value of this name in lines like `name : value`.
fn value(text: &str, name: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        (found.trim() == name).then(|| value.trim().to_string())
    })
}

/// Memory as a person says it, from `16384 kB`.
fn gib(kib: &str) -> Option<String> {
    let kib: f64 = kib.split_whitespace().next()?.parse().ok()?;
    Some(format!("{:.0} GiB", kib / f64::from(1 << 20)))
}

fn or_unknown(text: Option<String>) -> String {
    text.filter(|text| !text.is_empty()).unwrap_or_else(|| "unknown".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_names() {
        let text = "processor\t: 0\nmodel name\t: A CPU @ 2: GHz\nmodel name\t: B\n";
        assert_eq!(value(text, "model name").as_deref(), Some("A CPU @ 2: GHz"));
        assert_eq!(value(text, "model"), None);
    }

    #[test]
    fn memory_is_said_in_gib() {
        assert_eq!(gib("24681234 kB").as_deref(), Some("24 GiB"));
        assert_eq!(gib(""), None);
    }

    #[test]
    fn changes_show_and_the_document_is_none() {
        let root = tempfile::tempdir().unwrap();
        let git = |words: &[&str]| {
            let mut command = Command::new("git");
            command.current_dir(root.path()).args(["-c", "commit.gpgsign=false"]);
            command.args(["-c", "user.name=a", "-c", "user.email=a@example.org"]).args(words);
            output(&mut command).unwrap()
        };
        assert_eq!(commit(root.path()), "no commit");
        git(&["init"]);
        git(&["commit", "--allow-empty", "--message", "a"]);
        fs::create_dir(root.path().join("docs")).unwrap();
        fs::write(root.path().join(PAGE), "").unwrap();
        assert!(!commit(root.path()).ends_with(" + changes"), "{}", commit(root.path()));
        fs::write(root.path().join("a.rs"), "").unwrap();
        assert!(commit(root.path()).ends_with(" + changes"), "{}", commit(root.path()));
    }
}
