//! What one receiver got: whether each sender's messages came, once and in order.

use std::ops::Range;

/// The books of a receiver.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// The first of the room's senders, and the next number of each.
    first: u32,
    next: Vec<u32>,
    /// Stands for everything in the order in which it came.
    order: u64,
    received: u64,
    trouble: Trouble,
}

/// How many gaps are kept open: what comes so late that its gap was given up counts as missing and
/// as doubled, which is as wrong.
const GAPS: usize = 4096;

/// What went wrong so far.
#[derive(Debug, Default)]
struct Trouble {
    /// What was passed over, and may still come: sender and numbers.
    gaps: Vec<(usize, Range<u32>)>,
    /// What was passed over once there were too many gaps.
    lost: u64,
    doubled: u64,
    out_of_order: u64,
}

/// The sum of what went wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    pub(crate) missing: u64,
    pub(crate) doubled: u64,
    pub(crate) out_of_order: u64,
}

impl Ledger {
    /// For a room whose senders are `count` from `first` on.
    pub(crate) fn new(first: u32, count: usize) -> Self {
        Self { first, next: vec![0; count], ..Self::default() }
    }

    /// Enters a message.
    #[inline]
    pub(crate) fn enter(&mut self, sender: u32, seq: u32) {
        self.received += 1;
        // Wraps for a sender before the first, to one that there isn't.
        let index = sender.wrapping_sub(self.first) as usize;
        match self.next.get_mut(index) {
            Some(next) if *next == seq => *next += 1,
            _ => self.trouble(index, seq),
        }
        let entry = u64::from(sender) << 32 | u64::from(seq);
        self.order = (self.order.rotate_left(5) ^ entry).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    #[cold]
    fn trouble(&mut self, index: usize, seq: u32) {
        let Some(next) = self.next.get_mut(index) else {
            // Of another room, or of nobody.
            self.trouble.out_of_order += 1;
            return;
        };
        if seq > *next {
            self.trouble.pass_over(index, *next..seq);
            *next = seq + 1;
        } else if self.trouble.fill(index, seq) {
            self.trouble.out_of_order += 1;
        } else {
            self.trouble.doubled += 1;
        }
    }

    /// The next number of a sender, by its place in the room: that after the highest that came.
    pub(crate) fn next(&self, index: usize) -> u32 {
        self.next.get(index).copied().unwrap_or(0)
    }

    /// How many came, all counted.
    pub(crate) const fn received(&self) -> u64 {
        self.received
    }

    /// What is wrong, where the room's senders have sent so many.
    pub(crate) fn faults(&self, sent: &[u32]) -> Faults {
        let Trouble { gaps, lost, doubled, out_of_order } = &self.trouble;
        let skipped: u64 = gaps.iter().map(|(_, gap)| u64::from(gap.end - gap.start)).sum();
        let outstanding = sent.iter().zip(&self.next).map(|(sent, next)| sent.abs_diff(*next));
        Faults {
            missing: lost + skipped + outstanding.map(u64::from).sum::<u64>(),
            doubled: *doubled,
            out_of_order: *out_of_order,
        }
    }

    /// The same for two receivers that got the same in the same order.
    pub(crate) const fn order(&self) -> u64 {
        self.order
    }
}

impl Trouble {
    fn pass_over(&mut self, index: usize, gap: Range<u32>) {
        if self.gaps.len() < GAPS {
            self.gaps.push((index, gap));
        } else {
            self.lost += u64::from(gap.end - gap.start);
        }
    }

    /// Takes a number out of what was passed over; false where it isn't there.
    fn fill(&mut self, index: usize, seq: u32) -> bool {
        let found = self.gaps.iter().position(|(of, gap)| *of == index && gap.contains(&seq));
        let Some((of, gap)) = found.map(|at| self.gaps.swap_remove(at)) else { return false };
        for rest in [gap.start..seq, seq + 1..gap.end] {
            if !rest.is_empty() {
                self.gaps.push((of, rest));
            }
        }
        true
    }
}

impl Faults {
    pub(crate) const fn is_clean(&self) -> bool {
        self.missing == 0 && self.doubled == 0 && self.out_of_order == 0
    }

    pub(crate) const fn add(&mut self, other: Self) {
        self.missing += other.missing;
        self.doubled += other.doubled;
        self.out_of_order += other.out_of_order;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The books after these messages of two senders, 10 and 11.
    fn after(messages: &[(u32, u32)]) -> Ledger {
        let mut ledger = Ledger::new(10, 2);
        for (sender, seq) in messages {
            ledger.enter(*sender, *seq);
        }
        ledger
    }

    fn faults(missing: u64, doubled: u64, out_of_order: u64) -> Faults {
        Faults { missing, doubled, out_of_order }
    }

    #[test]
    fn what_comes_once_and_in_order_is_clean() {
        let ledger = after(&[(10, 0), (11, 0), (10, 1), (11, 1), (11, 2)]);
        assert_eq!(ledger.faults(&[2, 3]), Faults::default());
        assert_eq!(ledger.received(), 5);
    }

    #[test]
    fn a_missing_one_is_found_in_the_middle_and_at_the_end() {
        assert_eq!(after(&[(10, 0), (10, 2)]).faults(&[3, 0]), faults(1, 0, 0));
        assert_eq!(after(&[(10, 0), (10, 1)]).faults(&[3, 2]), faults(3, 0, 0));
    }

    #[test]
    fn a_doubled_one_is_found() {
        assert_eq!(after(&[(10, 0), (10, 0), (10, 1)]).faults(&[2, 0]), faults(0, 1, 0));
        assert_eq!(after(&[(10, 0), (10, 1), (10, 0)]).faults(&[2, 0]), faults(0, 1, 0));
    }

    #[test]
    fn two_that_are_swapped_are_found_and_not_missing() {
        let ledger = after(&[(10, 0), (10, 2), (10, 1), (10, 3)]);
        assert_eq!(ledger.faults(&[4, 0]), faults(0, 0, 1));
        let ledger = after(&[(10, 4), (10, 2), (10, 0), (10, 1), (10, 2), (10, 5)]);
        assert_eq!(ledger.faults(&[6, 0]), faults(1, 1, 3));
    }

    #[test]
    fn one_of_another_room_is_found() {
        for stranger in [9, 12, u32::MAX] {
            assert_eq!(after(&[(stranger, 0)]).faults(&[0, 0]), faults(0, 0, 1));
        }
    }

    #[test]
    fn more_than_was_sent_is_found() {
        assert!(!after(&[(10, 0), (10, 1)]).faults(&[1, 0]).is_clean());
    }

    #[test]
    fn another_order_between_senders_is_told_by_the_hash() {
        let one = after(&[(10, 0), (11, 0), (10, 1)]);
        let two = after(&[(11, 0), (10, 0), (10, 1)]);
        assert!(one.faults(&[2, 1]).is_clean() && two.faults(&[2, 1]).is_clean());
        assert_ne!(one.order(), two.order());
        assert_eq!(one.order(), after(&[(10, 0), (11, 0), (10, 1)]).order());
    }
}
