//! A server on a port of its own, and the clients that the tests speak through.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use chat_server::{Config, Listeners};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::secrets::Secrets;

/// After this something that was waited for does not come: generous, since it
/// is only ever used up by a test that fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Waits for something that must come.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("this never came: {what}"))
}

/// A connection to a server, over TLS or not.
pub(crate) trait Line: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Line for T {}

/// A server; it is stopped by [`stop`](Self::stop), or dropped with the test.
pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    /// Where its figures are; nowhere, for most.
    pub(crate) metrics: Option<SocketAddr>,
    /// Where clients come from.
    source: Ipv4Addr,
    /// How clients speak TLS, where it does.
    tls: Option<TlsConnector>,
    shutdown: Option<oneshot::Sender<()>>,
    done: JoinHandle<std::io::Result<()>>,
}

impl TestServer {
    pub(crate) async fn start(config: Config) -> Self {
        Self::serve(config, Vec::new()).await
    }

    /// One that tells its figures.
    pub(crate) async fn watched(config: Config) -> Self {
        Self::serve(config, vec![TcpListener::bind("127.0.0.1:0").await.unwrap()]).await
    }

    async fn serve(config: Config, metrics: Vec<TcpListener>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::on(config, Listeners { metrics, ..vec![listener].into() })
    }

    /// On these sockets.
    pub(crate) fn on(config: Config, listeners: Listeners) -> Self {
        let address = listeners.serving[0].local_addr().unwrap();
        let told = listeners.metrics.first().map(|listener| listener.local_addr().unwrap());
        let (shutdown, wait) = oneshot::channel::<()>();
        let done = tokio::spawn(chat_server::serve(config, listeners, async {
            drop(wait.await);
        }));
        let source = Ipv4Addr::LOCALHOST;
        Self { address, metrics: told, source, tls: None, shutdown: Some(shutdown), done }
    }

    /// One that runs elsewhere.
    pub(crate) fn at(address: SocketAddr) -> Self {
        let (source, done) = (Ipv4Addr::LOCALHOST, tokio::spawn(async { Ok(()) }));
        Self { address, metrics: None, source, tls: None, shutdown: None, done }
    }

    /// Has its clients come from this address.
    pub(crate) fn known_from(self, source: Ipv4Addr) -> Self {
        Self { source, ..self }
    }

    /// The same server, for clients that come from 127.0.0.`n`.
    pub(crate) fn seen_from(&self, n: u8) -> Self {
        Self::at(self.address).known_from(Ipv4Addr::new(127, 0, 0, n))
    }

    /// Has clients speak TLS with it.
    pub(crate) fn over(self, tls: TlsConnector) -> Self {
        Self { tls: Some(tls), ..self }
    }

