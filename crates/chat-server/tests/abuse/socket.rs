//! A WebSocket client that comes from an address of its choice.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
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

/// Where a server is, and how one speaks to it.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) address: SocketAddr,
    pub(crate) tls: Option<TlsConnector>,
}

/// A connection, with TLS or without.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection from an address, on which nothing was said.
pub(crate) async fn connect(from: IpAddr, to: &Place) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    socket.connect(to.address).await
}

/// The same, past the TLS handshake where there is one.
async fn open(from: IpAddr, to: &Place) -> io::Result<Box<dyn Stream>> {
    let stream = connect(from, to).await?;
    match &to.tls {
        None => Ok(Box::new(stream)),
        Some(tls) => {
            let name = ServerName::IpAddress(to.address.ip().into());
            Ok(Box::new(soon("a TLS handshake", tls.connect(name, stream)).await?))
        }
    }
}

/// The answer to a request, up to the connection's end.
pub(crate) async fn ask(from: IpAddr, to: &Place, path: &str) -> (u16, String) {
    let mut stream = open(from, to).await.unwrap();
    let host = to.address;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let mut answer = Vec::new();
    let _ = stream.write_all(request.as_bytes()).await;
    let _ = soon("an answer", stream.read_to_end(&mut answer)).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer.split_once("\r\n\r\n").map_or(String::new(), |(_, body)| body.to_owned()))
}

/// A new plain room, or the status that says why not.
pub(crate) async fn try_create(from: IpAddr, to: &Place) -> Result<String, u16> {
    let (status, body) = ask(from, to, "/create").await;
    if status != 200 {
        return Err(status);
    }
    let body: Value = serde_json::from_str(&body).unwrap();
    let token = body["token"].as_str().unwrap().to_owned();
    TOKENS.lock().unwrap().push(token.clone());
    Ok(token)
}

/// A new plain room.
pub(crate) async fn create(from: IpAddr, to: &Place) -> String {
    try_create(from, to).await.expect("there is place for a room")
}

/// Of all rooms: no log is to hold one.
pub(crate) static TOKENS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A member in plain mode.
pub(crate) struct Socket(WebSocketStream<Box<dyn Stream>>);

impl Socket {
    /// Comes in; the status where it is not let in.
    pub(crate) async fn join(
        from: IpAddr,
        to: &Place,
        token: &str,
        nick: &str,
    ) -> Result<Self, u16> {
        let stream = open(from, to).await.map_err(|_| 0_u16)?;
        let url = format!("ws://{}/ws?token={token}&nick={nick}", to.address);
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
    pub(crate) fn raw(&mut self) -> &mut Box<dyn Stream> {
        self.0.get_mut()
    }
}
