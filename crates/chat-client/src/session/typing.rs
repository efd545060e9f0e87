//! Telling that the person types: seldom enough, and the last state for sure.

use std::time::Duration;

use chat_core::Timestamp;

/// More than one a second is dropped by the server (protocol, section 4.1).
const PAUSE: Duration = Duration::from_millis(1100);

/// What was told and what is so.
#[derive(Default)]
pub(super) struct Typing {
    told: bool,
    is: bool,
    again: Timestamp,
}

impl Typing {
    pub(super) fn set(&mut self, on: bool) {
        self.is = on;
    }

    pub(super) fn deadline(&self) -> Option<Timestamp> {
        (self.is != self.told).then_some(self.again)
    }

    /// What is to be told now, if anything.
    pub(super) fn poll(&mut self, now: Timestamp) -> Option<bool> {
        if self.deadline()? > now {
            return None;
        }
        self.told = self.is;
        self.again = now.after(PAUSE);
        Some(self.is)
    }
}
