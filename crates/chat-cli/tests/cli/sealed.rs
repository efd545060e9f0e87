//! Encrypted rooms in the terminal.

use chat_client::Event;

use crate::bench::{Running, Server, command, run};

/// What stands on standard error on coming in.
const SEALED: &str =
    "chat-cli: this room is end-to-end encrypted: only those who have the token can read it\n";

/// The token of a new encrypted room.
async fn create(server: &Server) -> String {
    let url = server.url.to_string();
    let (code, out, said) = run(command(&["create", "--server", &url]), b"").await;
    assert_eq!((code, said.as_str()), (0, ""));
    out.lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn two_talk_and_the_room_says_that_it_is_encrypted() {
    let server = Server::start().await;
    let url = server.url.to_string();
    let token = create(&server).await;
    let mut ann = Running::start(command(&["join", "--server", &url, &token, "Анна"]));
    ann.wait_for("* Анна joined").await;
    let long = "Привет 👩‍👩‍👧 ".repeat(500);
    let input = format!("first\n{long}\n");
    let ben = command(&["join", "--server", &url, &token, "Ben"]);
    let (code, out, said) = run(ben, input.as_bytes()).await;
    assert_eq!((code, said.as_str()), (0, SEALED));
    assert!(out.contains(&format!("Ben: first\nBen: {long}\n")), "{out:.200}");
    ann.wait_for("Ben: first").await;
    ann.wait_for(&format!("Ben: {long}")).await;
    ann.wait_for("* Ben left").await;
    ann.end_input();
    let (code, _, said) = ann.end().await;
    assert_eq!((code, said.as_str()), (0, SEALED));
}

#[tokio::test]
async fn the_library_and_the_program_meet_and_see_one_code() {
    let server = Server::start().await;
    let url = server.url.to_string();
    let token: chat_client::Token = create(&server).await.parse().unwrap();
    let mut ann = server.join(&token, "Ann").await;
    let json = command(&["join", "--server", &url, "--json", &token.to_string(), "Ann"]);
    let (end, joined) = tokio::join!(
        run(json, b"hi\n"),
        ann.wait_for(|event| matches!(event, Event::Joined { .. })),
    );
    // Sealed nicknames are nobody's to take: two may be called the same, and show their codes.
    let Event::Joined { person, .. } = joined else { unreachable!() };
    let seal = person.seal.unwrap();
    assert!(seal.verified && seal.ambiguous);
    let events: Vec<serde_json::Value> =
        end.1.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&events[0]["kind"], end.0), (&"sealed".into(), 0));
    let people = events[0]["people"].as_array().unwrap();
    assert_eq!(people[1]["code"], seal.code);
    assert_eq!(people[1]["verified"], true);
    let said = events.iter().find(|event| event["type"] == "message").unwrap();
    assert_eq!((&said["text"], &said["code"]), (&"hi".into(), &seal.code.into()));
    assert_eq!(ann.hear().await, "Ann: hi");
}

#[tokio::test]
async fn a_room_that_is_gone_can_be_opened_again() {
    let server = Server::start().await;
    let url = server.url.to_string();
    let token = chat_client::draw_token().to_string();
    let join = ["join", "--server", &url, &token, "Ann"];
    let (code, _, said) = run(command(&join), b"").await;
    assert_eq!(code, 3);
    assert!(said.contains("there is no such room") && said.contains("--open"), "{said}");
    let (code, out, _) = run(command(&[&join[..], &["--open"]].concat()), b"hi\n").await;
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("Ann: hi\n"), "{out}");

    let plain = server.create().await.to_string();
    let (code, _, said) =
        run(command(&["join", "--server", &url, &plain, "Ann", "--open"]), b"").await;
    assert_eq!(code, 2);
    assert!(said.contains("can't be opened again"), "{said}");
}
