//! Reports as aligned lines.

use std::fmt::{self, Display, Formatter};

use super::{LoadReport, Measured, Rss, Verdict};
use crate::tally::Latency;

/// A line with a name before it.
fn line(f: &mut Formatter<'_>, name: &str, what: impl Display) -> fmt::Result {
    writeln!(f, "{name:<12}{what}")
}

/// A value, or that it isn't known.
fn known<T>(value: Option<T>, show: impl Fn(T) -> String) -> String {
    value.map_or_else(|| "?".to_owned(), show)
}

impl Display for LoadReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { scenario, mode, rooms, members, senders, size, url, .. } = self;
        let mode = format!("{mode:?}").to_lowercase();
        let pace = match (self.rate, self.window) {
            (Some(rate), _) => format!("{rate} messages/s a room"),
            (None, window) => format!("window {}", known(window, |window| window.to_string())),
        };
        line(f, scenario, format_args!("{url}, {mode}, {size} bytes, {pace}"))?;
        let stalled = match self.stalled {
            0 => String::new(),
            stalled => format!(", {stalled} never read"),
        };
        line(f, "rooms", format_args!("{rooms} of {members} members, {senders} send{stalled}"))?;
        write!(f, "{}{}{}", self.measured, self.rss_kib, self.verdict)
    }
}

impl Display for Measured {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { seconds, sent, deliveries, deliveries_per_s, own_cpu_share, .. } = self;
        line(
            f,
            "deliveries",
            format_args!(
                "{deliveries_per_s:.0}/s ({deliveries} of {sent} messages in {seconds:.2} s)"
            ),
        )?;
        line(f, "latency", self.latency_us)?;
        let each = known(self.cpu_us_per_delivery, |us| format!("{us:.3} µs"));
        let share = known(self.cpu_share, percent);
        line(f, "server CPU", format_args!("{each} a delivery, {share} of a core"))?;
        for thread in &self.threads {
            line(f, "", format_args!("{:<16} {}", thread.name, percent(thread.share)))?;
        }
        line(f, "load CPU", format_args!("{} of a core", percent(*own_cpu_share)))
    }
}

impl Display for Latency {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let micros = |us: u64| format!("{us} µs");
        let [p50, p99, max] = [self.p50, self.p99, self.max].map(|value| known(value, micros));
        write!(f, "half below {p50}, 99 of 100 below {p99}, all below {max}")
    }
}

impl Display for Rss {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { before: Some(before), connected, peak, after } = self else { return Ok(()) };
        let kib = |value: &Option<u64>| known(*value, |kib| format!("{kib} KiB"));
        let (connected, peak, after) = (kib(connected), kib(peak), kib(after));
        line(
            f,
            "memory",
            format_args!("{before} KiB before, {connected} connected, {peak} peak, {after} after"),
        )
    }
}

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { missing, doubled, out_of_order, closed } = self;
        if self.is_clean() {
            return line(f, "delivered", "everything, once and in order");
        }
        line(
            f,
            "WRONG",
            format_args!(
                "{missing} missing, {doubled} doubled, {out_of_order} out of order, \
                 {closed} members closed"
            ),
        )
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
