//! Telling that the person looks elsewhere: of each connection the server thinks at first that it doesn't.

/// What was told and what is so.
#[derive(Default)]
pub(super) struct Away {
    told: bool,
    is: bool,
}

impl Away {
    pub(super) fn set(&mut self, away: bool) {
        self.is = away;
    }

    /// Another connection begins.
    pub(super) fn begin(&mut self) {
        self.told = false;
    }

    /// What is to be told now, if anything.
    pub(super) fn poll(&mut self) -> Option<bool> {
        (self.is != std::mem::replace(&mut self.told, self.is)).then_some(self.is)
    }
}
