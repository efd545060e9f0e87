//! What Unicode says of a character, as far as a nick's rules ask.

/// U+2800, the empty braille pattern, is a symbol by its category and a gap to
/// the eye.
pub(super) fn is_visible(c: char) -> bool {
    !(c.is_control() || c.is_whitespace() || is_default_ignorable(c) || c == '\u{2800}')
}

/// `Bidi_Control`, Unicode 17.0, PropList.txt.
pub(super) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `Variation_Selector`, Unicode 17.0, PropList.txt.
pub(super) fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

pub(super) fn is_default_ignorable(c: char) -> bool {
    let place = DEFAULT_IGNORABLE.partition_point(|&(_, last)| last < c);
    DEFAULT_IGNORABLE.get(place).is_some_and(|&(first, _)| first <= c)
}

/// `Default_Ignorable_Code_Point`, Unicode 17.0, DerivedCoreProperties.txt, in
/// order; neighbouring ranges are one.
const DEFAULT_IGNORABLE: [(char, char); 17] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fff8}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(DEFAULT_IGNORABLE.iter().all(|(first, last)| first <= last));
        assert!(DEFAULT_IGNORABLE.windows(2).all(|w| w[0].1 < w[1].0));
    }

    #[test]
    fn as_many_are_default_ignorable_as_unicode_counts() {
        // "Total code points" below the property in DerivedCoreProperties.txt.
        assert_eq!(('\0'..=char::MAX).filter(|&c| is_default_ignorable(c)).count(), 4174);
    }
}
