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
    /// When what is measured began, and when it ended.
    pub(crate) began: Option<u64>,
    pub(crate) ended: Option<u64>,
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

/// The report of churn.
#[derive(Debug, Serialize)]
pub(crate) struct ChurnReport {
    #[serde(flatten)]
    pub(crate) load: LoadReport,
    /// How often somebody came in, in the measured time.
    pub(crate) joins: u64,
}

/// The report of mixed: what is measured is the small room beside the large one, but for the
/// processor time of a delivery, which is that of all deliveries.
#[derive(Debug, Serialize)]
pub(crate) struct MixedReport {
    #[serde(flatten)]
    pub(crate) load: LoadReport,
    pub(crate) alone: Alone,
    pub(crate) large: Large,
}

/// The small room before the large one was there.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Alone {
    pub(crate) latency_us: Latency,
    pub(crate) deliveries: u64,
}

/// The large room.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Large {
    pub(crate) members: usize,
    pub(crate) deliveries_per_s: f64,
}

/// The report of idle.
#[derive(Debug, Serialize)]
pub(crate) struct IdleReport {
    pub(crate) scenario: &'static str,
    pub(crate) url: String,
    pub(crate) mode: Mode,
    pub(crate) connections: usize,
    pub(crate) room_size: usize,
    pub(crate) rounds: Vec<Round>,
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
}

/// The server's memory before all came, with all connected, and after all had left.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Round {
    pub(crate) before_kib: Option<u64>,
    pub(crate) connected_kib: Option<u64>,
    pub(crate) left_kib: Option<u64>,
    /// By how much all made it grow, below zero where it shrank.
    pub(crate) bytes_per_connection: Option<f64>,
}

impl Round {
    #[allow(clippy::cast_precision_loss, reason = "KiB of a process fit in 53 bits")]
    pub(crate) fn new(
        before_kib: Option<u64>,
        connected_kib: Option<u64>,
        left_kib: Option<u64>,
        connections: usize,
    ) -> Self {
        let grown = |(after, before): (u64, u64)| after as f64 - before as f64;
        let grown_kib = connected_kib.zip(before_kib).map(grown);
        let bytes_per_connection = grown_kib.map(|kib| kib * 1024.0 / connections as f64);
        Self { before_kib, connected_kib, left_kib, bytes_per_connection }
    }
}

/// The report of join.
#[derive(Debug, Serialize)]
pub(crate) struct JoinReport {
    pub(crate) scenario: &'static str,
    pub(crate) url: String,
    pub(crate) mode: Mode,
    pub(crate) members: usize,
    pub(crate) steps: Vec<Step>,
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
    pub(crate) rss_kib: Rss,
}

/// A step in which a room filled.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Step {
    /// Who was in the room at its end.
    pub(crate) members: usize,
    /// Until all had come in.
    pub(crate) seconds: f64,
    /// What all members received until nothing more came, handshakes included.
    pub(crate) bytes: u64,
    /// Of the server, until nothing more came.
    pub(crate) cpu_seconds: Option<f64>,
}

impl Verdict {
    pub(crate) const fn new(faults: Faults, closed: u64) -> Self {
        let Faults { missing, doubled, out_of_order } = faults;
        Self { missing, doubled, out_of_order, closed }
    }

    /// What is wrong here or there.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            missing: self.missing + other.missing,
            doubled: self.doubled + other.doubled,
            out_of_order: self.out_of_order + other.out_of_order,
            closed: self.closed + other.closed,
        }
    }

    pub(crate) const fn is_clean(&self) -> bool {
        self.missing == 0 && self.doubled == 0 && self.out_of_order == 0 && self.closed == 0
    }
}

/// What a run found.
pub(crate) trait Report: Serialize + Display {
    fn verdict(&self) -> Verdict;
}

impl Report for LoadReport {
    fn verdict(&self) -> Verdict {
        self.verdict
    }
}

impl Report for ChurnReport {
    fn verdict(&self) -> Verdict {
        self.load.verdict
    }
}

impl Report for MixedReport {
    fn verdict(&self) -> Verdict {
        self.load.verdict
    }
}

impl Report for IdleReport {
    fn verdict(&self) -> Verdict {
        self.verdict
    }
}

impl Report for JoinReport {
    fn verdict(&self) -> Verdict {
        self.verdict
    }
}

/// Says a report on standard output.
pub(crate) fn print(report: &impl Report, json: bool) -> std::io::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match json {
        true => writeln!(out, "{}", serde_json::to_string(report)?),
        false => write!(out, "{report}"),
    }
}
