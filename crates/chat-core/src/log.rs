//! A bounded log of numbered events, and places in it.

use alloc::collections::VecDeque;
use core::num::{NonZeroU32, NonZeroUsize};

use crate::budget::Share;
use crate::id::Seq;

/// A ring of events, bounded by their number and their bytes. The oldest fall
/// out first; the newest is always kept. Numbers have no holes.
#[derive(Debug)]
pub struct Log<E> {
    entries: VecDeque<Entry<E>>,
    /// Bytes of all events that ever were here, and of those that fell out.
    pushed: u64,
    dropped: u64,
    newest: Seq,
    max_events: NonZeroU32,
    max_bytes: NonZeroUsize,
    share: Share,
}

#[derive(Debug)]
struct Entry<E> {
    /// What `pushed` was after it.
    end: u64,
    event: E,
}

/// What stands in a log from some place on.
#[derive(Debug)]
pub enum Read<I> {
    /// All that came since, oldest first; empty at the log's end.
    Events(I),
    /// What was asked for first has fallen out: the events `from` to `to`,
    /// both included, can't be had any more. Read on after `to`.
    Lagged {
        /// The first that is missing.
        from: Seq,
        /// The last that is missing.
        to: Seq,
    },
}

impl<E> Log<E> {
    /// An empty log; its first event will have 1.
    #[must_use]
    pub const fn new(max_events: NonZeroU32, max_bytes: NonZeroUsize) -> Self {
        Self::sharing(max_events, max_bytes, Share::unbounded())
    }

    /// The same, which holds no more than its share either.
    pub(crate) const fn sharing(
        max_events: NonZeroU32,
        max_bytes: NonZeroUsize,
        share: Share,
    ) -> Self {
        Self {
            entries: VecDeque::new(),
            pushed: 0,
            dropped: 0,
            newest: Seq::ZERO,
            max_events,
            max_bytes,
            share,
        }
    }

    /// Puts an event at the end. `bytes` is what it holds beyond its own size.
    pub fn push(&mut self, event: E, bytes: usize) -> Seq {
        let bytes = bytes.saturating_add(size_of::<Entry<E>>());
        let most = self.max_bytes.get().min(self.share.bytes());
        let full = |log: &Self| {
            log.entries.len() >= log.max_events.get() as usize
                || log.bytes().saturating_add(bytes) > most
        };
        while full(self) {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.dropped = oldest.end;
        }
        self.pushed = self.pushed.saturating_add(bytes as u64);
        self.entries.push_back(Entry { end: self.pushed, event });
        self.newest = self.newest.next();
        if self.is_short() {
            self.share.grow();
        }
        self.newest
    }

    /// Whether the largest event would push others out that the log itself has
    /// room for.
    fn is_short(&self) -> bool {
        let share = self.share.bytes();
        share < self.max_bytes.get() && self.bytes().saturating_add(self.share.step()) > share
    }

    /// The newest event's place; [`Seq::ZERO`] before the first.
    #[must_use]
    pub const fn newest(&self) -> Seq {
        self.newest
    }

    /// The place before the oldest event that is still here.
    #[must_use]
    pub fn floor(&self) -> Seq {
        self.newest.back(self.entries.len() as u64)
    }

