//! Numbers that only grow.

use std::sync::atomic::{AtomicU64, Ordering};

/// A number that only grows. Readers see it a moment late, which is early
/// enough for figures.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A count for each of a fixed list, and one for all that isn't in it: whatever
/// comes from outside, there are no more.
#[derive(Debug)]
pub(crate) struct Counts<K: 'static> {
    known: &'static [K],
    counts: Box<[Count]>,
    other: Count,
}

impl<K> Counts<K> {
    pub(crate) fn of(known: &'static [K]) -> Self {
        let counts = known.iter().map(|_| Count::default()).collect();
        Self { known, counts, other: Count::default() }
    }

    pub(crate) fn add<Q>(&self, key: Q)
    where
        K: PartialEq<Q>,
    {
        let place = self.known.iter().position(|known| *known == key);
        place.map_or(&self.other, |place| &self.counts[place]).add(1);
    }

    /// Each of the list with its count.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&'static K, u64)> {
        self.known.iter().zip(self.counts.iter().map(Count::get))
    }

    /// How many there were that aren't in the list.
    pub(crate) fn other(&self) -> u64 {
        self.other.get()
    }

    /// All together.
    pub(crate) fn sum(&self) -> u64 {
        self.each().map(|(_, count)| count).sum::<u64>() + self.other()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_no_list_counts_as_other() {
        let counts = Counts::of(&["a", "b"]);
        for word in ["a", "a", "", "what somebody sent", "A"] {
            counts.add(word);
        }
        assert_eq!(counts.each().collect::<Vec<_>>(), [(&"a", 2), (&"b", 0)]);
        assert_eq!((counts.other(), counts.sum()), (3, 5));
    }
}
