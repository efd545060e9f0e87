//! What a client sends, frame by frame.

use std::cell::Cell;
use std::future::poll_fn;
use std::io::{self, Read, Write};
use std::task::{Context, Poll, ready};

use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig, WebSocketContext};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::socket::Socket;

/// How much is taken from the socket at once.
const TAKE: usize = 16 << 10;

thread_local! {
    /// What a thread's connections read into, one after the other: few of the
    /// many that there are have something to be read at any time.
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Reads a client's side of a WebSocket without ever writing: what must be
/// answered at once (pong, close) comes out as bytes for whoever writes.
pub(crate) struct Reader {
    context: WebSocketContext,
    /// Bytes that the socket gave and nobody has read.
    ahead: Vec<u8>,
    at: usize,
    replies: Vec<u8>,
}

/// What came.
#[derive(Debug)]
pub(crate) enum Input {
    /// A message, or the peer's close.
    Message(Message),
    /// Frames to be written between others.
    Replies(Vec<u8>),
}

/// The socket's bytes on the one side, what the context answers on the other.
struct Tap<'a> {
    input: &'a [u8],
    output: &'a mut Vec<u8>,
}

impl Read for Tap<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.input.read(buf)? {
            0 => Err(io::ErrorKind::WouldBlock.into()),
            n => Ok(n),
        }
    }
}

impl Write for Tap<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.output.extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Reader {
    /// Reads on after the handshake; `ahead` is what was read beyond it.
    pub(crate) fn new(ahead: Vec<u8>, max_frame: usize) -> Self {
        // tungstenite fills its read buffer with zeros before each read, and
        // keeps it: 128 KiB for each connection by default.
        let config = WebSocketConfig::default()
            .read_buffer_size(128)
            .write_buffer_size(0)
            .max_write_buffer_size(1 << 10)
            .max_message_size(Some(max_frame))
            .max_frame_size(Some(max_frame));
        let context = WebSocketContext::new(Role::Server, Some(config));
        Self { context, ahead, at: 0, replies: Vec::new() }
    }

    /// The next that came. Nothing is lost when the future is dropped.
    ///
    /// # Errors
    /// When the peer broke the protocol or is gone; nothing comes after that.
    pub(crate) async fn next(&mut self, socket: &Socket) -> Result<Input, Error> {
        poll_fn(|cx| self.poll_next(cx, socket)).await
    }

    /// The same; where nothing has come, the task is woken when something does.
    ///
    /// # Errors
    /// When the peer broke the protocol or is gone; nothing comes after that.
    pub(crate) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        socket: &Socket,
    ) -> Poll<Result<Input, Error>> {
        loop {
            if let Some(input) = self.take()? {
                return Poll::Ready(Ok(input));
            }
            ready!(socket.poll_read_ready(cx))?;
            self.ahead = SPARE.take();
            self.ahead.reserve(TAKE);
            let read = socket.try_read_buf(&mut self.ahead);
            if !matches!(read, Ok(1..)) {
                self.give_back();
            }
            match read {
                Ok(0) => {
                    return Poll::Ready(Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()));
                }
                Ok(_) => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(e) => return Poll::Ready(Err(e.into())),
            }
        }
    }

    /// What is left to be answered after an error, the close's echo mostly.
    pub(crate) fn last_replies(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.replies)
    }

    fn take(&mut self) -> Result<Option<Input>, Error> {
        let mut tap = Tap { input: &self.ahead[self.at..], output: &mut self.replies };
        let read = self.context.read(&mut tap);
        self.at = self.ahead.len() - tap.input.len();
        let error = match read {
            Ok(message) => return Ok(Some(Input::Message(message))),
            Err(error) => error,
        };
        self.give_back();
        if !matches!(&error, Error::Io(e) if e.kind() == io::ErrorKind::WouldBlock) {
            return Err(error);
        }
        if self.replies.is_empty() {
            return Ok(None);
        }
        Ok(Some(Input::Replies(std::mem::take(&mut self.replies))))
    }

    /// Leaves the buffer to whoever reads next on this thread.
    fn give_back(&mut self) {
        let mut buffer = std::mem::take(&mut self.ahead);
        self.at = 0;
        if buffer.capacity() >= TAKE {
            buffer.clear();
            SPARE.set(buffer);
        }
    }
}