    /// A connection that nothing was said on, below TLS.
    pub(crate) async fn silent(&self) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((self.source, 0).into()).unwrap();
        socket.connect(self.address).await.unwrap()
    }

    /// With the defaults, but without limits by address: all of a test's
    /// clients have one.
    pub(crate) async fn open() -> Self {
        Self::start(open_config()).await
    }

    pub(crate) fn ask_to_stop(&mut self) {
        self.shutdown.take();
    }

    pub(crate) async fn stopped_now(mut self) {
        self.ask_to_stop();
        self.stopped().await;
    }

    pub(crate) async fn stopped(self) {
        soon("the server's end", self.done).await.unwrap().unwrap();
    }

    /// The answer to a request: its status, head and body.
    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &str,
    ) -> (u16, String, String) {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n",
            self.address
        );
        let answer = self.raw(request.as_bytes()).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_lowercase(), body.to_owned())
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, String, String) {
        self.ask("GET", path, "").await
    }

    /// Writes bytes, and reads until the server closes.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.line().await;
        // A server that refuses may close before all is written.
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = soon("the end of an answer", stream.read_to_end(&mut answer)).await;
        answer
    }

    /// A connection that nothing was said on.
    pub(crate) async fn line(&self) -> Box<dyn Line> {
        let tcp = self.silent().await;
        match &self.tls {
            None => Box::new(tcp),
            Some(tls) => {
                let name = ServerName::IpAddress(self.address.ip().into());
                Box::new(soon("a TLS handshake", tls.connect(name, tcp)).await.unwrap())
            }
        }
    }

    pub(crate) async fn create(&self) -> String {
        self.create_with("").await
    }

    pub(crate) async fn create_with(&self, query: &str) -> String {
        let (status, _, body) = self.get(&format!("/create{query}")).await;
        assert_eq!(status, 200, "{body}");
        let answer: Value = serde_json::from_str(&body).unwrap();
        answer["token"].as_str().unwrap().to_owned()
    }

    /// A member in plain mode.
    pub(crate) async fn plain(&self, token: &str, nick: &str) -> Client {
        self.try_plain(&format!("token={token}&nick={nick}")).await.unwrap()
    }

    /// The status of a refusal in plain mode, and the code in its body.
    pub(crate) async fn try_plain(&self, query: &str) -> Result<Client, (u16, String)> {
        self.connect(&format!("/ws?{query}"), &[]).await
    }

    /// A socket that speaks chat.v1 and has said nothing yet.
    pub(crate) async fn v1(&self) -> Client {
        self.connect("/ws", &[("sec-websocket-protocol", "chat.v1")]).await.unwrap()
    }

    /// A member of a plain room on chat.v1, past its replay.
    pub(crate) async fn member(&self, token: &str, nick: &str) -> Client {
        self.enter(&hello(token, nick)).await
    }

    /// A member on chat.v1 by its own hello, past its replay.
    pub(crate) async fn enter(&self, hello: &Value) -> Client {
        let mut client = self.v1().await;
        client.say(hello.clone()).await;
        client.live().await;
        client
    }

    /// The close and the error that a hello is answered with.
    pub(crate) async fn refused(&self, hello: &Value) -> (u16, String) {
        let mut client = self.v1().await;
        client.say(hello.clone()).await;
        client.closed().await
    }

    pub(crate) async fn connect(
        &self,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Client, (u16, String)> {
        let url = format!("ws://{}{path}", self.address);
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
        }
        match soon("a handshake", client_async(request, self.line().await)).await {
            Ok((socket, _)) => Ok(Client { socket, seen: Vec::new() }),
            Err(Error::Http(answer)) => {
                let body = answer.body().clone().unwrap_or_default();
                let body: Value = serde_json::from_slice(&body).unwrap_or_default();
                let code = body["error"].as_str().unwrap_or_default().to_owned();
                Err((answer.status().as_u16(), code))
            }
            Err(other) => panic!("no handshake: {other}"),
        }
    }
}

/// The defaults without limits by address.
pub(crate) fn open_config() -> Config {
    Config {
        address_connections: None,
        address_handshakes: None,
        address_messages: None,
        address_creates: None,
        address_failed_joins: None,
        ..Config::default()
    }
}

pub(crate) fn hello(token: &str, nick: &str) -> Value {
    // 16 bytes in base64url end in one of A, Q, g, w.
    let key = format!("{:0>21}A", rand::random::<u64>());
    json!({"t": "hello", "v": 1, "token": token, "key": key, "try": 1, "nick": nick})
}

/// The next attempt of the same session, which goes on after `last` where it
/// knows of something.
pub(crate) fn again(hello: &Value, resume: Option<(&Value, u64)>) -> Value {
    let mut again = hello.clone();
    again["try"] = json!(hello["try"].as_u64().unwrap() + 1);
    if let Some((inst, last)) = resume {
        again["resume"] = json!({"inst": inst, "last": last});
    }
    again
}

/// A hello for a sealed room; the profile is the first of its key.
pub(crate) fn sealed_hello(room: &str, spk: u8, n: u64, create: bool) -> Value {
    let mut hello = hello("", "");
    let object = hello.as_object_mut().unwrap();
    object.remove("token");
    object.remove("nick");
    object.insert("room".into(), room.into());
    object.insert("create".into(), create.into());
    object.insert("spk".into(), format!("{spk:0>42}A").into());
    object.insert("profile".into(), sealed(n));
    hello
}

/// Something that nobody here can open.
pub(crate) fn sealed(n: u64) -> Value {
    json!({"n": n, "ct": "AAECAwQF", "sig": format!("{}A", "A".repeat(85))})
}

/// A WebSocket client.
pub(crate) struct Client {
    socket: WebSocketStream<Box<dyn Line>>,
    /// All frames of chat.v1 that were read by [`live`](Self::live).
    pub(crate) seen: Vec<Value>,
}

impl Client {
    pub(crate) async fn send(&mut self, message: Message) {
        soon("room to send", self.socket.send(message)).await.unwrap();
    }

    pub(crate) async fn text(&mut self, text: &str) {
        self.send(Message::text(text)).await;
    }

