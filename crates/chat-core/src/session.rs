//! A person's stay in a room, and the connection that it is seen through.

use alloc::collections::VecDeque;

use crate::bucket::Bucket;
use crate::event::{Face, Mode, Peer};
use crate::id::{ConnectionId, KeyDigest, MessageId, Seq, SessionId};
use crate::time::Timestamp;

/// A person's stay, from joining to being forgotten. The room owns it.
#[derive(Debug)]
pub(crate) struct Session<P> {
    pub(crate) mode: Mode,
    pub(crate) since: Timestamp,
    pub(crate) face: Face<P>,
    pub(crate) bucket: Bucket,
    /// Who shows the key to this comes back to it; `None` in plain mode.
    pub(crate) key: Option<KeyDigest>,
    /// The attempt that was let in last.
    pub(crate) attempt: u64,
    /// Nothing up to here is ever shown to it.
    pub(crate) first: Seq,
    /// Whether it followed on one that was forgotten, and a gap came before
    /// that.
    pub(crate) missed: bool,
    /// When it is given up or forgotten; `None` while it is connected.
    pub(crate) due: Option<Timestamp>,
    ids: VecDeque<(MessageId, Seq)>,
}

impl<P: Clone> Session<P> {
    pub(crate) fn new(
        now: Timestamp,
        mode: Mode,
        face: Face<P>,
        key: Option<KeyDigest>,
        attempt: u64,
    ) -> Self {
        let (bucket, ids) = (Bucket::new(now), VecDeque::new());
        Self {
            mode,
            since: now,
            face,
            bucket,
            key,
            attempt,
            first: Seq::ZERO,
            missed: false,
            due: None,
            ids,
        }
    }

    pub(crate) fn peer(&self, session: SessionId) -> Peer<P> {
        Peer { session, mode: self.mode, since: self.since, face: self.face.clone() }
    }

    /// Where the message with this id stands, if it was taken already.
    pub(crate) fn posted(&self, id: &MessageId) -> Option<Seq> {
        // A repeat is one of the newest.
        self.ids.iter().rev().find(|(known, _)| known == id).map(|(_, seq)| *seq)
    }

    /// Remembers the newest `max` ids.
    pub(crate) fn remember(&mut self, id: MessageId, seq: Seq, max: usize) {
        if max == 0 {
            return;
        }
        while self.ids.len() >= max {
            self.ids.pop_front();
        }
        self.ids.push_back((id, seq));
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
