//! A WebSocket client that comes from an address of its choice.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// After this something that was waited for does not come: generous, since it
/// is only ever used up by a test that fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for something that must come.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("this never came: {what}"))
}

/// A connection from an address.
pub(crate) async fn connect(from: IpAddr, to: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    socket.connect(to).await
}

/// The answer to a request, up to the connection's end.
pub(crate) async fn ask(from: IpAddr, to: SocketAddr, path: &str) -> (u16, String) {
    let mut stream = connect(from, to).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n\r\n");
    let mut answer = Vec::new();
    let _ = stream.write_all(request.as_bytes()).await;
    let _ = soon("an answer", stream.read_to_end(&mut answer)).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer.split_once("\r\n\r\n").map_or(String::new(), |(_, body)| body.to_owned()))
}

/// A new plain room.
pub(crate) async fn create(from: IpAddr, to: SocketAddr) -> String {
    let (status, body) = ask(from, to, "/create").await;
    assert_eq!(status, 200, "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    body["token"].as_str().unwrap().to_owned()
}

/// A member in plain mode.
pub(crate) struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// Comes in; the status where it is not let in.
    pub(crate) async fn join(
        from: IpAddr,
        to: SocketAddr,
        token: &str,
        nick: &str,
    ) -> Result<Self, u16> {
        let stream = connect(from, to).await.map_err(|_| 0_u16)?;
        let url = format!("ws://{to}/ws?token={token}&nick={nick}");
        let request = url.into_client_request().unwrap();
        match soon("a handshake", client_async(request, stream)).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(_) => Err(0),
        }
    }

    pub(crate) async fn say(&mut self, text: String) -> Result<(), Error> {
        self.0.send(Message::text(text)).await
    }

    /// The next text; `None` at the end.
    pub(crate) async fn hear(&mut self) -> Option<String> {
        loop {
            match self.0.next().await? {
                Ok(Message::Text(text)) => return Some(text.as_str().to_owned()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The code that the server closes with, whatever comes before.
    pub(crate) async fn closed(&mut self) -> Option<u16> {
        loop {
            match soon("a close", self.0.next()).await {
                Some(Ok(Message::Close(close))) => return close.map(|close| close.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// The socket below, for bytes that no client sends.
    pub(crate) fn raw(&mut self) -> &mut TcpStream {
        self.0.get_mut()
    }
}
