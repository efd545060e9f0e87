//! The screen as a picture.

use chat_client::{Person, RoomKind};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Modifier,
    text::Line,
};

use super::{
    app::{App, Link},
    layout::{self, PROMPT},
    log::Window,
    wrap::cut,
};
use crate::notice;

/// The most names of people who are typing that are told.
const TYPING: usize = 2;

/// Draws all of it; where the cursor is to be.
pub(super) fn draw(app: &App, buffer: &mut Buffer) -> Position {
    let parts = layout::of(app);
    log(app, parts.log, buffer);
    if let Some(side) = parts.side {
        people(app, side, buffer);
    }
    let status = cut(&status(app), parts.status.width.into());
    put(buffer, parts.status, 0, &Line::raw(status));
    buffer.set_style(parts.status, Modifier::REVERSED);
    composer(app, parts.composer, buffer)
}

fn log(app: &App, area: Rect, buffer: &mut Buffer) {
    let tail = app.pending();
    let (columns, rows) = (area.width.into(), area.height.into());
    let window = Window { columns, rows, look: &app.look, tail: &tail };
    for (n, row) in app.log.seen(&window).iter().enumerate() {
        put(buffer, area, n, row);
    }
}

/// Who is here, and what the room is.
fn people(app: &App, area: Rect, buffer: &mut Buffer) {
    for y in area.top()..area.bottom() {
        buffer.set_string(area.x, y, "│", app.look.quiet());
    }
    let area = Rect { x: area.x + 2, width: area.width - 2, ..area };
    let width = usize::from(area.width);
    let (rows, here) = (usize::from(area.height), here(app));
    let mut lines = vec![Line::styled(format!("{here} here"), Modifier::BOLD)];
    let names = app.people.iter().map(|person| {
        let you = if person.sid == app.me { " (you)" } else { notice::state(person) };
        let style = app.look.nick(&notice::author(&person.nick, None), person.sid == app.me);
        let typing = if app.typing.contains_key(&person.sid) { " …" } else { "" };
        let room = width - you.len() - typing.chars().count();
        Line::styled(format!("{}{you}{typing}", cut(&called(person), room)), style)
    });
    // Below the people stand an empty row and two about the room.
    let most = rows.saturating_sub(4);
    lines.extend(names.take(most));
    if app.people.len() > most && most > 0 {
        lines.truncate(most);
        let more = app.people.len() + 1 - most;
        lines.push(Line::styled(format!("and {more} more: /who"), app.look.quiet()));
    }
    lines.push(Line::default());
    lines.extend(room(app).map(|line| Line::styled(cut(&line, width), app.look.quiet())));
    for (n, line) in lines.iter().take(rows).enumerate() {
        put(buffer, area, n, line);
    }
}

fn called(person: &Person) -> String {
    match &person.seal {
        Some(seal) if !seal.verified => format!("? {}", seal.code),
        _ => notice::called(person),
    }
}

fn room(app: &App) -> impl Iterator<Item = String> {
    let room = app.room.as_ref();
    let kind = room.map(|room| match room.kind {
        RoomKind::Sealed => "end-to-end encrypted",
        RoomKind::Plain | RoomKind::Other(_) => "not encrypted",
    });
    let end = room.map(|room| {
        let minutes = room.expires.saturating_sub(app.now).div_ceil(60_000);
        match minutes {
            0..=90 => format!("ends in {minutes} min"),
            _ => format!("ends in {} h", minutes / 60),
        }
    });
    kind.map(str::to_owned).into_iter().chain(end)
}

fn here(app: &App) -> u64 {
    app.count.unwrap_or(app.people.len() as u64)
}

/// The connection and the room in words.
fn status(app: &App) -> String {
    let link = match app.link {
        _ if app.leaving => "leaving".to_owned(),
        Link::Connected => "connected".to_owned(),
        Link::CatchingUp => "catching up".to_owned(),
        Link::Lost { until } => match until.saturating_sub(app.now).div_ceil(1000) {
            0 => "not connected, trying".to_owned(),
            seconds => format!("not connected, next try in {seconds} s"),
        },
    };
    let mut parts = vec![link];
    if !app.log.follows() {
        parts.push(match app.log.below {
            0 => "scrolled back: Esc".to_owned(),
            n => format!("{n} new below: Esc"),
        });
    }
    parts.extend(typing(app));
    let kind = app.room.as_ref().map(|room| match room.kind {
        RoomKind::Sealed => "encrypted",
        RoomKind::Plain | RoomKind::Other(_) => "NOT encrypted",
    });
    parts.extend(kind.map(str::to_owned));
    parts.push(format!("{} here", here(app)));
    parts.push("/help".to_owned());
    format!(" {}", parts.join(" · "))
}

fn typing(app: &App) -> Option<String> {
    let names: Vec<&str> = app.typing.values().map(String::as_str).collect();
    match names[..] {
        [] => None,
        [name] => Some(format!("{name} is typing")),
        _ if names.len() > TYPING => Some("several people are typing".to_owned()),
        _ => Some(format!("{} are typing", names.join(" and "))),
    }
}

fn composer(app: &App, area: Rect, buffer: &mut Buffer) -> Position {
    let columns = usize::from(area.width).saturating_sub(PROMPT.len());
    let (rows, (row, column)) = app.editor.rows(columns);
    let height = usize::from(area.height);
    // The row with the cursor is among those that are seen.
    let first = (row + 1).saturating_sub(height).min(rows.len().saturating_sub(height));
    for (n, text) in rows.iter().skip(first).take(height).enumerate() {
        let before = if first + n == 0 { PROMPT } else { "  " };
        put(buffer, area, n, &Line::raw(format!("{before}{text}")));
    }
    let at = |start: u16, by: usize, end: u16| {
        start.saturating_add(u16::try_from(by).unwrap_or(u16::MAX)).min(end.saturating_sub(1))
    };
    let (x, y) = (column + PROMPT.len(), row - first.min(row));
    Position { x: at(area.x, x, area.right()), y: at(area.y, y, area.bottom()) }
}

fn put(buffer: &mut Buffer, area: Rect, row: usize, line: &Line<'_>) {
    if let Some(y) = u16::try_from(row).ok().filter(|row| *row < area.height) {
        buffer.set_line(area.x, area.y + y, line, area.width);
    }
}
