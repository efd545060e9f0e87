//! Every scenario against every server that is good, in both modes.

use futures_util::future::join_all;
use serde_json::Value;

use crate::program::load;
use crate::servers::Server;

/// Runs a scenario everywhere; it must find nothing wrong, and more that the caller looks at.
async fn everywhere(words: &str, look: impl Fn(&str, &Value)) {
    let servers = Server::all().await;
    let runs = servers.iter().flat_map(|server| ["plain", "v1"].map(|mode| (server, mode)));
    join_all(runs.map(async |(server, mode)| {
        let (code, found) = load(&server.url, &format!("{words} --mode {mode}")).await;
        let place = format!("{} in {mode}: {found}", server.name);
        for wrong in ["missing", "doubled", "out_of_order", "closed"] {
            assert_eq!(found[wrong], 0, "{place}");
        }
        assert_eq!(code, 0, "{place}");
        assert_eq!((&found["mode"], &found["url"]), (&mode.into(), &server.url.clone().into()));
        assert_eq!(found["scenario"], words.split(' ').next().unwrap());
        look(&place, &found);
    }))
    .await;
}

fn number(found: &Value, pointer: &str) -> f64 {
    found.pointer(pointer).and_then(Value::as_f64).unwrap_or_else(|| panic!("{pointer}: {found}"))
}

/// Deliveries came, and their latencies are in order.
fn assert_delivered(place: &str, found: &Value) {
    assert!(number(found, "/deliveries") > 0.0 && number(found, "/sent") > 0.0, "{place}");
    let latency = ["p50", "p99", "max"].map(|name| number(found, &format!("/latency_us/{name}")));
    assert!(latency.is_sorted() && latency[0] > 0.0, "{place}");
    let least = number(found, "/size") * number(found, "/deliveries");
    assert!(number(found, "/bytes") > least, "{place}");
}

#[tokio::test]
async fn fanout_with_a_window() {
    let words = "fanout --members 20 --senders 3 --window 8 --warmup 50ms --time 200ms";
    everywhere(words, |place, found| {
        assert_delivered(place, found);
        assert_eq!((&found["window"], &found["rate"]), (&8.into(), &Value::Null));
        assert_eq!((&found["members"], &found["senders"]), (&20.into(), &3.into()));
        assert!(found["cpu_us_per_delivery"].is_null(), "{place}");
    })
    .await;
}

#[tokio::test]
async fn fanout_by_the_clock() {
    let words = "fanout --members 5 --senders 2 --rate 200 --warmup 50ms --time 500ms --size 300";
    everywhere(words, |place, found| {
        assert_delivered(place, found);
        // Late ones are made up for, so that the pace is kept on a busy machine too; what was
        // due just before or after the window may count in it.
        let sent = number(found, "/sent") / number(found, "/seconds");
        assert!((120.0..=280.0).contains(&sent), "{sent}: {place}");
        assert_eq!(found["rate"], 200.0);
    })
    .await;
}

#[tokio::test]
async fn members_who_never_read_delay_nobody() {
    let words = "fanout --members 6 --stalled 2 --window 4 --warmup 50ms --time 200ms";
    everywhere(words, assert_delivered).await;
}

#[tokio::test]
async fn rooms_in_which_all_send() {
    let words = "rooms --rooms 12 --members 3 --window 2 --warmup 50ms --time 200ms --size 40";
    everywhere(words, |place, found| {
        assert_delivered(place, found);
        assert_eq!((&found["rooms"], &found["senders"]), (&12.into(), &3.into()));
    })
    .await;
}

#[tokio::test]
async fn rooms_that_are_left_and_entered() {
    let words = "churn --rooms 3 --members 4 --rate 50 --time 400ms";
    everywhere(words, |place, found| {
        assert_delivered(place, found);
        assert!(number(found, "/joins") > 6.0, "{place}");
    })
    .await;
}

#[tokio::test]
async fn a_small_room_beside_a_large_one() {
    let words = "mixed --members 3 --rate 100 --large 30 --window 4 --warmup 50ms --time 200ms";
    everywhere(words, |place, found| {
        assert_delivered(place, found);
        assert!(number(found, "/alone/deliveries") > 0.0, "{place}");
        assert!(number(found, "/alone/latency_us/p99") > 0.0, "{place}");
        assert_eq!(found["large"]["members"], 30);
        assert!(number(found, "/large/deliveries_per_s") > 0.0, "{place}");
    })
    .await;
}

#[tokio::test]
async fn connections_that_say_nothing() {
    let words = "idle --connections 25 --room-size 10 --rounds 2 --settle 20ms";
    everywhere(words, |place, found| {
        assert_eq!(found["rounds"].as_array().unwrap().len(), 2, "{place}");
        assert!(found["rounds"][0]["connected_kib"].is_null(), "{place}");
    })
    .await;
}

#[tokio::test]
async fn many_who_come_into_one_room() {
    everywhere("join --members 90 --steps 2", |place, found| {
        let steps = found["steps"].as_array().unwrap();
        assert_eq!(steps.iter().map(|step| &step["members"]).collect::<Vec<_>>(), [45, 90]);
        for step in steps {
            assert!(number(step, "/bytes") > 45.0 * 100.0, "{place}");
            assert!(number(step, "/seconds") > 0.0, "{place}");
        }
    })
    .await;
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_process_is_looked_at() {
    let server = Server::yardstick("floor --batched").await;
    let pid = server.pid().unwrap();
    let words = format!("fanout --members 9 --window 8 --warmup 50ms --time 200ms --pid {pid}");
    let (_, found) = load(&server.url, &words).await;
    assert!(number(&found, "/cpu_us_per_delivery") > 0.0, "{found}");
    assert!(number(&found, "/cpu_share") > 0.0, "{found}");
    assert_eq!(found["threads"][0]["name"], "chat-load", "{found}");
    for moment in ["before", "connected", "began", "ended", "peak", "after"] {
        assert!(number(&found["rss_kib"], &format!("/{moment}")) > 100.0, "{found}");
    }

    let words = format!("idle --connections 20 --rounds 1 --settle 20ms --pid {pid}");
    let (_, found) = load(&server.url, &words).await;
    assert!(number(&found, "/rounds/0/connected_kib") > 100.0, "{found}");
    assert!(found["rounds"][0]["bytes_per_connection"].is_number(), "{found}");
    let (_, found) = load(&server.url, &format!("join --members 9 --steps 1 --pid {pid}")).await;
    assert!(number(&found, "/steps/0/cpu_seconds") > 0.0, "{found}");
}
