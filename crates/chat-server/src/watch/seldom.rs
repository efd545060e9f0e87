//! Warnings that would come again and again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Something that is said now and then, however often it happens.
#[derive(Debug)]
pub(crate) struct Seldom {
    every: Duration,
    happened: Mutex<Happened>,
}

#[derive(Debug, Default)]
struct Happened {
    said: Option<Instant>,
    unsaid: u64,
}

impl Seldom {
    /// The same is said once in this time at the most.
    pub(crate) fn every(every: Duration) -> Self {
        Self { every, happened: Mutex::default() }
    }

    /// It happened. Where it is to be said, how often it happened since it was
    /// last said.
    pub(crate) fn happened(&self, now: Instant) -> Option<u64> {
        let mut happened = self.happened.lock().unwrap_or_else(PoisonError::into_inner);
        happened.unsaid += 1;
        if happened.said.is_some_and(|said| now.duration_since(said) < self.every) {
            return None;
        }
        happened.said = Some(now);
        Some(std::mem::take(&mut happened.unsaid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_at_once_and_then_with_what_was_left_out() {
        let every = Duration::from_secs(10);
        let (seldom, start) = (Seldom::every(every), Instant::now());
        assert_eq!(seldom.happened(start), Some(1));
        assert_eq!(seldom.happened(start), None);
        assert_eq!(seldom.happened(start + every / 2), None);
        assert_eq!(seldom.happened(start + every), Some(3));
    }
}
