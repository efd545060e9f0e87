//! Talking in a room: what others see, what is printed, and how one leaves.

use chat_client::{Event, LeaveWhy};

use crate::bench::{Running, Server, command, run};

#[tokio::test]
async fn what_is_typed_reaches_the_others_and_what_they_say_is_printed() {
    let server = Server::start().await;
    let token = server.create().await;
    let mut ben = server.join(&token, "Ben").await;
    ben.handle.send("before").await.unwrap();
    ben.hear().await;

    let mut ann = Running::start(command(&["join", &server.invite(&token), "Ann"]));
    assert_eq!(ann.line().await, "* here now: Ben, Ann (you)");
    assert_eq!(ann.line().await, "* Ben joined");
    assert_eq!(ann.line().await, "Ben: before");
    assert_eq!(ann.line().await, "* Ann joined");

    ann.type_in("Привет 👩‍👩‍👧\n\n").await;
    assert_eq!(ben.hear().await, "Ann: Привет 👩‍👩‍👧");
    assert_eq!(ben.hear().await, "Ann: ", "an empty line of a file is part of it");
    ann.wait_for("Ann: Привет 👩‍👩‍👧").await;
    ann.wait_for("Ann: ").await;

    ben.handle.send("one\ntwo").await.unwrap();
    assert_eq!(ann.line().await, "Ben: one");
    assert_eq!(ann.line().await, "  two");
    ben.handle.leave();
    assert_eq!(ann.line().await, "* Ben left");

    ann.end_input();
    let (code, out, _) = ann.end().await;
    assert_eq!((code, out.as_str()), (0, "* you left the room\n"));
}

#[tokio::test]
async fn the_end_of_the_input_leaves_only_after_everything_has_arrived() {
    let server = Server::start().await;
    let token = server.create().await;
    let mut ben = server.join(&token, "Ben").await;
    // More than the server's burst and more than may be outstanding.
    let input: String = (0..70).map(|n| format!("line {n}\n")).collect();
    let join = command(&["join", &server.invite(&token), "Ann"]);
    let (end, ()) = tokio::join!(run(join, input.as_bytes()), async {
        for n in 0..70 {
            assert_eq!(ben.hear().await, format!("Ann: line {n}"));
        }
        let left = ben.wait_for(|event| matches!(event, Event::Left { .. })).await;
        assert!(matches!(left, Event::Left { why: LeaveWhy::Bye, .. }));
    });
    assert_eq!(end.0, 0, "{}", end.2);
    assert_eq!(end.1.lines().filter(|line| line.starts_with("Ann: line ")).count(), 70);
}

#[tokio::test]
async fn hostile_texts_and_nicks_are_harmless_when_they_are_printed() {
    let server = Server::start().await;
    let token = server.create().await;
    let mut eve = server.join(&token, "Eve").await;
    let hostile = "\u{1b}]52;c;ZXZpbA==\u{7}\u{1b}[2J\u{9b}31m\u{202e}x\u{200b}\u{e0041}\n\
                   Ann: forged\r* Ann left\u{2028}\0 👩\u{200d}👩\u{200d}👧 🇩🇪 ❤\u{fe0f} क\u{94d}\u{200d}ष";
    eve.handle.send(hostile).await.unwrap();
    eve.hear().await;
    let (code, out, _) = run(command(&["join", &server.invite(&token), "Ann"]), b"").await;
    assert_eq!(code, 0);
    let shown = "Eve: ]52;c;ZXZpbA==[2J31mx\n  Ann: forged\n  * Ann left\n   \
                 👩\u{200d}👩\u{200d}👧 🇩🇪 ❤\u{fe0f} क\u{94d}\u{200d}ष\n";
    assert!(out.contains(shown), "{out:?}");
}

#[tokio::test]
async fn output_that_is_no_terminal_has_no_colours() {
    let server = Server::start().await;
    let token = server.create().await;
    let (_, out, _) = run(command(&["join", &server.invite(&token), "Ann"]), b"hi\n").await;
    assert!(out.contains("Ann: hi\n") && !out.contains('\u{1b}'), "{out:?}");
}

#[tokio::test]
async fn a_line_that_can_not_be_sent_is_said_and_the_others_go_on() {
    let server = Server::start().await;
    let token = server.create().await;
    let mut input = b"\xff\n".to_vec();
    input.extend(vec![b'x'; 20_000]);
    input.extend(b"\n");
    input.extend(vec![b'x'; 2_000_000]);
    input.extend(b"\nlast\n");
    let (code, out, said) = run(command(&["join", &server.invite(&token), "Ann"]), &input).await;
    assert_eq!(code, 1);
    assert!(out.ends_with("* Ann joined\nAnn: last\n* you left the room\n"), "{out}");
    for reason in ["not UTF-8", "20000 bytes, and 16384 are allowed", "over a megabyte", "not all"]
    {
        assert!(said.contains(reason), "{said}");
    }
}

#[tokio::test]
async fn signals_leave_in_good_order() {
    let server = Server::start().await;
    for signal in ["INT", "TERM", "HUP"] {
        let token = server.create().await;
        let mut ben = server.join(&token, "Ben").await;
        let mut ann = Running::start(command(&["join", &server.invite(&token), "Ann"]));
        ann.wait_for("* Ann joined").await;
        ann.signal(signal).await;
        let (code, out, _) = ann.end().await;
        assert_eq!((code, out.as_str()), (0, "* you left the room\n"), "{signal}");
        let left = ben.wait_for(|event| matches!(event, Event::Left { .. })).await;
        assert!(matches!(left, Event::Left { why: LeaveWhy::Bye, .. }), "{signal}: {left:?}");
    }
}

#[tokio::test]
async fn a_reader_that_goes_away_ends_it_quietly() {
    let server = Server::start().await;
    let token = server.create().await;
    let ben = server.join(&token, "Ben").await;
    let mut ann = Running::start(command(&["join", &server.invite(&token), "Ann"]));
    ann.wait_for("* Ann joined").await;
    ann.stop_reading();
    ben.handle.send("anybody there?").await.unwrap();
    let (code, _, said) = ann.end().await;
    assert_eq!(code, 0);
    assert_eq!(said.lines().count(), 1, "only that the room is plain: {said}");
}
