//! The line that is written: its text and the cursor, which never stands inside a character.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::sanitize;

/// The longest text, in bytes; what a server takes is far less.
const MAX: usize = 256 * 1024;

/// A text with a cursor.
#[derive(Default)]
pub(super) struct Editor {
    text: String,
    /// A place between two characters, in bytes.
    cursor: usize,
    /// What was deleted last, to be brought back.
    killed: String,
}

/// Where the cursor goes, or how far a deletion reaches.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reach {
    Left,
    Right,
    WordLeft,
    WordRight,
    LineStart,
    LineEnd,
}

impl Editor {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn before_cursor(&self) -> &str {
        &self.text[..self.cursor]
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Puts in what was typed or pasted, without what nobody sees; whether there was room for it.
    pub(super) fn insert(&mut self, text: &str) -> bool {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.replace(|c: char| c.is_control() && c != '\n' && c != '\t', "");
        if self.text.len() + text.len() > MAX {
            return false;
        }
        self.text.insert_str(self.cursor, &text);
        self.cursor += text.len();
        true
    }

    /// Another text, with the cursor at its end.
    pub(super) fn set(&mut self, text: String) {
        self.cursor = text.len();
        self.text = text;
    }

    /// The text, and nothing is left.
    pub(super) fn take(&mut self) -> String {
        self.cursor = 0;
        std::mem::take(&mut self.text)
    }

    /// Replaces what stands from this place to the cursor.
    pub(super) fn replace_from(&mut self, start: usize, with: &str) {
        self.text.replace_range(start..self.cursor, with);
        self.cursor = start + with.len();
    }

    pub(super) fn go(&mut self, reach: Reach) {
        self.cursor = self.place(reach);
    }

    /// Deletes from the cursor so far; more than a character can be brought back.
    pub(super) fn delete(&mut self, reach: Reach) {
        let place = self.place(reach);
        let range = place.min(self.cursor)..place.max(self.cursor);
        let gone: String = self.text.drain(range.clone()).collect();
        if !matches!(reach, Reach::Left | Reach::Right) && !gone.is_empty() {
            self.killed = gone;
        }
        self.cursor = range.start;
    }

    /// Puts in what was deleted last.
    pub(super) fn bring_back(&mut self) {
        let killed = self.killed.clone();
        self.insert(&killed);
    }

    /// Goes a line up or down in a text of several; whether there is one.
    pub(super) fn go_line(&mut self, down: bool) -> bool {
        let start = self.place(Reach::LineStart);
        let column = width(&self.text[start..self.cursor]);
        let target = if down {
            match self.place(Reach::LineEnd) {
                end if end == self.text.len() => return false,
                end => end + 1,
            }
        } else {
            match start {
                0 => return false,
                start => self.text[..start - 1].rfind('\n').map_or(0, |at| at + 1),
            }
        };
        self.cursor = target;
        while self.cursor < self.place(Reach::LineEnd)
            && width(&self.text[target..self.cursor]) < column
        {
            self.go(Reach::Right);
        }
        true
    }

    fn place(&self, reach: Reach) -> usize {
        let (before, after) = self.text.split_at(self.cursor);
        let word = |c: char| c.is_alphanumeric() || c == '_';
        match reach {
            Reach::Left => before.grapheme_indices(true).next_back().map_or(0, |(at, _)| at),
            Reach::Right => self.cursor + after.graphemes(true).next().map_or(0, str::len),
            Reach::WordLeft => {
                let end = before.trim_end_matches(|c| !word(c)).len();
                before[..end].trim_end_matches(word).len()
            }
            Reach::WordRight => {
                let rest = after.trim_start_matches(|c| !word(c)).trim_start_matches(word);
                self.text.len() - rest.len()
            }
            Reach::LineStart => before.rfind('\n').map_or(0, |at| at + 1),
            Reach::LineEnd => after.find('\n').map_or(self.text.len(), |at| self.cursor + at),
        }
    }

    /// The text in rows of so many columns, and the cursor's row and column. Never no row.
    pub(super) fn rows(&self, columns: usize) -> (Vec<String>, (usize, usize)) {
        let columns = columns.max(2);
        let (mut rows, mut used) = (vec![String::new()], 0);
        let mut cursor = (0, 0);
        for (at, glyph) in self.text.grapheme_indices(true) {
            let shown = if glyph == "\n" { String::new() } else { sanitize::line(glyph) };
            if glyph != "\n" && used + shown.width() > columns {
                rows.push(String::new());
                used = 0;
            }
            if at == self.cursor {
                cursor = (rows.len() - 1, used);
            }
            if glyph == "\n" {
                rows.push(String::new());
                used = 0;
                continue;
            }
            used += shown.width();
            if let Some(row) = rows.last_mut() {
                row.push_str(&shown);
            }
        }
        if self.cursor == self.text.len() {
            if used >= columns {
                rows.push(String::new());
                used = 0;
            }
            cursor = (rows.len() - 1, used);
        }
        (rows, cursor)
    }
}

fn width(text: &str) -> usize {
    text.graphemes(true).map(|glyph| sanitize::line(glyph).width()).sum()
}

#[cfg(test)]
mod tests {
    use super::{Editor, MAX, Reach};

