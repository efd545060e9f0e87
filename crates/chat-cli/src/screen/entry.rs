//! One thing in the log, and the rows that it takes.

use ratatui::text::{Line, Span};

use super::{
    look::Look,
    wrap::{width, wrap},
};
use crate::{notice, sanitize};

/// Columns before what is said, and before its further rows: so nobody can write a row that looks
/// like somebody else's.
const TIME: usize = 6;
const HANG: usize = 8;

/// Below this there is no room for the time.
const NARROW: usize = 30;

/// Something that happened at a time.
pub(super) struct Entry {
    pub(super) ts: u64,
    body: Body,
    bytes: usize,
}

enum Body {
    Message {
        author: String,
        own: bool,
        lines: Vec<String>,
        mark: &'static str,
    },
    Notice(Vec<String>),
    /// Rows that are shown whole or not at all.
    Picture(Vec<String>),
    Day,
}

impl Entry {
    /// What somebody says; `mark` is said behind it.
    pub(super) fn message(
        ts: u64,
        nick: &str,
        code: Option<&str>,
        text: &str,
        own: bool,
        mark: &'static str,
    ) -> Self {
        let lines: Vec<String> = sanitize::lines(text).collect();
        let author = notice::author(nick, code);
        let bytes = author.len() + text.len();
        Self { ts, body: Body::Message { author, own, lines, mark }, bytes }
    }

    /// A sentence about the room, or several.
    pub(super) fn notice(ts: u64, text: &str) -> Self {
        let lines: Vec<String> = sanitize::lines(text).collect();
        Self { ts, body: Body::Notice(lines), bytes: text.len() }
    }

    pub(super) fn picture(ts: u64, rows: Vec<String>) -> Self {
        let bytes = rows.iter().map(String::len).sum();
        Self { ts, body: Body::Picture(rows), bytes }
    }

    /// The day that begins.
    pub(super) const fn day(ts: u64) -> Self {
        Self { ts, body: Body::Day, bytes: 0 }
    }

    /// About how much memory it takes.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes + size_of::<Self>()
    }

    /// Its rows of so many columns.
    pub(super) fn rows(&self, columns: usize, look: &Look) -> Vec<Line<'static>> {
        match &self.body {
            Body::Day => vec![ruled(&look.day(self.ts), columns, look)],
            Body::Picture(rows) => {
                let fits = rows.iter().all(|row| width(row) <= columns);
                let rows = rows.iter().filter(|_| fits);
                rows.map(|row| Line::raw(row.clone())).collect()
            }
            Body::Notice(lines) => {
                let mut out = Vec::new();
                for (n, line) in lines.iter().enumerate() {
                    let mark = if n == 0 { "* " } else { "" };
                    let spans = [Span::styled(format!("{mark}{line}"), look.quiet())];
                    self.put(&mut out, &spans, columns, look);
                }
                out
            }
            Body::Message { author, own, lines, mark } => {
                let mut out = Vec::new();
                for (n, line) in lines.iter().enumerate() {
                    let mut spans = Vec::new();
                    if n == 0 {
                        spans.push(Span::styled(author.as_str(), look.nick(author, *own)));
                        spans.push(Span::raw(": "));
                    }
                    spans.push(Span::raw(line.as_str()));
                    if n + 1 == lines.len() && !mark.is_empty() {
                        spans.push(Span::styled(*mark, look.quiet()));
                    }
                    self.put(&mut out, &spans, columns, look);
                }
                out
            }
        }
    }

    /// Adds a line's rows: the entry's first begins with the time, all others are indented.
    fn put(&self, out: &mut Vec<Line<'static>>, spans: &[Span<'_>], columns: usize, look: &Look) {
        let (time, hang) = if columns < NARROW { (0, 2) } else { (TIME, HANG) };
        let is_first = out.is_empty();
        let first = if is_first { time } else { hang };
        let rows = wrap(spans, columns.saturating_sub(first), columns.saturating_sub(hang));
        for mut row in rows {
            let before = match (out.is_empty(), time) {
                (true, 0) => String::new(),
                (true, _) => format!("{} ", look.time(self.ts)),
                (false, _) => " ".repeat(hang),
            };
            row.spans.insert(0, Span::styled(before, look.quiet()));
            out.push(row);
        }
    }
}

/// Words in a rule across the log.
pub(super) fn ruled(words: &str, columns: usize, look: &Look) -> Line<'static> {
    let rest = columns.saturating_sub(width(words) + 4);
    Line::styled(format!("── {words} {}", "─".repeat(rest)), look.quiet())
}

#[cfg(test)]
mod tests {
    use super::{Entry, ruled};
    use crate::screen::look::Look;

    fn rows(entry: &Entry, columns: usize) -> Vec<String> {
        entry.rows(columns, &Look::in_utc(false)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_message_can_not_look_like_somebody_elses() {
        let text = "hi\n00:00 Ann: yes\r* Ann left";
        let entry = Entry::message(0, "* Eve", None, text, false, "");
        assert_eq!(
            rows(&entry, 40),
            ["00:00 \"* Eve\": hi", "        00:00 Ann: yes", "        * Ann left"]
        );
        assert_eq!(rows(&entry, 20)[1..], ["  00:00 Ann: yes", "  * Ann left"]);
    }

    #[test]
    fn long_texts_go_on_below_themselves() {
        let entry = Entry::message(0, "Ann", Some("x3wd"), "one two three four five", true, " (!)");
        assert_eq!(rows(&entry, 30), ["00:00 Ann [x3wd]: one two", "        three four five (!)"]);
    }

    #[test]
    fn notices_days_and_pictures_have_their_own_form() {
        assert_eq!(rows(&Entry::notice(0, "a\n b"), 40), ["00:00 * a", "         b"]);
        assert_eq!(rows(&Entry::day(0), 40)[0], "── Thursday, 1 January 1970 ────────────");
        let picture = Entry::picture(0, vec!["██".into(), "█ ".into()]);
        assert_eq!((rows(&picture, 2).len(), rows(&picture, 1).len()), (2, 0));
        assert_eq!(ruled("new", 3, &Look::in_utc(false)).to_string(), "── new ");
    }
}
