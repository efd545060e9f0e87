//! From what was counted to what is told.

use std::fmt::Display;

use metrics::Label;
use tokio::task::spawn_blocking;

use super::count::Counts;
use super::process::Process;
use super::sheet::Sheet;
use super::table::{self, Metric};
use crate::Server;
use crate::hub::Census;

/// Everything as it is now, as text.
pub(super) async fn collect(server: &Server, sheet: &Sheet) -> String {
    let process = spawn_blocking(Process::read).await.unwrap_or_default();
    let census = server.hub.census().await;
    state(server, &census, sheet);
    events(server, sheet);
    about(&process, sheet);
    sheet.text()
}

fn label(name: &'static str, value: impl Display) -> Vec<Label> {
    vec![Label::new(name, value.to_string())]
}

fn state(server: &Server, census: &Census, sheet: &Sheet) {
    let level = |metric: &Metric, labels, n: u64| sheet.level(metric, labels, n as f64);
    level(&table::READY, Vec::new(), u64::from(server.is_ready()));
    let started = server.clock.started().as_millis() as f64 / 1000.0;
    sheet.level(&table::STARTED, Vec::new(), started);
    level(&table::CONNECTIONS, label("mode", "structured"), census.structured);
    level(&table::CONNECTIONS, label("mode", "plain"), census.plain);
    level(&table::CONNECTIONS, label("mode", "waiting"), server.meter.waiting());
    level(&table::BEHIND, Vec::new(), census.behind);
    level(&table::ROOMS, label("kind", "sealed"), census.sealed_rooms);
    level(&table::ROOMS, label("kind", "plain"), census.plain_rooms);
    level(&table::MEMBERS, Vec::new(), census.members);
    level(&table::LOG_BYTES, Vec::new(), census.log_bytes);
}

fn events(server: &Server, sheet: &Sheet) {
    let (meter, totals) = (&server.meter, server.hub.totals());
    for (metric, count) in [
        (&table::ACCEPTED, meter.accepted.get()),
        (&table::MESSAGES, totals.messages),
        (&table::DELIVERIES, totals.deliveries),
        (&table::DELIVERED_BYTES, totals.delivered_bytes),
        (&table::RECEIVED_FRAMES, totals.received_frames),
        (&table::RECEIVED_BYTES, totals.received_bytes),
    ] {
        sheet.count(metric, Vec::new(), count);
    }
    for (why, count) in table::GAP_WHYS.iter().zip(totals.gaps) {
        sheet.count(&table::GAPS, label("why", why), count);
    }
    each(sheet, &table::OPENED, &meter.opened, |kind| label("kind", kind));
    each(sheet, &table::ENDED, &meter.ended, |reason| label("reason", reason));
    let refused = |code: &dyn Display| label("code", code);
    each(sheet, &table::REFUSED, &meter.refused, |code| refused(code));
    sheet.count(&table::REFUSED, refused(&"other"), meter.refused.other());
    for (by, closed) in [("server", &meter.closed_here), ("peer", &meter.closed_there)] {
        let labels = |code: &dyn Display| [label("by", by), label("code", code)].concat();
        each(sheet, &table::CLOSED, closed, |code| labels(code));
        sheet.count(&table::CLOSED, labels(&"other"), closed.other());
    }
}

/// A series for each of a list, those included that never happened: a rate of
/// something that wasn't there before can't be told.
fn each<K>(sheet: &Sheet, metric: &Metric, counts: &Counts<K>, labels: impl Fn(&K) -> Vec<Label>) {
    for (key, count) in counts.each() {
        sheet.count(metric, labels(key), count);
    }
}

fn about(process: &Process, sheet: &Sheet) {
    sheet.level(&table::BUILD_INFO, label("version", env!("CARGO_PKG_VERSION")), 1.0);
    for (metric, known) in [
        (&table::RESIDENT, process.resident_bytes),
        (&table::THREADS, process.threads),
        (&table::OPEN_FILES, process.open_files),
        (&table::MAX_FILES, process.max_files),
    ] {
        if let Some(n) = known {
            sheet.level(metric, Vec::new(), n as f64);
        }
    }
    if let Some(seconds) = process.cpu_seconds {
        sheet.level(&table::CPU, Vec::new(), seconds);
    }
}
