//! How a connection ends, and how long its session is waited for
//! (docs/protocol.md, section 4.3).

use std::num::NonZeroU32;
use std::time::Duration;

use chat_server::Config;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Client, TestServer, again, hello, open_config};

/// A grace that is over by the time that anybody looks.
const SHORT: Duration = Duration::from_millis(1);

fn short() -> Config {
    let mut config = open_config();
    config.limits.grace = SHORT;
    config
}

/// Ann looks on while bob comes; bob's hello.
async fn two(server: &TestServer, token: &str) -> (Client, Client, Value) {
    let mut ann = server.member(token, "ann").await;
    let me = hello(token, "bob");
    let bob = server.enter(&me).await;
    ann.until("join").await;
    (ann, bob, me)
}

/// Waits until somebody left, which is the next that happens.
async fn leaves(ann: &mut Client, sid: &Value, why: &str) {
    let leave = ann.event().await;
    assert_eq!((&leave["t"], &leave["sid"], &leave["why"]), (&json!("leave"), sid, &json!(why)));
}

#[tokio::test]
async fn after_the_grace_a_session_comes_back_with_a_join() {
    let server = TestServer::start(short()).await;
    let token = server.create().await;
    let (mut ann, bob, me) = two(&server, &token).await;
    let (inst, sid, last) = (bob.welcome()["inst"].clone(), bob.sid().clone(), bob.last());
    drop(bob);
    leaves(&mut ann, &sid, "timeout").await;
    let mut eve = server.member(&token, "BOB").await;
    ann.until("join").await;
    let me = again(&me, Some((&inst, last)));
    assert_eq!(server.refused(&me).await, (4422, "nick_taken".into()));
    let mut other = again(&me, Some((&inst, last)));
    other["nick"] = json!("robert");
    let bob = server.enter(&other).await;
    assert_eq!((&bob.welcome()["resumed"], bob.sid()), (&json!(true), &sid));
    assert_eq!(bob.replay(), ["leave", "join", "join"]);
    let join = ann.event().await;
    assert_eq!((&join["t"], &join["peer"]["sid"]), (&json!("join"), &sid));
    assert_eq!(join["peer"]["nick"], "robert");
    assert_eq!(eve.frame().await, join);
}

#[tokio::test]
async fn a_place_that_was_given_away_is_waited_for() {
    let mut config = short();
    config.limits.room_max = NonZeroU32::new(2);
    let server = TestServer::start(config).await;
    let token = server.create().await;
    let (mut ann, bob, me) = two(&server, &token).await;
    let (inst, sid, last) = (bob.welcome()["inst"].clone(), bob.sid().clone(), bob.last());
    drop(bob);
    leaves(&mut ann, &sid, "timeout").await;
    let eve = server.member(&token, "eve").await;
    let me = again(&me, Some((&inst, last)));
    assert_eq!(server.refused(&me).await, (4423, "room_full".into()));
    eve.close().await;
    ann.until("leave").await;
    let bob = server.enter(&again(&me, Some((&inst, last)))).await;
    assert_eq!((&bob.welcome()["resumed"], bob.sid()), (&json!(true), &sid));
    assert_eq!(bob.replay(), ["leave", "join", "leave", "join"]);
}

#[tokio::test]
async fn a_place_is_kept_during_the_grace() {
    let mut config = open_config();
    config.limits.room_max = NonZeroU32::new(2);
    let server = TestServer::start(config).await;
    let token = server.create().await;
    let (_ann, bob, me) = two(&server, &token).await;
    drop(bob);
    assert_eq!(server.refused(&hello(&token, "eve")).await, (4423, "room_full".into()));
    let mut me = again(&me, None);
    me["nick"] = json!("ignored");
    let bob = server.enter(&me).await;
    assert_eq!(bob.welcome()["peers"][1]["nick"], "bob");
}

