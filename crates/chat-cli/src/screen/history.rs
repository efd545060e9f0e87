//! What one has written before.

use std::collections::VecDeque;

/// The most texts that are kept.
const MAX: usize = 100;

/// Earlier texts, the newest last, and which of them is looked at.
#[derive(Default)]
pub(super) struct History {
    texts: VecDeque<String>,
    at: Option<usize>,
    /// What was being written when looking began.
    draft: String,
}

impl History {
    pub(super) fn add(&mut self, text: &str) {
        self.at = None;
        if self.texts.back().is_some_and(|last| last == text) {
            return;
        }
        self.texts.push_back(text.to_owned());
        if self.texts.len() > MAX {
            self.texts.pop_front();
        }
    }

    /// The text before the one looked at.
    pub(super) fn earlier(&mut self, written: &str) -> Option<String> {
        let at = self.at.unwrap_or(self.texts.len()).checked_sub(1)?;
        if self.at.is_none() {
            written.clone_into(&mut self.draft);
        }
        self.at = Some(at);
        self.texts.get(at).cloned()
    }

    /// The text after it; the last one is what was being written.
    pub(super) fn later(&mut self) -> Option<String> {
        let at = self.at? + 1;
        match self.texts.get(at) {
            Some(text) => {
                self.at = Some(at);
                Some(text.clone())
            }
            None => {
                self.at = None;
                Some(std::mem::take(&mut self.draft))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{History, MAX};

    #[test]
    fn it_goes_back_and_forth_and_keeps_the_draft() {
        let mut history = History::default();
        assert_eq!((history.earlier("x"), history.later()), (None, None));
        for text in ["one", "two", "two"] {
            history.add(text);
        }
        assert_eq!(history.earlier("draft").as_deref(), Some("two"));
        assert_eq!(history.earlier("two").as_deref(), Some("one"));
        assert_eq!(history.earlier("one"), None);
        assert_eq!(history.later().as_deref(), Some("two"));
        assert_eq!(history.later().as_deref(), Some("draft"));
        assert_eq!(history.later(), None);
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let mut history = History::default();
        (0..=MAX).for_each(|n| history.add(&n.to_string()));
        let oldest = std::iter::from_fn(|| history.earlier("")).last();
        assert_eq!(oldest.as_deref(), Some("1"));
    }
}
