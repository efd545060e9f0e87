//! All rounds of all rows, one after another.

use super::{
    number::with_unit,
    row::{Program, Side},
    run::{Bench, Outcome},
    taken::Taken,
};

/// A run that went wrong.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Which run, and what happened.
    pub(super) sentence: String,
    /// What a server of others does wrong isn't ours to put right.
    pub(super) is_ours: bool,
}

/// Measures every row once in each round, so that what disturbs the machine for
/// a while disturbs all of them, and tells as it goes.
pub(super) fn measure(bench: &Bench, taken: &mut [Taken], rounds: u32) -> Vec<Fault> {
    let mut faults = Vec::new();
    for round in 1..=rounds {
        for row in taken.iter_mut().filter(|taken| taken.row.is_due(round)) {
            let found = one_round(row, round, |row, side| bench.run(&row.row, side));
            eprintln!("{round}/{rounds}  {:<15} {}", row.row.name, latest(row));
            for fault in &found {
                eprintln!("xtask bench: {}", fault.sentence);
            }
            faults.extend(found);
        }
    }
    faults
}

/// Runs each side once, in an order that turns round with every round.
fn one_round(
    taken: &mut Taken,
    round: u32,
    mut run: impl FnMut(&Taken, &Side) -> Outcome,
) -> Vec<Fault> {
    let mut order: Vec<usize> = (0..taken.row.sides.len()).collect();
    if round.is_multiple_of(2) {
        order.reverse();
    }
    let mut faults = Vec::new();
    for n in order {
        let side = &taken.row.sides[n];
        let outcome = run(taken, side);
        if let Some(what) = outcome.fault {
            let sentence = format!("{}, {}, round {round}: {what}", taken.row.name, side.name);
            faults.push(Fault { sentence, is_ours: side.program != Program::Against });
        }
        taken.reports[n].extend(outcome.report);
    }
    faults
}

/// What the row's first bound is about, of each side in its latest run.
fn latest(taken: &Taken) -> String {
    let Some(check) = taken.row.checks.first() else { return String::new() };
    let figure = check.figure;
    let sides = taken.row.sides.iter().zip(&taken.reports).map(|(side, reports)| {
        let value = reports.last().and_then(figure.read);
        let value = value.map_or("unknown".into(), |value| with_unit(value, figure.unit));
        format!("{} {value}", side.name)
    });
    sides.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::{
        figure::CPU,
        report::Report,
        row::{Check, Row},
    };
    use super::*;

    fn taken() -> Taken {
        let side = |name, program| Side { name, program, load: None };
        Taken::new(Row {
            name: "a".into(),
            what: "a",
            sides: vec![
                side("server", Program::Server { shards: None, log: None }),
                side("floor", Program::Floor),
                side("other server", Program::Against),
            ],
            pinned: false,
            checks: vec![Check::times_second(CPU, 1.0)],
        })
    }

    #[test]
    fn the_order_turns_round_and_reports_stay_with_their_sides() {
        let mut taken = taken();
        let mut seen = Vec::new();
        for round in [1, 2] {
            one_round(&mut taken, round, |_, side| {
                seen.push(side.name);
                let text = format!(r#"{{"cpu_us_per_delivery":{}}}"#, side.name.len());
                Outcome { report: Report::read(&text).ok(), fault: None }
            });
        }
        let expected = ["server", "floor", "other server", "other server", "floor", "server"];
        assert_eq!(seen, expected);
        assert_eq!(taken.sample(1, CPU).unwrap().median, 5.0);
        assert_eq!(latest(&taken), "server 6.00 µs, floor 5.00 µs, other server 12.0 µs");
    }

    #[test]
    fn a_fault_says_which_run_it_was() {
        let mut taken = taken();
        let faults = one_round(&mut taken, 3, |_, side| Outcome {
            report: None,
            fault: (side.name != "floor").then(|| "2 missing".into()),
        });
        let fault = |sentence: &str, is_ours| Fault { sentence: sentence.into(), is_ours };
        assert_eq!(
            faults,
            [
                fault("a, server, round 3: 2 missing", true),
                fault("a, other server, round 3: 2 missing", false),
            ]
        );
        assert!(latest(&taken).starts_with("server unknown, "));
    }
}
