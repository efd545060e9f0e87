//! Lines through a pipe of the system in place of a room.

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

fn shell(script: &str, folder: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]).current_dir(folder);
    command
}

/// What comes of these two, who have a named pipe between them.
fn between(send: &str, tail: &str) -> Result<Value, String> {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("mkfifo").arg(folder.path().join("room")).status().unwrap();
    assert!(made.success());
    let (send, tail) = (shell(send, folder.path()), shell(tail, folder.path()));
    poured(send, tail, 5_000, Instant::now() + PATIENCE)
}

#[test]
fn a_line_is_a_hundred_bytes_and_all_of_them_a_hundred_megabytes() {
    let mut lines = Vec::new();
    write(&mut lines, 7..9).unwrap();
    assert_eq!((LENGTH, lines.len(), u64::from(LINES) * 100), (100, 200, 100_000_000));
    assert!(lines.starts_with(b"00000007 abc") && lines[100..].starts_with(b"00000008 abc"));
}

#[test]
fn what_is_missing_doubled_or_out_of_order_is_seen() {
    let differing = |order: &[u32]| {
        let mut lines = Vec::new();
        for &n in order {
            write(&mut lines, n..n + 1).unwrap();
        }
        differing(&mut &*lines, 3..6).unwrap()
    };
    assert_eq!(differing(&[3, 4, 5]), None);
    for (order, at, came) in [
        (&[3, 5][..], "line 4", "`00000005 "),
        (&[3, 3, 4, 5], "line 4", "`00000003 "),
        (&[4, 3, 5], "line 3", "`00000004 "),
        (&[3, 4], "line 5", "``"),
    ] {
        let sentence = differing(order).unwrap();
        assert!(sentence.contains(at) && sentence.contains(came), "{sentence}");
    }
}

#[test]
fn what_comes_through_is_measured() {
    let found = between("exec cat > room", "exec cat room").unwrap();
    for figure in ["mb_per_s", "send_peak_kib", "tail_peak_kib"] {
        assert!(found[figure].as_f64().unwrap() > 0.0, "{found}");
    }
}

#[test]
fn whoever_loses_lines_or_goes_away_is_a_sentence() {
    for (send, tail, part) in [
        ("exec cat > room", "exec sed -u 4001d room", "tail: line 4000 did not come"),
        ("exec cat > room", "cat room; echo more", "tail wrote 5 bytes more"),
        ("exec cat > room", "cat room; exit 3", "tail wrote 0 bytes more and ended with exit"),
        ("exec sed -u 9q > room", "exec cat room", "send takes no more"),
    ] {
        let sentence = between(send, tail).unwrap_err();
        assert!(sentence.contains(part), "{sentence}");
    }
}

#[test]
fn nobody_is_waited_for_without_end() {
    let folder = tempfile::tempdir().unwrap();
    let (send, tail) = (shell("exec cat", folder.path()), shell("exec sleep 60", folder.path()));
    let sentence = poured(send, tail, 1, Instant::now() + Duration::from_millis(50)).unwrap_err();
    assert!(sentence.starts_with("tail: took more than"), "{sentence}");
}
