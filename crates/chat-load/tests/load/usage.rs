//! Exit codes, and what people are told.

use chat_server::Config;

use crate::program::run;
use crate::servers::Server;

#[tokio::test]
async fn wrong_usage_is_refused_with_what_to_write() {
    for (words, told) in [
        ("", "Usage"),
        ("fanout --url http://127.0.0.1:1", "--rate"),
        ("fanout --url http://127.0.0.1:1 --rate 1 --window 1", "cannot be used with"),
        ("fanout --url 127.0.0.1:1 --rate 1", "http://127.0.0.1:8080"),
        ("fanout --url http://127.0.0.1:1 --rate 0", "messages a second"),
        ("fanout --url http://127.0.0.1:1 --rate 1 --size 39", "from 40"),
        ("fanout --url http://127.0.0.1:1 --rate 1 --time soon", "such as 500ms"),
        ("fanout --url http://127.0.0.1:1 --rate 1 --members 3 --stalled 3", "more members"),
        ("churn --url http://127.0.0.1:1 --members 1", "2 members"),
        ("join --url http://127.0.0.1:1 --members 2 --steps 3", "fewer steps"),
        ("idle --url http://127.0.0.1:1 --source here", "127.0.0.0/8"),
        ("floor --listen nowhere", "--listen"),
    ] {
        let outcome = run(words).await;
        assert_eq!(outcome.code, 2, "{words}: {outcome:?}");
        assert!(outcome.err.contains(told), "{words}: {outcome:?}");
    }
}

/// What can't be run ends with 3 and a sentence that says what to do.
async fn assert_fails(words: &str, told: &[&str]) {
    let outcome = run(words).await;
    assert_eq!((outcome.code, &*outcome.out), (3, ""), "{words}: {outcome:?}");
    assert_eq!(outcome.err.lines().count(), 1, "{words}: {outcome:?}");
    for told in told {
        assert!(outcome.err.contains(told), "{words}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told() {
    // Nobody listens on a port that was just given back.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_fails(&format!("rooms --url {url} --rate 1"), &["no server at", &url]).await;
}

#[tokio::test]
async fn a_process_that_is_not_there_is_told() {
    let words = "rooms --url http://127.0.0.1:1 --rate 1 --pid 4294967295";
    assert_fails(words, &["--pid"]).await;
}

#[tokio::test]
async fn a_servers_limits_are_told_with_their_flags() {
    let server = Server::with(Config::default()).await;
    let url = &server.url;
    let words = format!("rooms --url {url} --rooms 30 --rate 1");
    assert_fails(&words, &["429", "--address-creates 0"]).await;

    let mut config = Config::default();
    config.limits.room_max = 3.try_into().ok();
    let server = Server::with(config).await;
    let url = &server.url;
    let words = format!("idle --url {url} --connections 4 --room-size 4 --rounds 1");
    assert_fails(&words, &["409", "--room-max 0"]).await;
    assert_fails(&format!("{words} --mode v1"), &["refuses a member"]).await;
}

#[tokio::test]
async fn people_get_lines_and_a_plain_word_of_what_came() {
    let server = Server::yardstick("floor --batched").await;
    let url = &server.url;
    let time = "--warmup 10ms --time 100ms";
    let outcome = run(&format!("fanout --url {url} --members 3 --window 2 {time}")).await;
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(outcome.out.starts_with(&format!("fanout      {url}, plain, 128 bytes, window 2\n")));
    assert!(outcome.out.ends_with("\ndelivered   everything, once and in order\n"), "{outcome:?}");
    for words in ["churn --rooms 1 --time 50ms", "idle --connections 2 --settle 1ms"] {
        let outcome = run(&format!("{words} --url {url}")).await;
        assert_eq!(outcome.code, 0, "{outcome:?}");
        assert!(outcome.out.contains(url) && outcome.out.lines().count() > 2, "{outcome:?}");
    }
}
