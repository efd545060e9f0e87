//! A reader's place in a room's log.

use chat_core::{Event, Instance, Read, RoomId, Seq};

use crate::look;

pub(crate) struct Cursor {
    pub(crate) room: RoomId,
    pub(crate) instance: Instance,
    /// With which key it came; `None` in plain mode.
    pub(crate) key: Option<u8>,
    pub(crate) last: Seq,
}

impl Cursor {
    /// Takes the next `most` events, or goes past what is gone.
    pub(crate) fn go_on<E>(&mut self, read: Read<impl Iterator<Item = (Seq, E)>>, most: usize) {
        self.last = match read {
            Read::Events(events) => events.take(most).last().map_or(self.last, |(seq, _)| seq),
            Read::Lagged { to, .. } => to,
        };
    }
}

/// What was read, each event as a line of text, or what is missing.
pub(crate) fn lines<'a>(
    read: Read<impl Iterator<Item = (Seq, &'a Event<String>)>>,
) -> Result<Vec<String>, (u64, u64)> {
    match read {
        Read::Events(events) => {
            Ok(events.map(|(seq, event)| format!("{} {}", seq.get(), look::event(event))).collect())
        }
        Read::Lagged { from, to } => Err((from.get(), to.get())),
    }
}
