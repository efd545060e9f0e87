//! A server of one connection that says what the test wants it to say.

use chat_client::ServerUrl;
use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_tungstenite::{
    WebSocketStream, accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{Request, Response},
        protocol::CloseFrame,
    },
};

pub(crate) const LIVE: &str = r#"{"t":"live","seq":1}"#;

/// A listener on a free port of loopback.
pub(crate) struct Double {
    listener: TcpListener,
}

impl Double {
    pub(crate) async fn start() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    pub(crate) fn url(&self, prefix: &str) -> ServerUrl {
        format!("http://{}{prefix}", self.listener.local_addr().unwrap()).parse().unwrap()
    }

    /// Takes a WebSocket for chat.v1 and says which path was asked for.
    pub(crate) async fn accept(&self) -> (Peer, String) {
        let (tcp, _) = self.listener.accept().await.unwrap();
        let mut path = String::new();
        #[expect(clippy::result_large_err, reason = "the callback's type is tungstenite's")]
        let ws = accept_hdr_async(tcp, |request: &Request, mut response: Response| {
            path = request.uri().to_string();
            let asked = request.headers()["sec-websocket-protocol"].clone();
            assert_eq!(asked, "chat.v1");
            response.headers_mut().insert("sec-websocket-protocol", asked);
            Ok(response)
        })
        .await
        .unwrap();
        (Peer { ws }, path)
    }

    /// Takes a WebSocket, hears the `hello` and lets the client in.
    pub(crate) async fn welcome(&self) -> Peer {
        let (mut peer, _) = self.accept().await;
        let hello = peer.hear().await;
        assert!(hello.starts_with(r#"{"t":"hello","v":1,"#), "{hello}");
        peer.say(&welcome()).await;
        peer.say(LIVE).await;
        peer
    }

    /// Answers one HTTP request with a body that ends only when nobody reads it any more.
    pub(crate) async fn answer_endlessly(&self) {
        let (mut tcp, _) = self.request().await;
        tcp.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        while tcp.write_all(&[b'x'; 4096]).await.is_ok() {}
    }

    /// Answers one HTTP request with these bytes, and gives its head back.
    pub(crate) async fn answer(&self, answer: &str) -> String {
        let (mut tcp, head) = self.request().await;
        tcp.write_all(answer.as_bytes()).await.unwrap();
        head
    }

    async fn request(&self) -> (TcpStream, String) {
        let (mut tcp, _) = self.listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(tcp.read_u8().await.unwrap());
        }
        (tcp, String::from_utf8(head).unwrap())
    }
}

/// The other end of a client's WebSocket.
pub(crate) struct Peer {
    ws: WebSocketStream<TcpStream>,
}

impl Peer {
    pub(crate) async fn say(&mut self, frame: &str) {
        self.ws.send(Message::text(frame)).await.unwrap();
    }

    pub(crate) async fn send(&mut self, message: Message) {
        self.ws.send(message).await.unwrap();
    }

    /// The next text frame.
    pub(crate) async fn hear(&mut self) -> String {
        match self.ws.next().await {
            Some(Ok(Message::Text(text))) => text.to_string(),
            other => panic!("no text frame: {other:?}"),
        }
    }

    /// The code of the close frame that must come now.
    pub(crate) async fn hear_close(&mut self) -> Option<u16> {
        match self.ws.next().await {
            Some(Ok(Message::Close(close))) => close.map(|close| close.code.into()),
            other => panic!("no close frame: {other:?}"),
        }
    }

    /// What the pong says that must come now.
    pub(crate) async fn hear_pong(&mut self) -> String {
        match self.ws.next().await {
            Some(Ok(Message::Pong(said))) => String::from_utf8(said.into()).unwrap(),
            other => panic!("no pong: {other:?}"),
        }
    }

    pub(crate) async fn close(mut self, code: u16) {
        let close = CloseFrame { code: code.into(), reason: "".into() };
        self.ws.close(Some(close)).await.unwrap();
        // Until the other end has answered it.
        while self.ws.next().await.is_some_and(|message| message.is_ok()) {}
    }
}

/// Ann alone, with sid 1 and `join` 1; 256 KiB of text are allowed.
fn welcome() -> String {
    let inst = "A".repeat(22);
    let room = r#"{"kind":"plain","created":1,"expires":9,"history":100,"max":256}"#;
    let limits = r#"{"frame":300000,"text":262144,"nick":32,"rate":{"per_s":20,"burst":40},"ping_ms":20000,"grace_ms":60000}"#;
    let ann = r#"{"sid":1,"mode":"v1","since":1,"nick":"Ann"}"#;
    format!(
        r#"{{"t":"welcome","v":1,"inst":"{inst}","sid":1,"resumed":false,"room":{room},"peers":[{ann}],"seq":1,"now":5,"limits":{limits}}}"#
    )
}

/// What the room makes of a `send`.
pub(crate) fn echo(seq: u64, send: &str) -> String {
    let rest = send.strip_prefix(r#"{"t":"send","#).unwrap();
    format!(r#"{{"t":"msg","seq":{seq},"ts":1,"from":1,"nick":"Ann",{rest}"#)
}
