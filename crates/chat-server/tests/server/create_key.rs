//! Rooms that only whoever has the server's key may open.

use std::time::Duration;

use chat_core::Rate;
use chat_server::Config;
use serde_json::{Value, json};

use crate::support::{TestServer, again, hello, open_config, sealed_hello};

const KEY: &str = "open-sesame";
const ROOM: &str = "yM_W3eTr8vkABw4VHCMqMQ";

fn config() -> Config {
    Config { create_key: Some(KEY.parse().unwrap()), ..open_config() }
}

fn with_key(mut hello: Value, key: &str) -> Value {
    hello["create_key"] = json!(key);
    hello
}

fn bearer(key: &str) -> String {
    format!("Authorization: Bearer {key}\r\n")
}

#[tokio::test]
async fn create_takes_the_key_as_a_header() {
    let server = TestServer::start(config()).await;
    for (headers, status) in [
        (String::new(), 401),
        (bearer("open-sesam"), 401),
        (bearer(""), 401),
        (format!("Authorization: Basic {KEY}\r\n"), 401),
        (format!("Authorization: {KEY}\r\n"), 401),
        (bearer(KEY), 200),
        (format!("authorization: bearer {KEY}\r\n"), 200),
    ] {
        for method in ["GET", "POST"] {
            let (found, head, body) = server.ask(method, "/create", &headers).await;
            assert_eq!(found, status, "{headers:?}");
            let challenged = head.contains("www-authenticate: bearer");
            assert_eq!(challenged, status == 401, "{head}");
            assert_eq!(body.contains(r#""error":"create_key""#), status == 401, "{body}");
            assert!(!body.contains("sesam"), "{body}");
        }
    }
    // An address ends in logs: what stands there is no key.
    assert_eq!(server.get(&format!("/create?create_key={KEY}&key={KEY}")).await.0, 401);
    let said = async |headers: &str| server.ask("GET", "/create", headers).await.2;
    assert_ne!(said("").await, said(&bearer("wrong")).await);
}

#[tokio::test]
async fn a_hello_needs_the_key_only_where_the_room_is_not_there() {
    let server = TestServer::start(config()).await;
    let ann = sealed_hello(ROOM, 1, 0, true);
    let refused = (4403, "create_key".to_owned());
    assert_eq!(server.refused(&ann).await, refused);
    assert_eq!(server.refused(&with_key(ann.clone(), "open-sesam")).await, refused);
    assert_eq!(server.refused(&with_key(ann.clone(), "")).await, refused);
    // Without `create` there is nothing to open, whatever is shown.
    let joins = with_key(sealed_hello(ROOM, 1, 0, false), KEY);
    assert_eq!(server.refused(&joins).await, (4404, "no_room".to_owned()));

    let ann = with_key(ann, KEY);
    let first = server.enter(&ann).await;
    // Who comes to a room that is there needs none, and neither does who comes back.
    server.enter(&sealed_hello(ROOM, 2, 0, true)).await;
    server.enter(&with_key(sealed_hello(ROOM, 3, 0, true), "wrong")).await;
    let mut back = again(&ann, Some((&first.welcome()["inst"], first.last())));
    back.as_object_mut().unwrap().remove("create_key");
    assert_eq!(server.enter(&back).await.welcome()["resumed"], true);
}

#[tokio::test]
async fn a_plain_room_is_joined_without_it() {
    let server = TestServer::start(config()).await;
    let (_, _, body) = server.ask("POST", "/create", &bearer(KEY)).await;
    let token: Value = serde_json::from_str(&body).unwrap();
    let token = token["token"].as_str().unwrap();
    server.plain(token, "Ann").await;
    server.enter(&hello(token, "Ben")).await;
}

#[tokio::test]
async fn info_says_that_it_is_needed() {
    let info = async |config| TestServer::start(config).await.get("/info").await.2;
    assert!(info(config()).await.contains(r#""create_key":true"#));
    assert!(!info(open_config()).await.contains("create_key"));
}

#[tokio::test]
async fn a_key_that_nobody_wants_does_no_harm() {
    let server = TestServer::open().await;
    server.enter(&with_key(sealed_hello(ROOM, 1, 0, true), KEY)).await;
    assert_eq!(server.ask("GET", "/create", &bearer(KEY)).await.0, 200);
}

#[tokio::test]
async fn guessing_ends_at_the_limit_and_a_right_guess_looks_like_a_wrong_one() {
    let hour = Duration::from_secs(3600);
    let address_failed_joins = Some(Rate { tokens: 1, per: hour, burst: 3 });
    let limited = Config { address_failed_joins, ..config() };

    let server = TestServer::start(limited.clone()).await;
    for _ in 0..3 {
        assert_eq!(server.ask("GET", "/create", &bearer("guess")).await.0, 401);
    }
    for key in ["guess", KEY] {
        let (status, head, _) = server.ask("GET", "/create", &bearer(key)).await;
        assert_eq!(status, 429, "{key}");
        assert!(head.contains("retry-after: "), "{head}");
    }

    // By hello too; and whether a room is there is nothing to find out without the key.
    let server = TestServer::start(limited).await;
    let other = "AAcOFRwjKjE4P0ZNVFtiaQ";
    let there = server.enter(&with_key(sealed_hello(ROOM, 1, 0, true), KEY)).await;
    for spk in 2..5 {
        let (code, _) = server.refused(&sealed_hello(other, spk, 0, true)).await;
        assert_eq!(code, 4403);
    }
    for (room, key) in [(other, KEY), (other, "guess"), (ROOM, "guess"), (ROOM, KEY)] {
        let hello = with_key(sealed_hello(room, 9, 0, true), key);
        assert_eq!(server.refused(&hello).await, (4429, "rate".to_owned()), "{room} {key}");
    }
    there.close().await;
}

#[tokio::test]
async fn after_a_restart_whoever_has_the_key_opens_the_room_again() {
    let server = TestServer::start(config()).await;
    let ann = with_key(sealed_hello(ROOM, 1, 0, true), KEY);
    let ben = sealed_hello(ROOM, 2, 0, true);
    let inst = {
        let ann = server.enter(&ann).await;
        server.enter(&ben).await;
        ann.welcome()["inst"].clone()
    };
    server.stopped_now().await;
    let next = TestServer::start(config()).await;
    let back = |hello: &Value| again(hello, Some((&inst, 3)));
    assert_eq!(next.refused(&back(&ben)).await, (4403, "create_key".to_owned()));
    next.enter(&back(&ann)).await;
    next.enter(&again(&back(&ben), None)).await;
}
