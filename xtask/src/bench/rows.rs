//! The scenarios and their bounds.

use std::time::Duration;

use super::{
    figure::{
        ALONE_P99, BEGAN, BEHIND, BINARY, BUSIEST_CORE, CPU, ENDED, GROWTH, HEAP, IDLE,
        LAST_CONNECTED, LAST_STEP_BYTES, LAST_STEP_TIME, LONGEST_GAP, LONGEST_TASK, NODES, P99,
        PIPED, SECOND_CONNECTED, SECOND_STEP_BYTES, SECOND_STEP_TIME, SEND_PEAK, START, TAIL_PEAK,
    },
    row::{Check, Kind, Load, Mode, Program, Row, Side},
};

/// Our server on one core.
const ONE_SHARD: Program = Program::Server { shards: Some(1), log: None };

/// The same with a log for half a million messages a second: by default it would
/// hold no more than a millisecond, and whose acknowledgements are late for
/// longer would be closed as too slow.
const LONG_LOG: Program = Program::Server { shards: Some(1), log: Some(4096) };

/// How many per cent of its rate a load may be behind: a server that is behind
/// joins what it would have written one by one.
const IN_TIME: f64 = 5.0;

/// How much the third time may take of what the second took. The first is no
/// yardstick: the rooms stay, and their logs begin to hold who came and left.
const FLAT: f64 = 1.05;

/// How much the server may take at the end of ten minutes of what it took at
/// their beginning.
const HELD: f64 = 1.02;

/// A step of a mass join takes what another takes where the whole is linear;
/// where it is the square, the last of five takes three times the second.
const LINEAR: f64 = 1.5;

/// Scenarios where the server's CPU per delivery is compared with a yardstick's:
/// name, what happens, load, server, yardstick, bound.
const VERSUS: [(&str, &str, &str, Program, Program, f64); 6] = [
    (
        "trickle",
        "1,000 messages a second into a room of 100",
        "fanout --members 100 --rate 1000",
        ONE_SHARD,
        Program::Floor,
        1.15,
    ),
    (
        "one-10",
        "one sender in a room of 10, 64 messages under way",
        "fanout --members 10 --window 64",
        LONG_LOG,
        Program::BatchedFloor,
        2.5,
    ),
    (
        "one-100",
        "one sender in a room of 100, 64 messages under way",
        "fanout --members 100 --window 64",
        ONE_SHARD,
        Program::BatchedFloor,
        1.3,
    ),
    (
        "one-1000",
        "one sender in a room of 1,000, 64 messages under way",
        "fanout --members 1000 --window 64",
        ONE_SHARD,
        Program::BatchedFloor,
        1.3,
    ),
    (
        "all-100",
        "a room of 100 who all send, each one message at a time",
        "fanout --members 100 --senders 100 --window 1",
        ONE_SHARD,
        Program::BatchedFloor,
        1.5,
    ),
    (
        "pairs",
        "500 rooms of 2 who both send, each one message at a time",
        "rooms --rooms 500 --members 2 --window 1",
        ONE_SHARD,
        Program::Naive,
        1.15,
    ),
];

/// All of them, in the order in which they are measured.
pub(super) fn all() -> Vec<Row> {
    let mut rows = Vec::new();
    for row in VERSUS {
        rows.extend(Mode::BOTH.map(|mode| versus(row, mode)));
    }
    for scenario in [beside, idle, stalled] {
        rows.extend(Mode::BOTH.map(scenario));
    }
    rows.extend([join(), shards(), hold(), start(), page()]);
    rows.extend(Kind::BOTH.map(pipe));
    rows
}

/// Those that are named, or all where none is.
///
/// # Errors
///
/// A sentence about a name that none has.
pub(super) fn named(names: &[String]) -> Result<Vec<Row>, String> {
    let mut rows = all();
    if let Some(unknown) = names.iter().find(|name| !rows.iter().any(|row| row.is_named(name))) {
        return Err(format!("there is no row `{unknown}`: --list says which there are"));
    }
    rows.retain(|row| names.is_empty() || names.iter().any(|name| row.is_named(name)));
    Ok(rows)
}

fn versus(row: (&str, &'static str, &'static str, Program, Program, f64), mode: Mode) -> Row {
    let (name, what, words, server, yardstick, at_most) = row;
    let load = Load::new(words, mode);
    let mut checks = vec![Check::times_second(CPU, at_most)];
    if words.contains("--rate ") {
        checks.push(Check::at_most(BEHIND, IN_TIME));
    }
    Row {
        name: in_mode(name, mode),
        what,
        sides: vec![side("server", server, load.clone()), side(yardstick.name(), yardstick, load)],
        pinned: true,
        checks,
    }
}

fn beside(mode: Mode) -> Row {
    let load = Load::new("mixed --members 10 --rate 10 --large 8000 --window 64", mode);
    Row {
        name: in_mode("beside", mode),
        what: "a room of 10 at 10 messages a second beside a room of 8,000 at full speed",
        sides: vec![side("server", ONE_SHARD, load)],
        pinned: true,
        checks: vec![Check::times(P99, ALONE_P99, 5.0)],
    }
}

fn idle(mode: Mode) -> Row {
    let each = match mode {
        Mode::Plain => 2.5,
        Mode::V1 => 4.0,
    };
    let load = Load::new("idle --connections 10000 --room-size 10 --rounds 3", mode);
    Row {
        name: in_mode("idle", mode),
        what: "10,000 idle connections in rooms of 10, who connect and leave three times",
        sides: vec![side("server", ONE_SHARD, load)],
        pinned: true,
        checks: vec![
            Check::at_most(IDLE, each),
            Check::times(LAST_CONNECTED, SECOND_CONNECTED, FLAT),
        ],
    }
}

