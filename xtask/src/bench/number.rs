//! Numbers as people read them.

/// Three digits that matter, and commas between thousands.
pub(super) fn number(value: f64) -> String {
    let digits = match value.abs() {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    };
    let text = format!("{value:.digits$}");
    let whole = text.split('.').next().map_or(0, str::len);
    let mut out = String::new();
    for (at, c) in text.chars().enumerate() {
        let after_digit = out.ends_with(|last: char| last.is_ascii_digit());
        if at < whole && after_digit && (whole - at) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// The same with its unit, which a count has none of.
pub(super) fn with_unit(value: f64, unit: &str) -> String {
    format!("{} {unit}", number(value)).trim_end().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_matter() {
        for (value, text) in [
            (0.0, "0.000"),
            (0.1424, "0.142"),
            (1.276, "1.28"),
            (60.04, "60.0"),
            (-12.34, "-12.3"),
            (999.6, "1,000"),
            (-123_456.0, "-123,456"),
            (6_830_000.5, "6,830,000"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!(with_unit(2.5, "KiB"), "2.50 KiB");
    }
}
