//! Every end has its exit code and its sentence.

use chat_client::Opts;
use chat_server::Config;

use crate::bench::{Running, Server, command, run};

const TOKEN: &str = "01ab-0101-wxyz-0000";

#[tokio::test]
async fn no_such_room_is_3() {
    let server = Server::start().await;
    let url = server.url.to_string();
    let (code, out, said) = run(command(&["join", TOKEN, "Ann", "--server", &url]), b"hi\n").await;
    assert_eq!((code, out.as_str()), (3, ""));
    assert_eq!(said, "chat-cli: there is no such room: it has ended, or the token is wrong\n");
}

#[tokio::test]
async fn a_plain_room_is_gone_with_its_server_and_that_is_3() {
    let server = Server::start().await;
    let token = server.create().await;
    let mut ann = Running::start(command(&["join", &server.invite(&token), "Ann"]));
    ann.wait_for("* Ann joined").await;
    let server = server.restart().await;
    let (code, out, said) = ann.end().await;
    assert_eq!(code, 3, "{said}");
    assert!(out.contains("* the room ends in ") && out.contains("the server stops"), "{out}");
    assert!(said.contains("the server restarts; coming back by itself\n"), "{said}");
    assert!(
        said.ends_with("there is no such room: it has ended, or the token is wrong\n"),
        "{said}"
    );
    server.stop().await;
}

#[tokio::test]
async fn a_room_that_ends_is_3_with_its_reason() {
    let mut config = Config::default();
    config.limits.room_ttl = std::time::Duration::from_secs(1);
    let server = Server::with(config).await;
    let token = server.create().await;
    let mut ann = Running::start(command(&["join", &server.invite(&token), "Ann"]));
    ann.wait_for("* Ann joined").await;
    let (code, _, said) = ann.end().await;
    assert_eq!(code, 3, "{said}");
    assert!(said.ends_with("chat-cli: the room ended: its time is over\n"), "{said}");
}

#[tokio::test]
async fn a_nick_that_is_taken_or_bad_is_4() {
    let server = Server::start().await;
    let token = server.create().await;
    let _ann = server.join(&token, "Ann").await;
    let invite = server.invite(&token);
    let long = "x".repeat(33);
    for (nick, reason) in [
        ("ANN", "somebody in the room has this nick: choose another one"),
        ("a:b", "choose another one"),
        ("", "the nick is empty"),
        (" x", "space"),
        (&long, "too long"),
        ("\u{202e}x", "direction"),
        ("a\u{1b}b", "control"),
    ] {
        let (code, out, said) = run(command(&["join", &invite, nick]), b"").await;
        assert_eq!((code, out.as_str()), (4, ""), "{nick:?}: {said}");
        assert!(said.contains(reason) && said.lines().count() == 1, "{nick:?}: {said}");
    }
}

#[tokio::test]
async fn a_full_room_is_4() {
    let server = Server::start().await;
    let opts = Opts { max: Some(1), ..Opts::default() };
    let token = chat_client::Client::new("test").create(&server.url, &opts).await.unwrap();
    let _ann = server.join(&token, "Ann").await;
    let (code, _, said) = run(command(&["join", &server.invite(&token), "Ben"]), b"").await;
    assert_eq!(code, 4);
    assert!(said.contains("the room is full"), "{said}");
}

#[tokio::test]
async fn too_many_attempts_are_4() {
    let hour = std::time::Duration::from_secs(3600);
    let rate = Some(chat_core::Rate { tokens: 1, per: hour, burst: 1 });
    let server = Server::with(Config { address_failed_joins: rate, ..Config::default() }).await;
    let url = server.url.to_string();
    let join = || command(&["join", TOKEN, "Ann", "--server", &url]);
    assert_eq!(run(join(), b"").await.0, 3);
    let (code, _, said) = run(join(), b"").await;
    assert_eq!(code, 4);
    assert!(said.contains("too many attempts"), "{said}");
}

#[tokio::test]
async fn nobody_there_is_5() {
    let server = Server::start().await;
    let invite = server.invite(&TOKEN.parse().unwrap());
    server.stop().await;
    let (code, out, said) = run(command(&["join", &invite, "Ann"]), b"").await;
    assert_eq!((code, out.as_str()), (5, ""));
    assert!(said.starts_with("chat-cli: can't reach http://127.0.0.1:"), "{said}");
}
