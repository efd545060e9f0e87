//! A person's stay in a room, and the connection that it is seen through.

use crate::bucket::Bucket;
use crate::event::{Face, Mode, Peer};
use crate::id::{Seq, SessionId};
use crate::time::Timestamp;

/// A person's stay, from joining to leaving. The room owns it.
#[derive(Debug)]
pub(crate) struct Session<P> {
    pub(crate) mode: Mode,
    pub(crate) since: Timestamp,
    pub(crate) face: Face<P>,
    pub(crate) bucket: Bucket,
}

impl<P: Clone> Session<P> {
    pub(crate) fn peer(&self, session: SessionId) -> Peer<P> {
        Peer { session, mode: self.mode, since: self.since, face: self.face.clone() }
    }
}

/// A socket's place in a room's log. Its owner keeps it and moves it on; the
/// room knows nothing of it, so any number may read without cost to the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Whose it is.
    pub session: SessionId,
    /// The last event that was taken.
    pub last: Seq,
}
