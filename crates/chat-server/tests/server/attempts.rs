//! Two connections of one session: the later attempt counts
//! (docs/protocol.md, section 4.3).

use std::time::Duration;

use chat_core::Rate;
use serde_json::json;

use crate::support::{TestServer, again, hello, open_config, sealed, sealed_hello};

#[tokio::test]
async fn a_second_window_takes_over_and_the_first_is_heard_no_more() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let me = hello(&token, "bob");
    let mut first = server.enter(&me).await;
    let sid = first.sid().clone();
    ann.until("join").await;
    let mut second = server.enter(&again(&me, None)).await;
    assert_eq!((&second.welcome()["resumed"], second.sid()), (&json!(true), &sid));
    first.post("old", "from the first").await;
    first.say(json!({"t": "profile", "nick": "robert"})).await;
    first.say(json!({"t": "bye"})).await;
    assert_eq!(first.closed().await, (4409, "replaced".into()));
    drop(first);
    second.post("new", "from the second").await;
    let frame = ann.frame().await;
    assert_eq!((&frame["text"], &frame["from"]), (&json!("from the second"), &sid));
    assert_eq!(second.frame().await, frame);
}

#[tokio::test]
async fn what_the_first_window_still_held_is_not_said_twice() {
    let mut config = open_config();
    config.limits.message_rate = Some(Rate { tokens: 1, per: Duration::from_secs(1), burst: 1 });
    let server = TestServer::start(config).await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let me = hello(&token, "bob");
    let mut first = server.enter(&me).await;
    first.post("a", "taken").await;
    first.post("b", "held back, for it came too fast").await;
    ann.until("msg").await;
    let mut second = server.enter(&again(&me, None)).await;
    assert_eq!(first.closed().await.0, 4409);
    second.post("b", "held back, for it came too fast").await;
    second.post("c", "the last").await;
    assert_eq!(ann.until("msg").await["id"], "b");
    assert_eq!(ann.until("msg").await["id"], "c");
}

#[tokio::test]
async fn a_late_attempt_is_turned_away_and_disturbs_nobody() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let early = hello(&token, "bob");
    let me = again(&early, None);
    let mut bob = server.enter(&me).await;
    ann.until("join").await;
    for late in [&me, &early] {
        assert_eq!(server.refused(late).await, (4409, "replaced".into()));
    }
    bob.post("a", "still here").await;
    assert_eq!(bob.frame().await["text"], "still here");
    assert_eq!(ann.frame().await["text"], "still here");

    // Nor is it let in while nobody else of the session is there.
    drop(bob);
    assert_eq!(server.refused(&me).await, (4409, "replaced".into()));
    let bob = server.enter(&again(&me, None)).await;
    assert_eq!(bob.welcome()["resumed"], true);
}

const ROOM: &str = "AAAAAAAAAAAAAAAAAAAAAg";

#[tokio::test]
async fn a_page_that_was_reloaded_in_a_sealed_room_is_a_new_session() {
    let server = TestServer::open().await;
    let mut ann = server.enter(&sealed_hello(ROOM, 1, 0, true)).await;
    let me = sealed_hello(ROOM, 2, 0, false);
    let bob = server.enter(&me).await;
    let sid = bob.sid().clone();
    ann.until("join").await;
    bob.close_with(1001).await;

    let mut reloaded = again(&me, None);
    reloaded["spk"] = sealed_hello(ROOM, 3, 0, false)["spk"].clone();
    let mut bob = server.enter(&reloaded).await;
    assert_eq!(bob.welcome()["resumed"], false);
    let leave = ann.event().await;
    assert_eq!((&leave["t"], &leave["sid"], &leave["why"]), (&json!("leave"), &sid, &json!("bye")));
    let join = ann.frame().await;
    assert_eq!((&join["t"], &join["peer"]["sid"]), (&json!("join"), bob.sid()));
    assert_eq!(join["peer"]["spk"], reloaded["spk"]);

    // The same where the old page is still there.
    let mut again = again(&reloaded, None);
    again["spk"] = sealed_hello(ROOM, 4, 0, false)["spk"].clone();
    let new = server.enter(&again).await;
    bob.say(json!({"t": "send", "id": "old", "m": sealed(1)})).await;
    assert_eq!(bob.closed().await, (4409, "replaced".into()));
    assert_eq!(ann.frame().await["why"], "bye");
    assert_eq!(&ann.frame().await["peer"]["sid"], new.sid());
    ann.say(json!({"t": "send", "id": "end", "m": sealed(1)})).await;
    assert_eq!(ann.frame().await["id"], "end", "the old page said nothing more");
}

#[tokio::test]
async fn a_hello_brings_the_newest_profile() {
    let server = TestServer::open().await;
    let mut ann = server.enter(&sealed_hello(ROOM, 1, 0, true)).await;
    let me = sealed_hello(ROOM, 2, 3, false);
    drop(server.enter(&me).await);
    ann.until("join").await;
    let mut newer = again(&me, None);
    newer["profile"] = sealed(4);
    let bob = server.enter(&newer).await;
    assert_eq!(bob.welcome()["peers"][1]["profile"]["n"], 4);
    assert_eq!(ann.event().await["profile"]["n"], 4);
    drop(bob);
    let mut older = again(&newer, None);
    older["profile"] = sealed(2);
    let bob = server.enter(&older).await;
    assert_eq!(bob.welcome()["peers"][1]["profile"]["n"], 4);
}
