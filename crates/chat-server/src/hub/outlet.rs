//! The writing side of one connection: a cursor into the room's log.

use std::io;
use std::sync::Arc;
use std::task::Waker;

use chat_core::{Joined, Room, Seq, SessionId};
use chat_proto::CloseCode;
use chat_proto::server::GapWhy;
use tokio::time::Instant;

use super::closing::Closing;
use super::encode;
use super::payload::Payload;
use super::run::{Form, Run};
use super::turns::Turn;
use super::wants::{Peer, Wants};
use crate::socket::{Socket, Wrote};
use crate::watch::{Ending, Sent};

/// How much is encoded at once for a connection that is behind.
const RUN_BYTES: usize = 64 << 10;

/// Above this many bytes of personal answers nothing more is read from the
/// peer until it has taken them.
const ASIDE_MAX: usize = 16 << 10;

/// A connection's cursor, and what must be written beside the log.
///
/// While it is [`Standing::Live`] the room's flusher writes to it. When the
/// socket takes no more it falls [`Standing::Behind`], and its own task reads
/// the log for it until it has caught up.
#[derive(Debug)]
pub(crate) struct Outlet {
    pub(super) form: Form,
    socket: Option<Arc<Socket>>,
    /// Wakes the connection's task, once that runs.
    task: Option<Waker>,
    /// Whether the task waits for the room's flusher.
    awaits_flush: bool,
    /// Whether it has missed where somebody is.
    owes_states: bool,
    /// Its turn among those who are behind.
    pub(super) turn: Turn,
    last: Seq,
    /// The end of the replay, until `live` was said.
    replay: Option<Seq>,
    /// What is left of a frame that was begun.
    rest: Vec<u8>,
    /// Whole frames for this connection alone, to go between two others.
    aside: Vec<u8>,
    standing: Standing,
    closing: Option<Closing>,
    /// When the socket last took something, or the outlet fell behind.
    progress: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Live,
    Behind,
    /// All was written that ever will be.
    Finished,
    /// The socket takes nothing any more.
    Dead,
}

impl Outlet {
    /// A newcomer's. It has no socket yet and begins behind, so that its own
    /// task brings it the replay.
    ///
    /// What `greeting` holds goes first, and then what can't be replayed.
    pub(super) fn new(form: Form, joined: &Joined, greeting: Vec<u8>) -> Self {
        let mut aside = greeting;
        if let Some((from, to)) = joined.gap {
            encode::gap(&mut aside, from, to, GapWhy::Expired);
        }
        Self {
            form,
            socket: None,
            task: None,
            awaits_flush: false,
            owes_states: false,
            turn: Turn::None,
            last: joined.connection.last,
            replay: (form == Form::Structured).then_some(joined.live),
            rest: Vec::new(),
            aside,
            standing: Standing::Behind,
            closing: None,
            progress: Instant::now(),
        }
    }

    pub(super) fn attach(&mut self, socket: Arc<Socket>) {
        self.socket = Some(socket);
        self.progress = Instant::now();
    }

    /// Has `task` woken when the connection has something to do.
    pub(super) fn run_by(&mut self, task: &Waker) {
        match &mut self.task {
            Some(known) => known.clone_from(task),
            None => self.task = Some(task.clone()),
        }
    }

    /// Has the task woken after the next flush.
    pub(super) fn await_flush(&mut self) {
        self.awaits_flush = true;
    }

    /// Whether its own task writes to it.
    pub(super) fn is_behind(&self) -> bool {
        self.standing == Standing::Behind
    }

    /// Whether more could push out of the log what it has not read.
    pub(super) fn is_far_behind(&self, room: &Room<Payload>) -> bool {
        self.is_behind() && self.closing.is_none() && room.is_half_after(self.last)
    }

    /// Lets its task go on.
    pub(super) fn give_turn(&mut self) {
        self.turn = Turn::Given;
        self.wake();
    }

    /// The flusher has gone on.
    pub(super) fn flushed(&mut self) {
        if std::mem::take(&mut self.awaits_flush) {
            self.wake();
        }
    }

    pub(super) fn wake(&self) {
        if let Some(task) = &self.task {
            task.wake_by_ref();
        }
    }

    /// Whether it is on the way to its end.
    pub(super) fn is_closing(&self) -> bool {
        self.closing.is_some()
    }

    /// How it ends; so far as is known, by the peer without a word.
    pub(super) fn ending(&self) -> Ending {
        let known = self.closing.as_ref().map(|closing| closing.ending);
        known.unwrap_or(Ending::There(CloseCode::ABNORMAL))
    }

    fn peer(&self) -> Peer {
        match (&self.closing, self.aside.len()) {
            (Some(_), _) => Peer::Closing,
            (None, ..=ASIDE_MAX) => Peer::Speaks,
            (None, _) => Peer::Crowded,
        }
    }

    /// Writes what is new in the room, if the flusher looks after this one.
    pub(super) fn offer(&mut self, run: &Run, sent: &mut Sent) {
        if self.standing == Standing::Live && !self.write_run(run, sent) {
            self.fall_behind();
        }
    }

    /// Writes whole frames between others: now, or when the socket takes them.
    pub(super) fn aside(&mut self, frames: &[u8]) {
        if self.closing.is_some() {
            return;
        }
        match self.standing {
            Standing::Live => match self.write(frames) {
                Wrote::All => {}
                Wrote::Some(n) => {
                    self.rest.extend_from_slice(&frames[n..]);
                    self.fall_behind();
                }
            },
            Standing::Behind => self.aside.extend_from_slice(frames),
            Standing::Finished | Standing::Dead => {}
        }
    }

