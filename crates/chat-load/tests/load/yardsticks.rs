//! The yardsticks speak as the server does, to any client.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::program::PATIENCE;
use crate::servers::Server;

type Client = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn create(server: &Server) -> String {
    let mut stream = TcpStream::connect(&server.url["http://".len()..]).await.unwrap();
    let request = b"GET /create HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    while !answer.ends_with('}') {
        let mut some = [0; 512];
        let read = timeout(PATIENCE, stream.read(&mut some)).await.unwrap().unwrap();
        assert_ne!(read, 0, "{}: {answer}", server.name);
        answer.push_str(std::str::from_utf8(&some[..read]).unwrap());
    }
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str::<Value>(body).unwrap()["token"].as_str().unwrap().to_owned()
}

async fn plain(server: &Server, token: &str, nick: &str) -> Client {
    let url = server.url.replace("http", "ws");
    connect_async(format!("{url}/ws?token={token}&nick={nick}")).await.unwrap().0
}

async fn v1(server: &Server, token: &str, nick: &str) -> Client {
    let url = format!("{}/ws", server.url.replace("http", "ws"));
    let mut request = url.into_client_request().unwrap();
    let protocol = HeaderValue::from_static("chat.v1");
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let mut client = connect_async(request).await.unwrap().0;
    let key = format!("{nick:A>21}A");
    let hello = json!({"t": "hello", "v": 1, "token": token, "key": key, "try": 1, "nick": nick});
    client.send(Message::text(hello.to_string())).await.unwrap();
    assert_eq!(frame(&mut client, "welcome").await["peers"][0]["nick"], nick);
    frame(&mut client, "live").await;
    client
}

async fn next(client: &mut Client) -> Message {
    timeout(PATIENCE, client.next()).await.expect("a frame").unwrap().unwrap()
}

/// The next frame of a kind; others are passed over.
async fn frame(client: &mut Client, t: &str) -> Value {
    loop {
        let text = next(client).await.into_text().unwrap();
        let frame: Value = serde_json::from_str(&text).unwrap();
        if frame["t"] == t {
            return frame;
        }
    }
}

async fn assert_closes(mut client: Client) {
    let close = CloseFrame { code: 1000.into(), reason: "".into() };
    client.close(Some(close)).await.unwrap();
    let Message::Close(Some(answer)) = next(&mut client).await else { panic!("no close") };
    assert_eq!(u16::from(answer.code), 1000);
    assert!(timeout(PATIENCE, client.next()).await.unwrap().is_none());
}

#[tokio::test]
async fn in_plain_mode_a_text_reaches_all_as_one_line() {
    for server in Server::all().await {
        let (here, elsewhere) = (create(&server).await, create(&server).await);
        let mut ann = plain(&server, &here, "ann").await;
        let mut bob = plain(&server, &here, "bob").await;
        let mut eve = plain(&server, &elsewhere, "eve").await;
        ann.send(Message::text("hi")).await.unwrap();
        bob.send(Message::Ping(Bytes::from_static(b"there?"))).await.unwrap();
        for client in [&mut ann, &mut bob] {
            let heard = [next(client).await];
            let said = Message::text("ann: hi");
            if heard[0] != said {
                assert_eq!(heard[0], Message::Pong(Bytes::from_static(b"there?")));
                assert_eq!(next(client).await, said, "{}", server.name);
            }
        }
        eve.send(Message::text("alone")).await.unwrap();
        assert_eq!(next(&mut eve).await, Message::text("eve: alone"), "{}", server.name);
        assert_closes(ann).await;
    }
}

#[tokio::test]
async fn in_chat_v1_all_get_the_same_bytes_under_rising_numbers() {
    for server in Server::all().await {
        let token = create(&server).await;
        let mut ann = v1(&server, &token, "ann").await;
        let mut bob = v1(&server, &token, "bob").await;
        let mut last = 0;
        for id in ["a1", "a2"] {
            let send = json!({"t": "send", "id": id, "text": "a \"quoted\" line\n"});
            ann.send(Message::text(send.to_string())).await.unwrap();
            let [one, two] = [frame(&mut ann, "msg").await, frame(&mut bob, "msg").await];
            assert_eq!(one, two, "{}", server.name);
            assert_eq!((&one["id"], &one["nick"]), (&id.into(), &"ann".into()), "{}", server.name);
            assert_eq!(one["text"], "a \"quoted\" line\n", "{}", server.name);
            assert!(
                one["seq"].as_u64().unwrap() > last && one["ts"].is_u64() && one["from"].is_u64()
            );
            last = one["seq"].as_u64().unwrap();
        }
        assert_closes(bob).await;
    }
}

#[tokio::test]
async fn an_unknown_room_is_refused() {
    for server in Server::all().await {
        let url = server.url.replace("http", "ws");
        let refused = connect_async(format!("{url}/ws?token=0000-0000-0000-0000&nick=ann")).await;
        assert!(refused.is_err(), "{}", server.name);
    }
}
