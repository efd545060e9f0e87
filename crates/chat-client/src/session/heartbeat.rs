//! Whether the other end still lives (protocol, section 4.3).

use std::time::Duration;

use chat_core::Timestamp;

/// How long after a `ping` something must arrive.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// A server that asks for more pings than this is not obeyed.
const AT_MOST_EVERY: Duration = Duration::from_secs(1);

/// Watches the silence of a connection that is live.
pub(super) struct Heartbeat {
    every: Duration,
    heard: Timestamp,
    asked: Option<Timestamp>,
}

/// What a silence asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// Ask whether somebody is there.
    Ask,
    /// Nobody is.
    Lost,
}

impl Heartbeat {
    /// Begins; after `ping_ms` of silence somebody is asked for.
    pub(super) fn new(now: Timestamp, ping_ms: u64) -> Self {
        let every = Duration::from_millis(ping_ms).max(AT_MOST_EVERY);
        Self { every, heard: now, asked: None }
    }

    pub(super) fn heard(&mut self, now: Timestamp) {
        self.heard = now;
        self.asked = None;
    }

    pub(super) fn deadline(&self) -> Timestamp {
        match self.asked {
            Some(asked) => asked.after(ANSWER_WITHIN),
            None => self.heard.after(self.every),
        }
    }

    /// Asks at once; `false` where an answer is being waited for already.
    pub(super) fn ask(&mut self, now: Timestamp) -> bool {
        self.asked.is_none() && {
            self.asked = Some(now);
            true
        }
    }

    /// What to do now, if anything.
    pub(super) fn check(&mut self, now: Timestamp) -> Option<Silence> {
        if now < self.deadline() {
            return None;
        }
        Some(if self.ask(now) { Silence::Ask } else { Silence::Lost })
    }
}
