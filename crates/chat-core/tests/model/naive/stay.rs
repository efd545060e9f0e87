//! A person's stay in a naive room, with all that it ever did there.

use std::time::Duration;

use chat_core::{MessageId, Mode, Rate, Timestamp, Whereabouts};

use crate::look::Look;

pub(crate) struct Stay {
    pub(super) session: u64,
    /// `None` in plain mode.
    pub(super) key: Option<u8>,
    /// Each that was let in, the newest last.
    pub(super) attempts: Vec<u64>,
    /// When it came first, and when it came last, the grace aside.
    pub(super) began: Timestamp,
    pub(super) since: Timestamp,
    pub(super) look: Look,
    /// The last event before all that it was shown at first.
    pub(super) first: u64,
    /// Whether it followed on one that was forgotten, and was told of a gap.
    pub(super) began_behind: bool,
    pub(super) place: Place,
    /// Whether it said so in its newest connection.
    pub(super) away: bool,
    /// Each message that was taken under a name, with its number.
    pub(super) sent: Vec<(MessageId, u64)>,
    /// When it took turns.
    pub(super) turns: Vec<Timestamp>,
}

/// Where somebody is who came once.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    Connected,
    /// In the list and without a connection.
    Grace(Timestamp),
    /// Not in the list, and remembered.
    Remembered(Timestamp),
    Forgotten,
}

impl Stay {
    pub(super) fn is_here(&self) -> bool {
        matches!(self.place, Place::Connected | Place::Grace(_))
    }

    pub(super) fn mode(&self) -> Mode {
        if self.key.is_some() { Mode::Structured } else { Mode::Plain }
    }

    pub(super) fn attempt(&self) -> u64 {
        self.attempts.last().copied().unwrap_or(0)
    }

    /// Whether nobody else may appear so: a nickname is free once its owner
    /// isn't in the list, a key once its owner is forgotten.
    pub(super) fn occupies(&self, look: &Look) -> bool {
        let holds = match look {
            Look::Nick { .. } => self.is_here(),
            Look::Key { .. } => self.place != Place::Forgotten,
        };
        holds && self.look.is_taken_for(look)
    }

    pub(super) fn whereabouts(&self) -> Option<Whereabouts> {
        match self.place {
            Place::Connected if self.away => Some(Whereabouts::Away),
            Place::Connected => Some(Whereabouts::Here),
            Place::Grace(_) => Some(Whereabouts::Lost),
            Place::Remembered(_) | Place::Forgotten => None,
        }
    }

    /// As a peer is written.
    pub(super) fn written(&self) -> String {
        let Self { session, since, look, .. } = self;
        let (mode, since) = (self.mode(), since.as_millis());
        format!("{session} {mode:?} {since} {} {:?}", look.written(), self.whereabouts())
    }

    /// What it holds at a time of what it may send, from its start on with each
    /// turn it took.
    pub(super) fn held(&self, rate: &Rate, at: Timestamp) -> u64 {
        let full = u64::from(rate.burst) * parts(rate);
        let gain = |from: Timestamp, to: Timestamp| {
            to.since(from).as_millis() as u64 * u64::from(rate.tokens)
        };
        let (mut held, mut from) = (full, self.began);
        for turn in &self.turns {
            held = full.min(held + gain(from, *turn)) - parts(rate);
            from = *turn;
        }
        full.min(held + gain(from, at))
    }

    pub(super) fn take_turn(&mut self, rate: &Rate, now: Timestamp) -> Result<(), Timestamp> {
        let is_free = |at: Timestamp| self.held(rate, at) >= parts(rate);
        if is_free(now) {
            self.turns.push(now);
            return Ok(());
        }
        let mut at = now;
        while !is_free(at) {
            at = at.after(Duration::from_millis(1));
        }
        Err(at)
    }
}

/// What one turn costs, in parts of which a rate gives `tokens` a millisecond.
fn parts(rate: &Rate) -> u64 {
    rate.per.as_millis() as u64
}
