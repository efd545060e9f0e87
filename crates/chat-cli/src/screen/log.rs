//! What has happened, and which part of it is seen.

use std::collections::VecDeque;

use ratatui::text::Line;

use super::{
    entry::{Entry, ruled},
    look::Look,
};

/// The most entries that are kept, and their bytes: the oldest go first.
const ENTRIES: usize = 10_000;
const BYTES: usize = 16 << 20;

/// Entries, and a window on them that either follows the end or stays where it is.
#[derive(Default)]
pub(super) struct Log {
    entries: VecDeque<Entry>,
    bytes: usize,
    /// The number of the first entry that is kept.
    first: u64,
    /// The first row that is seen, as entry and row in it; `None` where the end is.
    top: Option<(u64, usize)>,
    /// The first entry that has not been seen yet.
    unread: Option<u64>,
    /// How many have come since the window stands still.
    pub(super) below: usize,
}

/// What the window is: its size and what it looks like.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) look: &'a Look,
    /// Entries after the last one: what is on its way.
    pub(super) tail: &'a [Entry],
}

impl Log {
    /// Adds an entry, after the day's name where another day has begun.
    pub(super) fn push(&mut self, entry: Entry, look: &Look) {
        let day = self.entries.back().map(|last| look.day(last.ts));
        if day.as_deref() != Some(&look.day(entry.ts)) {
            self.keep(Entry::day(entry.ts));
        }
        self.keep(entry);
        self.below += usize::from(self.top.is_some());
        while self.entries.len() > ENTRIES || self.bytes > BYTES {
            let Some(gone) = self.entries.pop_front() else { break };
            self.bytes -= gone.bytes();
            self.first += 1;
        }
    }

    fn keep(&mut self, entry: Entry) {
        self.bytes += entry.bytes();
        self.entries.push_back(entry);
    }

    /// The newest entry is the first that nobody has seen, unless there is one already.
    pub(super) fn mark_unread(&mut self) {
        let newest = self.end().saturating_sub(1);
        self.unread.get_or_insert(newest);
    }

    pub(super) fn clear_unread(&mut self) {
        self.unread = None;
    }

    pub(super) const fn follows(&self) -> bool {
        self.top.is_none()
    }

    pub(super) fn follow(&mut self) {
        self.top = None;
        self.below = 0;
    }

    /// Scrolls by so many rows, up where it is negative.
    pub(super) fn scroll(&mut self, by: isize, window: &Window<'_>) {
        let top = self.seen_top(window);
        let top = if by < 0 {
            self.up(top, by.unsigned_abs(), window)
        } else {
            self.down(top, by.unsigned_abs(), window)
        };
        if top >= self.last_top(window) {
            self.follow();
        } else {
            self.top = Some(top);
        }
    }

