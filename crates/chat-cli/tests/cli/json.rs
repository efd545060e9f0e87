//! `--json`: events for programs.

use chat_client::Nick;
use serde_json::Value;

use crate::bench::{Running, Server, command, run};

async fn object(running: &mut Running) -> Value {
    serde_json::from_str(&running.line().await).unwrap()
}

#[tokio::test]
async fn every_line_is_an_object_with_a_type() {
    let server = Server::start().await;
    let token = server.create().await;
    let mut ben = server.join(&token, "Ben").await;
    ben.handle.send("before \u{1b}[2J").await.unwrap();
    ben.hear().await;

    let mut ann = Running::start(command(&["join", "--json", &server.invite(&token), "Ann"]));
    let welcome = object(&mut ann).await;
    assert_eq!((&welcome["type"], &welcome["kind"]), (&"welcome".into(), &"plain".into()));
    let own = welcome["sid"].as_u64().unwrap();
    let nicks: Vec<_> = welcome["people"].as_array().unwrap().iter().map(|p| &p["nick"]).collect();
    assert_eq!(nicks, ["Ben", "Ann"]);
    let join = object(&mut ann).await;
    assert_eq!((&join["type"], &join["nick"]), (&"join".into(), &"Ben".into()));
    let message = object(&mut ann).await;
    assert_eq!(
        (&message["text"], &message["replayed"]),
        (&"before \u{1b}[2J".into(), &true.into())
    );
    assert_eq!(object(&mut ann).await["sid"], own);
    assert_eq!(object(&mut ann).await["type"], "live");

    ann.type_in("hi\n").await;
    let message = object(&mut ann).await;
    assert_eq!(message["type"], "message");
    assert_eq!((&message["nick"], &message["text"]), (&"Ann".into(), &"hi".into()));
    assert_eq!((&message["own"], &message["replayed"]), (&true.into(), &false.into()));
    assert_eq!(message["sid"], own);
    assert!(message["ts"].as_u64() > Some(1_600_000_000_000) && message["seq"].as_u64() > Some(3));

    ben.handle.rename(Nick::parse("Benno").unwrap());
    let rename = object(&mut ann).await;
    assert_eq!((&rename["type"], &rename["old"]), (&"rename".into(), &"Ben".into()));
    ben.handle.set_typing(true);
    let typing = object(&mut ann).await;
    assert_eq!((&typing["type"], &typing["nick"]), (&"typing".into(), &"Benno".into()));
    ben.handle.leave();
    let mut leave = object(&mut ann).await;
    // A typing that ends with the session may be told before it.
    while leave["type"] == "typing" {
        leave = object(&mut ann).await;
    }
    assert_eq!((&leave["type"], &leave["nick"]), (&"leave".into(), &"Benno".into()));
    assert_eq!(leave["why"], "bye");

    ann.end_input();
    let (code, out, _) = ann.end().await;
    let end: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &end["type"], &end["exit"]), (0, &"end".into(), &0.into()));
}

#[tokio::test]
async fn an_end_that_is_a_failure_says_its_code_too() {
    let server = Server::start().await;
    let token = server.create().await;
    let mut ann = Running::start(command(&["join", "--json", &server.invite(&token), "Ann"]));
    while object(&mut ann).await["type"] != "live" {}
    let server = server.restart().await;
    let (code, out, _) = ann.end().await;
    server.stop().await;
    let objects: Vec<Value> = out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let kinds: Vec<_> = objects.iter().map(|object| object["type"].as_str().unwrap()).collect();
    assert_eq!(kinds[..2], ["ending", "waiting"]);
    let [.., end, error] = &objects[..] else { panic!("{out}") };
    assert_eq!((code, &end["type"], &end["exit"]), (3, &"end".into(), &3.into()));
    assert_eq!((&error["type"], &error["exit"]), (&"error".into(), &3.into()));
}

#[tokio::test]
async fn a_bot_is_a_shell_loop() {
    let server = Server::start().await;
    let token = server.create().await;
    let (_, out, _) =
        run(command(&["join", "--json", &server.invite(&token), "bot"]), b"ping\n").await;
    let kinds: Vec<Value> =
        out.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["type"].clone()).collect();
    assert_eq!(kinds, ["welcome", "join", "live", "message", "end"]);
}
