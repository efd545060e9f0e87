//! Those who read slowly, or not at all.

use std::time::Duration;

use chat_core::Limits;
use chat_server::{Config, Timers};
use futures_util::StreamExt;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;

use crate::process::resident_kib;
use crate::support::{self, Client, TestServer, open_config};
use crate::tls;

const MESSAGES: usize = 10_000;
const OUTSTANDING: usize = 64;
const MEMBERS: usize = 50;

fn fast(timers: Timers) -> Config {
    let limits = Limits { message_rate: None, ..Limits::default() };
    Config { limits, timers, ..open_config() }
}

/// No ping helps out, and nobody is cut off on a machine with much to do.
fn patient() -> Timers {
    let time = Duration::from_secs(600);
    Timers { ping: time, silence: 2 * time, stall: time, ..Timers::default() }
}

fn text(n: usize) -> String {
    format!("{n:05} {}", "x".repeat(300))
}

/// Says everything, with a bounded number outstanding, and sees it all back.
async fn say_all(mut client: Client, messages: usize) {
    let mut back = 0;
    for n in 0..messages {
        while n >= back + OUTSTANDING {
            assert_eq!(client.until("msg").await["text"], text(back));
            back += 1;
        }
        client.post(&n.to_string(), &text(n)).await;
    }
    while back < messages {
        assert_eq!(client.until("msg").await["text"], text(back));
        back += 1;
    }
}

async fn hear_all(mut client: Client, structured: bool, messages: usize) {
    for n in 0..messages {
        match structured {
            true => assert_eq!(client.until("msg").await["text"], text(n)),
            false => assert_eq!(client.next_text().await, format!("speaker: {}", text(n))),
        }
    }
}

/// A room in which everybody but the silent one hears and says everything.
async fn busy_room(server: &TestServer, token: &str, messages: usize) -> JoinSet<()> {
    let members = messages * MEMBERS / MESSAGES;
    let mut all = JoinSet::new();
    for n in 0..members - 2 {
        let nick = format!("m{n}");
        match n % 2 == 0 {
            true => all.spawn(hear_all(server.member(token, &nick).await, true, messages)),
            false => all.spawn(hear_all(server.plain(token, &nick).await, false, messages)),
        };
    }
    all.spawn(say_all(server.member(token, "speaker").await, messages));
    all
}

#[tokio::test]
async fn one_that_reads_nothing_costs_nobody_anything_and_is_told_of_its_gap() {
    let server = TestServer::start(fast(patient())).await;
    silent_is_told_of_its_gap(server, MESSAGES).await;
}

#[tokio::test]
async fn one_that_reads_nothing_over_tls_costs_nobody_anything_either() {
    silent_is_told_of_its_gap(tls::start(fast(patient())).await, MESSAGES / 4).await;
}

async fn silent_is_told_of_its_gap(server: TestServer, messages: usize) {
    let token = server.create().await;
    let silent = server.member(&token, "silent").await.into_socket();
    let all = busy_room(&server, &token, messages).await;
    let this = std::process::id();
    let before = resident_kib(this);
    support::soon("all messages for all others", all.join_all()).await;
    let grown = resident_kib(this).saturating_sub(before);
    // Everything said is 3 MB a member; the room holds 1 MiB of it. The clients
    // of this test are in the same process, so this bounds them too.
    assert!(grown < 64 << 10, "{grown} KiB for a log of 1 MiB");

    // It reads again: what it gets is in order, with the hole named.
    let mut silent = silent;
    let (mut next, mut gaps) = (0, 0);
    let mut last = 0;
    while next < messages {
        let Some(Ok(message)) = support::soon("a frame", silent.next()).await else { break };
        let Message::Text(frame) = message else { continue };
        let frame: serde_json::Value = serde_json::from_str(&frame).unwrap();
        match frame["t"].as_str().unwrap() {
            "gap" => {
                assert_eq!(frame["from"], last + 1);
                assert_eq!(frame["why"], "slow");
                last = frame["to"].as_u64().unwrap();
                gaps += 1;
            }
            "msg" => {
                assert_eq!(frame["seq"], last + 1);
                last += 1;
                let n: usize = frame["text"].as_str().unwrap()[..5].parse().unwrap();
                assert!(n >= next);
                next = n + 1;
            }
            _ => last = frame["seq"].as_u64().unwrap_or(last),
        }
    }
    assert_eq!(next, messages, "it saw the end");
    assert!(gaps > 0, "{messages} messages don't fit a log of 512");
}

