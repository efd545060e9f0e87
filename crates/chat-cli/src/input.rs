//! Lines from standard input, bounded.

use std::{
    io::{self, BufRead, Read},
    thread,
};

use tokio::sync::mpsc;

use crate::exit::{Exit, Failure};

/// The longest line that is read; what a server takes is far less.
const MAX_LINE: usize = 1 << 20;

/// Lines that wait to be sent; then no more is read.
const LINES: usize = 16;

/// One line of input.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// The text, without its line break.
    Text(String),
    /// Not UTF-8.
    NotText,
    /// Over a megabyte.
    TooLong,
    /// Reading failed.
    Broken(String),
}

/// The token on the first line.
pub(crate) fn token() -> Result<String, Failure> {
    match next_line(&mut io::stdin().lock()) {
        Some(Line::Text(token)) if !token.trim().is_empty() => Ok(token),
        _ => Err(Failure::new(
            Exit::Usage,
            "there is no token on the first line of standard input: put it there, or name it in place of `-`",
        )),
    }
}

/// All lines from here on. The thread ends with the input or with the process.
pub(crate) fn lines() -> mpsc::Receiver<Line> {
    let (sender, receiver) = mpsc::channel(LINES);
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(line) = next_line(&mut input) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// One text, as if it were the input.
pub(crate) fn text(text: String) -> mpsc::Receiver<Line> {
    let (sender, receiver) = mpsc::channel(1);
    // There is room for one, and the receiver is there.
    let _ = sender.try_send(Line::Text(text));
    receiver
}

fn next_line(input: &mut impl BufRead) -> Option<Line> {
    let mut line = Vec::new();
    let most = MAX_LINE as u64 + 2;
    match input.by_ref().take(most).read_until(b'\n', &mut line) {
        Ok(0) => return None,
        Ok(_) => {}
        Err(error) => return Some(Line::Broken(error.to_string())),
    }
    let whole = line.ends_with(b"\n");
    if whole {
        line.pop();
        if line.ends_with(b"\r") {
            line.pop();
        }
    }
    if line.len() > MAX_LINE {
        if !whole && let Err(error) = input.skip_until(b'\n') {
            return Some(Line::Broken(error.to_string()));
        }
        return Some(Line::TooLong);
    }
    Some(String::from_utf8(line).map_or(Line::NotText, Line::Text))
}

#[cfg(test)]
mod tests {
    use super::{Line, MAX_LINE, next_line};

    fn read(mut input: &[u8]) -> Vec<Line> {
        std::iter::from_fn(|| next_line(&mut input)).collect()
    }

    #[test]
    fn lines_end_at_their_breaks_and_at_the_end() {
        let text = |t: &str| Line::Text(t.to_owned());
        assert_eq!(read(b""), []);
        assert_eq!(read(b"a\r\n\n b \nlast"), [text("a"), text(""), text(" b "), text("last")]);
        assert_eq!(read(b"a\rb\n"), [text("a\rb")]);
        assert_eq!(read(b"\xff\nok\n"), [Line::NotText, text("ok")]);
    }

    #[test]
    fn a_line_without_end_fills_no_memory_and_the_next_one_is_read() {
        let full = "x".repeat(MAX_LINE);
        for (input, lines) in [
            (format!("{full}\r\nok\n"), [Line::Text(full.clone()), Line::Text("ok".to_owned())]),
            (format!("{full}x\nok\n"), [Line::TooLong, Line::Text("ok".to_owned())]),
            (format!("{full}xxxxxx\nok\n"), [Line::TooLong, Line::Text("ok".to_owned())]),
        ] {
            assert!(read(input.as_bytes()) == lines, "{}", input.len());
        }
        assert_eq!(read(format!("{full}xxx").as_bytes()), [Line::TooLong]);
    }
}
