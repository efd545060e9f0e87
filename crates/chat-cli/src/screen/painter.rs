//! The terminal as something to draw on: only what changed is written.

use std::io::{self, BufWriter, Stdout, Write};

use ratatui::{
    backend::{Backend, CrosstermBackend},
    buffer::Buffer,
    crossterm::terminal,
    layout::{Rect, Size},
};

use super::{app::App, picture};

/// Bytes that one picture takes at the most, or nearly: it is written at once.
const PICTURE: usize = 64 * 1024;

/// Standard output, and what stands on it.
pub(super) struct Painter {
    backend: CrosstermBackend<BufWriter<Stdout>>,
    shown: Buffer,
    /// Nothing is known of what stands there.
    anew: bool,
}

impl Painter {
    pub(super) fn new() -> Self {
        let out = BufWriter::with_capacity(PICTURE, io::stdout());
        Self { backend: CrosstermBackend::new(out), shown: Buffer::default(), anew: true }
    }

    /// The terminal's size.
    pub(super) fn size() -> io::Result<Size> {
        let (width, height) = terminal::size()?;
        Ok(Size { width, height })
    }

    /// The next picture is drawn on an empty screen.
    pub(super) fn forget(&mut self) {
        self.anew = true;
    }

    pub(super) fn paint(&mut self, app: &App) -> io::Result<()> {
        let mut next = Buffer::empty(Rect::from((ratatui::layout::Position::ORIGIN, app.size)));
        let cursor = picture::draw(app, &mut next);
        self.backend.hide_cursor()?;
        if std::mem::take(&mut self.anew) || self.shown.area != next.area {
            self.backend.clear()?;
            self.shown = Buffer::empty(next.area);
        }
        self.backend.draw(self.shown.diff(&next).into_iter())?;
        self.backend.set_cursor_position(cursor)?;
        self.backend.show_cursor()?;
        Write::flush(&mut self.backend)?;
        self.shown = next;
        Ok(())
    }

    pub(super) fn ring(&mut self) -> io::Result<()> {
        self.backend.write_all(b"\x07")?;
        Write::flush(&mut self.backend)
    }
}
