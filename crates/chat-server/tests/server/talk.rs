//! Talking: in plain mode, on chat.v1, and both in one room.

use chat_server::Config;
use serde_json::json;

use crate::support::{TestServer, open_config, sealed, sealed_hello};

#[tokio::test]
async fn plain_mode_says_nick_and_text_to_everybody() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut ann = server.try_plain(&format!("nick=ann&token={token}")).await.unwrap();
    let loud = token.to_uppercase().replace('-', "%20");
    let mut olga =
        server.try_plain(&format!("token={loud}&nick=%D0%9E%D0%BB%D1%8F+%E6%9D%8E")).await.unwrap();
    ann.text("hi\nolga: no").await;
    for client in [&mut ann, &mut olga] {
        assert_eq!(client.next_text().await, "ann: hi\n  olga: no");
    }
    olga.text("привет 👋🏽").await;
    for client in [&mut ann, &mut olga] {
        assert_eq!(client.next_text().await, "Оля 李: привет 👋🏽");
    }
}

#[tokio::test]
async fn a_plain_client_misses_nothing_after_its_handshake() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut speaker = server.plain(&token, "speaker").await;
    for n in 0..20 {
        let mut late = server.plain(&token, &format!("m{n}")).await;
        speaker.text("now").await;
        assert_eq!(late.next_text().await, "speaker: now");
        speaker.next_text().await;
    }
}

#[tokio::test]
async fn a_welcome_says_what_holds_and_replay_comes_before_live() {
    let server = TestServer::open().await;
    let token = server.create_with("?history=3&ttl_s=120&max=7").await;
    let mut ann = server.member(&token, "ann").await;
    let welcome = ann.welcome().clone();
    assert_eq!((&welcome["v"], &welcome["resumed"]), (&json!(1), &json!(false)));
    assert_eq!(welcome["room"]["kind"], "plain");
    assert_eq!(welcome["room"]["history"], 3);
    assert_eq!(welcome["room"]["max"], 7);
    let lifetime =
        welcome["room"]["expires"].as_u64().unwrap() - welcome["room"]["created"].as_u64().unwrap();
    assert_eq!(lifetime, 120_000);
    assert_eq!(welcome["limits"]["text"], 16_384);
    assert_eq!(welcome["limits"]["grace_ms"], 60_000);
    assert_eq!(welcome["limits"]["rate"], json!({"per_s": 20, "burst": 40}));
    assert_eq!(ann.seen[1]["t"], "join");
    assert_eq!(ann.seen.last().unwrap()["seq"], welcome["seq"]);

    for n in 0..5 {
        ann.post(&format!("id-{n}"), &n.to_string()).await;
        let msg = ann.until("msg").await;
        assert_eq!((&msg["id"], &msg["from"]), (&json!(format!("id-{n}")), &welcome["sid"]));
    }
    let bob = server.member(&token, "bob").await;
    let kinds: Vec<_> = bob.seen.iter().map(|frame| frame["t"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["welcome", "msg", "msg", "msg", "join", "live"]);
    assert_eq!(bob.seen[1]["text"], "2");
    let nicks: Vec<_> =
        bob.welcome()["peers"].as_array().unwrap().iter().map(|peer| &peer["nick"]).collect();
    assert_eq!(nicks, ["ann", "bob"]);
}

#[tokio::test]
async fn people_are_seen_coming_going_and_changing() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let plain = server.plain(&token, "pat").await;
    let join = ann.until("join").await;
    assert_eq!((&join["peer"]["nick"], &join["peer"]["mode"]), (&json!("pat"), &json!("plain")));
    plain.close().await;
    assert_eq!(ann.until("leave").await["sid"], join["peer"]["sid"]);

    let mut bob = server.member(&token, "bob").await;
    bob.say(json!({"t": "profile", "nick": "Robert"})).await;
    let profile = ann.until("profile").await;
    assert_eq!((&profile["nick"], &profile["sid"]), (&json!("Robert"), &bob.welcome()["sid"]));
    bob.say(json!({"t": "bye"})).await;
    assert_eq!(bob.closed().await.0, 1000);
    assert_eq!(ann.until("leave").await["why"], "bye");
}

