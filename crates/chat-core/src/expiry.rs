//! Deadlines in their order.

use alloc::collections::BTreeSet;

use crate::time::Timestamp;

/// A set of deadlines, each of something that is named by a key.
#[derive(Debug)]
pub(crate) struct Expiry<K>(BTreeSet<(Timestamp, K)>);

impl<K: Ord + Copy> Expiry<K> {
    pub(crate) const fn new() -> Self {
        Self(BTreeSet::new())
    }

    pub(crate) fn add(&mut self, at: Timestamp, key: K) {
        self.0.insert((at, key));
    }

    pub(crate) fn remove(&mut self, at: Timestamp, key: K) {
        self.0.remove(&(at, key));
    }

    /// The earliest.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.0.first().map(|(at, _)| *at)
    }

    /// Takes out the earliest that is due.
    pub(crate) fn pop_due(&mut self, now: Timestamp) -> Option<K> {
        let (at, key) = *self.0.first()?;
        if at > now {
            return None;
        }
        self.0.pop_first();
        Some(key)
    }

    /// Takes out the earliest, due or not.
    pub(crate) fn pop(&mut self) -> Option<K> {
        self.0.pop_first().map(|(_, key)| key)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}