    /// The rows that are seen, at most as many as the window has.
    pub(super) fn seen(&self, window: &Window<'_>) -> Vec<Line<'static>> {
        let (mut id, skip) = self.seen_top(window);
        let mut rows: Vec<_> = self.rows(id, window).into_iter().skip(skip).collect();
        while rows.len() < window.rows && id < self.end_with(window) {
            id += 1;
            rows.extend(self.rows(id, window));
        }
        rows.truncate(window.rows);
        rows
    }

    fn end(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    fn end_with(&self, window: &Window<'_>) -> u64 {
        self.end() + window.tail.len() as u64
    }

    fn rows(&self, id: u64, window: &Window<'_>) -> Vec<Line<'static>> {
        let at = usize::try_from(id.saturating_sub(self.first)).unwrap_or(usize::MAX);
        let entry =
            self.entries.get(at).or_else(|| window.tail.get(at.checked_sub(self.entries.len())?));
        let Some(entry) = entry else { return Vec::new() };
        let mut rows = entry.rows(window.columns, window.look);
        if self.unread == Some(id) {
            rows.insert(0, ruled("new since you looked", window.columns, window.look));
        }
        rows
    }

    fn seen_top(&self, window: &Window<'_>) -> (u64, usize) {
        let last = self.last_top(window);
        match self.top {
            Some((id, _)) if id < self.first => (self.first, 0),
            // After a change of width the entry may have fewer rows.
            Some((id, row)) => {
                (id, row.min(self.rows(id, window).len().saturating_sub(1))).min(last)
            }
            None => last,
        }
    }

    /// The first row where the window stands at the end.
    fn last_top(&self, window: &Window<'_>) -> (u64, usize) {
        self.up((self.end_with(window), 0), window.rows, window)
    }

    fn up(&self, (mut id, row): (u64, usize), by: usize, window: &Window<'_>) -> (u64, usize) {
        let mut left = by;
        if left <= row {
            return (id, row - left);
        }
        left -= row;
        while id > self.first {
            id -= 1;
            let rows = self.rows(id, window).len();
            if left <= rows {
                return (id, rows - left);
            }
            left -= rows;
        }
        (self.first, 0)
    }

    fn down(&self, (mut id, row): (u64, usize), by: usize, window: &Window<'_>) -> (u64, usize) {
        let mut row = row + by;
        while id < self.end_with(window) {
            let rows = self.rows(id, window).len();
            if row < rows {
                return (id, row);
            }
            row -= rows;
            id += 1;
        }
        (id, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::{ENTRIES, Log, Window};
    use crate::screen::{entry::Entry, look::Look};

    fn window<'a>(columns: usize, rows: usize, look: &'a Look) -> Window<'a> {
        Window { columns, rows, look, tail: &[] }
    }

    fn seen(log: &Log, window: &Window<'_>) -> Vec<String> {
        log.seen(window).iter().map(|row| row.to_string().trim().to_owned()).collect()
    }

    fn log(texts: &[&str], look: &Look) -> Log {
        let mut log = Log::default();
        for text in texts {
            log.push(Entry::notice(0, text), look);
        }
        log
    }

    #[test]
    fn it_follows_the_end_until_somebody_scrolls() {
        let look = Look::in_utc(false);
        let mut log = log(&["a", "b", "c", "d"], &look);
        let window = window(40, 2, &look);
        assert_eq!(seen(&log, &window), ["00:00 * c", "00:00 * d"]);
        log.scroll(-1, &window);
        assert_eq!(seen(&log, &window), ["00:00 * b", "00:00 * c"]);
        log.push(Entry::notice(0, "e"), &look);
        assert_eq!((seen(&log, &window).concat(), log.below), ("00:00 * b00:00 * c".into(), 1));
        log.scroll(-99, &window);
        assert!(seen(&log, &window)[0].contains("1970"));
        log.scroll(2, &window);
        assert_eq!(seen(&log, &window)[0], "00:00 * b");
        log.scroll(99, &window);
        assert_eq!(
            (seen(&log, &window)[1].as_str(), log.follows(), log.below),
            ("00:00 * e", true, 0)
        );
    }

    #[test]
    fn a_window_that_is_not_full_begins_at_the_top() {
        let look = Look::in_utc(false);
        let mut log = log(&["a"], &look);
        let window = window(40, 9, &look);
        assert_eq!(seen(&log, &window).len(), 2);
        log.scroll(-3, &window);
        assert!(log.follows());
        assert_eq!(seen(&Log::default(), &window), [""; 0]);
    }

    #[test]
    fn long_entries_are_scrolled_row_by_row_and_keep_their_place_in_another_width() {
        let look = Look::in_utc(false);
        let mut log = log(&["one two three four five six", "end"], &look);
        let narrow = window(31, 2, &look);
        assert_eq!(seen(&log, &narrow), ["six", "00:00 * end"]);
        log.scroll(-1, &narrow);
        assert_eq!(seen(&log, &narrow)[1], "six");
        log.scroll(-1, &narrow);
        log.scroll(1, &narrow);
        let wide = window(60, 2, &look);
        assert_eq!(seen(&log, &wide)[0], "00:00 * one two three four five six");
    }

    #[test]
    fn what_is_new_is_marked_once_and_what_is_on_its_way_comes_last() {
        let look = Look::in_utc(false);
        let mut log = log(&["a"], &look);
        log.mark_unread();
        log.push(Entry::notice(0, "b"), &look);
        log.mark_unread();
        let tail = [Entry::notice(0, "c")];
        let window = Window { tail: &tail, ..window(40, 4, &look) };
        let rows = seen(&log, &window);
        assert!(rows[0].starts_with("── new since you looked ─"), "{rows:?}");
        assert_eq!(rows[1..], ["00:00 * a", "00:00 * b", "00:00 * c"]);
        log.clear_unread();
        assert!(!seen(&log, &window).concat().contains("new"));
    }

    #[test]
    fn days_are_told_apart_and_the_oldest_entries_go() {
        let look = Look::in_utc(false);
        let mut log = log(&["a"], &look);
        log.push(Entry::notice(86_400_000, "b"), &look);
        let window = window(40, 9, &look);
        assert!(seen(&log, &window)[2].contains("Friday, 2 January 1970"));
        log.scroll(-9, &Window { rows: 1, ..window });
        for _ in 0..ENTRIES {
            log.push(Entry::notice(86_400_000, "c"), &look);
        }
        assert_eq!((log.entries.len(), log.bytes > 0), (ENTRIES, true));
        assert_eq!(seen(&log, &window)[0], "00:00 * c");
    }
}
