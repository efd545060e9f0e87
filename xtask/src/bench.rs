//! `cargo xtask bench`: the server beside what does nothing but write the same bytes.

use std::{path::Path, process::ExitCode};

use arguments::Arguments;
use cores::Pins;
use drivers::Drivers;
use number::{number, with_unit};
use rounds::Fault;
use row::{Program, Row, Side};
use run::Bench;
use server::Programs;
use table::Table;
use taken::{Line, Taken};

mod arguments;
mod burst;
mod child;
mod cores;
mod drivers;
mod figure;
mod machine;
mod number;
mod page;
mod pipe;
mod report;
mod rounds;
mod row;
mod rows;
mod run;
mod sample;
mod server;
mod table;
mod taken;

/// Measures what is asked for; fails where a bound isn't kept or a run went wrong.
pub(crate) fn run(root: &Path, words: &[&str]) -> ExitCode {
    let parsed = arguments::parse(words)
        .and_then(|arguments| Ok((rows::named(&arguments.only)?, arguments)));
    let (rows, arguments) = match parsed {
        Ok(parsed) => parsed,
        Err(sentence) => {
            eprintln!("xtask bench: {sentence}");
            return ExitCode::from(2);
        }
    };
    if arguments.list {
        for row in rows {
            print!("{}", listed(row));
        }
        return ExitCode::SUCCESS;
    }
    match measure(root, arguments, rows) {
        Ok(()) => {
            println!("xtask bench: every bound is kept");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("xtask bench: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// A row with its bounds, a line each.
fn listed(row: Row) -> String {
    let mut text = format!("{:<15} {}\n", row.name, row.what);
    for line in Taken::new(row).lines() {
        let bound = match (line.at_most, line.yardstick) {
            (None, _) => "no bound".into(),
            (Some(bound), Some(yardstick)) => {
                format!("at most {} x {}", number(bound), yardstick.name)
            }
            (Some(bound), None) => format!("at most {}", with_unit(bound, line.unit)),
        };
        text += &format!("{:15} {}: {bound}\n", "", line.figure);
    }
    text
}

fn measure(root: &Path, arguments: Arguments, rows: Vec<Row>) -> Result<(), String> {
    // Before the runs, which take long: somebody may go on working meanwhile.
    let (machine, day) = (machine::described(root), machine::today());
    let is_full = arguments.only.is_empty() && !arguments.dry;
    let (rounds, seconds) = (arguments.rounds, arguments.seconds);
    let with_other = arguments.against.is_some();
    let bench = Bench {
        programs: Programs::build(root)?,
        pins: Pins::here()
            .inspect_err(|why| eprintln!("xtask bench: nothing is pinned to a core: {why}"))
            .ok(),
        drivers: Drivers::prepare(root, &rows)?,
        against: arguments.against,
        seconds,
    };
    let mut taken: Vec<Taken> = rows
        .into_iter()
        .map(|row| Taken::new(if with_other { beside_other(row) } else { row }))
        .collect();
    let faults = rounds::measure(&bench, &mut taken, rounds);
    let lines: Vec<Line> = taken.iter().flat_map(Taken::lines).collect();
    let (bounds, sides) = (Table::of_bounds(&lines), Table::of_sides(&taken));
    println!("\n{}\n{}", sides.text(), bounds.text());
    if is_full {
        let cores = match bench.pins {
            Some(_) => {
                "Server and load have a core each, but in `shards`, `start`, `page` and `pipe`."
            }
            None => "Server and load share all cores.",
        };
        let head = format!(
            "{day}: {machine}\n\nRounds: {rounds}, of {seconds} s each; the figures are their \
             medians; `hold` and `pipe` run once, and `beside` is measured ten times as long. \
             {cores}"
        );
        page::write(root, &page::measured(&head, &bounds, &sides, &faults))?;
        println!("xtask bench: {} is written", page::PAGE);
    }
    judged(&lines, &faults)
}

/// The row, with a server of others as its last side where that can take part.
fn beside_other(mut row: Row) -> Row {
    if row.is_plain() {
        let load = row.sides.first().and_then(|side| side.load.clone());
        let program = Program::Against;
        row.sides.push(Side { name: program.name(), program, load });
    }
    row
}

/// All that keeps the bench from passing, as a sentence.
fn judged(lines: &[Line], faults: &[Fault]) -> Result<(), String> {
    let bounds = lines.iter().filter(|line| line.verdict().fails());
    let mut wrong: Vec<String> = bounds
        .map(|line| format!("{}: {}: {}", line.row, line.figure, line.verdict().sentence()))
        .collect();
    wrong.extend(faults.iter().filter(|fault| fault.is_ours).map(|fault| fault.sentence.clone()));
    if wrong.is_empty() { Ok(()) } else { Err(format!("it fails by\n  {}", wrong.join("\n  "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> Row {
        rows::named(&[name.to_string()]).unwrap().remove(0)
    }

    #[test]
    fn a_row_is_listed_with_its_bounds() {
        let text = listed(row("idle-v1"));
        assert!(text.starts_with("idle-v1         10,000 idle connections"), "{text}");
        assert!(text.contains(" memory of each: at most 4.00 KiB\n"), "{text}");
        let bound = " memory the third time: at most 1.05 x memory the second time\n";
        assert!(text.contains(bound), "{text}");
        let text = listed(row("pipe-sealed"));
        assert!(text.contains(" through the room: no bound\n"), "{text}");
    }

    #[test]
    fn another_server_takes_part_in_plain_rows() {
        let sides = |name| beside_other(row(name)).sides;
        let plain = sides("one-10-plain");
        assert_eq!(plain.len(), 3);
        assert_eq!((&plain[2].program, &plain[2].load), (&Program::Against, &plain[0].load));
        assert_eq!((sides("one-10-v1").len(), sides("start").len()), (2, 1));
    }

    #[test]
    fn faults_of_our_own_fail_the_bench() {
        let fault = |is_ours| Fault { sentence: "a, floor, round 1: 2 missing".into(), is_ours };
        assert_eq!(judged(&[], &[fault(false)]), Ok(()));
        let sentence = judged(&[], &[fault(true)]).unwrap_err();
        assert!(sentence.contains("a, floor, round 1: 2 missing"), "{sentence}");
        let lines = Taken::new(row("start")).lines();
        let sentence = judged(&lines, &[]).unwrap_err();
        assert!(sentence.contains("start: program's size: it wasn't measured"), "{sentence}");
    }
}
