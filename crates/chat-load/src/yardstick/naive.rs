//! What everybody writes first: a task and a bounded queue for each connection, and one `send` for
//! each message and each connection.

mod room;
mod upgrade;

use std::io::{self, Write};
use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{self, Receiver};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use self::room::{Member, Rooms};
use self::upgrade::Entry;
use super::talk;
use crate::args;
use crate::clock;
use crate::failure::Failure;

/// Messages that wait for one connection at most; it is closed when more would.
const QUEUE: usize = 16 << 10;

/// Serves until the process is ended.
pub(crate) fn run(args: &args::Naive) -> Result<(), Failure> {
    rlimit::increase_nofile_limit(u64::MAX)
        .and_then(|_| tokio::runtime::Builder::new_current_thread().enable_all().build())
        .and_then(|runtime| runtime.block_on(serve(args)))
        .map_err(|error| Failure::new(format!("{} can't be served on: {error}", args.listen)))
}

async fn serve(args: &args::Naive) -> io::Result<()> {
    let listener = TcpListener::bind(args.listen).await?;
    writeln!(io::stdout(), "listening on http://{}", listener.local_addr()?)?;
    let rooms = Arc::new(Rooms::default());
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(connection(rooms.clone(), stream));
    }
}

/// One connection, which ends where anything goes wrong with it.
async fn connection(rooms: Arc<Rooms>, stream: TcpStream) {
    let Some((mut socket, entry)) = upgrade::accept(&rooms, stream).await else { return };
    let (queue, waiting) = mpsc::channel(QUEUE);
    let entered = match entry {
        Entry::Plain { token, nick } => rooms.enter(&token, nick, false, queue),
        Entry::V1 => match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                talk::hello(&text).and_then(|(token, nick)| rooms.enter(&token, nick, true, queue))
            }
            _ => None,
        },
    };
    let Some(member) = entered else { return };
    if member.v1 {
        for frame in talk::welcome(member.number, &member.nick, member.seq, clock::wall_ms()) {
            if socket.send(Message::text(frame)).await.is_err() {
                return;
            }
        }
    }
    carry(&member, socket, waiting).await;
}

async fn carry(
    member: &Member,
    socket: WebSocketStream<TcpStream>,
    mut waiting: Receiver<Message>,
) {
    let (mut sink, mut stream) = socket.split();
    loop {
        tokio::select! {
            message = waiting.recv() => match message {
                Some(message) => if sink.send(message).await.is_err() { return },
                None => return,
            },
            message = stream.next() => match message {
                Some(Ok(Message::Text(text))) => member.say(&text),
                Some(Ok(Message::Close(_))) => {
                    // Sends what answers the close, which is in the socket already.
                    let _ = sink.flush().await;
                    return;
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
        }
    }
}
