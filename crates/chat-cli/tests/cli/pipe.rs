//! `send` and `tail`: for scripts.

use std::time::Duration;

use chat_client::Event;
use chat_server::Config;
use tokio::io::AsyncWriteExt;

use crate::bench::{Running, Server, command, run};

/// A server that takes all that is sent as fast as it is sent.
async fn fast() -> Server {
    let mut config = Config::default();
    config.limits.message_rate = None;
    config.address_messages = None;
    Server::with(config).await
}

#[tokio::test]
async fn a_text_is_one_message_and_lines_are_one_each() {
    let server = Server::start().await;
    let token = server.create().await;
    let invite = server.invite(&token);
    let mut ben = server.join(&token, "Ben").await;
    for (args, input, said) in [
        (
            &["send", &*invite, "--nick", "bot", "two", "words"][..],
            "not read",
            &["bot: two words"][..],
        ),
        (&["send", &invite, "--nick", "bot", "/who"], "", &["bot: /who"]),
        (&["send", &invite, "--nick", "bot"], "a\n\nb", &["bot: a", "bot: ", "bot: b"]),
        (&["send", "-", "--nick", "bot"], &format!("{invite}\nc\n"), &["bot: c"]),
        (&["send", "-", "--nick", "bot", "--", "-x"], &invite, &["bot: -x"]),
    ] {
        let (code, out, err) = run(command(args), input.as_bytes()).await;
        assert_eq!((code, &*out, &*err), (0, "", ""), "{args:?}");
        for said in said {
            assert_eq!(ben.hear().await, *said);
        }
    }
    // With CHAT_TOKEN all arguments are the text, but a token never becomes one.
    for args in [
        &["send", "hi", "there", "--nick", "bot"][..],
        &["send", &invite, "hi there", "--nick", "bot"],
    ] {
        let mut send = command(args);
        send.env("CHAT_TOKEN", &invite);
        assert_eq!(run(send, b"").await.0, 0);
        assert_eq!(ben.hear().await, "bot: hi there");
    }
}

#[tokio::test]
async fn who_gives_no_nick_is_a_guest_and_never_the_account() {
    let server = Server::start().await;
    let token = server.create().await;
    let mut ben = server.join(&token, "Ben").await;
    let mut send = command(&["send", &server.invite(&token), "hi"]);
    send.env("USER", "the-account").env("LOGNAME", "the-account");
    assert_eq!(run(send, b"").await.0, 0);
    let heard = ben.hear().await;
    let name = heard.strip_suffix(": hi").unwrap().strip_prefix("guest-").unwrap();
    assert!(name.len() == 4 && name.bytes().all(|b| b.is_ascii_alphanumeric()), "{heard}");
    let mut send = command(&["send", &server.invite(&token), "hi"]);
    send.env("CHAT_NICK", "bot");
    assert_eq!(run(send, b"").await.0, 0);
    assert_eq!(ben.hear().await, "bot: hi");
}

#[tokio::test]
async fn tail_prints_what_is_said_and_leaves_when_it_has_enough() {
    let server = Server::start().await;
    let token = server.create().await;
    let invite = server.invite(&token);
    let mut ben = server.join(&token, "Ben").await;
    for text in ["one", "two", "three\n\u{1b}[31mred"] {
        ben.handle.send(text).await.unwrap();
        ben.hear().await;
    }
    let shown = "Ben: two\nBen: three\n  [31mred\n";
    for (args, out) in [
        (&["--history", "2", "--count", "2"][..], shown),
        (&["--history", "99", "--count", "1"], "Ben: one\n"),
        (&["--history", "1", "--count", "1", "--raw"], "three\n\u{1b}[31mred\n"),
    ] {
        let args = [&["tail", &*invite][..], args].concat();
        let (code, found, said) = run(command(&args), b"not read").await;
        assert_eq!((code, &*found, &*said), (0, out, ""), "{args:?}");
    }
    let mut tail = Running::start(command(&["tail", &invite, "--nick", "ear"]));
    ben.wait_for(|e| matches!(e, Event::Joined { person, .. } if &*person.nick == "ear")).await;
    ben.handle.send("now").await.unwrap();
    assert_eq!(tail.line().await, "Ben: now");
    tail.signal("TERM").await;
    assert_eq!(tail.end().await, (0, String::new(), String::new()));
}

