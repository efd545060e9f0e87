//! Reports as aligned lines.

use std::fmt::{self, Display, Formatter};

use super::{ChurnReport, IdleReport, JoinReport, LoadReport, Measured, MixedReport, Rss, Verdict};
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
        let pace = match (self.rate, self.window) {
            (Some(rate), Some(window)) => format!("{rate} messages/s beside window {window}"),
            (Some(rate), None) => format!("{rate} messages/s a room"),
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

impl Display for ChurnReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        line(f, "joins", self.joins)?;
        self.load.fmt(f)
    }
}

impl Display for MixedReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { load, alone, large } = self;
        line(f, "alone", alone.latency_us)?;
        line(
            f,
            "beside",
            format_args!("{} members, {:.0}/s", large.members, large.deliveries_per_s),
        )?;
        load.fmt(f)
    }
}

impl Display for IdleReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { scenario, url, mode, connections, room_size, rounds, verdict } = self;
        let whom = format_args!("{connections} connections in rooms of {room_size}");
        line(f, scenario, format_args!("{url}, {mode}, {whom}"))?;
        let kib = |value| known(value, |kib: u64| format!("{kib} KiB"));
        for round in rounds {
            let [before, connected, left] =
                [round.before_kib, round.connected_kib, round.left_kib].map(kib);
            let each = known(round.bytes_per_connection, |bytes| format!("{bytes:.0} bytes"));
            line(
                f,
                "memory",
                format_args!("{before} before, {connected} connected ({each} each), {left} after"),
            )?;
        }
        verdict.fmt(f)
    }
}

impl Display for JoinReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { scenario, url, mode, members, steps, verdict, rss_kib } = self;
        line(f, scenario, format_args!("{url}, {mode}, {members} members"))?;
        for step in steps {
            let cpu = known(step.cpu_seconds, |cpu| format!("{cpu:.3} s"));
            let (members, seconds, bytes) = (step.members, step.seconds, step.bytes);
            line(
                f,
                "up to",
                format_args!("{members:>7}  {seconds:.3} s  {bytes:>11} bytes  server CPU {cpu}"),
            )?;
        }
        rss_kib.fmt(f)?;
        verdict.fmt(f)
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
        let Self { before: Some(before), connected, began, ended, peak, after } = self else {
            return Ok(());
        };
        let kib = |value: &Option<u64>| known(*value, |kib| format!("{kib} KiB"));
        let [connected, began, ended, peak, after] =
            [connected, began, ended, peak, after].map(kib);
        line(
            f,
            "memory",
            format_args!(
                "{before} KiB before, {connected} connected, {began} to {ended} measured, \
                 {peak} peak, {after} after"
            ),
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
