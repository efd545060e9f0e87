//! One connection's stay, as the log tells it at its most verbose.

use std::net::IpAddr;

use tokio::time::Instant;

use super::address::LogAddresses;
use super::ending::Ending;

/// What is told of a connection at its end. There is none where nobody reads
/// that, so that it costs a member no memory.
#[derive(Debug)]
pub(crate) struct Visit {
    address: String,
    mode: &'static str,
    since: Instant,
    frames: u64,
}

impl Visit {
    /// Tells of the beginning; `None` where that is not logged.
    pub(crate) fn begin(
        addresses: LogAddresses,
        peer: IpAddr,
        mode: &'static str,
    ) -> Option<Box<Self>> {
        if !tracing::enabled!(tracing::Level::DEBUG) {
            return None;
        }
        let address = addresses.show(peer);
        tracing::debug!(address, mode, "came into a room");
        Some(Box::new(Self { address, mode, since: Instant::now(), frames: 0 }))
    }

    /// The peer sent something.
    pub(crate) fn heard(&mut self) {
        self.frames += 1;
    }

    /// Tells of the end.
    pub(crate) fn end(&self, ending: Ending) {
        tracing::debug!(
            address = self.address,
            mode = self.mode,
            by = ending.by(),
            code = ending.code().0,
            seconds = self.since.elapsed().as_secs(),
            frames = self.frames,
            "left a room"
        );
    }
}