fn stalled(mode: Mode) -> Row {
    let load = |words| Load::new(words, mode);
    Row {
        name: in_mode("stalled", mode),
        what: "one sender in a room of 100, 64 messages under way, where 20 never read",
        sides: vec![
            side("server", ONE_SHARD, load("fanout --members 100 --window 64 --stalled 20")),
            side("none stalled", ONE_SHARD, load("fanout --members 100 --window 64")),
        ],
        pinned: true,
        checks: vec![Check::times_second(CPU, 1.2), Check::at_most(GROWTH, 10.0)],
    }
}

fn join() -> Row {
    let load = Load::new("join --members 5000 --steps 5", Mode::V1);
    Row {
        name: in_mode("join", Mode::V1),
        what: "5,000 members who join one room, in steps of 1,000",
        sides: vec![side("server", ONE_SHARD, load)],
        pinned: true,
        checks: vec![
            Check::times(LAST_STEP_TIME, SECOND_STEP_TIME, LINEAR),
            Check::times(LAST_STEP_BYTES, SECOND_STEP_BYTES, LINEAR),
        ],
    }
}

/// At a rate that leaves both cores idle for more than a third of the time, so
/// that what is compared is the work and not the waiting for a core.
fn shards() -> Row {
    let words = "rooms --rooms 64 --members 50 --rate 15";
    let load = Load::new(words, Mode::Plain);
    Row {
        name: "shards".into(),
        what: "64 rooms of 50 at 15 messages a second each, with two shards",
        sides: vec![
            side("server", Program::Server { shards: Some(2), log: None }, load.clone()),
            side("one shard", ONE_SHARD, load),
        ],
        pinned: false,
        checks: vec![
            Check::times_second(CPU, 1.25),
            Check::at_most(BUSIEST_CORE, 60.0),
            Check::at_most(BEHIND, IN_TIME),
        ],
    }
}

/// Counted once the rooms' logs are full, after 171 s, and each session remembers
/// as many ids as it ever does, after 854 s.
fn hold() -> Row {
    let words = "rooms --rooms 1200 --members 10 --rate 3 --warmup 900s --time 600s";
    let takes = Some(Duration::from_secs(1500));
    Row {
        name: in_mode("hold", Mode::V1),
        what: "12,000 connections in 1,200 rooms, with 3 messages a second in each, for 10 minutes",
        sides: vec![side("server", ONE_SHARD, Load { takes, ..Load::new(words, Mode::V1) })],
        pinned: true,
        checks: vec![Check::times(ENDED, BEGAN, HELD), Check::at_most(BEHIND, IN_TIME)],
    }
}

fn start() -> Row {
    Row {
        name: "start".into(),
        what: "the server's start, until it takes a connection",
        sides: vec![Side {
            name: "server",
            program: Program::Server { shards: None, log: None },
            load: None,
        }],
        pinned: false,
        checks: vec![Check::at_most(START, 50.0), Check::at_most(BINARY, 12.0)],
    }
}

/// Browser, server and sender share all cores.
fn page() -> Row {
    Row {
        name: "page".into(),
        what: "10,000 messages at 500 a second into a sealed room that the page shows",
        sides: vec![Side { name: "server", program: Program::Page, load: None }],
        pinned: false,
        checks: vec![
            Check::at_most(LONGEST_TASK, 100.0),
            Check::at_most(LONGEST_GAP, 250.0),
            Check::at_most(NODES, 25_000.0),
            Check::at_most(HEAP, 32.0),
            Check::at_most(BEHIND, IN_TIME),
        ],
    }
}

/// Server, sender and reader share all cores.
fn pipe(kind: Kind) -> Row {
    Row {
        name: format!("pipe-{}", kind.as_str()),
        what: "100 MB of lines from `chat-cli send` to `chat-cli tail`, as fast as they go",
        sides: vec![Side { name: "server", program: Program::Pipe(kind), load: None }],
        pinned: false,
        checks: vec![
            Check::shown(PIPED),
            Check::at_most(SEND_PEAK, 64.0),
            Check::at_most(TAIL_PEAK, 64.0),
        ],
    }
}

fn side(name: &'static str, program: Program, load: Load) -> Side {
    Side { name, program, load: Some(load) }
}

fn in_mode(name: &str, mode: Mode) -> String {
    format!("{name}-{}", mode.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(words: &[&str]) -> Vec<String> {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        named(&words).unwrap().into_iter().map(|row| row.name).collect()
    }

    #[test]
    fn rows_are_picked_by_their_names_in_their_own_order() {
        assert_eq!(
            names(&["start", "idle", "one-10-v1"]),
            ["one-10-v1", "idle-plain", "idle-v1", "start"]
        );
        assert_eq!(names(&[]).len(), all().len());
        assert!(named(&["one".into()]).err().unwrap().contains("`one`"));
    }

    #[test]
    fn every_row_is_measured_and_the_slow_ones_once() {
        let rows = all();
        assert!(rows.iter().all(|row| row.is_due(1)));
        let once: Vec<&str> =
            rows.iter().filter(|row| !row.is_due(2)).map(|row| &*row.name).collect();
        assert_eq!(once, ["hold-v1", "pipe-plain", "pipe-sealed"]);
    }

    #[test]
    fn every_row_has_a_name_of_its_own_and_bounds_on_what_it_runs() {
        let rows = all();
        for (n, row) in rows.iter().enumerate() {
            assert!(rows[..n].iter().all(|other| other.name != row.name), "{}", row.name);
            assert!(!row.checks.is_empty() && row.sides[0].name == "server", "{}", row.name);
            for yardstick in row.checks.iter().filter_map(|check| check.yardstick) {
                assert!(yardstick.side < row.sides.len(), "{}", row.name);
            }
        }
    }
}
