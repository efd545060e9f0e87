//! Every metric once: its name, what it says, and what its labels may say.

use chat_proto::CloseCode;

/// How a metric is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// A metric.
#[derive(Debug)]
pub(super) struct Metric {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) help: &'static str,
}

macro_rules! table {
    ($($id:ident: $kind:ident $name:literal $help:literal;)+) => {
        $(pub(super) const $id: Metric =
            Metric { name: $name, kind: Kind::$kind, help: $help };)+
        /// All of them.
        pub(super) const ALL: &[Metric] = &[$($id),+];
    };
}

table! {
    BUILD_INFO: Gauge "chat_build_info"
        "Always 1; the label says the version.";
    READY: Gauge "chat_ready"
        "Whether the server takes new people: 0 once it was told to stop.";
    CONNECTIONS: Gauge "chat_connections"
        "Open connections by mode; waiting are those in no room (HTTP, or before their hello).";
    ACCEPTED: Counter "chat_connections_accepted_total"
        "Connections that were taken.";
    BEHIND: Gauge "chat_connections_behind"
        "Connections that have not taken all that their room says.";
    CLOSED: Counter "chat_closes_total"
        "Ended WebSockets, by who ended them and the close code; 1006 is without one.";
    REFUSED: Counter "chat_refusals_total"
        "Requests, hellos and frames that were refused, by the code of the error.";
    ROOMS: Gauge "chat_rooms"
        "Rooms that are open, by kind.";
    OPENED: Counter "chat_rooms_opened_total"
        "Rooms that were opened, by kind.";
    ENDED: Counter "chat_rooms_ended_total"
        "Rooms that are gone; empty are those that were left by all before their time.";
    MEMBERS: Gauge "chat_members"
        "People in rooms, those whose connection is lost and awaited included.";
    LOG_BYTES: Gauge "chat_log_bytes"
        "What the logs of all rooms hold.";
    MESSAGES: Counter "chat_messages_total"
        "Messages that rooms took.";
    DELIVERIES: Counter "chat_deliveries_total"
        "Events that were written, once for each connection that they were written to.";
    DELIVERED_BYTES: Counter "chat_delivered_bytes_total"
        "Bytes of these.";
    RECEIVED_FRAMES: Counter "chat_received_frames_total"
        "Messages and control frames that came from members.";
    RECEIVED_BYTES: Counter "chat_received_bytes_total"
        "Bytes of their payloads.";
    GAPS: Counter "chat_gaps_total"
        "Times that a member missed events: too slow, or too long away.";
    WRITE_LATENCY: Histogram "chat_write_latency_seconds"
        "From taking the oldest message of a flush to its end, for those who keep up.";
    FANOUT: Histogram "chat_fanout_seconds"
        "How long a flush took: what is new in a room, written to all who keep up.";
    RESIDENT: Gauge "process_resident_memory_bytes"
        "Resident memory.";
    // What Prometheus knows it as counts in fractions, which only a gauge does here.
    CPU: Gauge "process_cpu_seconds_total"
        "User and system time spent.";
    OPEN_FILES: Gauge "process_open_fds"
        "Open files; every connection is one.";
    MAX_FILES: Gauge "process_max_fds"
        "How many files may be open.";
    THREADS: Gauge "process_threads"
        "Threads.";
    STARTED: Gauge "process_start_time_seconds"
        "When the server started, in seconds since 1970.";
}

/// Upper bounds of the histograms' buckets, in seconds.
pub(super) const BUCKETS: [f64; 14] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];

/// Kinds of rooms.
pub(super) const KINDS: [&str; 2] = ["sealed", "plain"];

/// How rooms end.
pub(super) const ENDS: [&str; 4] = ["ttl", "empty", "closed", "shutdown"];

/// Why events are missed: somebody read too slowly, or came back too late.
pub(super) const GAP_WHYS: [&str; 2] = ["slow", "expired"];

/// The codes of errors, on sockets and on HTTP.
pub(super) const REFUSALS: [&str; 26] = [
    "bad_frame",
    "bad_hello",
    "unsupported_version",
    "no_room",
    "room_ended",
    "room_full",
    "bad_nick",
    "nick_taken",
    "spk_taken",
    "replaced",
    "rate",
    "overloaded",
    "too_big",
    "wrong_kind",
    "unknown_type",
    "bad_request",
    "bad_token",
    "bad_host",
    "misdirected",
    "create_key",
    "tls",
    "proxy",
    "forbidden",
    "method_not_allowed",
    "unknown_subprotocol",
    "upgrade_required",
];