#[tokio::test]
async fn a_forgotten_session_begins_anew_and_is_told_what_it_missed() {
    let mut config = short();
    config.limits.remember = Duration::ZERO;
    let server = TestServer::start(config).await;
    let token = server.create_with("?history=2").await;
    let (mut ann, bob, me) = two(&server, &token).await;
    let (inst, sid, last) = (bob.welcome()["inst"].clone(), bob.sid().clone(), bob.last());
    drop(bob);
    leaves(&mut ann, &sid, "timeout").await;
    for text in ["one", "two", "three"] {
        ann.post(text, text).await;
        ann.until("msg").await;
    }
    let bob = server.enter(&again(&me, Some((&inst, last)))).await;
    assert_eq!(bob.welcome()["resumed"], false);
    assert_ne!(bob.sid(), &sid);
    // Its leave and the first message are gone.
    assert_eq!(
        bob.seen[1],
        json!({"t": "gap", "from": last + 1, "to": last + 2, "why": "expired"})
    );
    assert_eq!(bob.replay(), ["gap", "two", "three", "join"]);
}

#[tokio::test]
async fn who_says_goodbye_is_forgotten_at_once() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let (mut ann, mut bob, me) = two(&server, &token).await;
    let sid = bob.sid().clone();
    bob.say(json!({"t": "bye"})).await;
    assert_eq!(bob.closed().await.0, 1000);
    leaves(&mut ann, &sid, "bye").await;
    let me = again(&me, None);
    let bob = server.enter(&me).await;
    assert_eq!(bob.welcome()["resumed"], false);
    assert_ne!(bob.sid(), &sid);
    ann.until("join").await;

    let sid = bob.sid().clone();
    bob.close().await;
    leaves(&mut ann, &sid, "bye").await;
    let bob = server.enter(&again(&me, None)).await;
    assert_eq!(bob.welcome()["resumed"], false);
}

#[tokio::test]
async fn a_page_that_goes_away_is_waited_for_a_shorter_time() {
    let mut config = open_config();
    config.limits.reload_grace = SHORT;
    let server = TestServer::start(config).await;
    let token = server.create().await;
    let (mut ann, bob, me) = two(&server, &token).await;
    let sid = bob.sid().clone();
    bob.close_with(1001).await;
    leaves(&mut ann, &sid, "timeout").await;
    let bob = server.enter(&again(&me, None)).await;
    assert_eq!((&bob.welcome()["resumed"], bob.sid()), (&json!(true), &sid));
}

#[tokio::test]
async fn who_breaks_the_protocol_is_not_waited_for() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let (mut ann, bob, _) = two(&server, &token).await;
    bob.close().await;
    ann.until("leave").await;
    for (message, close) in [
        (Message::text("{"), 4400),
        (Message::binary(vec![1]), 1003),
        (Message::text("x".repeat(65_537)), 1009),
    ] {
        let mut bad = server.member(&token, "bad").await;
        ann.until("join").await;
        bad.send(message).await;
        assert_eq!(bad.closed().await.0, close);
        leaves(&mut ann, bad.sid(), "timeout").await;
    }
}

#[tokio::test]
async fn other_ends_of_a_connection_are_waited_for() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let mut me = hello(&token, "bob");
    let mut sid = None;
    for code in [None, Some(4000), Some(1011)] {
        let bob = server.enter(&me).await;
        assert_eq!(sid.get_or_insert(bob.sid().clone()), bob.sid(), "{code:?}");
        match code {
            Some(code) => bob.close_with(code).await,
            None => drop(bob),
        }
        me = again(&me, None);
    }
    ann.until("join").await;
    ann.post("a", "nobody left").await;
    assert_eq!(ann.event().await["text"], "nobody left");
}

#[tokio::test]
async fn who_is_in_plain_mode_leaves_with_the_connection() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let pat = server.plain(&token, "pat").await;
    let join = ann.until("join").await;
    drop(pat);
    leaves(&mut ann, &join["peer"]["sid"], "timeout").await;
    server.plain(&token, "pat").await;
}

#[tokio::test]
async fn a_giant_room_counts_those_who_did_not_come_back_no_more() {
    let mut config = short();
    config.limits.room_max = None;
    let server = TestServer::start(config).await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let bob = server.member(&token, "bob").await;
    while ann.until("count").await["n"] != 2 {}
    drop(bob);
    while ann.until("count").await["n"] != 1 {}
}
