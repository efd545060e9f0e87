//! What stands where.

use ratatui::layout::Rect;

use super::app::App;

/// From here on there is room for the people at the side, and how much they take.
const WIDE: u16 = 80;
const SIDE: u16 = 24;

/// Before what is written.
pub(super) const PROMPT: &str = "> ";

/// The parts of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) log: Rect,
    pub(super) side: Option<Rect>,
    pub(super) status: Rect,
    pub(super) composer: Rect,
}

/// The parts as they are now.
pub(super) fn of(app: &App) -> Layout {
    let size = app.size;
    let columns = usize::from(size.width).saturating_sub(PROMPT.len());
    let written = app.editor.rows(columns).0.len();
    parts(size.width, size.height, u16::try_from(written).unwrap_or(u16::MAX))
}

fn parts(width: u16, height: u16, written: u16) -> Layout {
    // Whatever else is cut off: one sees what one writes.
    let composer = written.clamp(1, (height / 3).max(1)).min(height);
    let status = u16::from(height > composer + 1);
    let above = height - composer - status;
    let side = if width >= WIDE { SIDE } else { 0 };
    Layout {
        // A column stays free before the people.
        log: Rect::new(0, 0, width - side - u16::from(side > 0), above),
        side: (side > 0).then(|| Rect::new(width - side, 0, side, above)),
        status: Rect::new(0, above, width, status),
        composer: Rect::new(0, above + status, width, composer),
    }
}

#[cfg(test)]
mod tests {
    use super::parts;
    use ratatui::layout::Rect;

    #[test]
    fn the_people_have_their_place_where_there_is_room() {
        let wide = parts(80, 24, 1);
        assert_eq!(
            (wide.log, wide.side),
            (Rect::new(0, 0, 55, 22), Some(Rect::new(56, 0, 24, 22)))
        );
        assert_eq!(
            (wide.status, wide.composer),
            (Rect::new(0, 22, 80, 1), Rect::new(0, 23, 80, 1))
        );
        let narrow = parts(79, 24, 99);
        assert_eq!((narrow.log, narrow.side), (Rect::new(0, 0, 79, 15), None));
        assert_eq!(narrow.composer.height, 8);
    }

    #[test]
    fn the_parts_fill_any_screen() {
        for (width, height) in [(0, 0), (1, 1), (1, 2), (1, 3), (40, 10), (200, 60)] {
            let parts = parts(width, height, 4);
            let rows = parts.log.height + parts.status.height + parts.composer.height;
            assert_eq!(rows, height, "{width}x{height}");
            assert_eq!(parts.composer.height > 0, height > 0);
        }
    }
}
