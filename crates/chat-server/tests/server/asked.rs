//! What the program is told by its configuration file, and what it does instead
//! of serving.

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Output};

use crate::process::{Running, chat_server};

fn said(command: &mut Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_flag_counts_before_the_environment_and_that_before_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("chat.toml");
    fs::write(
        &file,
        "room-max = 1\nhistory = 1\nlog-events = 1\nexempt-loopback = true\nlog-level = \"off\"\n",
    )
    .unwrap();
    let mut command = chat_server(&["--check-config", "--room-max", "3"]);
    command.env("CHAT_CONFIG", &file).env("CHAT_ROOM_MAX", "2").env("CHAT_HISTORY", "2");
    command.env("CHAT_EXEMPT_LOOPBACK", "false");
    let (code, stdout, stderr) = said(&mut command);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let mut lines: Vec<_> = stdout.lines().collect();
    assert_eq!(lines.pop(), Some("the configuration is good"));
    assert_eq!(
        lines,
        [
            "room-max = 3 (flag)",
            "history = 2 (environment)",
            "log-events = 1 (file)",
            "exempt-loopback = false (environment)",
            "log-level = off (file)",
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_proxy_that_nobody_named_is_missed_at_the_start() {
    for (words, missed) in [
        (&["--public-url", "https://chat.example"][..], true),
        (&["--public-url", "https://chat.example", "--trusted-proxy", "127.0.0.1"], false),
        (&["--public-url", "http://chat.example"], false),
    ] {
        let listen = ["--listen", "127.0.0.1:0", "--log-level", "warn"];
        let mut server = Running::start(chat_server(&[&listen, words].concat()));
        let stderr = server.child.stderr.take().unwrap();
        server.signal("-TERM");
        assert_eq!(server.wait(), Some(0));
        let said = std::io::read_to_string(stderr).unwrap();
        assert_eq!(said.contains("--trusted-proxy"), missed, "{words:?}: {said}");
    }
}

#[test]
fn a_server_serves_as_its_file_says() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("chat.toml");
    fs::write(&file, "listen = [\"127.0.0.1:0\"]\n").unwrap();
    let server = Running::start(chat_server(&["--config", file.to_str().unwrap()]));
    let url = format!("http://{}/healthz", server.address());
    assert_eq!(said(&mut chat_server(&["--check-health", &url])).0, Some(0));
}

#[test]
fn a_wrong_file_is_one_sentence_and_nothing_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("chat.toml");
    fs::write(&file, "listen = \"127.0.0.1:0\"\nroom-max = \"lots\"\n").unwrap();
    for check in [&[][..], &["--check-config"]] {
        let mut command = chat_server(check);
        let (code, stdout, stderr) = said(command.arg("--config").arg(&file));
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(stderr.contains("chat.toml, line 2: ") && stderr.contains("lots"), "{stderr}");
    }
}

#[test]
fn a_server_that_is_not_well_is_told_by_the_exit_code() {
    let server = Running::start(chat_server(&["--listen", "127.0.0.1:0"]));
    let other = format!("http://{}/nothing", server.address());
    let (code, _, stderr) = said(&mut chat_server(&["--check-health", &other]));
    assert_eq!(code, Some(1));
    assert!(stderr.contains("answers HTTP/1.1 404"), "{stderr}");
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/healthz", nobody.local_addr().unwrap());
    drop(nobody);
    let (code, _, stderr) = said(&mut chat_server(&["--check-health", &url]));
    assert_eq!(code, Some(1));
    assert!(stderr.contains("no answer from http://127.0.0.1:"), "{stderr}");
}

#[test]
fn the_manual_page_and_completions_name_the_flags() {
    let (code, page, _) = said(&mut chat_server(&["--man"]));
    assert_eq!(code, Some(0));
    assert!(page.contains(".TH chat-server 8") && page.contains("room\\-max"), "{page}");
    let (code, completions, _) = said(&mut chat_server(&["--completions", "bash"]));
    assert_eq!(code, Some(0));
    assert!(completions.contains("--room-max"), "{completions}");
    assert_eq!(said(&mut chat_server(&["--man", "--check-config"])).0, Some(2));
}
