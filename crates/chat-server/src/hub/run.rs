//! A run of events, encoded once for all who read it.

use chat_core::{Event, Read, Room, Seq};

use super::encode;
use super::payload::Payload;

/// What a frame is expected to have, so that few have to be moved.
const FRAME_BYTES: usize = 256;

/// In which form a connection sees a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// chat.v1: every event as JSON.
    Structured,
    /// Texts alone, as `nick: text`.
    Plain,
}

/// Whole WebSocket frames of successive events, ready to be written to any
/// number of sockets.
#[derive(Debug)]
pub(crate) struct Run {
    bytes: Vec<u8>,
    ends: Vec<End>,
    last: Seq,
}

/// Where an event's frame ends. An event that the form doesn't show has none.
#[derive(Clone, Copy, Debug)]
struct End {
    seq: Seq,
    at: usize,
}

/// A run of which a part was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut<'a> {
    /// The event whose frame was begun or finished last.
    pub(crate) seq: Seq,
    /// What is left of that frame.
    pub(crate) rest: &'a [u8],
    /// How many frames come after it.
    pub(crate) unbegun: usize,
}

impl Run {
    /// Encodes what came after `last` and not after `until`, stopping at the
    /// first event that brings it to `budget` bytes.
    ///
    /// # Errors
    /// The first and the last event that were asked for and are gone.
    pub(crate) fn encode(
        room: &Room<Payload>,
        form: Form,
        last: Seq,
        until: Seq,
        budget: usize,
    ) -> Result<Self, (Seq, Seq)> {
        let events = match room.after(last) {
            Read::Events(events) => events,
            Read::Lagged { from, to } => return Err((from, to)),
        };
        let most =
            events.len().min(usize::try_from(until.get().saturating_sub(last.get())).unwrap_or(0));
        let bytes = Vec::with_capacity((most * FRAME_BYTES).min(budget));
        let mut run = Self { bytes, ends: Vec::with_capacity(most), last };
        for (seq, event) in events.take_while(|(seq, _)| *seq <= until) {
            run.push(form, seq, event);
            if run.bytes.len() >= budget {
                break;
            }
        }
        Ok(run)
    }

    fn push(&mut self, form: Form, seq: Seq, event: &Event<Payload>) {
        let before = self.bytes.len();
        match form {
            Form::Structured => encode::structured(&mut self.bytes, seq, event),
            Form::Plain => encode::plain(&mut self.bytes, event),
        }
        if self.bytes.len() > before {
            self.ends.push(End { seq, at: self.bytes.len() });
        }
        self.last = seq;
    }

    /// The newest event in it, or the one that it was asked to follow.
    pub(crate) const fn last(&self) -> Seq {
        self.last
    }

    /// The bytes after those of the event `last`, and how many frames they are.
    pub(crate) fn after(&self, last: Seq) -> (&[u8], usize) {
        let done = self.ends.partition_point(|end| end.seq <= last);
        let from = done.checked_sub(1).map_or(0, |i| self.ends[i].at);
        (&self.bytes[from..], self.ends.len() - done)
    }

    /// Where all but `left` of the bytes [`after`](Self::after) some event were
    /// written.
    pub(crate) fn cut(&self, left: usize) -> Cut<'_> {
        let at = self.bytes.len() - left;
        let begun = self.ends.partition_point(|end| end.at < at);
        let end = self.ends[begun];
        Cut { seq: end.seq, rest: &self.bytes[at..end.at], unbegun: self.ends.len() - begun - 1 }
    }
}
