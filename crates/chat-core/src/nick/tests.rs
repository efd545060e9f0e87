//! What a nick is and isn't.

use super::*;
use alloc::{format, string::ToString};
use proptest::prelude::*;
use unicode_normalization::is_nfc;

fn refused(text: &str) -> ParseNickError {
    Nick::parse(text).expect_err(&format!("{text:?} is taken"))
}

fn folded(text: &str) -> FoldedNick {
    Nick::parse(text).expect(text).folded()
}

#[test]
fn any_script_is_welcome() {
    for text in [
        "Ann",
        "O'Neil-Smith 2",
        "Ольга",
        "李小龙",
        "عائشة",
        "שרה",
        "می\u{200c}خواهم",
        "ක්\u{200d}ෂ",
        "ไอซ์",
        "❤\u{fe0f}",
        "👩\u{200d}❤\u{fe0f}\u{200d}👨",
        "1\u{fe0f}\u{20e3}",
        "葛\u{e0100}城",
        "a:b",
        ".",
    ] {
        assert_eq!(Nick::parse(text).expect(text).as_str(), text);
    }
}

#[test]
fn a_nick_is_normalised_not_refused() {
    assert_eq!(Nick::parse("e\u{301}").unwrap().as_str(), "é");
    assert_eq!(Nick::parse("\u{212b}").unwrap().as_str(), "Å");
}

#[test]
fn length_counts_after_normalising() {
    let decomposed = "e\u{301}".repeat(32);
    assert_eq!(Nick::parse(&decomposed).unwrap().as_str().len(), 64);
    assert!(Nick::parse(&"x".repeat(32)).is_ok());
    assert_eq!(refused(&"x".repeat(33)), ParseNickError::TooLong { chars: 33, bytes: 33 });
    assert!(Nick::parse(&"李".repeat(21)).is_ok());
    assert_eq!(refused(&"李".repeat(22)), ParseNickError::TooLong { chars: 22, bytes: 66 });
}

#[test]
fn a_long_decomposition_of_a_short_nick_fits() {
    // The most that normalising shrinks: four scalar values to one.
    let raw = "\u{3b1}\u{313}\u{300}\u{345}".repeat(21);
    assert_eq!(Nick::parse(&raw).unwrap().as_str(), "\u{1f82}".repeat(21));
}

#[test]
fn what_is_far_too_long_is_refused_as_it_stands() {
    let raw = "x".repeat(1_000_000);
    assert_eq!(refused(&raw), ParseNickError::TooLong { chars: 1_000_000, bytes: 1_000_000 });
}

#[test]
fn nothing_is_empty() {
    assert_eq!(refused(""), ParseNickError::Empty);
}

#[test]
fn control_characters_and_line_breaks_are_refused() {
    for text in ["a\tb", "ann\n", "\0", "a\u{85}b", "a\u{7f}", "a\u{2028}b", "a\u{2029}b"] {
        assert_eq!(refused(text), ParseNickError::Control, "{text:?}");
    }
}

#[test]
fn bidi_controls_are_refused() {
    for c in ('\u{202a}'..='\u{202e}')
        .chain('\u{2066}'..='\u{2069}')
        .chain(['\u{61c}', '\u{200e}', '\u{200f}'])
    {
        assert_eq!(refused(&format!("a{c}b")), ParseNickError::Bidi, "{c:?}");
    }
}

#[test]
fn invisible_characters_are_refused() {
    for text in [
        "a\u{ad}b",
        "a\u{200b}b",
        "a\u{2060}b",
        "\u{feff}a",
        "\u{3164}",
        "a\u{115f}",
        "🏴\u{e0067}\u{e007f}",
        "a\u{34f}b",
    ] {
        assert_eq!(refused(text), ParseNickError::Invisible, "{text:?}");
    }
}

#[test]
fn joiners_stand_between_visible_characters() {
    for c in ['\u{200c}', '\u{200d}'] {
        for text in [
            format!("{c}"),
            format!("{c}a"),
            format!("a{c}"),
            format!("a{c}{c}b"),
            format!("a {c}b"),
            format!("a{c} b"),
            format!("a{c}\u{fe0f}b"),
            format!("\u{2800}{c}b"),
        ] {
            assert_eq!(refused(&text), ParseNickError::Invisible, "{text:?}");
        }
    }
}

