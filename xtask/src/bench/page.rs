//! The document that the figures go to, between two marks.

use std::{fs, path::Path};

use super::{rounds::Fault, table::Table};

/// Where it stands, below the workspace.
pub(super) const PAGE: &str = "docs/performance.md";

const BEGIN: &str = "<!-- begin: written by cargo xtask bench -->\n";
const END: &str = "<!-- end: written by cargo xtask bench -->\n";

/// What stands between the marks: how it was measured, the bounds, what each
/// program did, and which runs went wrong.
pub(super) fn measured(head: &str, bounds: &Table, sides: &Table, faults: &[Fault]) -> String {
    let mut text = format!("{head}\n\n{}\n{}", bounds.markdown(), sides.markdown());
    if !faults.is_empty() {
        text += "\nRuns that went wrong:\n\n";
        text.extend(faults.iter().map(|fault| format!("- {}\n", fault.sentence)));
    }
    text
}

/// Replaces what stands between the marks, and nothing else.
///
/// # Errors
///
/// A sentence, where the document can't be read or written, or has no marks.
pub(super) fn write(root: &Path, measured: &str) -> Result<(), String> {
    let path = root.join(PAGE);
    let text = fs::read_to_string(&path).map_err(|error| format!("{PAGE}: {error}"))?;
    let text = replaced(&text, measured)?;
    fs::write(&path, text).map_err(|error| format!("{PAGE}: {error}"))
}

fn replaced(text: &str, measured: &str) -> Result<String, String> {
    let missing = || format!("{PAGE} has lost its marks: put `{}` back", BEGIN.trim());
    let (before, rest) = text.split_once(BEGIN).ok_or_else(missing)?;
    let (_, after) = rest.split_once(END).ok_or_else(missing)?;
    Ok(format!("{before}{BEGIN}\n{}\n\n{END}{after}", measured.trim()))
}

#[cfg(test)]
mod tests {
    use super::super::rows::all;
    use super::*;

    #[test]
    fn runs_that_went_wrong_stand_below_the_tables() {
        let table = || Table::of_bounds(&[]);
        let text = measured("2026-01-02: a machine.", &table(), &table(), &[]);
        assert!(text.starts_with("2026-01-02: a machine.\n\n| row | "), "{text}");
        assert!(!text.contains("wrong"), "{text}");
        let fault = Fault { sentence: "a, floor, round 1: 2 missing".into(), is_ours: true };
        let text = measured("", &table(), &table(), &[fault]);
        assert!(text.ends_with("|\n\nRuns that went wrong:\n\n- a, floor, round 1: 2 missing\n"));
    }

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let text = format!("# A\n\n{BEGIN}old\n{END}\nB\n");
        let once = replaced(&text, "| new |\n").unwrap();
        assert_eq!(once, format!("# A\n\n{BEGIN}\n| new |\n\n{END}\nB\n"));
        assert_eq!(replaced(&once, "| new |\n").unwrap(), once);
    }

    #[test]
    fn a_document_without_marks_is_left_alone() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("docs")).unwrap();
        let path = root.path().join(PAGE);
        for text in [format!("# A\n{END}"), format!("# A\n{BEGIN}"), format!("{END}{BEGIN}")] {
            fs::write(&path, &text).unwrap();
            assert!(write(root.path(), "new").unwrap_err().contains("marks"), "{text}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn the_document_has_its_marks_and_explains_every_row() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let text = fs::read_to_string(root.join(PAGE)).unwrap();
        assert!(replaced(&text, "new").is_ok());
        for row in all() {
            let name = row.stem();
            assert!(text.contains(&format!("| `{name}` | ")), "{name}");
        }
    }
}