    pub(crate) async fn say(&mut self, frame: Value) {
        self.text(&frame.to_string()).await;
    }

    pub(crate) async fn post(&mut self, id: &str, text: &str) {
        self.say(json!({"t": "send", "id": id, "text": text})).await;
    }

    /// The next text or close; pings are passed over.
    pub(crate) async fn next(&mut self) -> Message {
        // All of it is bounded: a ping every now and then is no progress.
        soon("a frame", async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(message)) => return message,
                    Some(Err(e)) => panic!("the connection broke: {e}"),
                    None => panic!("the connection ended without a close"),
                }
            }
        })
        .await
    }

    pub(crate) async fn next_text(&mut self) -> String {
        match self.next().await {
            Message::Text(text) => text.as_str().to_owned(),
            other => panic!("not a text: {other:?}"),
        }
    }

    pub(crate) async fn frame(&mut self) -> Value {
        serde_json::from_str(&self.next_text().await).unwrap()
    }

    /// The next frame that isn't about where somebody is.
    pub(crate) async fn event(&mut self) -> Value {
        loop {
            let frame = self.frame().await;
            if frame["t"] != "state" {
                return frame;
            }
        }
    }

    /// The next frame of a kind; others are passed over.
    pub(crate) async fn until(&mut self, t: &str) -> Value {
        loop {
            let frame = self.frame().await;
            if frame["t"] == t {
                return frame;
            }
        }
    }

    /// Reads the welcome and the replay.
    pub(crate) async fn live(&mut self) {
        loop {
            let frame = self.frame().await;
            let live = frame["t"] == "live";
            assert_ne!(frame["t"], "error", "{frame}");
            self.seen.push(frame);
            if live {
                return;
            }
        }
    }

    /// The welcome that [`live`](Self::live) read.
    pub(crate) fn welcome(&self) -> &Value {
        &self.seen[0]
    }

    pub(crate) fn sid(&self) -> &Value {
        &self.welcome()["sid"]
    }

    /// What came between `welcome` and `live`, each as its kind and its text,
    /// where it has one.
    pub(crate) fn replay(&self) -> Vec<String> {
        let replay = &self.seen[1..self.seen.len() - 1];
        replay
            .iter()
            .map(|frame| match frame["text"].as_str() {
                Some(text) => text.to_owned(),
                None => frame["t"].as_str().unwrap().to_owned(),
            })
            .collect()
    }

    /// The newest event that was seen up to `live`.
    pub(crate) fn last(&self) -> u64 {
        self.seen.last().unwrap()["seq"].as_u64().unwrap()
    }

    /// The code and the last error before a close; other frames are passed over.
    pub(crate) async fn closed(&mut self) -> (u16, String) {
        let mut error = String::new();
        loop {
            match self.next().await {
                Message::Text(text) => {
                    let frame: Value = serde_json::from_str(&text).unwrap_or_default();
                    if frame["t"] == "error" {
                        assert_eq!(frame["fatal"], true, "{frame}");
                        error = frame["code"].as_str().unwrap().to_owned();
                    }
                }
                Message::Close(Some(close)) => return (close.code.into(), error),
                other => panic!("neither text nor close with a code: {other:?}"),
            }
        }
    }

    /// Its last error before a close, whole.
    pub(crate) async fn error(&mut self) -> Value {
        let error = self.until("error").await;
        assert!(matches!(self.next().await, Message::Close(Some(_))));
        error
    }

    /// Closes cleanly, so that its session is forgotten.
    pub(crate) async fn close(self) {
        self.close_with(1000).await;
    }

    pub(crate) async fn close_with(mut self, code: u16) {
        let frame = CloseFrame { code: code.into(), reason: "".into() };
        self.socket.close(Some(frame)).await.unwrap();
        while let Some(Ok(_)) = soon("the close's answer", self.socket.next()).await {}
    }

    /// The socket itself, for a test that reads and writes at its own pace.
    pub(crate) fn into_socket(self) -> WebSocketStream<Box<dyn Line>> {
        self.socket
    }
}

impl Secrets {
    /// Every string in a frame but the names of its kind and of its members.
    pub(crate) fn keep_all(&mut self, frame: &Value) {
        match frame {
            Value::String(word) if word.len() > 6 => self.keep(&[word]),
            Value::Array(all) => all.iter().for_each(|one| self.keep_all(one)),
            Value::Object(all) => all.values().for_each(|one| self.keep_all(one)),
            _ => {}
        }
    }
}
