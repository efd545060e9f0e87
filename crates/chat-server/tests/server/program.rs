//! The program itself.

use std::process::Output;

use crate::process::{Running, chat_server};

fn output(args: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = chat_server(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[cfg(unix)]
#[test]
fn it_says_where_it_is_and_stops_when_it_is_told() {
    for signal in ["-TERM", "-INT"] {
        let server = Running::start(chat_server(&["--listen", "127.0.0.1:0"]));
        assert!(server.line.contains("open http://127.0.0.1:"), "{}", server.line);
        server.signal(signal);
        assert_eq!(server.wait(), Some(0), "{signal}");
    }
}

#[test]
fn a_port_in_use_is_one_sentence_with_the_flag_that_changes_it() {
    let server = Running::start(chat_server(&["--listen", "127.0.0.1:0"]));
    let address = server.address().to_string();
    let (code, stdout, stderr) = output(&["--listen", &address, "--log-level", "error"]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains("in use") && stderr.contains("--listen"), "{stderr}");
    let both = ["--listen", "127.0.0.1:0", "--metrics-listen", &address];
    let (code, _, stderr) = output(&both);
    assert_eq!((code, stderr.lines().count()), (Some(1), 1), "{stderr}");
    assert!(stderr.contains("in use") && stderr.contains("--metrics-listen"), "{stderr}");
}

#[test]
fn flags_can_be_environment_variables_and_bad_ones_are_usage_errors() {
    let mut command = chat_server(&[]);
    command.env("CHAT_LISTEN", "127.0.0.1:0").env("CHAT_ROOM_MAX", "3");
    let server = Running::start(command);
    let url = server.address().to_string();
    let mut stream = std::net::TcpStream::connect(&url).unwrap();
    std::io::Write::write_all(
        &mut stream,
        format!("GET /info HTTP/1.1\r\nHost: {url}\r\nConnection: close\r\n\r\n").as_bytes(),
    )
    .unwrap();
    let info = std::io::read_to_string(stream).unwrap();
    assert!(info.contains(r#""max":{"min":1,"max":3,"default":3}"#), "{info}");

    let (code, _, stderr) = output(&["--room-max", "lots"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("--room-max"), "{stderr}");
    assert_eq!(output(&["--colour"]).0, Some(2));
}

#[test]
fn a_file_without_a_key_is_one_sentence_that_repeats_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quercus");
    let start = || {
        let mut command = chat_server(&["--listen", "127.0.0.1:0"]);
        command.env("CHAT_CREATE_KEY", &path);
        command
    };
    for (content, said) in [
        (None, "can't be read"),
        (Some(""), "there is no key in it"),
        (Some("quercus robur"), "visible ASCII"),
        (Some(&*"quercus".repeat(40)), "at most 256 bytes"),
    ] {
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        let Output { status, stdout, stderr } = start().output().unwrap();
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!((status.code(), stdout.len()), (Some(2), 0), "{stderr}");
        assert!(stderr.starts_with("error: --create-key: ") && stderr.contains(said), "{stderr}");
        assert!(!stderr.contains("quercus"), "{stderr}");
    }
    std::fs::write(&path, "quercus-robur\n").unwrap();
    let server = Running::start(start());
    assert!(server.line.contains("open http://127.0.0.1:"), "{}", server.line);
}

#[test]
fn help_and_version_are_answers() {
    let (code, help, _) = output(&["--help"]);
    assert_eq!(code, Some(0));
    for flag in [
        "--listen",
        "--web-dir",
        "--max-rooms",
        "--room-ttl",
        "--grace",
        "--exempt-loopback",
        "--public-url",
        "--allow-host",
        "--allow-origin",
        "--create-key",
    ] {
        assert!(help.contains(flag), "{flag}");
    }
    let (code, version, _) = output(&["--version"]);
    assert_eq!(
        (code, version.trim()),
        (Some(0), concat!("chat-server ", env!("CARGO_PKG_VERSION")))
    );
}