    /// How many bytes the log holds.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        // It was counted up from sizes in memory.
        (self.pushed - self.dropped) as usize
    }

    /// Whether what came after `last` fills half of the log or more, by number
    /// or by bytes, or so much of a share that can't grow that the largest event
    /// would push some of it out: whoever reads from there should go on before
    /// more comes.
    #[must_use]
    pub fn is_half_after(&self, last: Seq) -> bool {
        let floor = self.floor();
        if last >= self.newest {
            return false;
        }
        let skip = usize::try_from(last.get().saturating_sub(floor.get())).unwrap_or(usize::MAX);
        let events = self.entries.len().saturating_sub(skip);
        let read = skip.checked_sub(1).and_then(|i| self.entries.get(i));
        let bytes = self.pushed - read.map_or(self.dropped, |entry| entry.end);
        events * 2 >= self.max_events.get() as usize
            || bytes.saturating_mul(2) >= self.max_bytes.get() as u64
            || self.is_short()
                && bytes.saturating_add(self.share.step() as u64) > self.share.bytes() as u64
    }

    /// What came after `last`.
    #[must_use]
    pub fn after(&self, last: Seq) -> Read<impl ExactSizeIterator<Item = (Seq, &E)>> {
        let floor = self.floor();
        if last < floor {
            return Read::Lagged { from: last.next(), to: floor };
        }
        let skip = usize::try_from(last.get() - floor.get()).unwrap_or(usize::MAX);
        let events = self.entries.range(skip.min(self.entries.len())..);
        Read::Events(
            events
                .enumerate()
                .map(move |(i, entry)| (Seq::new(last.get() + 1 + i as u64), &entry.event)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use alloc::sync::Arc;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn log(events: u32, bytes: usize) -> Log<u8> {
        Log::new(NonZeroU32::new(events).unwrap(), NonZeroUsize::new(bytes).unwrap())
    }

    fn read(log: &Log<u8>, last: u64) -> Result<alloc::vec::Vec<(u64, u8)>, (u64, u64)> {
        match log.after(Seq::new(last)) {
            Read::Events(events) => Ok(events.map(|(seq, &e)| (seq.get(), e)).collect()),
            Read::Lagged { from, to } => Err((from.get(), to.get())),
        }
    }

    #[test]
    fn the_oldest_fall_out_by_number() {
        let mut log = log(2, 1 << 20);
        assert_eq!(read(&log, 0), Ok(alloc::vec![]));
        for e in 1..=3 {
            log.push(e, 0);
        }
        assert_eq!(read(&log, 0), Err((1, 1)));
        assert_eq!(read(&log, 1), Ok(alloc::vec![(2, 2), (3, 3)]));
        assert_eq!(read(&log, 3), Ok(alloc::vec![]));
    }

    #[test]
    fn the_newest_stays_whatever_its_size() {
        let mut log = log(8, 100);
        log.push(1, 10);
        log.push(2, 1000);
        assert_eq!(read(&log, 1), Ok(alloc::vec![(2, 2)]));
        log.push(3, 10);
        assert_eq!(read(&log, 2), Ok(alloc::vec![(3, 3)]));
        assert!(log.bytes() <= 100);
    }

    #[test]
    fn half_of_it_is_told_by_number_and_by_bytes() {
        let mut by_number = log(4, 1 << 20);
        by_number.push(1, 0);
        assert!(!by_number.is_half_after(Seq::ZERO));
        by_number.push(2, 0);
        assert!(by_number.is_half_after(Seq::ZERO));
        assert!(!by_number.is_half_after(Seq::new(1)));

        let mut by_bytes = log(100, 1000);
        by_bytes.push(1, 300);
        assert!(!by_bytes.is_half_after(Seq::ZERO));
        by_bytes.push(2, 300);
        assert!(by_bytes.is_half_after(Seq::ZERO));
        assert!(!by_bytes.is_half_after(Seq::new(1)));
        assert!(!by_bytes.is_half_after(Seq::new(2)));
    }

    proptest! {
        #[test]
        fn logs_that_share_hold_no_more_than_there_is_and_lose_nothing_that_is_waited_for(
            steps in prop::collection::vec((0..6usize, 0..=200usize), 1..400),
        ) {
            // What fits in a step is counted with the entry around it.
            let step = 200 + size_of::<Entry<u8>>();
            let budget = Arc::new(Budget::new(8 * step, step));
            let max_bytes = NonZeroUsize::new(4 * step).unwrap();
            let mut logs: Vec<(Log<u8>, Seq)> = (0..6)
                .filter_map(|_| Share::first(Some(&budget)))
                .map(|share| (Log::sharing(NonZeroU32::MAX, max_bytes, share), Seq::ZERO))
                .collect();
            for (which, bytes) in steps {
                let (log, flushed) = &mut logs[which];
                if log.is_half_after(*flushed) {
                    *flushed = log.newest();
                }
                log.push(0, bytes);
                prop_assert!(log.floor() <= *flushed, "{log:?} after {flushed:?}");
                prop_assert!(log.bytes() <= log.share.bytes().min(max_bytes.get()));
                let held: usize = logs.iter().map(|(log, _)| log.bytes()).sum();
                prop_assert!(held <= budget.used() && budget.used() <= budget.max());
            }
            drop(logs);
            prop_assert_eq!(budget.used(), 0);
        }
    }
}
