//! A member's connection: reads it, and writes to it while it is behind.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use chat_core::Departure;
use chat_proto::CloseCode;
use tokio::task::consume_budget;
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::frame;
use super::reader::{Input, Reader};
use crate::Server;
use crate::accept::{Peer, Stay};
use crate::convert;
use crate::hub::{self, Admission, Closing, Seat, Wants};
use crate::socket::Socket;
use crate::watch::{Ending, Visit};

/// What a member says, in one of the two modes.
pub(super) trait Speaker: Send + 'static {
    /// Takes one text frame.
    fn hear(&mut self, seat: &mut Seat, text: &str) -> Flow;

    /// The mode's name.
    fn mode(&self) -> &'static str;
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
    peer: Peer,
    seat: Seat,
    socket: Socket,
    reader: Reader,
    speaker: impl Speaker,
) {
    let Ok(socket) = seat.attach(socket) else { return };
    let heard = Instant::now();
    let ping = heard + server.config.timers.ping;
    let shard = seat.shard().clone();
    let visit = Visit::begin(server.config.log_addresses, peer.address, speaker.mode());
    let (stay, held, paid, parted) = (peer.stay, None, false, None);
    let talk = Talk {
        seat,
        stay,
        socket,
        reader,
        speaker,
        server,
        held,
        paid,
        parted,
        visit,
        heard,
        ping,
    };
    shard.spawn(run(Box::new(talk)));
}

/// A member's connection. There are many of them and most are idle: it is one
/// piece of memory, and its task not much more than a pointer to it and a timer.
struct Talk<S> {
    seat: Seat,
    stay: Stay,
    socket: Arc<Socket>,
    reader: Reader,
    speaker: S,
    server: Arc<Server>,
    /// What came too fast. The peer is read no further until it was taken.
    held: Option<Message>,
    /// What the peer closed with.
    parted: Option<CloseCode>,
    visit: Option<Box<Visit>>,
    /// Whether that has been counted against the peer's address.
    paid: bool,
    /// When anything last came from the peer.
    heard: Instant,
    /// When the next ping is due.
    ping: Instant,
}

/// How a connection ended.
enum End {
    /// All was written that ever will be.
    Finished,
    /// Nothing more can be written.
    Broken,
}

async fn run<S: Speaker>(mut talk: Box<Talk<S>>) {
    let end = {
        let mut timer = pin!(sleep_until(talk.ping));
        poll_fn(|cx| talk.poll(cx, timer.as_mut())).await
    };
    if let Some((visit, ending)) = talk.visit.take().zip(talk.seat.ending()) {
        visit.end(ending);
    }
    let (socket, time) = (talk.socket.clone(), talk.server.config.timers.close);
    // Its places are taken for as long as the socket is open.
    let _stay = talk.stay.clone();
    drop(talk);
    if matches!(end, End::Finished) {
        // Boxed, so that those who stay need no memory for leaving.
        Box::pin(part(&socket, time)).await;
    }
}

impl<S: Speaker> Talk<S> {
    /// Goes on as far as it goes, and sees to it that the task is woken when it
    /// goes on from there.
    fn poll(&mut self, cx: &mut Context<'_>, mut timer: Pin<&mut Sleep>) -> Poll<End> {
        loop {
            let (blocked, peer) = match self.seat.drain(cx.waker()) {
                Wants::Input => (None, hub::Peer::Speaks),
                Wants::Writable { since, peer } => {
                    if self.socket.poll_write_ready(cx).is_ready() {
                        continue;
                    }
                    (Some(since), peer)
                }
                Wants::Turn => (None, hub::Peer::Crowded),
                Wants::Finished => return Poll::Ready(End::Finished),
                Wants::Dead => return Poll::Ready(End::Broken),
            };
            let turn = match peer {
                hub::Peer::Speaks => match self.listen(cx) {
                    Heard::Something => continue,
                    Heard::Nothing { until } => until,
                },
                hub::Peer::Crowded | hub::Peer::Closing => None,
            };
            let timers = &self.server.config.timers;
            let stalled = blocked.map(|since| since + timers.stall);
            let listens = peer == hub::Peer::Speaks && self.held.is_none();
            let silent = listens.then(|| self.heard + timers.silence);
            let due = [stalled, silent, turn].into_iter().flatten().fold(self.ping, Instant::min);
            ready!(wait(timer.as_mut(), cx, due));

            let now = Instant::now();
            if stalled.is_some_and(|until| now >= until) {
                if peer == hub::Peer::Closing {
                    return Poll::Ready(End::Broken);
                }
                self.seat.close(Closing::with(CloseCode::SLOW, "nothing was taken for too long"));
            }
            if silent.is_some_and(|until| now >= until) {
                self.seat.close(Closing::with(CloseCode::GOING_AWAY, "nothing was heard of you"));
            }
            if now >= self.ping {
                self.ping = now + timers.ping;
                let mut frames = Vec::new();
                frame::ping(&mut frames);
                self.seat.passing(&frames);
            }
        }
    }