#[tokio::test]
async fn typing_goes_to_the_others_and_a_ping_is_answered() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let mut bob = server.member(&token, "bob").await;
    ann.say(json!({"t": "typing", "on": true})).await;
    let typing = bob.until("typing").await;
    assert_eq!((&typing["sid"], &typing["on"]), (&ann.welcome()["sid"], &json!(true)));
    ann.say(json!({"t": "ping", "n": 7})).await;
    ann.until("join").await;
    let pong = ann.frame().await;
    assert_eq!((&pong["t"], &pong["n"]), (&json!("pong"), &json!(7)));
}

#[tokio::test]
async fn both_modes_meet_in_one_room() {
    let server = TestServer::open().await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let mut pat = server.plain(&token, "pat").await;
    pat.text("from plain").await;
    let msg = ann.until("msg").await;
    assert_eq!((&msg["nick"], &msg["text"]), (&json!("pat"), &json!("from plain")));
    assert_eq!(msg.get("id"), None);
    assert_eq!(pat.next_text().await, "pat: from plain");
    ann.post("x", "from\r\nchat.v1").await;
    assert_eq!(pat.next_text().await, "ann: from\r\n  chat.v1");
    assert_eq!(ann.until("msg").await["text"], "from\r\nchat.v1");
}

#[tokio::test]
async fn a_giant_room_counts_its_people() {
    let mut config = open_config();
    config.limits.room_max = None;
    let server = TestServer::start(config).await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    assert_eq!(ann.welcome()["room"]["max"], 0);
    assert_eq!(ann.seen.len(), 2, "no join: {:?}", ann.seen);
    let bob = server.member(&token, "bob").await;
    assert_eq!(bob.welcome()["peers"].as_array().unwrap().len(), 1);
    while ann.until("count").await["n"] != 2 {}
    bob.close().await;
    while ann.until("count").await["n"] != 1 {}
}

#[tokio::test]
async fn a_sealed_room_is_opened_by_its_id_and_carries_what_it_cannot_read() {
    let server = TestServer::start(Config { shards: 2, ..open_config() }).await;
    let room = "AAAAAAAAAAAAAAAAAAAAAQ";
    let mut nobody = server.v1().await;
    nobody.say(sealed_hello(room, 1, 0, false)).await;
    assert_eq!(nobody.closed().await, (4404, "no_room".into()));

    let mut ann = server.v1().await;
    ann.say(sealed_hello(room, 1, 0, true)).await;
    ann.live().await;
    assert_eq!(ann.welcome()["room"]["kind"], "sealed");
    let mut bob = server.v1().await;
    bob.say(sealed_hello(room, 2, 0, false)).await;
    bob.live().await;
    assert_eq!(bob.welcome()["inst"], ann.welcome()["inst"]);

    ann.say(json!({"t": "send", "id": "a", "m": sealed(5)})).await;
    let msg = bob.until("msg").await;
    assert_eq!((&msg["m"], &msg["spk"]), (&sealed(5), &sealed_hello(room, 1, 0, true)["spk"]));
    assert_eq!(ann.until("msg").await, msg);

    ann.post("b", "plain text").await;
    let error = ann.until("error").await;
    assert_eq!(
        (&error["code"], &error["re"], &error["fatal"]),
        (&json!("wrong_kind"), &json!("b"), &json!(false))
    );

    // A newer profile is news, an older one isn't.
    ann.say(json!({"t": "profile", "profile": sealed(4)})).await;
    assert_eq!(bob.until("profile").await["profile"]["n"], 4);
    ann.say(json!({"t": "profile", "profile": sealed(3)})).await;
    ann.say(json!({"t": "send", "id": "c", "m": sealed(6)})).await;
    assert_eq!(bob.frame().await["t"], "msg");

    let mut thief = server.v1().await;
    thief.say(sealed_hello(room, 1, 9, false)).await;
    assert_eq!(thief.closed().await, (4422, "spk_taken".into()));
}
