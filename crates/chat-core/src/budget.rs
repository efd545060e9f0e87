//! Memory that the logs of all rooms share.

use alloc::sync::Arc;
use core::sync::atomic::{AtomicUsize, Ordering};

/// How many bytes all logs may hold together, however many registries share it.
///
/// A log is given bytes by the `step`: one when its room is opened, more as it
/// grows, and all are given back when the room is gone. So the bound holds
/// strictly as long as no event is larger than a step. Growing stops at three
/// quarters, so that rooms that talk a lot leave something to rooms that open.
///
/// ```
/// use chat_core::Budget;
///
/// let budget = Budget::new(4000, 1000);
/// assert_eq!((budget.max(), budget.used()), (4000, 0));
/// ```
#[derive(Debug)]
pub struct Budget {
    max: usize,
    step: usize,
    used: AtomicUsize,
}

impl Budget {
    /// `max` bytes for all, given by the `step`, which the largest event fits
    /// in, its own size included.
    #[must_use]
    pub const fn new(max: usize, step: usize) -> Self {
        Self { max, step, used: AtomicUsize::new(0) }
    }

    /// How many bytes there are.
    #[must_use]
    pub const fn max(&self) -> usize {
        self.max
    }

    /// How many are given away. No log holds more than it was given.
    #[must_use]
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Takes a step, if that leaves no more than `most` in use.
    fn take(&self, most: usize) -> bool {
        let more = |used: usize| used.checked_add(self.step).filter(|used| *used <= most);
        self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }
}

/// What one log was given; it is given back when this is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Option<Arc<Budget>>,
    bytes: usize,
}

impl Share {
    /// Of nothing that is bounded.
    pub(crate) const fn unbounded() -> Self {
        Self { budget: None, bytes: usize::MAX }
    }

    /// What a room begins with; `None` where there is no more to be had.
    pub(crate) fn first(budget: Option<&Arc<Budget>>) -> Option<Self> {
        let Some(budget) = budget else { return Some(Self::unbounded()) };
        budget.take(budget.max).then(|| Self { budget: Some(budget.clone()), bytes: budget.step })
    }

    /// How much that is.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// What the largest event takes.
    pub(crate) fn step(&self) -> usize {
        self.budget.as_ref().map_or(0, |budget| budget.step)
    }

    /// Takes a step more, where there is one for logs that grow.
    pub(crate) fn grow(&mut self) -> bool {
        let Some(budget) = &self.budget else { return false };
        let grown = budget.take(budget.max - budget.max / 4);
        if grown {
            self.bytes += budget.step;
        }
        grown
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if let Some(budget) = &self.budget {
            budget.used.fetch_sub(self.bytes, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_never_exceeds_the_bound_and_comes_back() {
        let budget = Arc::new(Budget::new(1000, 100));
        let first = || Share::first(Some(&budget));
        let mut one = first().unwrap();
        while one.grow() {}
        assert_eq!((one.bytes(), budget.used()), (700, 700), "a quarter is for rooms that open");
        let others = [first().unwrap(), first().unwrap(), first().unwrap()];
        assert!(first().is_none());
        assert_eq!(budget.used(), 1000);
        drop(one);
        assert_eq!(budget.used(), 300);
        drop((first().unwrap(), others));
        assert_eq!(budget.used(), 0);
    }

    #[test]
    fn where_nothing_is_bounded_nothing_is_counted() {
        let mut share = Share::first(None).unwrap();
        assert_eq!((share.bytes(), share.step(), share.grow()), (usize::MAX, 0, false));
    }
}
