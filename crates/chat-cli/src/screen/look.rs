//! What things look like: colours where there are any, and never colours alone.

use chrono::{DateTime, Local, NaiveDateTime, TimeZone};
use ratatui::style::{Color, Modifier, Style};

/// Colours that can be read on light and on dark.
const COLOURS: [Color; 6] =
    [Color::Red, Color::Green, Color::Yellow, Color::Blue, Color::Magenta, Color::Cyan];

/// Colours and local time.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) colour: bool,
    /// The local time of milliseconds since 1970.
    zone: fn(u64) -> NaiveDateTime,
}

impl Look {
    pub(super) fn new(colour: bool) -> Self {
        Self { colour, zone: local }
    }

    #[cfg(test)]
    pub(super) fn in_utc(colour: bool) -> Self {
        let zone = |ts| Self::utc(ts).naive_utc();
        Self { colour, zone }
    }

    fn utc(ts: u64) -> DateTime<chrono::Utc> {
        i64::try_from(ts).ok().and_then(DateTime::from_timestamp_millis).unwrap_or_default()
    }

    /// `14:02`
    pub(super) fn time(&self, ts: u64) -> String {
        (self.zone)(ts).format("%H:%M").to_string()
    }

    /// `Tuesday, 24 November 2026`
    pub(super) fn day(&self, ts: u64) -> String {
        (self.zone)(ts).format("%A, %-d %B %Y").to_string()
    }

    /// A nick keeps its colour, whoever sees it.
    pub(super) fn nick(&self, nick: &str, own: bool) -> Style {
        let style = Style::new().add_modifier(Modifier::BOLD);
        if !self.colour || own {
            return style;
        }
        // FNV-1a: small, and the same everywhere.
        let mix = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        let hash = nick.bytes().fold(0x811c_9dc5, mix);
        style.fg(COLOURS[hash as usize % COLOURS.len()])
    }

    /// What is said about the room rather than in it.
    pub(super) fn quiet(&self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }
}

fn local(ts: u64) -> NaiveDateTime {
    Local.from_utc_datetime(&Look::utc(ts).naive_utc()).naive_local()
}

#[cfg(test)]
mod tests {
    use super::Look;

    #[test]
    fn times_and_days_are_written_for_people() {
        let look = Look::in_utc(true);
        assert_eq!(look.time(1_795_500_120_000), "06:02");
        assert_eq!(look.day(1_795_500_120_000), "Tuesday, 24 November 2026");
        assert_eq!(look.time(u64::MAX), "00:00");
    }

    #[test]
    fn a_nick_keeps_its_colour_and_has_none_where_there_are_none() {
        let look = Look::in_utc(true);
        assert_eq!(look.nick("Ann", false), look.nick("Ann", false));
        assert!(look.nick("Ann", false).fg.is_some());
        assert!(Look::in_utc(false).nick("Ann", false).fg.is_none());
    }
}
