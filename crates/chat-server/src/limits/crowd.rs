//! All connections together, and those among them that have asked for nothing.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// How many are let in beyond the limit, to be told of it.
const TOLD: usize = 32;

/// How many files others than connections may need, at least.
const SPARE: u64 = 128;

/// How many connections there are.
pub(crate) struct Crowd {
    max: usize,
    open: AtomicUsize,
    idle: Mutex<Idle>,
}

/// Who has asked for nothing, the oldest first.
#[derive(Default)]
struct Idle {
    next: u64,
    by_age: BTreeMap<u64, Arc<Notify>>,
}

/// A connection's place among all, as long as it lives.
pub(crate) struct Open {
    crowd: Arc<Crowd>,
    /// Whether it is there only to be told that there are too many.
    pub(crate) too_many: bool,
}

/// That a connection has asked for nothing yet.
pub(crate) struct Waiting {
    crowd: Arc<Crowd>,
    age: u64,
    turned_out: Arc<Notify>,
}

impl Crowd {
    /// `max` connections, or where that is `None` as many as files may be open,
    /// without some for others; 0 for no limit.
    pub(crate) fn new(max: Option<usize>) -> Arc<Self> {
        let max = match max.unwrap_or_else(by_files) {
            0 => usize::MAX,
            max => max,
        };
        Arc::new(Self { max, open: AtomicUsize::new(0), idle: Mutex::default() })
    }

    /// Lets a connection in. Where there are too many, the oldest that asked for
    /// nothing goes instead, and where there is none of those the newcomer is
    /// let in to be told; `None` where there are too many of these, too.
    pub(crate) fn enter(self: &Arc<Self>) -> Option<Open> {
        let mut open = Open { crowd: self.clone(), too_many: false };
        let before = self.open.fetch_add(1, Ordering::Relaxed);
        if before < self.max {
            return Some(open);
        }
        if before >= self.max.saturating_add(TOLD) {
            return None;
        }
        open.too_many = !self.turn_one_out();
        Some(open)
    }

    /// Has the connection end that has asked for nothing for the longest time;
    /// whether there was one.
    pub(crate) fn turn_one_out(&self) -> bool {
        let oldest = self.idle().by_age.pop_first();
        oldest.is_some_and(|(_, turned_out)| {
            turned_out.notify_one();
            true
        })
    }

    /// One that has asked for nothing yet.
    pub(crate) fn wait(self: &Arc<Self>) -> Waiting {
        let turned_out = Arc::new(Notify::new());
        let mut idle = self.idle();
        let age = idle.next;
        idle.next += 1;
        idle.by_age.insert(age, turned_out.clone());
        drop(idle);
        Waiting { crowd: self.clone(), age, turned_out }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.crowd.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Waiting {
    /// Once it has to go, because there are too many.
    pub(crate) async fn turned_out(&self) {
        self.turned_out.notified().await;
    }

    /// It has asked for something, and stays.
    pub(crate) fn is_over(&self) {
        self.crowd.idle().by_age.remove(&self.age);
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.is_over();
    }
}

/// How many connections the system has files for; 0 where it doesn't say.
fn by_files() -> usize {
    #[cfg(unix)]
    let files = rlimit::Resource::NOFILE.get_soft().unwrap_or_default();
    #[cfg(not(unix))]
    let files = 0;
    usize::try_from(without_spare(files)).unwrap_or(usize::MAX)
}

/// Connections for so many files; at least half of them.
fn without_spare(files: u64) -> u64 {
    files - (files / 16).max(SPARE).min(files / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_files_are_left_for_others() {
        for (files, connections) in
            [(0, 0), (100, 50), (1024, 896), (65_536, 61_440), (u64::MAX, u64::MAX / 16 * 15 + 15)]
        {
            assert_eq!(without_spare(files), connections, "{files}");
        }
    }

    #[test]
    fn beyond_the_limit_some_are_told_and_others_are_not_let_in() {
        let crowd = Crowd::new(Some(2));
        let mut all: Vec<_> = (0..2).map(|_| crowd.enter().unwrap()).collect();
        assert!(all.iter().all(|open| !open.too_many));
        for _ in 0..TOLD {
            let told = crowd.enter().unwrap();
            assert!(told.too_many);
            all.push(told);
        }
        for _ in 0..3 {
            assert!(crowd.enter().is_none(), "and those who are not let in don't count");
        }
        all.drain(..=TOLD);
        assert!(!crowd.enter().unwrap().too_many);
        drop(all);
        assert_eq!(crowd.open.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn the_oldest_that_asked_for_nothing_goes_first() {
        let crowd = Crowd::new(Some(1));
        let _member = crowd.enter().unwrap();
        let (asked, gone, older, newer) = (crowd.wait(), crowd.wait(), crowd.wait(), crowd.wait());
        asked.is_over();
        drop(gone);
        assert!(!crowd.enter().unwrap().too_many);
        older.turned_out().await;
        assert!(!crowd.enter().unwrap().too_many);
        newer.turned_out().await;
        assert!(crowd.enter().unwrap().too_many);
    }
}