    fn editor(text: &str) -> Editor {
        let mut editor = Editor::default();
        editor.set(text.to_owned());
        editor
    }

    /// The text with `|` where the cursor is.
    fn seen(editor: &Editor) -> String {
        let before = editor.before_cursor();
        format!("{before}|{}", &editor.text()[before.len()..])
    }

    #[test]
    fn the_cursor_goes_over_whole_characters() {
        let mut it = editor("a👩\u{200d}👩\u{200d}👧e\u{301}");
        it.go(Reach::Left);
        assert_eq!(seen(&it), "a👩\u{200d}👩\u{200d}👧|e\u{301}");
        it.go(Reach::Left);
        assert_eq!(seen(&it), "a|👩\u{200d}👩\u{200d}👧e\u{301}");
        it.delete(Reach::Right);
        assert_eq!(seen(&it), "a|e\u{301}");
        it.go(Reach::Right);
        it.delete(Reach::Left);
        it.delete(Reach::Left);
        it.delete(Reach::Left);
        assert_eq!(seen(&it), "|");
    }

    #[test]
    fn words_and_lines_are_gone_over_and_deleted_and_come_back() {
        let mut it = editor("one two-three\nfour, five");
        it.go(Reach::WordLeft);
        it.go(Reach::WordLeft);
        assert_eq!(seen(&it), "one two-three\n|four, five");
        it.go(Reach::WordRight);
        assert_eq!(seen(&it), "one two-three\nfour|, five");
        it.delete(Reach::LineStart);
        assert_eq!(seen(&it), "one two-three\n|, five");
        it.delete(Reach::LineEnd);
        assert_eq!(seen(&it), "one two-three\n|");
        it.bring_back();
        assert_eq!(seen(&it), "one two-three\n, five|");
        it.delete(Reach::WordLeft);
        it.delete(Reach::WordLeft);
        assert_eq!(seen(&it), "one two-|");
        it.go(Reach::LineStart);
        assert_eq!(seen(&it), "|one two-");
        it.delete(Reach::WordRight);
        assert_eq!(seen(&it), "| two-");
    }

    #[test]
    fn lines_are_gone_up_and_down_in_their_column() {
        let mut it = editor("long line\nx\nanother");
        assert!(it.go_line(false));
        assert_eq!(seen(&it), "long line\nx|\nanother");
        it.go(Reach::LineEnd);
        assert!(it.go_line(false));
        assert_eq!(seen(&it), "l|ong line\nx\nanother");
        assert!(!it.go_line(false) && it.go_line(true) && it.go_line(true) && !it.go_line(true));
        assert_eq!(seen(&it), "long line\nx\na|nother");
    }

    #[test]
    fn what_is_pasted_keeps_its_lines_and_loses_what_nobody_sees() {
        let mut it = editor("");
        assert!(it.insert("a\r\nb\rc\u{1b}[31md\u{9b}\te"));
        assert_eq!(it.text(), "a\nb\nc[31md\te");
        assert!(!it.insert(&"x".repeat(MAX)));
        assert_eq!(it.take(), "a\nb\nc[31md\te");
        assert_eq!(seen(&it), "|");
    }

    #[test]
    fn rows_hold_their_columns_and_say_where_the_cursor_is() {
        let rows = |text: &str, columns| editor(text).rows(columns);
        assert_eq!(rows("", 5), (vec![String::new()], (0, 0)));
        assert_eq!(rows("abcde", 5), (vec!["abcde".into(), String::new()], (1, 0)));
        assert_eq!(rows("日本語", 5), (vec!["日本".into(), "語".into()], (1, 2)));
        assert_eq!(rows("a\n\nb", 5), (vec!["a".into(), String::new(), "b".into()], (2, 1)));
        let mut it = editor("abcdef");
        it.go(Reach::Left);
        assert_eq!(it.rows(5), (vec!["abcde".into(), "f".into()], (1, 0)));
        assert_eq!(rows("a\u{202e}b\tc", 9).0, ["ab    c"]);
    }
}
