//! Warnings that would come again and again.

use std::time::Duration;

use tokio::time::Instant;

/// How often the same is said at most.
const EVERY: Duration = Duration::from_secs(10);

/// Something that is said now and then, however often it happens.
#[derive(Debug, Default)]
pub(crate) struct Seldom {
    said: Option<Instant>,
    unsaid: u64,
}

impl Seldom {
    /// It happened. Where it is to be said, how often it happened since it was
    /// last said.
    pub(crate) fn happened(&mut self, now: Instant) -> Option<u64> {
        self.unsaid += 1;
        if self.said.is_some_and(|said| now.duration_since(said) < EVERY) {
            return None;
        }
        self.said = Some(now);
        Some(std::mem::take(&mut self.unsaid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_at_once_and_then_with_what_was_left_out() {
        let (mut seldom, start) = (Seldom::default(), Instant::now());
        assert_eq!(seldom.happened(start), Some(1));
        assert_eq!(seldom.happened(start), None);
        assert_eq!(seldom.happened(start + EVERY / 2), None);
        assert_eq!(seldom.happened(start + EVERY), Some(3));
    }
}
