//! What happens in the rooms of one shard, counted.

use super::count::{Count, Counts};
use super::table::GAP_WHYS;

/// A shard's counts. They are its own, so that its thread shares no cache line
/// for them with others.
#[derive(Debug)]
pub(crate) struct Tally {
    pub(crate) messages: Count,
    pub(crate) received_frames: Count,
    pub(crate) received_bytes: Count,
    pub(crate) gaps: Counts<&'static str>,
    deliveries: Count,
    delivered_bytes: Count,
}

/// What was written to some connections, before it is added to a [`Tally`]: once
/// for many of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Frames of events.
    pub(crate) frames: u64,
    /// Their bytes.
    pub(crate) bytes: u64,
    /// Times that events were missed since they fell out of the log.
    pub(crate) gaps: u64,
}

impl Sent {
    pub(crate) fn add(&mut self, frames: usize, bytes: usize) {
        self.frames += frames as u64;
        self.bytes += bytes as u64;
    }
}

/// The sums over all shards.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) messages: u64,
    pub(crate) deliveries: u64,
    pub(crate) delivered_bytes: u64,
    pub(crate) received_frames: u64,
    pub(crate) received_bytes: u64,
    pub(crate) gaps: [u64; GAP_WHYS.len()],
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self {
            messages: Count::default(),
            received_frames: Count::default(),
            received_bytes: Count::default(),
            gaps: Counts::of(&GAP_WHYS),
            deliveries: Count::default(),
            delivered_bytes: Count::default(),
        }
    }

    /// A frame of somebody who is in a room.
    pub(crate) fn received(&self, bytes: usize) {
        self.received_frames.add(1);
        self.received_bytes.add(bytes as u64);
    }

    pub(crate) fn sent(&self, sent: Sent) {
        if sent == Sent::default() {
            return;
        }
        self.deliveries.add(sent.frames);
        self.delivered_bytes.add(sent.bytes);
        for _ in 0..sent.gaps {
            self.gaps.add("slow");
        }
    }

    pub(crate) fn add_to(&self, totals: &mut Totals) {
        totals.messages += self.messages.get();
        totals.deliveries += self.deliveries.get();
        totals.delivered_bytes += self.delivered_bytes.get();
        totals.received_frames += self.received_frames.get();
        totals.received_bytes += self.received_bytes.get();
        for (sum, (_, count)) in totals.gaps.iter_mut().zip(self.gaps.each()) {
            *sum += count;
        }
    }
}
