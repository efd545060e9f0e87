//! Against a server that takes its time, which a real one seldom does.

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpListener;
use tokio_tungstenite::{
    accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{Request, Response},
    },
};

use crate::bench::{command, run};

const ROOM: &str = r#""room":{"kind":"plain","created":1,"expires":9,"history":100,"max":256}"#;
const LIMITS: &str = r#""limits":{"frame":9999,"text":9999,"nick":32,"rate":{"per_s":9,"burst":9},"ping_ms":20000,"grace_ms":1}"#;

#[tokio::test]
async fn history_is_shown_to_the_end_even_where_there_is_no_input() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let link = format!("http://{}/#01ab-0101-wxyz-0000", listener.local_addr().unwrap());
    let serve = async {
        let (tcp, _) = listener.accept().await.unwrap();
        #[expect(clippy::result_large_err, reason = "the callback's type is tungstenite's")]
        let mut ws = accept_hdr_async(tcp, |request: &Request, mut response: Response| {
            let asked = request.headers()["sec-websocket-protocol"].clone();
            response.headers_mut().insert("sec-websocket-protocol", asked);
            Ok(response)
        })
        .await
        .unwrap();
        ws.next().await.unwrap().unwrap();
        let ann = r#"{"sid":1,"mode":"v1","since":1,"nick":"Ann"}"#;
        let inst = "A".repeat(22);
        let welcome = format!(
            r#"{{"t":"welcome","v":1,"inst":"{inst}","sid":1,"resumed":false,{ROOM},"peers":[{ann}],"seq":2,"now":1,{LIMITS}}}"#
        );
        ws.send(Message::text(welcome)).await.unwrap();
        // The program is awake and has all the time to give up.
        for _ in 0..200 {
            ws.send(Message::Ping("".into())).await.unwrap();
            assert!(matches!(ws.next().await, Some(Ok(Message::Pong(_)))));
        }
        for frame in [
            r#"{"t":"msg","seq":1,"ts":1,"from":7,"nick":"Ben","text":"long ago"}"#,
            r#"{"t":"live","seq":2}"#,
        ] {
            ws.send(Message::text(frame)).await.unwrap();
        }
        while ws.next().await.is_some_and(|message| message.is_ok()) {}
    };
    let ((code, out, _), ()) = tokio::join!(run(command(&["join", &link, "Ann"]), b""), serve);
    assert_eq!(code, 0);
    assert_eq!(out, "* here now: Ann (you)\nBen: long ago\n* you left the room\n");
}
