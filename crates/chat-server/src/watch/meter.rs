//! What happens in the server as a whole, counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chat_core::{EndReason, RoomId};
use chat_proto::CloseCode;
use metrics::Histogram;

use super::count::{Count, Counts};
use super::ending::Ending;
use super::sheet::Sheet;
use super::table;

/// The counts that all share. None of them is on the way of a message.
pub(crate) struct Meter {
    pub(crate) accepted: Count,
    pub(crate) opened: Counts<&'static str>,
    pub(crate) ended: Counts<&'static str>,
    pub(crate) refused: Counts<&'static str>,
    pub(crate) closed_here: Counts<CloseCode>,
    pub(crate) closed_there: Counts<CloseCode>,
    /// `None` where nobody asks: clocks are read for it.
    pub(crate) timing: Option<Timing>,
    waiting: AtomicU64,
}

/// How long things took, in seconds.
pub(crate) struct Timing {
    /// From taking the oldest message of a flush to its end.
    pub(crate) write: Histogram,
    /// From the beginning of a flush to its end.
    pub(crate) fanout: Histogram,
}

impl Timing {
    pub(crate) fn on(sheet: &Sheet) -> Self {
        Self {
            write: sheet.histogram(&table::WRITE_LATENCY),
            fanout: sheet.histogram(&table::FANOUT),
        }
    }
}

impl Meter {
    pub(crate) fn new(timing: Option<Timing>) -> Self {
        Self {
            accepted: Count::default(),
            opened: Counts::of(&table::KINDS),
            ended: Counts::of(&table::ENDS),
            refused: Counts::of(&table::REFUSALS),
            closed_here: Counts::of(&table::CLOSES),
            closed_there: Counts::of(&table::PEER_CLOSES),
            timing,
            waiting: AtomicU64::new(0),
        }
    }

    /// How many connections are in no room.
    pub(crate) fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(crate) fn closed(&self, ending: Ending) {
        match ending {
            Ending::Here(code) => self.closed_here.add(code),
            Ending::There(code) => self.closed_there.add(code),
        }
    }

    /// A room is gone that ended so, or else was left by all.
    pub(crate) fn room_gone(&self, why: Option<EndReason>) {
        self.ended.add(match why {
            Some(EndReason::Ttl) => "ttl",
            Some(EndReason::Closed) => "closed",
            Some(EndReason::Shutdown) => "shutdown",
            None => "empty",
        });
    }
}

/// What a room is called where rooms are counted.
pub(crate) const fn kind(id: RoomId) -> &'static str {
    match id {
        RoomId::Sealed(_) => "sealed",
        RoomId::Plain(_) => "plain",
    }
}

/// A connection that is in no room: on HTTP, before its `hello`, or refused.
pub(crate) struct Roomless(Arc<Meter>);

impl Roomless {
    /// A connection was taken.
    pub(crate) fn begin(meter: &Arc<Meter>) -> Self {
        meter.accepted.add(1);
        meter.waiting.fetch_add(1, Ordering::Relaxed);
        Self(meter.clone())
    }
}

impl Drop for Roomless {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
