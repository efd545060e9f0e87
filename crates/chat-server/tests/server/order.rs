//! Everybody gets everything once, in one order.

use crate::support::{self, Client, TestServer, open_config};
use crate::tls;
use chat_core::Limits;
use chat_server::Config;
use tokio::task::JoinSet;

const MEMBERS: usize = 100;
const EACH: usize = 20;

/// Says all it has, the next thing when the one before came back, and gives
/// what it saw, as `nick: text`.
async fn talk(mut client: Client, nick: String, structured: bool) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    let (mut said, mut back) = (0, 0);
    let mine = format!("{nick}: ");
    while seen.len() < MEMBERS * EACH || said < EACH {
        if said < EACH && back == said {
            let text = format!("{said}");
            match structured {
                true => client.post(&text, &text).await,
                false => client.text(&text).await,
            }
            said += 1;
        }
        if structured {
            let msg = client.until("msg").await;
            seen.push(format!(
                "{}: {}",
                msg["nick"].as_str().unwrap(),
                msg["text"].as_str().unwrap()
            ));
        } else {
            seen.push(client.next_text().await);
        }
        back += usize::from(seen.last().is_some_and(|line| line.starts_with(&mine)));
    }
    seen
}

fn on(shards: usize) -> Config {
    let limits = Limits { message_rate: None, ..Limits::default() };
    Config { limits, shards, ..open_config() }
}

async fn hundred_at_once(server: TestServer) {
    let token = server.create().await;
    let mut clients = Vec::new();
    for n in 0..MEMBERS {
        let (nick, structured) = (format!("m{n}"), n % 2 == 0);
        let client = match structured {
            true => server.member(&token, &nick).await,
            false => server.plain(&token, &nick).await,
        };
        clients.push((client, nick, structured));
    }
    let mut all = JoinSet::new();
    for (client, nick, structured) in clients {
        all.spawn(talk(client, nick, structured));
    }
    let all = support::soon("all that was said", all.join_all()).await;
    let mut sorted = all[0].clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), MEMBERS * EACH, "something is missing or doubled");
    for (n, seen) in all.iter().enumerate() {
        assert!(*seen == all[0], "member {n} saw another order");
    }
}

#[tokio::test]
async fn a_hundred_senders_at_once_on_one_shard() {
    hundred_at_once(TestServer::start(on(1)).await).await;
}

#[tokio::test]
async fn a_hundred_senders_at_once_on_two_shards() {
    hundred_at_once(TestServer::start(on(2)).await).await;
}

#[tokio::test]
async fn a_hundred_senders_at_once_over_tls() {
    hundred_at_once(tls::start(on(2)).await).await;
}
