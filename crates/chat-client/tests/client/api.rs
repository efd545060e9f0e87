//! Creating a room and asking for the limits, over plain HTTP.

use crate::double::Double;
use chat_client::{Client, ConnectError, Opts, RequestError};

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

async fn create(prefix: &str, opts: Opts, answer: &str) -> (Result<String, RequestError>, String) {
    let double = Double::start().await;
    let server = double.url(prefix);
    let client = Client::new("test/1");
    let (token, head) = tokio::join!(client.create(&server, &opts), double.answer(answer));
    (token.map(|token| token.to_string()), head)
}

#[tokio::test]
async fn create_gives_the_token() {
    let answer = ok(r#"{"token":"01ab-0101-wxyz-0000"}"#);
    let (token, head) = create("/chat", Opts::default(), &answer).await;
    assert_eq!(token.unwrap(), "01ab-0101-wxyz-0000");
    assert!(head.starts_with("POST /chat/create HTTP/1.1\r\nhost: 127.0.0.1:"), "{head}");
    assert!(head.contains("user-agent: test/1\r\n"), "{head}");
}

#[tokio::test]
async fn wishes_are_in_the_query() {
    let opts = Opts { ttl_s: Some(60), max: None, history: Some(0) };
    let (_, head) = create("", opts, &ok(r#"{"token":"01ab-0101-wxyz-0000"}"#)).await;
    assert!(head.starts_with("POST /create?ttl_s=60&history=0 HTTP/1.1\r\n"), "{head}");
}

#[tokio::test]
async fn a_refusal_is_told_in_the_servers_words() {
    let body = r#"{"error":"rate","message":"wait 3 seconds"}"#;
    let answer =
        format!("HTTP/1.1 429 X\r\nretry-after: 3\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let (token, _) = create("", Opts::default(), &answer).await;
    let error = token.unwrap_err();
    assert!(matches!(error, RequestError::Refused { status: 429, .. }));
    assert!(error.to_string().contains("wait 3 seconds"), "{error}");

    let (token, _) =
        create("", Opts::default(), "HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n").await;
    assert!(token.unwrap_err().to_string().contains("later"));
}

#[tokio::test]
async fn what_is_no_chat_server_is_called_so() {
    let sealed = ok(r#"{"token":"000g-40r4-0m30-e209-185g-r38e-1wpn"}"#);
    for answer in [ok("<html>"), ok(r#"{"token":"short"}"#), sealed, "220 smtp\r\n".to_owned()] {
        let (token, _) = create("", Opts::default(), &answer).await;
        let error = token.unwrap_err();
        assert!(matches!(error, RequestError::NotChat { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let double = Double::start().await;
    let server = double.url("");
    let client = Client::new("test/1");
    let opts = Opts::default();
    let (token, ()) = tokio::join!(client.create(&server, &opts), double.answer_endlessly());
    assert!(matches!(token, Err(RequestError::NotChat { .. })), "{token:?}");
}

#[tokio::test]
async fn a_connection_that_breaks_is_no_answer() {
    let (token, _) = create("", Opts::default(), "HTTP/1.1 200 OK\r\ncontent-le").await;
    assert!(matches!(token, Err(RequestError::NoAnswer { .. })), "{token:?}");
}

#[tokio::test]
async fn info_gives_the_limits() {
    let body = concat!(
        r#"{"limits":{"frame":65536,"text":16384,"nick":32,"rate":{"per_s":20,"burst":40},"#,
        r#""ping_ms":20000,"grace_ms":60000},"opts":{"ttl_s":{"min":1,"max":3,"default":2},"#,
        r#""max":{"min":1,"max":256,"default":256},"history":{"min":0,"max":512,"default":100}}}"#
    );
    let double = Double::start().await;
    let server = double.url("");
    let client = Client::new("test/1");
    let answer = ok(body);
    let (info, head) = tokio::join!(client.info(&server), double.answer(&answer));
    assert!(head.starts_with("GET /info HTTP/1.1\r\n"));
    let info = info.unwrap();
    assert_eq!((info.limits.text, info.opts.ttl_s.default), (16384, 2));
}

#[tokio::test]
async fn nobody_there_is_said() {
    let double = Double::start().await;
    let server = double.url("");
    drop(double);
    let error = Client::new("test/1").create(&server, &Opts::default()).await.unwrap_err();
    assert!(matches!(error, RequestError::Connect(ConnectError::Unreachable { .. })));
}