    /// Takes the next that the peer says, if it said something and may.
    fn listen(&mut self, cx: &mut Context<'_>) -> Heard {
        if self.held.is_none() {
            // Whoever has much to say leaves the core to the others now and then: what one read
            // of the socket brought can be thousands of frames.
            if pin!(consume_budget()).poll(cx).is_pending() {
                return Heard::Nothing { until: None };
            }
            let Poll::Ready(input) = self.reader.poll_next(cx, &self.socket) else {
                return Heard::Nothing { until: None };
            };
            self.heard = Instant::now();
            match input {
                Ok(Input::Message(message)) => {
                    self.seat.received(message.len());
                    self.visit.iter_mut().for_each(|visit| visit.heard());
                    self.held = Some(message);
                }
                Ok(Input::Replies(frames)) => self.seat.aside(&frames),
                Err(error) => self.lose(&error),
            }
        }
        if self.held.is_some() {
            match self.admit() {
                Admission::Now => {}
                Admission::At(until) => return Heard::Nothing { until: Some(until) },
                Admission::AfterOthers => return Heard::Nothing { until: None },
            }
        }
        if let Some(message) = self.held.take() {
            self.paid = false;
            self.take(message);
        }
        Heard::Something
    }

    /// Whether what is held may be said now: as far as its address goes, and
    /// then the session.
    fn admit(&mut self) -> Admission {
        let now = self.seat.now();
        if !self.paid
            && let Err(until) = self.stay.take_turn(now)
        {
            return Admission::At(self.server.clock.instant(until));
        }
        self.paid = true;
        self.seat.admit(now)
    }

    fn take(&mut self, message: Message) {
        let flow = match message {
            Message::Text(text) => self.speaker.hear(&mut self.seat, &text),
            Message::Binary(_) => Flow::close(CloseCode::UNSUPPORTED, "binary is reserved"),
            Message::Close(frame) => {
                self.parted = code(frame.as_ref());
                self.seat.depart(convert::departed(self.parted));
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
        self.seat.close(farewell(&mut self.reader, error, self.parted));
    }
}

/// What came of listening to a peer.
enum Heard {
    /// There may be more.
    Something,
    /// It said nothing, or may not yet: where a time is known, not before it.
    Nothing { until: Option<Instant> },
}

/// Ready at `due`. The timer is set only where it would be late: most of what it
/// waits for is put off again and again, by each message for instance.
fn wait(mut timer: Pin<&mut Sleep>, cx: &mut Context<'_>, due: Instant) -> Poll<()> {
    if due < timer.deadline() {
        timer.as_mut().reset(due);
    }
    loop {
        ready!(timer.as_mut().poll(cx));
        if timer.deadline() >= due {
            return Poll::Ready(());
        }
        timer.as_mut().reset(due);
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

/// What a peer closed with.
pub(super) fn code(frame: Option<&CloseFrame>) -> Option<CloseCode> {
    frame.map(|frame| CloseCode(frame.code.into()))
}

/// The end for a peer that ended, having `parted` so, or broke the protocol.
pub(super) fn farewell(reader: &mut Reader, error: &Error, parted: Option<CloseCode>) -> Closing {
    if let Some((code, reason)) = fault(error) {
        return Closing::with(code, reason);
    }
    let ending = Ending::There(parted.unwrap_or(CloseCode::ABNORMAL));
    Closing { after_log: false, frames: reader.last_replies(), ending }
}

/// Says goodbye to a peer that has no seat.
pub(super) async fn dismiss(socket: &Socket, frames: &[u8], time: Duration) {
    let _ = timeout(time, socket.write_all(frames)).await;
    part(socket, time).await;
}

/// Waits until the peer has read to the end.
async fn part(socket: &Socket, time: Duration) {
    // Whoever is gone or takes too long has it as it wanted.
    let _ = timeout(time, socket.finish()).await;
}