#[tokio::test]
async fn json_is_there_for_both_and_for_what_went_wrong() {
    let server = Server::start().await;
    let token = server.create().await;
    let invite = server.invite(&token);
    let mut ben = server.join(&token, "Ben").await;
    for n in 0..3 {
        ben.handle.send(&format!("{n}")).await.unwrap();
        ben.hear().await;
    }
    let tail = command(&["tail", "--json", "--history", "1", "--count", "1", &invite]);
    let (code, out, _) = run(tail, b"").await;
    let objects: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let said: Vec<_> = objects.iter().filter(|object| object["type"] == "message").collect();
    assert_eq!((code, said.len(), &said[0]["text"]), (0, 1, &"2".into()));
    assert_eq!(objects.last().unwrap()["type"], "end");

    let gone = "01ab-0101-wxyz-0000";
    let url = server.url.to_string();
    for (args, exit, part) in [
        (&["join", "--json", gone, "Ann", "--server", &*url][..], 3, "no such room"),
        (&["send", "--json", gone, "hi", "--server", &url], 3, "no such room"),
        (&["tail", "--json", "x", "--server", &url], 2, "token"),
        (&["create", "--json", "--ttl", "1s", "--server", &url], 2, "at the least"),
        (&["create", "--json", "--server", "http://127.0.0.1:1"], 5, "can't reach"),
        (&["create", "--json", "--dance"], 2, "--dance"),
    ] {
        let (code, out, said) = run(command(args), b"").await;
        let error: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!((code, &error["type"], &error["exit"]), (exit, &"error".into(), &exit.into()));
        assert!(error["message"].as_str().unwrap().contains(part), "{error}");
        assert!(!said.is_empty());
    }
}

#[tokio::test]
async fn a_timeout_ends_what_does_not_arrive() {
    let server = Server::start().await;
    let wire = crate::wire::Wire::to(&server).await;
    let token = server.create().await;
    let link = chat_client::Invite::url(&wire.url, &token);
    let mut ben = server.join(&token, "Ben").await;
    let mut send = Running::start(command(&["send", &link, "--nick", "bot", "--timeout", "2"]));
    // Others see it come before it has seen that itself: what it says shows that it has.
    send.type_in("here\n").await;
    assert_eq!(ben.hear().await, "bot: here");
    wire.cut();
    send.type_in("never\n").await;
    send.end_input();
    let (code, _, said) = send.end().await;
    assert_eq!(code, 1);
    assert!(said.ends_with("chat-cli: not all of it arrived within 2 s\n"), "{said}");
}

#[tokio::test]
async fn a_reader_who_goes_away_ends_it_quietly() {
    let server = Server::start().await;
    let token = server.create().await;
    let invite = server.invite(&token);
    let mut ben = server.join(&token, "Ben").await;
    let mut tail = Running::start(command(&["tail", &invite, "--nick", "ear"]));
    ben.wait_for(|e| matches!(e, Event::Joined { person, .. } if &*person.nick == "ear")).await;
    tail.stop_reading();
    ben.handle.send("to nobody").await.unwrap();
    assert_eq!(tail.end().await, (0, String::new(), String::new()));
}

#[tokio::test]
async fn five_megabytes_arrive_in_order_and_take_no_memory() {
    let server = fast().await;
    let token = server.create().await;
    five_megabytes(&server, &server.invite(&token)).await;
}

#[tokio::test]
async fn five_encrypted_megabytes_do_too() {
    let server = fast().await;
    let url = server.url.to_string();
    let (_, out, _) = run(command(&["create", "--server", &url]), b"").await;
    five_megabytes(&server, out.lines().nth(1).unwrap()).await;
}

async fn five_megabytes(server: &Server, invite: &str) {
    const LINES: usize = 50_000;
    let line = |n: usize| format!("{n:08} {}", "abcdefghij".repeat(9));
    let token = invite.parse::<chat_client::Invite>().unwrap().token;
    let mut ben = server.join(&token, "Ben").await;
    let count = (LINES + 1).to_string();
    let mut tail =
        Running::start(command(&["tail", invite, "--raw", "--count", &count, "--nick", "ear"]));
    ben.wait_for(|e| matches!(e, Event::Joined { person, .. } if &*person.nick == "ear")).await;
    // Nobody but those two counts here.
    drop(ben);
    let mut send = Running::start(command(&["send", invite, "--nick", "mouth"]));
    let mut input = send.stdin();
    let writing = tokio::spawn(async move {
        for n in 0..LINES {
            input.write_all((line(n) + "\n").as_bytes()).await.unwrap();
        }
        input
    });
    for n in 0..LINES {
        assert_eq!(tail.line().await, line(n));
    }
    let mut input = writing.await.unwrap();
    let (mouth, ear) = (send.peak(), tail.peak());
    assert!(mouth < 64 << 10 && ear < 64 << 10, "{mouth} KiB to send, {ear} KiB to receive");
    input.write_all(b"the end\n").await.unwrap();
    drop(input);
    assert_eq!(tail.line().await, "the end");
    assert_eq!(tokio::time::timeout(Duration::from_secs(30), tail.end()).await.unwrap().0, 0);
    assert_eq!(send.end().await, (0, String::new(), String::new()));
}
