//! What a bound is about: one number of a run.

use super::report::Report;

/// One number of a run, and how it is written.
#[derive(Clone, Copy)]
pub(super) struct Figure {
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    pub(super) read: fn(&Report) -> Option<f64>,
}

/// The server's time for one message to one receiver.
pub(super) const CPU: Figure =
    Figure { name: "CPU per delivery", unit: "µs", read: Report::cpu_us_per_delivery };

/// How much of a core the whole server takes.
pub(super) const CPU_SHARE: Figure =
    Figure { name: "CPU", unit: "%", read: |report| report.cpu_share().map(|share| share * 100.0) };

pub(super) const DELIVERIES: Figure =
    Figure { name: "deliveries a second", unit: "", read: Report::deliveries_per_s };

pub(super) const P50: Figure = Figure { name: "median latency", unit: "µs", read: Report::p50_us };

pub(super) const P99: Figure = Figure { name: "p99 latency", unit: "µs", read: Report::p99_us };

pub(super) const ALONE_P99: Figure =
    Figure { name: "p99 latency alone", unit: "µs", read: Report::alone_p99_us };

pub(super) const IDLE: Figure =
    Figure { name: "memory of each", unit: "KiB", read: Report::idle_kib };

pub(super) const SECOND_CONNECTED: Figure =
    Figure { name: "memory the second time", unit: "MiB", read: Report::second_connected_mib };

pub(super) const LAST_CONNECTED: Figure =
    Figure { name: "memory the third time", unit: "MiB", read: Report::last_connected_mib };

pub(super) const GROWTH: Figure =
    Figure { name: "memory gained", unit: "MB", read: Report::growth_mb };

pub(super) const BEGAN: Figure =
    Figure { name: "memory at the beginning", unit: "MiB", read: Report::began_mib };

pub(super) const ENDED: Figure =
    Figure { name: "memory at the end", unit: "MiB", read: Report::ended_mib };

pub(super) const BUSIEST_CORE: Figure =
    Figure { name: "busiest core", unit: "%", read: Report::busiest_core_percent };

pub(super) const BEHIND: Figure =
    Figure { name: "behind the rate", unit: "%", read: Report::behind_percent };

pub(super) const START: Figure =
    Figure { name: "spawned to connected", unit: "ms", read: Report::start_ms };

pub(super) const BINARY: Figure =
    Figure { name: "program's size", unit: "MiB", read: Report::binary_mib };

/// Of the page: browsers tell of no task shorter than 50 ms, so that this is the
/// least that it says.
pub(super) const LONGEST_TASK: Figure =
    Figure { name: "longest task", unit: "ms", read: Report::longest_task_ms };

pub(super) const LONGEST_GAP: Figure =
    Figure { name: "longest without a frame", unit: "ms", read: Report::longest_gap_ms };

pub(super) const NODES: Figure = Figure { name: "nodes in the end", unit: "", read: Report::nodes };

pub(super) const HEAP: Figure =
    Figure { name: "heap in the end", unit: "MiB", read: Report::heap_mib };

/// How fast lines come through a room.
pub(super) const PIPED: Figure =
    Figure { name: "through the room", unit: "MB/s", read: Report::mb_per_s };

pub(super) const SEND_PEAK: Figure =
    Figure { name: "peak memory of send", unit: "MiB", read: Report::send_peak_mib };

pub(super) const TAIL_PEAK: Figure =
    Figure { name: "peak memory of tail", unit: "MiB", read: Report::tail_peak_mib };

/// How long the last step of a mass join takes, and one before it. The first is
/// no yardstick: in a small room everybody is told of everybody.
pub(super) const LAST_STEP_TIME: Figure =
    Figure { name: "time of the last step", unit: "s", read: |report| report.step_seconds(5) };

pub(super) const SECOND_STEP_TIME: Figure =
    Figure { name: "time of the second step", unit: "s", read: |report| report.step_seconds(2) };

pub(super) const LAST_STEP_BYTES: Figure =
    Figure { name: "bytes of the last step", unit: "MB", read: |report| report.step_mb(5) };

pub(super) const SECOND_STEP_BYTES: Figure =
    Figure { name: "bytes of the second step", unit: "MB", read: |report| report.step_mb(2) };
