//! `cargo xtask confusables`: the page's table of characters that look alike (Unicode TR 39, section 4), from the same data that
//! the terminal client uses.

use std::{fs, io, path::Path, process::ExitCode};

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// Where the table stands, below the workspace.
const TABLE: &str = "web/js/core/confusables.js";

/// Writes the table anew.
pub(crate) fn run(root: &Path) -> ExitCode {
    match write(&root.join(TABLE)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask confusables: {TABLE} can't be written: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(path: &Path) -> io::Result<()> {
    let table = serde_json::to_string(&lines().join("\n"))?;
    let head = "//! Characters with what they look like, a line each; made by `cargo xtask confusables`, loaded on need.";
    fs::write(path, format!("{head}\n\nexport default {table};\n"))
}

/// Each character that looks like something else, followed by that. Combinations are left to normalisation.
fn lines() -> Vec<String> {
    let visible = |c: &char| c.is_alphanumeric() || c.is_ascii_punctuation() || !c.is_ascii();
    ('\0'..=char::MAX)
        .filter(visible)
        .filter_map(|c| {
            let looks: String = skeleton(c.encode_utf8(&mut [0; 4])).collect();
            let bare = |c: char| c.is_control() || c.is_whitespace();
            let kept = !looks.is_empty() && !bare(c) && !looks.chars().any(bare);
            (kept && std::iter::once(c).nfd().eq([c]) && !looks.starts_with(c))
                .then(|| format!("{c}{looks}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{TABLE, lines};

    #[test]
    fn letters_of_other_scripts_are_in_it() {
        let lines = lines();
        assert!(lines.contains(&"\u{430}a".to_owned()), "the Cyrillic a");
        assert!(lines.iter().all(|line| line.chars().count() >= 2));
    }

    #[test]
    fn the_pages_table_is_the_one_that_would_be_written() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(TABLE);
        let table = serde_json::to_string(&lines().join("\n")).unwrap();
        assert!(
            std::fs::read_to_string(path).unwrap().contains(&table),
            "run cargo xtask confusables"
        );
    }
}
