//! `chat-cli create`.

use chat_client::Invite;
use chat_server::Config;

use crate::bench::{Server, command, run};

#[tokio::test]
async fn the_token_is_alone_on_the_first_line_and_the_link_on_the_second() {
    let server = Server::start().await;
    let url = server.url.to_string();
    for (args, env, symbols) in [
        (vec!["create", "--server", &url], "", 28),
        (vec!["create"], &*url, 28),
        (vec!["create", "--plain", "--server", &url], "", 16),
    ] {
        let mut create = command(&args);
        if !env.is_empty() {
            create.env("CHAT_SERVER", env);
        }
        let (code, out, said) = run(create, b"").await;
        assert_eq!((code, said.as_str()), (0, ""));
        let [token, link] = out.lines().collect::<Vec<_>>()[..] else { panic!("{out}") };
        assert_eq!(link, format!("{url}#{token}"));
        assert_eq!(token.replace('-', "").len(), symbols);
        let invite: Invite = link.parse().unwrap();
        assert_eq!(invite.token.to_string(), token);
        // And the room is there.
        server.join(&invite.token, "Ann").await;
    }
}

#[tokio::test]
async fn nobody_there_is_exit_5_and_a_sentence() {
    let server = Server::start().await;
    let url = server.url.to_string();
    server.stop().await;
    let (code, out, said) = run(command(&["create", "--server", &url]), b"").await;
    assert_eq!((code, out.as_str()), (5, ""));
    assert!(said.starts_with("chat-cli: can't reach http://127.0.0.1:"), "{said}");
    assert_eq!(said.lines().count(), 1);
}

#[tokio::test]
async fn too_many_rooms_are_exit_4() {
    let rate = chat_server_rate();
    let server = Server::with(Config { address_creates: rate, ..Config::default() }).await;
    server.create().await;
    for plain in [None, Some("--plain")] {
        let url = server.url.to_string();
        let args: Vec<_> = ["create", "--server", &url].into_iter().chain(plain).collect();
        let (code, _, said) = run(command(&args), b"").await;
        assert_eq!(code, 4, "{said}");
        assert!(said.contains("too many attempts"), "{said}");
    }
}

/// One room, and then none for as long as a test runs.
fn chat_server_rate() -> Option<chat_core::Rate> {
    let hour = std::time::Duration::from_secs(3600);
    Some(chat_core::Rate { tokens: 1, per: hour, burst: 1 })
}

#[tokio::test]
async fn mistakes_in_the_command_line_are_exit_2() {
    for args in [
        &["create", "--server", "localhost:8080"][..],
        &["create", "--unknown"],
        &["create", "surplus"],
        &["dance"],
        &[],
        &["join"],
        &["join", "a", "b", "c"],
    ] {
        let (code, out, said) = run(command(args), b"").await;
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(!said.is_empty(), "{args:?}");
    }
    let (_, _, said) = run(command(&["create", "--server", "localhost:8080"]), b"").await;
    assert!(said.contains("begins with http:// or https://"), "{said}");
}

#[tokio::test]
async fn help_and_version_are_answers() {
    let (code, out, _) = run(command(&["--version"]), b"").await;
    assert_eq!((code, out), (0, format!("chat-cli {}\n", env!("CARGO_PKG_VERSION"))));
    let (code, out, _) = run(command(&["join", "--help"]), b"").await;
    assert_eq!(code, 0);
    for said in ["CHAT_TOKEN", "CHAT_SERVER", "NO_COLOR", "  3  there is no such room"] {
        assert!(out.contains(said), "{said}: {out}");
    }
}
