//! A member's connection: reads it, and writes to it while it is behind.

use std::io;
use std::net::Shutdown;
use std::sync::Arc;
use std::time::Duration;

use chat_core::Departure;
use chat_proto::CloseCode;
use socket2::SockRef;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::frame;
use super::reader::{Input, Reader};
use crate::Server;
use crate::config::Timers;
use crate::convert;
use crate::hub::{Closing, Seat, Wants};

/// What a member says, in one of the two modes.
pub(super) trait Speaker: Send + 'static {
    /// Takes one text frame.
    fn hear(&mut self, seat: &mut Seat, text: &str) -> Flow;
}

/// Whether to go on, and otherwise what becomes of the session.
pub(super) enum Flow {
    Go,
    Close(Closing, Departure),
}

impl Flow {
    pub(super) fn close(code: CloseCode, reason: &str) -> Self {
        Self::Close(Closing::with(code, reason), convert::dismissed(code))
    }
}

/// Hands a connection to its room's thread.
pub(super) fn start(
    server: Arc<Server>,
    seat: Seat,
    stream: TcpStream,
    reader: Reader,
    speaker: impl Speaker,
) {
    // The socket leaves this thread's reactor for the room's.
    let Ok(stream) = stream.into_std() else { return };
    let timers = server.config.timers;
    seat.spawn(move |seat| async move {
        let Ok(stream) = TcpStream::from_std(stream) else { return };
        let stream = Arc::new(stream);
        seat.attach(&stream);
        Talk { seat, stream, reader, speaker, timers, held: None, heard: Instant::now() }
            .run()
            .await;
    });
}

/// A member's connection.
struct Talk<S> {
    seat: Seat,
    stream: Arc<TcpStream>,
    reader: Reader,
    speaker: S,
    timers: Timers,
    held: Option<Held>,
    /// When anything last came from the peer.
    heard: Instant,
}

/// What came too fast. The peer is read no further until it was taken.
struct Held {
    message: Message,
    wait: Wait,
}

#[derive(Clone, Copy)]
enum Wait {
    /// For the session's next turn.
    Turn(Instant),
    /// For the room's flusher.
    Flush,
}

impl<S: Speaker> Talk<S> {
    async fn run(mut self) {
        let task = self.seat.task();
        let mut ping = Instant::now() + self.timers.ping;
        loop {
            let blocked = match self.seat.drain() {
                Wants::Nothing => None,
                Wants::Writable(progress) => Some(progress + self.timers.stall),
                Wants::Finished => break,
                Wants::Dead => return,
            };
            let closing = self.seat.is_closing();
            let reads = !closing && self.held.is_none() && !self.seat.is_crowded();
            let silent = reads.then(|| self.heard + self.timers.silence);
            let wait = self.held.as_ref().map(|held| held.wait);
            let turn = match wait {
                Some(Wait::Turn(until)) => Some(until),
                Some(Wait::Flush) | None => None,
            };
            let due = [blocked, silent, turn].into_iter().flatten().fold(ping, Instant::min);

            tokio::select! {
                () = task.notified() => {}
                _ = self.stream.writable(), if blocked.is_some() => {}
                () = self.seat.flushed(), if matches!(wait, Some(Wait::Flush)) => self.retry(),
                input = self.reader.next(&self.stream), if reads => {
                    self.heard = Instant::now();
                    match input {
                        Ok(Input::Message(message)) => self.take(message, false),
                        Ok(Input::Replies(frames)) => self.seat.aside(&frames),
                        Err(error) => self.lose(&error),
                    }
                    continue;
                }
                () = sleep_until(due) => {}
            }

            let now = Instant::now();
            if turn.is_some_and(|until| now >= until) {
                self.retry();
            }
            if blocked.is_some_and(|until| now >= until) {
                if closing {
                    return;
                }
                self.seat.close(Closing::with(CloseCode::SLOW, "nothing was taken for too long"));
            }
            if silent.is_some_and(|until| now >= until) {
                self.seat.close(Closing::with(CloseCode::GOING_AWAY, "nothing was heard of you"));
            }
            if now >= ping {
                ping = now + self.timers.ping;
                let mut frames = Vec::new();
                frame::ping(&mut frames);
                self.seat.passing(&frames);
            }
        }
        let Self { seat, stream, timers, .. } = self;
        drop(seat);
        part(&stream, timers.close).await;
    }

    /// Goes on with what was held.
    fn retry(&mut self) {
        if let Some(Held { message, wait }) = self.held.take() {
            self.take(message, matches!(wait, Wait::Flush));
        }
    }

    /// Takes one message, or holds it. `paid` is whether it had its turn.
    fn take(&mut self, message: Message, paid: bool) {
        if !paid && let Err(until) = self.seat.take_turn() {
            self.held = Some(Held { message, wait: Wait::Turn(until) });
            return;
        }
        if self.seat.has_room().is_err() {
            self.held = Some(Held { message, wait: Wait::Flush });
            return;
        }
        let flow = match message {
            Message::Text(text) => self.speaker.hear(&mut self.seat, &text),
            Message::Binary(_) => Flow::close(CloseCode::UNSUPPORTED, "binary is reserved"),
            Message::Close(frame) => {
                let code = frame.map(|frame| CloseCode(frame.code.into()));
                self.seat.depart(convert::departed(code));
                Flow::Go
            }
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Flow::Go,
        };
        if let Flow::Close(closing, how) = flow {
            self.seat.depart(how);
            self.seat.close(closing);
        }
    }

    /// Ends after the peer did, or broke the protocol.
    fn lose(&mut self, error: &Error) {
        if let Some((code, _)) = fault(error) {
            self.seat.depart(convert::dismissed(code));
        }
        let frames = farewell(&mut self.reader, error);
        self.seat.close(Closing { after_log: false, frames });
    }
}

/// What a peer did wrong that broke the protocol, and didn't just end.
fn fault(error: &Error) -> Option<(CloseCode, &'static str)> {
    match error {
        Error::Capacity(CapacityError::MessageTooLong { .. } | CapacityError::TooManyHeaders) => {
            Some((CloseCode::TOO_BIG, "the frame is too long"))
        }
        Error::Utf8(_) => Some((CloseCode::INVALID_TEXT, "a text must be UTF-8")),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
        Error::Protocol(_) => Some((CloseCode::WEBSOCKET, "this breaks RFC 6455")),
        _ => None,
    }
}

/// The last frames for a peer that ended, or broke the protocol.
pub(super) fn farewell(reader: &mut Reader, error: &Error) -> Vec<u8> {
    match fault(error) {
        Some((code, reason)) => Closing::with(code, reason).frames,
        None => reader.last_replies(),
    }
}

/// Says goodbye to a peer that has no seat.
pub(super) async fn dismiss(stream: &TcpStream, frames: &[u8], time: Duration) {
    let mut rest = frames;
    let _ = timeout(time, async {
        while !rest.is_empty() {
            stream.writable().await?;
            match stream.try_write(rest) {
                Ok(n) => rest = &rest[n..],
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    })
    .await;
    part(stream, time).await;
}

/// Waits until the peer has read to the end: a socket that is dropped while
/// something unread is in it resets, and the peer loses the close frame.
async fn part(stream: &TcpStream, time: Duration) {
    let _ = SockRef::from(stream).shutdown(Shutdown::Write);
    let _ = timeout(time, async {
        let mut scratch = [0; 512];
        loop {
            stream.readable().await?;
            match stream.try_read(&mut scratch) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(e) => return Err::<(), _>(e),
            }
        }
    })
    .await;
}