fn impatient() -> Config {
    let timers = Timers { stall: Duration::from_millis(300), ..Timers::default() };
    let mut config = fast(timers);
    config.limits.grace = Duration::from_millis(1);
    config
}

#[tokio::test]
async fn one_that_paces_itself_waits_for_who_reads_slowly() {
    const TEXTS: usize = 1500;
    let text = |n: usize| format!("{n:05} {}", "x".repeat(16_000));
    let server = TestServer::start(fast(Timers::default())).await;
    let token = server.create().await;
    let mut slow = server.member(&token, "slow").await;
    let mut hello = support::hello(&token, "patient");
    hello["pace"] = true.into();
    let mut patient = server.enter(&hello).await;
    let saying = tokio::spawn(async move {
        for n in 0..TEXTS {
            patient.post(&n.to_string(), &text(n)).await;
            patient.until("msg").await;
        }
    });
    for n in 0..TEXTS {
        // Without pace reading takes ten times what saying takes.
        tokio::time::sleep(Duration::from_millis(2)).await; // tidy: this is the slow reader
        let frame = loop {
            let frame = slow.frame().await;
            if frame["t"] == "msg" || frame["t"] == "gap" {
                break frame;
            }
        };
        assert_eq!(frame["text"], text(n), "{}", frame["t"]);
    }
    saying.await.unwrap();
}

#[tokio::test]
async fn one_that_takes_nothing_for_too_long_is_cut_off() {
    stalled_is_cut_off(TestServer::start(impatient()).await).await;
}

#[tokio::test]
async fn one_that_takes_nothing_over_tls_is_cut_off() {
    stalled_is_cut_off(tls::start(impatient()).await).await;
}

async fn stalled_is_cut_off(server: TestServer) {
    let token = server.create().await;
    let _stalled = server.member(&token, "stalled").await;
    let mut other = server.member(&token, "other").await;
    // Until the kernel takes no more for the stalled one.
    let mut left = None;
    for n in 0.. {
        other.post(&format!("a{n}"), &"x".repeat(16 << 10)).await;
        loop {
            let frame = other.frame().await;
            match frame["t"].as_str().unwrap() {
                "leave" => left = Some(frame),
                "msg" => break,
                _ => {}
            }
        }
        if left.is_some() {
            break;
        }
    }
    assert_eq!(left.unwrap()["why"], "timeout");
}

#[tokio::test]
async fn a_plain_member_that_falls_off_the_log_is_closed() {
    let limits = Limits {
        message_rate: None,
        log_events: std::num::NonZeroU32::new(4).unwrap(),
        ..Limits::default()
    };
    let server = TestServer::start(Config { limits, ..open_config() }).await;
    let token = server.create().await;
    let mut slow = server.plain(&token, "slow").await;
    let mut other = server.plain(&token, "other").await;
    // More than any socket's buffers hold.
    for _ in 0..2000 {
        other.text(&"x".repeat(16 << 10)).await;
        other.next_text().await;
    }
    let code = loop {
        match slow.next().await {
            Message::Text(_) => {}
            Message::Close(Some(close)) => break u16::from(close.code),
            message => panic!("{message:?}"),
        }
    };
    assert_eq!(code, 4408);
}

#[tokio::test]
async fn a_log_of_one_event_loses_nothing_that_is_not_named() {
    let limits =
        Limits { message_rate: None, log_events: std::num::NonZeroU32::MIN, ..Limits::default() };
    let server = TestServer::start(Config { limits, ..open_config() }).await;
    let token = server.create().await;
    let mut ann = server.member(&token, "ann").await;
    let mut bob = server.member(&token, "bob").await;
    for n in 0..50 {
        ann.post(&format!("{n}"), &format!("{n}")).await;
    }
    for n in 0..50 {
        assert_eq!(bob.until("msg").await["text"], n.to_string());
    }
    assert_eq!(ann.until("msg").await["text"], "0");
}
