//! What a connection waits for.

use tokio::time::Instant;

/// What an outlet waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    /// What the peer says: the flusher looks after the rest.
    Input,
    /// The socket has to take something.
    Writable {
        /// When it last did, or when it began to be waited for.
        since: Instant,
        /// What the peer may do meanwhile.
        peer: Peer,
    },
    /// That others of the room go on first.
    Turn,
    /// The end: everything was written.
    Finished,
    /// The end: the socket is broken.
    Dead,
}

/// What may come from a peer that has not taken all that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// It may speak.
    Speaks,
    /// It has to take what it asked for before it may ask for more.
    Crowded,
    /// It is heard no more: the connection is on the way to its end.
    Closing,
}
