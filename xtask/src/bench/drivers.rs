//! What drives the rows that chat-load doesn't.

use std::path::Path;

use super::{
    burst::Burst,
    pipe::Pipe,
    row::{Program, Row},
};

/// Each where a row needs it.
pub(super) struct Drivers {
    /// Comes to the page.
    pub(super) burst: Option<Burst>,
    /// Goes through a room.
    pub(super) pipe: Option<Pipe>,
}

impl Drivers {
    /// Finds, builds and fetches what these rows need.
    ///
    /// # Errors
    ///
    /// A sentence, where something can't be had.
    pub(super) fn prepare(root: &Path, rows: &[Row]) -> Result<Self, String> {
        let needs = |is_it: fn(&Program) -> bool| {
            rows.iter().flat_map(|row| &row.sides).any(|side| is_it(&side.program))
        };
        let page = needs(|program| *program == Program::Page);
        let pipe = needs(|program| matches!(program, Program::Pipe(_)));
        Ok(Self {
            burst: page.then(|| Burst::prepare(root)).transpose()?,
            pipe: pipe.then(|| Pipe::prepare(root)).transpose()?,
        })
    }
}
