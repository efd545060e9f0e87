//! A member's socket, and the few words of the wire that are looked at.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{WebSocketStream, client_async};

/// So little that the server soon notices who doesn't read.
const SLOW_BUFFER: u32 = 4 << 10;

/// A new plain room.
pub(crate) async fn create(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let ask = "GET /create HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(ask.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    body["token"].as_str().unwrap().to_owned()
}

/// What comes from the server.
pub(crate) enum Input {
    Frame(String),
    /// The end, with its code where there was one.
    Closed(Option<u16>),
}

/// A connection on chat.v1. Dropping it cuts it.
pub(crate) struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    pub(crate) async fn connect(address: SocketAddr, slow: bool) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        if slow {
            socket.set_recv_buffer_size(SLOW_BUFFER).unwrap();
        }
        let stream = socket.connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut request = format!("ws://{address}/ws").into_client_request().unwrap();
        let protocol = HeaderValue::from_static("chat.v1");
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        Self(client_async(request, stream).await.unwrap().0)
    }

    /// Sends a frame. Whether it arrives is for what comes to tell: the server
    /// may be closing.
    pub(crate) async fn say(&mut self, frame: &str) {
        let _ = self.0.send(Message::text(frame)).await;
    }

    /// Closes cleanly.
    pub(crate) async fn close(&mut self) {
        let frame = CloseFrame { code: 1000.into(), reason: "".into() };
        let _ = self.0.close(Some(frame)).await;
    }

    pub(crate) async fn next(&mut self) -> Input {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Input::Frame(text.as_str().to_owned()),
                Some(Ok(Message::Close(close))) => {
                    return Input::Closed(close.map(|close| close.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Input::Closed(None),
            }
        }
    }

    /// Reads on until the end, whatever comes.
    pub(crate) async fn ended(&mut self) -> Option<u16> {
        loop {
            if let Input::Closed(code) = self.next().await {
                return code;
            }
        }
    }
}

/// A member of a frame that is written as a number. Nothing that is said here
/// looks like one, and to parse each frame whole takes most of the time.
pub(crate) fn number(frame: &str, name: &str) -> Option<u64> {
    let (_, rest) = frame.split_once(&format!("\"{name}\":"))?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// The same for a text.
pub(crate) fn text<'a>(frame: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = frame.split_once(&format!("\"{name}\":\""))?;
    rest.split('"').next()
}