#[test]
fn variation_selectors_follow_a_visible_character() {
    for text in ["\u{fe0f}", "\u{fe0f}a", "a \u{fe0f}b", "a\u{fe0f}\u{fe0f}", "a\u{fe0e}\u{e0100}"]
    {
        assert_eq!(refused(text), ParseNickError::Invisible, "{text:?}");
    }
}

#[test]
fn something_is_there_to_see() {
    for text in ["\u{2800}", "\u{2800}\u{2800}", "\u{301}", "\u{2800}\u{301}"] {
        assert_eq!(refused(text), ParseNickError::Invisible, "{text:?}");
    }
}

#[test]
fn white_space_stands_inside_only() {
    assert!(Nick::parse("Mary Ann").is_ok());
    for text in [" ", " a", "a ", "a\u{a0}", "\u{3000}a", "a\u{2003}"] {
        assert_eq!(refused(text), ParseNickError::Space, "{text:?}");
    }
}

#[test]
fn a_colon_is_seen() {
    assert!(Nick::parse("a:b").unwrap().has_colon());
    assert!(!Nick::parse("a：b").unwrap().has_colon());
}

#[test]
fn nicks_are_the_same_whatever_their_case() {
    for (a, b) in [
        ("Ann", "aNN"),
        ("Maße", "MASSE"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("ОЛЬГА", "ольга"),
        ("Zoe\u{308}", "ZOË"),
        ("\u{1fb3}\u{301}", "\u{1fb4}"),
        ("\u{1fb3}\u{316}", "\u{391}\u{316}\u{399}"),
        ("Ꭰ", "ꭰ"),
    ] {
        assert_eq!(folded(a), folded(b), "{a} {b}");
    }
    assert_ne!(folded("Ann"), folded("Anna"));
    assert_ne!(folded("e"), folded("é"));
}

#[test]
fn nothing_of_a_nick_is_shown() {
    let nick = Nick::parse("Zoë").unwrap();
    assert_eq!(format!("{nick:?} {:?}", nick.folded()), "Nick(..) FoldedNick(..)");
    assert_eq!(nick.to_string(), "Zoë");
}

/// Texts near the rules' edges, which random characters would hardly meet.
fn tricky() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => any::<char>(),
        4 => prop::sample::select(alloc::vec![
            'a', 'é', '\u{301}', '\u{345}', ' ', '\u{200d}', '\u{200c}', '\u{fe0f}', '❤', ':',
            '\u{2028}', '\u{202e}', '\u{ad}', '\u{2800}', 'ß', '\u{1fbe}', '\u{1100}', '\u{1161}',
        ]),
    ];
    prop::collection::vec(part, 0..12).prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #[test]
    fn a_nick_keeps_its_promises(text in tricky()) {
        let Ok(nick) = Nick::parse(&text) else { return Ok(()) };
        let nick = nick.as_str();
        prop_assert!(is_nfc(nick));
        prop_assert!((1..=Nick::MAX_CHARS).contains(&nick.chars().count()));
        prop_assert!(nick.len() <= Nick::MAX_BYTES);
        prop_assert_eq!(nick.trim(), nick);
        prop_assert!(!nick.chars().any(|c| c.is_control() || character::is_bidi_control(c)));
    }

    #[test]
    fn parsing_again_changes_nothing(text in tricky()) {
        if let Ok(nick) = Nick::parse(&text) {
            prop_assert_eq!(Nick::parse(nick.as_str()), Ok(nick));
        }
    }

    #[test]
    fn folding_again_changes_nothing(text in tricky()) {
        if let Ok(nick) = Nick::parse(&text) {
            let once = nick.folded();
            prop_assert_eq!(Nick(once.0.clone()).folded(), once);
        }
    }

    #[test]
    fn what_is_equal_composed_is_equal_decomposed(text in tricky()) {
        let decomposed: String = text.nfd().collect();
        prop_assert_eq!(Nick::parse(&text), Nick::parse(&decomposed));
    }
}
