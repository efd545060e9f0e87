//! Whether the other end still lives (protocol, section 4.3).

use std::time::Duration;

use chat_core::Timestamp;

/// How long the answer to a `ping` may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// How long the `welcome` may take.
const WELCOME_WITHIN: Duration = Duration::from_secs(20);

/// Watches the silence between two signs of life.
pub(super) struct Heartbeat {
    heard: Timestamp,
    silence: Duration,
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
    pub(super) fn new(now: Timestamp) -> Self {
        Self { heard: now, silence: WELCOME_WITHIN, asked: None }
    }

    /// Both ends say something every `ping_ms`: two that are missed, and a little, are a silence.
    pub(super) fn expect_every(&mut self, ping_ms: u64) {
        self.silence = Duration::from_millis(ping_ms.saturating_mul(2)) + Duration::from_secs(5);
    }

    pub(super) fn heard(&mut self, now: Timestamp) {
        self.heard = now;
        self.asked = None;
    }

    pub(super) fn deadline(&self) -> Timestamp {
        match self.asked {
            Some(asked) => asked.after(ANSWER_WITHIN),
            None => self.heard.after(self.silence),
        }
    }

    /// What to do now, if anything; `may_ask` is false where the protocol forbids to send.
    pub(super) fn check(&mut self, now: Timestamp, may_ask: bool) -> Option<Silence> {
        if now < self.deadline() {
            return None;
        }
        if self.asked.is_some() || !may_ask {
            return Some(Silence::Lost);
        }
        self.asked = Some(now);
        Some(Silence::Ask)
    }
}
