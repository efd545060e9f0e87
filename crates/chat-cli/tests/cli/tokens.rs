//! Where the token may come from, and what is wrong with one.

use crate::bench::{Server, command, run};

const PLAIN: &str =
    "chat-cli: this room is plain, not encrypted: whoever runs the server can read all of it\n";

#[tokio::test]
async fn argument_link_environment_and_input_all_lead_into_the_room() {
    let server = Server::start().await;
    let token = server.create().await;
    let (url, link) = (server.url.to_string(), server.invite(&token));
    let shouted = format!(" {} ", token.to_string().to_uppercase().replace('-', ""));
    let token = token.to_string();
    let wrong = "http://127.0.0.1:1";
    let by_input = format!("{token}\nhi\n");
    let link_by_input = format!("{link}\r\nhi\n");
    for (args, server, env, input) in [
        (vec!["join", &token, "Ann"], &*url, "", "hi\n"),
        (vec!["join", &shouted, "Ann"], &url, "", "hi\n"),
        (vec!["join", &link, "Ann"], wrong, "", "hi\n"),
        (vec!["join", &link, "Ann", "--server", wrong], wrong, "", "hi\n"),
        (vec!["join", "Ann"], &url, &token, "hi\n"),
        (vec!["join", "Ann"], wrong, &link, "hi\n"),
        (vec!["join", &token, "Ann"], &url, "what is typed counts", "hi\n"),
        (vec!["join", "-", "Ann"], &url, "", &by_input),
        (vec!["join", "-", "Ann"], wrong, "", &link_by_input),
    ] {
        let mut join = command(&args);
        join.env("CHAT_SERVER", server);
        if !env.is_empty() {
            join.env("CHAT_TOKEN", env);
        }
        let (code, out, said) = run(join, input.as_bytes()).await;
        assert_eq!((code, said.as_str()), (0, PLAIN), "{args:?} {env}");
        assert!(out.ends_with("Ann: hi\n* you left the room\n"), "{args:?}: {out}");
    }
}

#[tokio::test]
async fn a_mistake_in_the_token_is_named_and_not_repeated() {
    for (token, said) in [
        ("01ab-0101-wxyz", "16 for a plain room, and this one has 12"),
        ("01ab-0101-wxyz-00u0", "character 18 of this token"),
        ("000g-40r4-0m30-e209-185g-r38e-1wpm", "this token has a typo"),
        ("http://localhost:8080/", "ends before the token"),
        ("ftp://localhost/#01ab-0101-wxyz-0000", "http:// or https://"),
    ] {
        let (code, out, all) = run(command(&["join", token, "Ann"]), b"").await;
        assert_eq!((code, out.as_str()), (2, ""), "{token}");
        assert!(all.contains(said) && !all.contains("01ab") && !all.contains("40r4"), "{all}");
        assert_eq!(all.lines().count(), 1, "{all}");
    }
}

#[tokio::test]
async fn a_missing_token_or_nick_is_said() {
    for (args, env, reason) in [
        (&["join"][..], "", "the token or the nick is missing"),
        (&["join", "Ann"], "", "the token or the nick is missing"),
        (&["join"], "01ab-0101-wxyz-0000", "the nick is missing: chat-cli join NICK"),
    ] {
        let mut join = command(args);
        join.env("CHAT_TOKEN", env);
        let (code, out, said) = run(join, b"").await;
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(said.contains(reason), "{said}");
    }
    for input in ["", "\n", "  \nhi\n"] {
        let (code, _, said) = run(command(&["join", "-", "Ann"]), input.as_bytes()).await;
        assert_eq!(code, 2);
        assert!(said.contains("first line of standard input"), "{said}");
    }
}
