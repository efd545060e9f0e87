//! What others wrote, made harmless for a terminal.
//!
//! A terminal obeys control characters, and people believe what they see. So nothing that a
//! terminal obeys, that turns the direction of text or that can't be seen comes through; joiners
//! and variation selectors stay where they hold emoji and scripts together.

/// One line of somebody's text or a nick: line breaks are left out too.
pub(crate) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last = Last::Nothing;
    let mut joiner = None;
    for c in text.chars() {
        if c == '\t' {
            out.push_str("    ");
            (last, joiner) = (Last::Nothing, None);
        } else if is_harmful(c) {
            // As if it weren't there.
        } else if is_joiner(c) {
            if last != Last::Nothing && joiner.is_none() {
                joiner = Some(c);
            }
        } else if is_variation_selector(c) {
            if last == Last::Visible && joiner.is_none() {
                out.push(c);
                last = Last::Selected;
            }
        } else if c.is_whitespace() {
            out.push(c);
            (last, joiner) = (Last::Nothing, None);
        } else {
            out.extend(joiner.take());
            out.push(c);
            last = Last::Visible;
        }
    }
    out
}

/// The lines of somebody's text, each made harmless; at least one.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = String> {
    // CRLF is one break; the same kinds break a line in plain mode.
    let is_break = |c| matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let text = text.replace("\r\n", "\n");
    text.split(is_break).map(line).collect::<Vec<_>>().into_iter()
}

/// Says a sentence, which may be a server's, on standard error.
pub(crate) fn complain(sentence: &str) {
    eprintln!("chat-cli: {}", line(sentence));
}

/// Whether no terminal should be given this character, whatever stands around it.
pub(crate) fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Bidi controls, and all that Unicode calls default-ignorable but joiners and selectors.
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180e}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            // Tags, which can hide whole sentences.
            | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

/// What the last character that came through was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// The line's beginning or white space.
    Nothing,
    /// Something to see.
    Visible,
    /// A variation selector.
    Selected,
}

const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

const fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::{is_joiner, is_variation_selector, line, lines};
    use proptest::prelude::*;

    #[test]
    fn ordinary_text_of_any_script_stays_as_it_is() {
        for text in [
            "",
            "plain",
            " a  b ",
            "Привет, мир",
            "日本語とハングル 한국어",
            "e\u{301}",
            "👩\u{200d}👩\u{200d}👧",
            "🏳\u{fe0f}\u{200d}🌈",
            "❤\u{fe0f}",
            "❤\u{fe0f}\u{200d}🔥",
            "1\u{fe0f}\u{20e3}",
            "🇩🇪🇺🇦",
            "👍🏽",
            "क\u{94d}\u{200d}ष",
            "می\u{200c}خواهم",
            "辻\u{e0100}",
        ] {
            assert_eq!(line(text), text);
        }
    }

    #[test]
    fn what_a_terminal_obeys_does_not_come_through() {
        for (text, shown) in [
            ("\u{1b}[2J\u{1b}[1;1Hgone", "[2J[1;1Hgone"),
            ("\u{1b}]52;c;ZXZpbA==\u{7}", "]52;c;ZXZpbA=="),
            ("\u{1b}]0;title\u{1b}\\x", "]0;title\\x"),
            ("\u{9b}31mred\u{9d}0;t\u{9c}", "31mred0;t"),
            ("a\u{8}\u{8}b\0c\u{7f}", "abc"),
            ("one\ttab", "one    tab"),
            ("\u{1b}\u{1b}\u{1b}[[A", "[[A"),
        ] {
            assert_eq!(line(text), shown, "{text:?}");
        }
    }

    #[test]
    fn what_deceives_people_does_not_come_through() {
        for (text, shown) in [
            ("abc\u{202e}fdp.exe", "abcfdp.exe"),
            ("\u{2066}a\u{2069}\u{200f}b\u{61c}", "ab"),
            ("A\u{200b}nn\u{2060}\u{feff}", "Ann"),
            ("x\u{e0041}\u{e0042}\u{e007f}", "x"),
            ("\u{ad}\u{34f}\u{115f}\u{3164}\u{ffa0}\u{180e}", ""),
            // Joiners and selectors that hold nothing together.
            ("\u{200d}a\u{200d}", "a"),
            ("a \u{200d}b", "a b"),
            ("a\u{200d}\u{200d}\u{200c}b", "a\u{200d}b"),
            ("\u{fe0f}a\u{fe0f}\u{fe0f}", "a\u{fe0f}"),
            ("a\u{200d}\u{fe0f}b", "a\u{200d}b"),
            ("a \u{fe0f}", "a "),
        ] {
            assert_eq!(line(text), shown, "{text:?}");
        }
    }

    #[test]
    fn every_kind_of_line_break_is_one() {
        let text = "a\nb\r\nc\rd\u{b}e\u{c}f\u{85}g\u{2028}h\u{2029}i\n\nj";
        let found: Vec<String> = lines(text).collect();
        assert_eq!(found, ["a", "b", "c", "d", "e", "f", "g", "h", "i", "", "j"]);
        assert_eq!(lines("").collect::<Vec<_>>(), [""]);
    }

    proptest! {
        #[test]
        fn nothing_harmful_ever_comes_through(
            text in "[\\x00-\\xa0\u{ad}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{fe0f}\u{feff}\u{e0001}-\u{e01ef}👍क]{0,60}"
        ) {
            let shown = line(&text);
            for (at, c) in shown.char_indices() {
                prop_assert!(!c.is_control() && !matches!(c,
                    '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                    | '\u{feff}' | '\u{e0000}'..='\u{e00ff}'), "{:?}", shown);
                let before = shown[..at].chars().next_back();
                if is_joiner(c) || is_variation_selector(c) {
                    prop_assert!(before.is_some_and(|b| !b.is_whitespace() && !is_joiner(b)));
                }
            }
            prop_assert!(!shown.chars().next_back().is_some_and(is_joiner));
            prop_assert_eq!(line(&shown), shown.clone(), "making harmless twice changes nothing");
        }
    }
}
