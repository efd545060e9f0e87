//! Who is away and who is being waited for, as the others see it
//! (docs/protocol.md, section 4.3).

use std::time::{Duration, Instant};

use chat_core::{Limits, Rate};
use chat_server::Config;
use serde_json::{Value, json};

use crate::support::{Client, TestServer, again, hello, open_config};

/// Ann looks on while bob comes; bob's hello.
async fn two(server: &TestServer, token: &str) -> (Client, Client, Value) {
    let mut ann = server.member(token, "ann").await;
    let me = hello(token, "bob");
    let bob = server.enter(&me).await;
    ann.until("join").await;
    (ann, bob, me)
}

async fn away(client: &mut Client, on: bool) {
    client.say(json!({"t": "away", "on": on})).await;
}

/// The next that is seen is that somebody is somewhere else.
async fn sees(client: &mut Client, sid: &Value, is: &str) {
    assert_eq!(client.frame().await, json!({"t": "state", "sid": sid, "is": is}));
}

/// Where a newcomer is told that each of the others is.
fn peers(client: &Client) -> Vec<(String, String)> {
    let peers = client.welcome()["peers"].as_array().unwrap().iter();
    let text = |value: &Value, or: &str| value.as_str().unwrap_or(or).to_owned();
    peers.map(|peer| (text(&peer["nick"], ""), text(&peer["is"], "nothing said"))).collect()
}

fn is(nick: &str, is: &str) -> (String, String) {
    (nick.to_owned(), is.to_owned())
}

#[tokio::test]
async fn others_see_who_is_away_and_newcomers_are_told() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let (mut ann, mut bob, _) = two(&server, &token).await;
    let sid = bob.sid().clone();
    away(&mut bob, true).await;
    sees(&mut ann, &sid, "away").await;
    let cem = server.member(&token, "cem").await;
    let told = [is("ann", "nothing said"), is("bob", "away"), is("cem", "nothing said")];
    assert_eq!(peers(&cem), told);
    ann.until("join").await;

    // What is known is not said again, and oneself isn't told.
    away(&mut bob, true).await;
    away(&mut bob, false).await;
    sees(&mut ann, &sid, "here").await;
    away(&mut bob, false).await;
    bob.post("a", "hi").await;
    assert_eq!(ann.frame().await["text"], "hi");
    bob.until("join").await;
    assert_eq!(bob.frame().await["text"], "hi");
}

#[tokio::test]
async fn a_lost_connection_is_seen_and_its_return_too() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let (mut ann, mut bob, me) = two(&server, &token).await;
    let sid = bob.sid().clone();
    away(&mut bob, true).await;
    sees(&mut ann, &sid, "away").await;
    drop(bob);
    sees(&mut ann, &sid, "lost").await;
    let cem = server.member(&token, "cem").await;
    assert_eq!(peers(&cem)[1], is("bob", "lost"));
    ann.until("join").await;

    let bob = server.enter(&again(&me, None)).await;
    assert_eq!(peers(&bob)[1], is("bob", "nothing said"), "one comes back here");
    sees(&mut ann, &sid, "here").await;
}

#[tokio::test]
async fn a_connection_that_another_takes_over_was_not_lost() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let (mut ann, mut old, me) = two(&server, &token).await;
    away(&mut old, true).await;
    let sid = old.sid().clone();
    sees(&mut ann, &sid, "away").await;
    let mut new = server.enter(&again(&me, None)).await;
    sees(&mut ann, &sid, "here").await;
    assert_eq!(old.closed().await.0, 4409);
    new.post("a", "still here").await;
    assert_eq!(ann.frame().await["text"], "still here");
}

#[tokio::test]
async fn who_leaves_is_not_said_to_be_lost() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let (mut ann, mut bob, _) = two(&server, &token).await;
    away(&mut bob, true).await;
    bob.close().await;
    loop {
        let frame = ann.frame().await;
        match frame["t"].as_str().unwrap() {
            // That it was away may have been told before.
            "state" => assert_eq!(frame["is"], "away"),
            t => break assert_eq!(t, "leave"),
        }
    }
    ann.post("a", "alone").await;
    assert_eq!(ann.frame().await["text"], "alone");
}

#[tokio::test]
async fn plain_members_see_nothing_of_it_and_are_always_here() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut pat = server.plain(&token, "pat").await;
    let (mut ann, mut bob, _) = two(&server, &token).await;
    assert_eq!(peers(&ann)[0], is("pat", "nothing said"));
    let sid = bob.sid().clone();
    away(&mut bob, true).await;
    sees(&mut ann, &sid, "away").await;
    drop(bob);
    sees(&mut ann, &sid, "lost").await;
    ann.post("a", "hi").await;
    assert_eq!(pat.next_text().await, "ann: hi");
}

#[tokio::test]
async fn a_crowd_is_told_nothing() {
    let mut config = open_config();
    config.limits.room_max = None;
    let server = TestServer::start(config).await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let mut bob = server.member(&token, "bob").await;
    away(&mut bob, true).await;
    bob.post("a", "hi").await;
    drop(bob);
    ann.post("b", "and now?").await;
    loop {
        let frame = ann.frame().await;
        assert_ne!(frame["t"], "state");
        if frame["text"] == "and now?" {
            break;
        }
    }
}

#[tokio::test]
async fn being_away_costs_a_turn() {
    let mut config = open_config();
    let per = Duration::from_millis(500);
    config.limits.message_rate = Some(Rate { tokens: 1, per, burst: 2 });
    let server = TestServer::start(config).await;
    let token = server.create().await;
    let (mut ann, mut bob, _) = two(&server, &token).await;
    let (sid, start) = (bob.sid().clone(), Instant::now());
    for on in [true, false, true] {
        away(&mut bob, on).await;
        sees(&mut ann, &sid, if on { "away" } else { "here" }).await;
    }
    assert!(start.elapsed() >= per, "two were free");
}

/// Both are told once it has caught up: whoever it missed, wherever that is by then.
#[tokio::test]
async fn who_reads_too_slowly_is_told_in_the_end() {
    let limits = Limits { message_rate: None, ..Limits::default() };
    let server = TestServer::start(Config { limits, ..open_config() }).await;
    let token = server.create().await;
    let mut slow = server.member(&token, "slow").await;
    let (mut ann, mut bob, _) = two(&server, &token).await;
    let (bobs, anns) = (bob.sid().clone(), ann.sid().clone());
    // More than any socket's buffers hold.
    for n in 0..1000 {
        ann.post(&n.to_string(), &"x".repeat(16 << 10)).await;
        ann.until("msg").await;
    }
    away(&mut bob, true).await;
    sees(&mut ann, &bobs, "away").await;
    ann.post("last", "the last").await;
    while ann.until("msg").await["text"] != "the last" {}
    while slow.until("msg").await["text"] != "the last" {}
    sees(&mut slow, &anns, "here").await;
    sees(&mut slow, &bobs, "away").await;
    // From now on it is told at once again.
    away(&mut bob, false).await;
    sees(&mut slow, &bobs, "here").await;
}
