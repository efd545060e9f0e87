//! Coming back after the connection was lost: nothing is missing, nothing comes
//! twice (docs/protocol.md, section 4.3).

use std::num::NonZeroU32;

use chat_server::Config;
use serde_json::{Value, json};

use crate::support::{Client, TestServer, again, hello, open_config};

fn config() -> Config {
    let mut config = open_config();
    config.limits.message_rate = None;
    config
}

/// Says something, and waits until it has come back; its place.
async fn say(client: &mut Client, text: &str) -> u64 {
    client.post(text, text).await;
    loop {
        let msg = client.until("msg").await;
        if msg["text"] == text {
            return msg["seq"].as_u64().unwrap();
        }
    }
}

/// What comes up to the message `text`, each as its kind.
async fn kinds_until(client: &mut Client, text: &str) -> Vec<String> {
    let mut kinds = Vec::new();
    loop {
        let frame = client.event().await;
        if frame["text"] == text {
            return kinds;
        }
        kinds.push(frame["t"].as_str().unwrap().to_owned());
    }
}

#[tokio::test]
async fn a_cut_connection_goes_on_where_it_was_and_nobody_sees_it() {
    let server = TestServer::start(config()).await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let me = hello(&token, "bob");
    let mut bob = server.enter(&me).await;
    ann.until("join").await;
    let last = say(&mut bob, "before").await;
    let (inst, sid) = (bob.welcome()["inst"].clone(), bob.sid().clone());
    drop(bob);
    for text in ["one", "two", "three"] {
        say(&mut ann, text).await;
    }
    let mut bob = server.enter(&again(&me, Some((&inst, last)))).await;
    assert_eq!((&bob.welcome()["resumed"], bob.sid()), (&json!(true), &sid));
    assert_eq!(bob.replay(), ["one", "two", "three"]);
    assert_eq!(bob.welcome()["peers"].as_array().unwrap().len(), 2);
    assert_eq!((&bob.welcome()["seq"], bob.last()), (&json!(last + 3), last + 3));

    say(&mut ann, "four").await;
    assert_eq!(kinds_until(&mut bob, "four").await, [""; 0]);
    bob.post("after", "after").await;
    assert_eq!(kinds_until(&mut ann, "after").await, [""; 0], "nobody came or went");
}

#[tokio::test]
async fn who_missed_nothing_is_given_nothing() {
    let server = TestServer::start(config()).await;
    let token = server.create().await;
    let me = hello(&token, "ann");
    let ann = server.enter(&me).await;
    let resume = (ann.welcome()["inst"].clone(), ann.last());
    drop(ann);
    let ann = server.enter(&again(&me, Some((&resume.0, resume.1)))).await;
    assert_eq!(ann.welcome()["resumed"], true);
    assert_eq!(ann.replay(), [""; 0]);
}

#[tokio::test]
async fn after_a_lost_welcome_all_is_given_from_its_own_beginning() {
    let server = TestServer::start(config()).await;
    let token = server.create_with("?history=1").await;
    let mut ann = server.member(&token, "ann").await;
    say(&mut ann, "unseen").await;
    say(&mut ann, "history").await;
    let me = hello(&token, "bob");
    let mut lost = server.v1().await;
    lost.say(me.clone()).await;
    let join = ann.until("join").await;
    drop(lost);
    say(&mut ann, "meanwhile").await;
    let bob = server.enter(&again(&me, None)).await;
    assert_eq!((&bob.welcome()["resumed"], bob.sid()), (&json!(true), &join["peer"]["sid"]));
    assert_eq!(bob.replay(), ["history", "join", "meanwhile"]);
}

#[tokio::test]
async fn nobody_is_given_what_was_before_they_came() {
    let server = TestServer::start(config()).await;
    let token = server.create_with("?history=0").await;
    let mut ann = server.member(&token, "ann").await;
    say(&mut ann, "before").await;
    let me = hello(&token, "bob");
    let bob = server.enter(&me).await;
    let inst = bob.welcome()["inst"].clone();
    drop(bob);
    let bob = server.enter(&again(&me, Some((&inst, 0)))).await;
    assert_eq!(bob.welcome()["resumed"], true);
    assert_eq!(bob.replay(), ["join"], "its own, and no gap");
}

#[tokio::test]
async fn what_fell_out_of_the_log_is_named() {
    let mut config = config();
    config.limits.log_events = NonZeroU32::new(8).unwrap();
    let server = TestServer::start(config).await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let me = hello(&token, "bob");
    let bob = server.enter(&me).await;
    let (inst, last) = (bob.welcome()["inst"].clone(), bob.last());
    drop(bob);
    let mut newest = 0;
    for n in 0..20 {
        newest = say(&mut ann, &n.to_string()).await;
    }
    let bob = server.enter(&again(&me, Some((&inst, last)))).await;
    assert_eq!(
        bob.seen[1],
        json!({"t": "gap", "from": last + 1, "to": newest - 8, "why": "expired"})
    );
    let seqs: Vec<u64> = bob.seen[2..].iter().map(|f| f["seq"].as_u64().unwrap()).collect();
    let held: Vec<u64> = (newest - 7..=newest).chain([newest]).collect();
    assert_eq!(seqs, held, "eight messages and live");
}