    /// Writes frames that may get lost, if nothing waits to be written; whether
    /// that is so.
    pub(super) fn passing(&mut self, frames: &[u8]) -> bool {
        let live = self.standing == Standing::Live;
        if live {
            self.aside(frames);
        }
        live
    }

    /// Has it told where everybody is, once it has caught up.
    pub(super) fn owe_states(&mut self) {
        self.owes_states = true;
    }

    /// Brings the connection to its end; the first one to do so decides how.
    pub(super) fn close(&mut self, closing: Closing) {
        if self.closing.is_none() && matches!(self.standing, Standing::Live | Standing::Behind) {
            self.closing = Some(closing);
            self.fall_behind();
        }
    }

    /// Writes as much as the socket takes: what was begun, what stands aside,
    /// the log from the cursor on, and at the end the closing frames. `me` needs
    /// not be told of itself.
    pub(super) fn drain(
        &mut self,
        room: Option<&Room<Payload>>,
        me: SessionId,
        sent: &mut Sent,
    ) -> Wants {
        while self.standing == Standing::Behind {
            if !self.write_aside() {
                break;
            }
            let log_first = self.closing.as_ref().is_none_or(|closing| closing.after_log);
            match room.filter(|_| log_first) {
                Some(room) => {
                    if !self.write_log(room, me, sent) {
                        break;
                    }
                }
                None => self.write_closing(),
            }
        }
        match self.standing {
            Standing::Live => Wants::Input,
            Standing::Behind => Wants::Writable { since: self.progress, peer: self.peer() },
            Standing::Finished => Wants::Finished,
            Standing::Dead => Wants::Dead,
        }
    }

    /// One step along the log; `false` where the socket is full.
    fn write_log(&mut self, room: &Room<Payload>, me: SessionId, sent: &mut Sent) -> bool {
        if let Some(live) = self.replay.filter(|live| self.last >= *live) {
            self.replay = None;
            encode::live(&mut self.aside, live);
            return true;
        }
        if self.last >= room.newest() {
            match self.closing {
                Some(_) => self.write_closing(),
                None if std::mem::take(&mut self.owes_states) => {
                    encode::states(&mut self.aside, room, me);
                }
                None => self.standing = Standing::Live,
            }
            return true;
        }
        let until = self.replay.unwrap_or(room.newest());
        match Run::encode(room, self.form, self.last, until, RUN_BYTES) {
            Ok(run) => self.write_run(&run, sent),
            Err((from, to)) => {
                sent.gaps += 1;
                self.skip(from, to);
                true
            }
        }
    }

    /// Tells of what fell out of the log, or ends a plain connection, which
    /// can't be told.
    fn skip(&mut self, from: Seq, to: Seq) {
        self.last = to;
        match self.form {
            Form::Structured => encode::gap(&mut self.aside, from, to, GapWhy::Slow),
            Form::Plain => {
                let reason = "too slow: messages were missed";
                self.closing = Some(Closing::with(CloseCode::SLOW, reason));
            }
        }
    }

    fn write_closing(&mut self) {
        let Some(closing) = &mut self.closing else {
            // Without a room there is nothing left to write.
            self.standing = Standing::Finished;
            return;
        };
        if closing.frames.is_empty() {
            self.standing = Standing::Finished;
        } else {
            closing.after_log = false;
            self.rest = std::mem::take(&mut closing.frames);
        }
    }

    /// `false` where the socket is full.
    fn write_aside(&mut self) -> bool {
        let owes = self.socket.as_ref().is_some_and(|socket| socket.owes());
        if owes && self.put(&[]) != Wrote::All {
            return false;
        }
        loop {
            if self.rest.is_empty() {
                if self.aside.is_empty() {
                    return true;
                }
                self.rest = std::mem::take(&mut self.aside);
            }
            let rest = std::mem::take(&mut self.rest);
            if let Wrote::Some(n) = self.write(&rest) {
                self.rest = rest[n..].to_vec();
                return false;
            }
        }
    }

    /// `false` where the socket is full; the cursor then stands behind the
    /// frame that was begun last.
    fn write_run(&mut self, run: &Run, sent: &mut Sent) -> bool {
        let (bytes, frames) = run.after(self.last);
        match self.write(bytes) {
            Wrote::All => {
                self.last = self.last.max(run.last());
                sent.add(frames, bytes.len());
            }
            Wrote::Some(0) => return false,
            Wrote::Some(n) => {
                let cut = run.cut(bytes.len() - n);
                self.last = cut.seq;
                self.rest = cut.rest.to_vec();
                // The rest of a frame that was begun goes out before all else.
                sent.add(frames - cut.unbegun, n + cut.rest.len());
                return false;
            }
        }
        true
    }

    fn write(&mut self, bytes: &[u8]) -> Wrote {
        match bytes {
            [] => Wrote::All,
            bytes => self.put(bytes),
        }
    }

    /// Gives bytes to the socket, after what it has taken before. Whatever isn't
    /// [`Wrote::All`] goes on once it is writable.
    fn put(&mut self, bytes: &[u8]) -> Wrote {
        let Some(socket) = &self.socket else { return Wrote::Some(0) };
        match socket.try_write(bytes) {
            Ok(wrote) => {
                if self.standing == Standing::Behind {
                    self.progress = Instant::now();
                }
                wrote
            }
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => Wrote::Some(0),
            Err(_) => {
                self.standing = Standing::Dead;
                self.wake();
                Wrote::Some(0)
            }
        }
    }

    /// Leaves it to its own task.
    pub(super) fn fall_behind(&mut self) {
        if self.standing == Standing::Live {
            self.standing = Standing::Behind;
            self.progress = Instant::now();
        }
        self.wake();
    }
}

#[cfg(test)]
mod tests;
