//! A person's stay in a room, and the connection that it is seen through.

use alloc::boxed::Box;
use alloc::collections::VecDeque;

use crate::bucket::{Bucket, Rate};
use crate::event::{Face, Mode, Peer, Whereabouts};
use crate::id::{ConnectionId, KeyDigest, MessageId, Seq, SessionId};
use crate::time::Timestamp;

/// A person's stay, from joining to being forgotten. The room owns it.
#[derive(Debug)]
pub(crate) struct Session<P> {
    pub(crate) mode: Mode,
    pub(crate) since: Timestamp,
    pub(crate) face: Face<P>,
    /// Who shows the key to this comes back to it; `None` in plain mode.
    pub(crate) key: Option<KeyDigest>,
    /// The attempt that was let in last.
    pub(crate) attempt: u64,
    /// Nothing up to here is ever shown to it.
    pub(crate) first: Seq,
    /// Whether it followed on one that was forgotten, and a gap came before
    /// that.
    pub(crate) missed: bool,
    /// Whether its client said, in this connection, that it looks elsewhere.
    pub(crate) away: bool,
    /// When it is given up or forgotten; `None` while it is connected.
    pub(crate) due: Option<Timestamp>,
    /// Most who are there only read.
    said: Option<Box<Said>>,
}

/// What is known of what a session said.
#[derive(Debug)]
struct Said {
    bucket: Bucket,
    /// The newest ids, and where their messages stand.
    ids: VecDeque<(MessageId, Seq)>,
    /// Of each id a number that is nearly always its own: all are looked through
    /// for each message, and few bytes are looked through faster than many.
    prints: VecDeque<u32>,
}

impl<P: Clone> Session<P> {
    pub(crate) fn new(
        now: Timestamp,
        mode: Mode,
        face: Face<P>,
        key: Option<KeyDigest>,
        attempt: u64,
    ) -> Self {
        Self {
            mode,
            since: now,
            face,
            key,
            attempt,
            first: Seq::ZERO,
            missed: false,
            away: false,
            due: None,
            said: None,
        }
    }

    pub(crate) fn peer(&self, session: SessionId) -> Peer<P> {
        Peer {
            session,
            mode: self.mode,
            since: self.since,
            face: self.face.clone(),
            whereabouts: self.whereabouts(),
        }
    }

    /// Where one is who is in the list.
    pub(crate) fn whereabouts(&self) -> Whereabouts {
        match (self.due, self.away) {
            (Some(_), _) => Whereabouts::Lost,
            (None, true) => Whereabouts::Away,
            (None, false) => Whereabouts::Here,
        }
    }

    /// Takes one from what it may send; `Err` is when it may again.
    pub(crate) fn take_turn(&mut self, rate: &Rate, now: Timestamp) -> Result<(), Timestamp> {
        self.said(now).bucket.take(rate, now)
    }

    /// Where the message with this id stands, if it was taken already.
    pub(crate) fn posted(&self, id: &MessageId) -> Option<Seq> {
        let Said { ids, prints, .. } = self.said.as_deref()?;
        let (one, two) = prints.as_slices();
        // Without stopping at the first, so that many are compared at once.
        let print = id.print();
        let has = |all: &[u32]| all.iter().fold(false, |has, it| has | (*it == print));
        if !has(one) && !has(two) {
            return None;
        }
        ids.iter().find(|(known, _)| known == id).map(|(_, seq)| *seq)
    }

    /// Remembers the newest `max` ids.
    pub(crate) fn remember(&mut self, now: Timestamp, id: MessageId, seq: Seq, max: usize) {
        if max == 0 {
            return;
        }
        let Said { ids, prints, .. } = self.said(now);
        while ids.len() >= max {
            ids.pop_front();
            prints.pop_front();
        }
        ids.push_back((id, seq));
        prints.push_back(id.print());
    }

    fn said(&mut self, now: Timestamp) -> &mut Said {
        // A bucket that nothing was taken from is full, whenever it was made.
        self.said.get_or_insert_with(|| {
            let bucket = Bucket::new(now);
            Box::new(Said { bucket, ids: VecDeque::new(), prints: VecDeque::new() })
        })
    }
}

/// A socket's place in a room's log. Its owner keeps it and moves it on; the
/// room knows nothing of it, so any number may read without cost to the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Which connection of which session.
    pub id: ConnectionId,
    /// The last event that was taken.
    pub last: Seq,
}
