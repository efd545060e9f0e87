//! What a run found, as one JSON object or as a few lines for people.

mod lines;

use std::fmt::Display;

use serde::Serialize;

use crate::form::Mode;
use crate::ledger::Faults;
use crate::process::Share;
use crate::tally::Latency;

/// What is wrong: nothing, where the server is good.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Verdict {
    pub(crate) missing: u64,
    pub(crate) doubled: u64,
    pub(crate) out_of_order: u64,
    /// Members that the server closed, of those who should stay and read.
    pub(crate) closed: u64,
}

/// The server's memory; `None` where its process isn't known.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Rss {
    pub(crate) before: Option<u64>,
    pub(crate) connected: Option<u64>,
    pub(crate) peak: Option<u64>,
    pub(crate) after: Option<u64>,
}

/// What is measured in a window of time.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Measured {
    pub(crate) seconds: f64,
    pub(crate) sent: u64,
    pub(crate) deliveries: u64,
    pub(crate) deliveries_per_s: f64,
    /// Of the server's process, like the two below.
    pub(crate) cpu_us_per_delivery: Option<f64>,
    pub(crate) cpu_share: Option<f64>,
    pub(crate) threads: Vec<Share>,
    /// Of this one: where it comes near 1 in a closed loop, the load is the bottleneck.
    pub(crate) own_cpu_share: f64,
    pub(crate) latency_us: Latency,
    pub(crate) bytes: u64,
}

/// The report of every scenario that sends.
#[derive(Debug, Serialize)]
pub(crate) struct LoadReport {
    pub(crate) scenario: &'static str,
    pub(crate) url: String,
    pub(crate) mode: Mode,
    pub(crate) rooms: usize,
    pub(crate) members: usize,
    pub(crate) senders: usize,
    pub(crate) stalled: usize,
    pub(crate) rate: Option<f64>,
    pub(crate) window: Option<u32>,
    pub(crate) size: usize,
    #[serde(flatten)]
    pub(crate) measured: Measured,
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
    pub(crate) rss_kib: Rss,
}

impl Verdict {
    pub(crate) const fn new(faults: Faults, closed: u64) -> Self {
        let Faults { missing, doubled, out_of_order } = faults;
        Self { missing, doubled, out_of_order, closed }
    }

    pub(crate) const fn is_clean(&self) -> bool {
        self.missing == 0 && self.doubled == 0 && self.out_of_order == 0 && self.closed == 0
    }
}

/// Says a report on standard output.
pub(crate) fn print(report: &(impl Serialize + Display), json: bool) -> std::io::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match json {
        true => writeln!(out, "{}", serde_json::to_string(report)?),
        false => write!(out, "{report}"),
    }
}
