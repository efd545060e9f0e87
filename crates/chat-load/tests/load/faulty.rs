//! A plain-mode server with manners of its own: most of them are wrong, and happen to one message
//! for the last member that came.

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

/// What it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    Good,
    /// Writes a few bytes at a time, which is nobody's fault.
    Stutters,
    /// Asks the last member whether it is there, and gives it nothing before it has answered.
    Asks,
    Drops,
    Doubles,
    /// Two of the same sender.
    Swaps,
    /// Two of different senders, so that each sender's own are in order.
    Reorders,
    Closes,
}

/// Which message it happens to.
const VICTIM: usize = 5;

pub(crate) struct Faulty {
    pub(crate) url: String,
    /// The addresses that connections came from.
    pub(crate) sources: Arc<Mutex<BTreeSet<IpAddr>>>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Room {
    members: Vec<UnboundedSender<Message>>,
    /// What is held back from the last member.
    held: Option<String>,
    unasked: VecDeque<String>,
    said: usize,
}

impl Faulty {
    pub(crate) async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let sources = Arc::<Mutex<BTreeSet<IpAddr>>>::default();
        let seen = sources.clone();
        let task = tokio::spawn(async move {
            let room = Arc::<Mutex<Room>>::default();
            while let Ok((stream, peer)) = listener.accept().await {
                seen.lock().unwrap().insert(peer.ip());
                tokio::spawn(connection(stream, room.clone(), manner));
            }
        });
        Self { url, sources, task }
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn connection(mut stream: TcpStream, room: Arc<Mutex<Room>>, manner: Manner) {
    let mut first = [0; 11];
    let _ = stream.peek(&mut first).await;
    if &first == b"GET /create" {
        let _ = stream.read(&mut [0; 1024]).await;
        let answer =
            "HTTP/1.1 200 OK\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{\"token\":\"t\"}";
        let _ = stream.write_all(answer.as_bytes()).await;
        return;
    }
    let at_once = if manner == Manner::Stutters { 7 } else { usize::MAX };
    stream.set_nodelay(true).unwrap();
    let Ok(socket) = accept_async(Mouth { stream, at_once }).await else { return };
    let (queue, waiting) = unbounded_channel();
    room.lock().unwrap().members.push(queue);
    let (sink, mut stream) = socket.split();
    tokio::spawn(write(sink, waiting));
    while let Some(Ok(message)) = stream.next().await {
        match message {
            Message::Text(text) => room.lock().unwrap().say(&text, manner),
            Message::Pong(_) => room.lock().unwrap().answered(),
            _ => {}
        }
    }
}

async fn write(mut sink: impl SinkExt<Message> + Unpin, mut waiting: UnboundedReceiver<Message>) {
    while let Some(message) = waiting.recv().await {
        if sink.send(message).await.is_err() {
            return;
        }
    }
}

impl Room {
    /// The last member is there, and gets the next message.
    fn answered(&mut self) {
        if let (Some(last), Some(text)) = (self.members.last(), self.unasked.pop_front()) {
            let _ = last.send(Message::text(format!("m: {text}")));
        }
    }

    fn say(&mut self, text: &str, manner: Manner) {
        let Some((last, others)) = self.members.split_last() else { return };
        for member in others {
            let _ = member.send(Message::text(format!("m: {text}")));
        }
        let is_victim = self.said == VICTIM;
        self.said += 1;
        let mut out = vec![text.to_owned()];
        match manner {
            Manner::Asks => {
                self.unasked.extend(out.pop());
                let _ = last.send(Message::Ping("there?".into()));
            }
            Manner::Drops if is_victim => out.clear(),
            Manner::Doubles if is_victim => out.push(text.to_owned()),
            Manner::Swaps | Manner::Reorders if is_victim => self.held = out.pop(),
            _ => {}
        }
        if let Some(held) = &self.held
            && !is_victim
            && (sender(held) == sender(text)) == (manner == Manner::Swaps)
        {
            out.extend(self.held.take());
        }
        for text in out {
            let _ = last.send(Message::text(format!("m: {text}")));
        }
        if manner == Manner::Closes && is_victim {
            let _ = last.send(Message::Close(None));
        }
    }
}

/// A connection that writes a few bytes at a time.
struct Mouth {
    stream: TcpStream,
    at_once: usize,
}

impl AsyncRead for Mouth {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Mouth {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let few = buf.len().min(self.at_once);
        Pin::new(&mut self.stream).poll_write(cx, &buf[..few])
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Whose message it is: the digits after the marker.
fn sender(text: &str) -> &str {
    &text[8..16]
}
