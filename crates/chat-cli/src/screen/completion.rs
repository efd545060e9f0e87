//! Tab: what is begun is completed, and again with the next that fits.

use crate::commands;

/// What is being completed.
pub(super) struct Completion {
    /// Where the word begins, in bytes.
    pub(super) start: usize,
    candidates: Vec<String>,
    next: usize,
}

impl Completion {
    /// What may be meant by the text before the cursor; `None` where nothing is.
    pub(super) fn new(before: &str, nicks: &[String]) -> Option<Self> {
        if let Some(name) = before.strip_prefix('/')
            && name.chars().all(char::is_alphabetic)
        {
            let names = commands::complete(name);
            return Self::of(0, names.iter().map(|name| format!("/{name} ")).collect());
        }
        let start = before
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
        let word = &before[start..];
        let (mark, begun) = match word.strip_prefix('@') {
            Some(begun) => ("@", begun),
            None => ("", word),
        };
        if begun.is_empty() {
            return None;
        }
        let begun = begun.to_lowercase();
        let end = if start == 0 && mark.is_empty() { ": " } else { " " };
        let fits = nicks.iter().filter(|nick| nick.to_lowercase().starts_with(&begun));
        Self::of(start, fits.map(|nick| format!("{mark}{nick}{end}")).collect())
    }

    fn of(start: usize, candidates: Vec<String>) -> Option<Self> {
        (!candidates.is_empty()).then_some(Self { start, candidates, next: 0 })
    }

    /// The next one; after the last the first again.
    pub(super) fn advance(&mut self) -> &str {
        let at = self.next % self.candidates.len();
        self.next = at + 1;
        &self.candidates[at]
    }
}

#[cfg(test)]
mod tests {
    use super::Completion;

    fn completed(before: &str) -> Vec<String> {
        let nicks = ["Ann", "Анна", "anton", "Ben Lee"].map(str::to_owned);
        let Some(mut completion) = Completion::new(before, &nicks) else { return Vec::new() };
        let mut whole = || format!("{}{}", &before[..completion.start], completion.advance());
        let first = whole();
        let mut found = vec![first];
        for _ in 0..10 {
            match whole() {
                again if again == found[0] => return found,
                other => found.push(other),
            }
        }
        panic!("no end");
    }

    #[test]
    fn nicks_are_completed_and_again_with_the_next() {
        assert_eq!(completed("an"), ["Ann: ", "anton: "]);
        assert_eq!(completed("hi AN"), ["hi Ann ", "hi anton "]);
        assert_eq!(completed("ан"), ["Анна: "]);
        assert_eq!(completed("see\n@b"), ["see\n@Ben Lee "]);
    }

    #[test]
    fn commands_are_completed_at_the_beginning() {
        assert_eq!(completed("/l"), ["/leave "]);
        assert_eq!(completed("/").len(), 6);
        assert!(completed("see /l").is_empty());
    }

    #[test]
    fn nothing_begun_and_nothing_that_fits_is_nothing() {
        for before in ["", "hi ", "@", "x", "/x", "/usr/"] {
            assert!(completed(before).is_empty(), "{before}");
        }
    }
}