/// The codes that the server closes with. The one without a close frame is for
/// those whose room was gone before they had read it.
pub(super) const CLOSES: [CloseCode; 20] = [
    CloseCode::NORMAL,
    CloseCode::GOING_AWAY,
    CloseCode::WEBSOCKET,
    CloseCode::UNSUPPORTED,
    CloseCode::ABNORMAL,
    CloseCode::INVALID_TEXT,
    CloseCode::TOO_BIG,
    CloseCode::RESTART,
    CloseCode::OVERLOADED,
    CloseCode::PROTOCOL,
    CloseCode::NO_HELLO,
    CloseCode::CREATE_KEY,
    CloseCode::NO_ROOM,
    CloseCode::SLOW,
    CloseCode::REPLACED,
    CloseCode::ROOM_ENDED,
    CloseCode::NICK,
    CloseCode::ROOM_FULL,
    CloseCode::VERSION,
    CloseCode::RATE,
];

/// The codes that clients close with. They could send any.
pub(super) const PEER_CLOSES: [CloseCode; 3] =
    [CloseCode::NORMAL, CloseCode::GOING_AWAY, CloseCode::ABNORMAL];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chat_proto::ErrorCode;
    use serde_json::Value;

    use super::*;

    const DASHBOARD: &str =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/grafana.json"));
    const MANUAL: &str =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operating.md"));

    #[test]
    fn names_are_as_prometheus_has_them() {
        let names: BTreeSet<_> = ALL.iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), ALL.len(), "each is named once");
        for Metric { name, kind, help } in ALL {
            assert!(name.starts_with("chat_") || name.starts_with("process_"), "{name}");
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{name}");
            assert!(help.len() > 5 && help.ends_with('.') && !help.contains('\\'), "{name}");
            let total = name.ends_with("_total");
            assert!(total == (*kind == Kind::Counter) || *name == CPU.name, "{name}");
            assert!(*kind != Kind::Histogram || name.ends_with("_seconds"), "{name}");
        }
    }

    #[test]
    fn every_code_of_ours_has_its_own_series() {
        for code in ErrorCode::KNOWN {
            assert!(REFUSALS.contains(&code.as_str()), "{code}");
            assert!(code.close().is_none_or(|close| CLOSES.contains(&close)), "{code}");
        }
        assert!(PEER_CLOSES.iter().all(|code| CLOSES.contains(code)));
    }

    /// All strings in a document under a key.
    fn strings<'a>(value: &'a Value, key: &str, into: &mut Vec<&'a str>) {
        match value {
            Value::Object(object) => {
                into.extend(object.get(key).and_then(Value::as_str));
                object.values().for_each(|value| strings(value, key, into));
            }
            Value::Array(array) => array.iter().for_each(|value| strings(value, key, into)),
            _ => {}
        }
    }

    /// All metrics that a text names, without the ends of a histogram's series.
    fn named(text: &str) -> BTreeSet<&str> {
        let words = text.split(|c: char| !c.is_ascii_lowercase() && c != '_');
        words
            .filter(|word| word.starts_with("chat_") || word.starts_with("process_"))
            .map(|word| {
                let ends = ["_bucket", "_sum", "_count"];
                ends.iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word)
            })
            .collect()
    }

    #[test]
    fn the_dashboard_shows_all_that_there_is_and_nothing_else() {
        let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
        let mut queries = Vec::new();
        strings(&dashboard, "expr", &mut queries);
        let all: BTreeSet<_> = ALL.iter().map(|metric| metric.name).collect();
        assert_eq!(named(&queries.join("\n")), all);
    }

    #[test]
    fn the_manual_names_all_that_there_is_and_nothing_else() {
        let section = MANUAL.split_once("\n## Watching it\n").unwrap().1;
        let section = section.split("\n## ").next().unwrap();
        let all: BTreeSet<_> = ALL.iter().map(|metric| metric.name).collect();
        assert_eq!(named(section), all);
    }
}
