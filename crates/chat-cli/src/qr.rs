//! A link as a code that a phone reads off the terminal.

use qrcode::{Color, EcLevel, QrCode};

/// Empty modules around a code, without which cameras don't find it (ISO/IEC 18004 says 4; 2 do).
const QUIET: usize = 2;

/// The code, two rows of modules in a line; `None` for a link that is too long for one.
///
/// What is light in the code is written, so that it is light on a dark terminal; cameras read it
/// the other way round too.
pub(crate) fn lines(link: &str) -> Option<Vec<String>> {
    let code = QrCode::with_error_correction_level(link, EcLevel::L).ok()?;
    let width = code.width();
    let is_light = |x: usize, y: usize| {
        let inside = |n: usize| (QUIET..QUIET + width).contains(&n);
        !(inside(x) && inside(y)) || code[(x - QUIET, y - QUIET)] == Color::Light
    };
    let size = width + 2 * QUIET;
    let line = |upper: usize| {
        let module = |x| match (is_light(x, upper), upper + 1 < size && is_light(x, upper + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        (0..size).map(module).collect()
    };
    Some((0..size).step_by(2).map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn a_code_is_square_with_its_three_eyes_and_its_margin() {
        let found = lines("https://chat.example/#x3wd-6103-mqkm-0a9z").unwrap();
        let width = found[0].chars().count();
        assert_eq!(found.len(), width.div_ceil(2));
        assert!(found.iter().all(|line| line.chars().count() == width));
        assert!(found[0].chars().all(|c| c == '█'));
        // An eye: seven dark modules, then the ring's light ones inside.
        assert!(
            found[1].starts_with("██ ▄▄▄▄▄ █") && found[1].ends_with("█ ▄▄▄▄▄ ██"),
            "{}",
            found[1]
        );
        assert!(lines(&"x".repeat(4000)).is_none());
    }
}
