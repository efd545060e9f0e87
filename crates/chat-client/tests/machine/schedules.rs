//! Random schedules of the model, many of them, and some for the page's machine.

use std::{
    collections::BTreeMap,
    env, fs,
    io::Write,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use crate::sim;

/// How many schedules are run, unless `CHAT_MODEL_SCHEDULES` says otherwise.
const SCHEDULES: u64 = 100_000;

/// How many lives are written down for the page, at the least.
const LIVES: usize = 5_000;

/// What must happen in one of a hundred schedules at the least: else they show less than they seem to.
const KINDS: [&str; 17] = [
    "first",
    "resumed",
    "forgotten",
    "reopened",
    "slow",
    "expired",
    "waiting",
    "nick taken",
    "room full",
    "no room",
    "refused",
    "stopped",
    "unconfirmed",
    "left by timeout",
    "late hello",
    "replaced",
    "repeat",
];

/// A number from the environment.
fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

#[test]
fn nothing_is_lost_and_nothing_comes_twice_whatever_the_network_does() {
    // One seed alone is what a failure names.
    if let Some(seed) = number("CHAT_MODEL_SEED") {
        if let Err(wrong) = sim::run(seed, false) {
            panic!("seed {seed}: {wrong}");
        }
        return;
    }
    let schedules = number("CHAT_MODEL_SCHEDULES").unwrap_or(SCHEDULES);
    let next = AtomicU64::new(0);
    let wrong = Mutex::new(Vec::new());
    let shown = AtomicU64::new(0);
    let happened = Mutex::new(BTreeMap::<&str, u64>::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= schedules || wrong.lock().unwrap().len() >= 5 {
                        return;
                    }
                    match sim::run(seed, false) {
                        Ok(report) => {
                            shown.fetch_add(report.shown as u64, Ordering::Relaxed);
                            let mut happened = happened.lock().unwrap();
                            for kind in report.happened {
                                *happened.entry(kind).or_default() += 1;
                            }
                        }
                        Err(what) => wrong.lock().unwrap().push(format!("seed {seed}: {what}")),
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    let again = "run one again with CHAT_MODEL_SEED";
    assert!(wrong.is_empty(), "{again}:\n{}", wrong.join("\n"));
    // Schedules in which nothing happens would pass too.
    let (shown, happened) = (shown.into_inner(), happened.into_inner().unwrap());
    assert!(shown > schedules * 20, "only {shown} lines were shown in {schedules} schedules");
    let rare = |kind: &&&str| happened.get(**kind).copied().unwrap_or(0) * 100 < schedules;
    let rare: Vec<_> = KINDS.iter().filter(rare).collect();
    assert!(rare.is_empty(), "{rare:?} are too rare in {schedules} schedules: {happened:?}");
    println!("{shown} lines in {schedules} schedules, and {happened:?}");
}

/// Writes lives down where `CHAT_SCHEDULES` says, for the page's tests.
#[test]
fn schedules_are_written_down_for_the_page() {
    let Ok(path) = env::var("CHAT_SCHEDULES") else { return };
    let mut file = std::io::BufWriter::new(fs::File::create(path).unwrap());
    let mut lives = 0;
    for seed in 0.. {
        let report = sim::run(seed, true).unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}"));
        for line in report.lives.iter().filter_map(|life| life.line(seed)) {
            writeln!(file, "{line}").unwrap();
            lives += 1;
        }
        if lives >= LIVES {
            break;
        }
    }
    file.flush().unwrap();
}
