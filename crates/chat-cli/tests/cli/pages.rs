//! Completions, manual pages, the configuration file and the examples of docs/cli.md.

use std::{fs, path::Path};

use chat_client::Event;

use crate::bench::{Server, command, run};

#[tokio::test]
async fn every_shell_has_completions_and_every_command_a_page() {
    for (shell, part) in
        [("bash", "complete -F"), ("zsh", "#compdef chat-cli"), ("fish", "complete -c chat-cli")]
    {
        let (code, out, said) = run(command(&["completions", shell]), b"").await;
        assert_eq!((code, &*said), (0, ""));
        assert!(out.contains(part) && out.contains("plain-output"), "{shell}");
    }
    for (args, part) in [
        (&["man"][..], "Exit codes"),
        (&["man", "join"], "CHAT_TOKEN"),
        (&["man", "create"], "\\-\\-ttl"),
        (&["man", "send"], "\\-\\-timeout"),
        (&["man", "tail"], "\\-\\-raw"),
    ] {
        let (code, out, _) = run(command(args), b"").await;
        assert_eq!(code, 0);
        assert!(out.contains(".TH ") && out.contains(part), "{args:?}: {out}");
    }
}

#[tokio::test]
async fn the_configuration_file_is_read_and_never_for_a_token() {
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat/config.toml");
    fs::create_dir(path.parent().unwrap()).unwrap();
    fs::write(&path, format!("server = \"{}\"\nnick = \"Ann\"\n", server.url)).unwrap();
    let with = |args: &[&str]| {
        let mut it = command(args);
        it.env("XDG_CONFIG_HOME", folder.path());
        it
    };
    let (code, out, said) = run(with(&["create"]), b"").await;
    assert_eq!(code, 0, "{said}");
    let token = out.lines().next().unwrap();
    let (code, out, said) = run(with(&["join", token]), b"hi\n").await;
    assert_eq!(code, 0, "{said}");
    assert!(out.contains("Ann: hi\n"), "{out}");
    // What is typed counts more.
    let (_, out, _) = run(with(&["join", token, "Anna"]), b"hi\n").await;
    assert!(out.contains("Anna: hi\n"), "{out}");
    for (text, part) in [("token = \"x3wd\"", "a token is not read from a file"), ("x", "line 1: ")]
    {
        fs::write(&path, text).unwrap();
        let (code, _, said) = run(with(&["create"]), b"").await;
        assert_eq!(code, 2);
        assert!(said.contains(part) && !said.contains("x3wd"), "{said}");
    }
}

#[tokio::test]
async fn options_of_a_room_hold_for_both_kinds() {
    let server = Server::start().await;
    let url = server.url.to_string();
    for plain in [None, Some("--plain")] {
        for join in [false, true] {
            let mut args = vec![
                "create",
                "--server",
                &url,
                "--json",
                "--ttl",
                "2h",
                "--history",
                "7",
                "--max",
                "3",
            ];
            args.extend(plain);
            if join {
                args.extend(["--join", "Ann"]);
            }
            let (code, out, said) = run(command(&args), b"hi\n").await;
            assert_eq!(code, 0, "{said}");
            let invite: serde_json::Value =
                serde_json::from_str(out.lines().next().unwrap()).unwrap();
            assert_eq!(invite["type"], "invite");
            let token: chat_client::Token = invite["token"].as_str().unwrap().parse().unwrap();
            assert!(invite["link"].as_str().unwrap().ends_with(&format!("#{token}")));
            assert_eq!(out.contains("\"text\":\"hi\""), join, "{out}");
            let nick = chat_client::Nick::parse("Ben").unwrap();
            let joined = chat_client::Client::new("test").join(&server.url, token, nick).await;
            let (_handle, mut events) = joined.unwrap();
            let Some(Event::Welcomed(welcomed)) = events.next().await else { panic!("no welcome") };
            let room = welcomed.room;
            assert_eq!((room.history, room.max), (7, 3), "{args:?}");
            assert_eq!(room.expires - room.created, 7_200_000);
        }
    }
    let (code, _, said) = run(command(&["create", "--server", &url, "--max", "257"]), b"").await;
    assert_eq!(code, 2);
    assert!(
        said.contains("--max: this server allows 1 at the least, and 256 at the most"),
        "{said}"
    );
}

/// Each block that begins with ```sh run is a script that ends well.
#[tokio::test]
async fn the_examples_of_the_documentation_are_true() {
    let text = include_str!("../../../../docs/cli.md");
    let server = Server::start().await;
    let bin = Path::new(env!("CARGO_BIN_EXE_chat-cli")).parent().unwrap().display().to_string();
    let path = format!("{bin}:{}", std::env::var("PATH").unwrap());
    let mut count = 0;
    for block in text.split("\n```sh run\n").skip(1) {
        let script = block.split("\n```").next().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut shell = tokio::process::Command::new("sh");
        shell.args(["-euc", script]).current_dir(folder.path()).env("PATH", &path);
        shell.env("CHAT_SERVER", server.url.to_string()).env("XDG_CONFIG_HOME", folder.path());
        shell.env("HOME", folder.path()).env_remove("CHAT_TOKEN").kill_on_drop(true);
        shell.stdin(std::process::Stdio::null());
        let output = tokio::time::timeout(crate::bench::PATIENCE, shell.output());
        let output = output.await.unwrap_or_else(|_| panic!("no end: {script}")).unwrap();
        assert!(output.status.success(), "{script}\n{output:?}");
        count += 1;
    }
    assert!(count >= 4, "only {count} examples are run");
}
