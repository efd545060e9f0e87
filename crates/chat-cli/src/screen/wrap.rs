//! Text in rows, by the columns that a terminal gives each character.

use ratatui::{
    style::Style,
    text::{Line, Span},
};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The most characters that are drawn in one place: a family of emoji has eleven, a heap of accents any number.
const STACK: usize = 16;

/// What stands in one place.
struct Glyph {
    text: String,
    width: usize,
    style: Style,
}

impl Glyph {
    fn is_space(&self) -> bool {
        self.text == " "
    }

    /// Whether a row may end before and after it, as between the characters of Chinese.
    fn is_wide(&self) -> bool {
        self.width > 1
    }
}

/// One line of text in rows of these widths: the first one's, and that of all others. Never none.
///
/// A row ends between words where it can, and anywhere in a word that is longer than a row.
pub(super) fn wrap(spans: &[Span<'_>], first: usize, others: usize) -> Vec<Line<'static>> {
    let glyphs: Vec<Glyph> = spans.iter().flat_map(glyphs).collect();
    let mut rows = Vec::new();
    let mut rest = &glyphs[..];
    let mut width = first;
    loop {
        let end = row_end(rest, width.max(1));
        let (row, after) = rest.split_at(end);
        rows.push(line(row));
        if after.is_empty() {
            return rows;
        }
        // The space that a row ends at is not seen.
        rest = if after[0].is_space() { &after[1..] } else { after };
        if rest.is_empty() {
            return rows;
        }
        width = others;
    }
}

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// As much of the text as these columns hold; where that is not all, it ends with `…`.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let (mut out, mut used) = (String::new(), 1);
    for glyph in text.graphemes(true) {
        used += glyph.width();
        if used > columns {
            break;
        }
        out.push_str(glyph);
    }
    if columns > 0 {
        out.push('…');
    }
    out
}

fn glyphs<'a>(span: &'a Span<'_>) -> impl Iterator<Item = Glyph> + 'a {
    span.content.graphemes(true).map(|text| {
        let stack: String = text.chars().take(STACK).collect();
        let text = stack.trim_end_matches('\u{200d}').to_owned();
        Glyph { width: text.width(), text, style: span.style }
    })
}

/// How many glyphs stand in the next row: at least one, where there is one.
fn row_end(glyphs: &[Glyph], width: usize) -> usize {
    let mut used = 0;
    let fits = |glyph: &&Glyph| {
        used += glyph.width;
        used <= width
    };
    let full = glyphs.iter().take_while(fits).count();
    if full == glyphs.len() || glyphs[full].is_space() {
        return full;
    }
    let may_end = |at: &usize| {
        let (before, after) = (&glyphs[at - 1], &glyphs[*at]);
        after.is_space() || before.is_wide() || after.is_wide()
    };
    (1..=full).rev().find(may_end).unwrap_or(full.max(1))
}

fn line(glyphs: &[Glyph]) -> Line<'static> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    for glyph in glyphs {
        match spans.last_mut() {
            Some(last) if last.style == glyph.style => last.content.to_mut().push_str(&glyph.text),
            _ => spans.push(Span::styled(glyph.text.clone(), glyph.style)),
        }
    }
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use super::{cut, width, wrap};
    use proptest::prelude::*;
    use ratatui::{
        style::{Modifier, Style},
        text::Span,
    };

    fn rows(text: &str, first: usize, others: usize) -> Vec<String> {
        wrap(&[Span::raw(text)], first, others).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn rows_end_between_words_and_long_words_are_broken() {
        assert_eq!(rows("", 5, 5), [""]);
        assert_eq!(rows("one two three", 20, 20), ["one two three"]);
        assert_eq!(rows("one two three", 7, 7), ["one two", "three"]);
        assert_eq!(rows("one two three", 6, 7), ["one", "two", "three"]);
        assert_eq!(rows("incomprehensible", 5, 6), ["incom", "prehen", "sible"]);
        assert_eq!(rows("a incomprehensible", 5, 5), ["a", "incom", "prehe", "nsibl", "e"]);
    }

    #[test]
    fn wide_characters_take_two_columns_and_marks_none() {
        assert_eq!(rows("日本語", 5, 5), ["日本", "語"]);
        assert_eq!(rows("日本語", 1, 1), ["日", "本", "語"], "a column is too little for any");
        assert_eq!(rows("e\u{301}e\u{301}e\u{301}", 2, 2), ["e\u{301}e\u{301}", "e\u{301}"]);
        let family = "👩\u{200d}👩\u{200d}👧";
        assert_eq!(rows(&format!("{family}{family}"), 3, 3), [family, family]);
        assert_eq!(width(&format!("a日{family}e\u{301}")), 6);
    }

    #[test]
    fn a_heap_of_marks_is_cut_and_no_joiner_is_left_behind() {
        let heap = format!("x{}", "\u{301}".repeat(500));
        assert_eq!(rows(&heap, 5, 5)[0].chars().count(), 16);
        let train = "👩\u{200d}".repeat(30) + "👩";
        assert!(!rows(&train, 90, 90).concat().ends_with('\u{200d}'));
    }

    #[test]
    fn styles_stay_with_their_text() {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        let rows = wrap(&[Span::styled("Ann", bold), Span::raw(": hi there")], 7, 7);
        assert_eq!(rows[0].spans[0], Span::styled("Ann", bold));
        assert_eq!((rows[0].to_string(), rows[1].to_string()), ("Ann: hi".into(), "there".into()));
    }

    #[test]
    fn what_is_too_wide_is_cut() {
        assert_eq!(
            (cut("abc", 3), cut("abcd", 3), cut("日本語", 4)),
            ("abc".into(), "ab…".into(), "日…".into())
        );
        assert_eq!(cut("abc", 0), "");
    }

    proptest! {
        #[test]
        fn no_row_is_wider_than_it_may_be_and_nothing_but_spaces_is_lost(
            text in "[a-z 日本👍é]{0,60}", first in 2usize..12, others in 2usize..12
        ) {
            let found = rows(&text, first, others);
            for (n, row) in found.iter().enumerate() {
                prop_assert!(width(row) <= if n == 0 { first } else { others }, "{:?}", found);
            }
            let visible = |text: &str| text.replace(' ', "");
            prop_assert_eq!(visible(&found.concat()), visible(&text));
        }
    }
}