#[tokio::test]
async fn sends_that_are_repeated_are_acknowledged_and_delivered_once() {
    let server = TestServer::start(config()).await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let me = hello(&token, "bob");
    let mut bob = server.enter(&me).await;
    let (inst, last) = (bob.welcome()["inst"].clone(), bob.last());
    bob.post("a", "taken").await;
    let taken = ann.until("msg").await;
    drop(bob);
    let mut bob = server.enter(&again(&me, Some((&inst, last)))).await;
    assert_eq!(bob.replay(), ["taken"]);
    for (id, text) in [("a", "taken"), ("b", "new"), ("a", "taken"), ("b", "new")] {
        bob.post(id, text).await;
    }
    let ack = |id: &str, msg: &Value| json!({"t": "ack", "id": id, "seq": msg["seq"]});
    assert_eq!(bob.frame().await, ack("a", &taken));
    // A message goes by the room's flusher, an ack at once.
    let mut rest = Vec::new();
    for _ in 0..3 {
        rest.push(bob.frame().await);
    }
    rest.sort_by_key(|frame| frame["t"] == "ack");
    assert_eq!(rest[0]["text"], "new");
    assert_eq!(rest[1..], [ack("a", &taken), ack("b", &rest[0])]);
    ann.post("z", "end").await;
    assert_eq!(kinds_until(&mut ann, "end").await, ["msg"], "the new one, once");
}

#[tokio::test]
async fn a_resume_from_what_never_was_harms_nobody() {
    let server = TestServer::start(config()).await;
    let token = server.create().await;
    let me = hello(&token, "bob");
    let mut bob = server.enter(&me).await;
    let (inst, last) = (bob.welcome()["inst"].clone(), bob.last());
    let ahead = again(&me, Some((&inst, last + 1)));
    assert_eq!(server.refused(&ahead).await, (4400, "bad_hello".into()));
    let last = say(&mut bob, "still-here").await;
    drop(bob);
    let bob = server.enter(&again(&me, Some((&inst, last)))).await;
    assert_eq!((&bob.welcome()["resumed"], bob.replay()), (&json!(true), vec![]));
}

#[tokio::test]
async fn a_resume_in_another_room_or_another_life_of_it_means_nothing() {
    let server = TestServer::start(config()).await;
    let (here, there) = (server.create().await, server.create().await);
    let me = hello(&here, "bob");
    let mut bob = server.enter(&me).await;
    let inst = bob.welcome()["inst"].clone();
    let last = say(&mut bob, "here").await;

    let mut ann = server.member(&there, "ann").await;
    say(&mut ann, "there").await;
    let mut elsewhere = again(&me, Some((&inst, last)));
    elsewhere["token"] = json!(there);
    let visitor = server.enter(&elsewhere).await;
    assert_eq!(visitor.welcome()["resumed"], false);
    assert_eq!(visitor.replay(), ["join", "there", "join"]);

    let another = visitor.welcome()["inst"].clone();
    let bob = server.enter(&again(&me, Some((&another, 1_000_000)))).await;
    assert_eq!(bob.welcome()["resumed"], true, "its key is known");
    assert_eq!(bob.replay(), ["join", "here"], "as if it knew nothing");
}

#[tokio::test]
async fn whoever_has_another_key_is_somebody_else() {
    let server = TestServer::start(config()).await;
    let token = server.create_with("?history=2").await;
    let bob = server.member(&token, "bob").await;
    let (inst, sid) = (bob.welcome()["inst"].clone(), bob.sid().clone());
    let mut ann = server.member(&token, "ann").await;
    for text in ["one", "two", "three"] {
        say(&mut ann, text).await;
    }
    drop(bob);
    let thief = again(&hello(&token, "bob"), Some((&inst, 1)));
    assert_eq!(server.refused(&thief).await, (4422, "nick_taken".into()), "in its grace");
    let thief = again(&hello(&token, "eve"), Some((&inst, 1)));
    let eve = server.enter(&thief).await;
    assert_eq!(eve.welcome()["resumed"], false);
    assert_ne!(eve.sid(), &sid);
    assert_eq!(eve.seen[1], json!({"t": "gap", "from": 2, "to": 3, "why": "expired"}));
    assert_eq!(eve.replay(), ["gap", "two", "three", "join"]);
}
