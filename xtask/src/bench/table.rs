//! The tables: in a terminal and in Markdown.

use super::{
    figure::{CPU, CPU_SHARE, DELIVERIES, Figure, P50, P99},
    number::with_unit,
    sample::Sample,
    taken::{Line, Taken},
};

/// Rows of cells below a head.
pub(super) struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// The columns of what a side did, beside its row and its name.
const DONE: [Figure; 5] = [DELIVERIES, CPU, CPU_SHARE, P50, P99];

impl Table {
    /// The bounds, with what was measured.
    pub(super) fn of_bounds(lines: &[Line]) -> Self {
        let head = vec![
            "row",
            "figure",
            "measured",
            "compared with",
            "its spread",
            "ratio",
            "at most",
            "reached",
        ];
        Self { head, rows: lines.iter().map(bound).collect() }
    }

    /// What each side did, where it delivered something.
    pub(super) fn of_sides(taken: &[Taken]) -> Self {
        let mut head = vec!["row", "program"];
        head.extend(DONE.map(|figure| figure.name));
        let sides = taken
            .iter()
            .flat_map(|taken| (0..taken.row.sides.len()).map(move |side| (taken, side)));
        let rows = sides.map(|(taken, side)| done(taken, side));
        Self { head, rows: rows.filter(|row| !row[2].is_empty()).collect() }
    }

    /// For a terminal: columns are aligned.
    pub(super) fn text(&self) -> String {
        let head: Vec<String> = self.head.iter().map(ToString::to_string).collect();
        let all: Vec<&Vec<String>> = std::iter::once(&head).chain(&self.rows).collect();
        let width = |column: usize| {
            all.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..head.len()).map(width).collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_string() + "\n"
        };
        all.into_iter().map(line).collect()
    }

    /// For a document.
    pub(super) fn markdown(&self) -> String {
        let rule = self.head.iter().map(|_| "---").collect::<Vec<_>>();
        let lines = [self.head.join(" | "), rule.join(" | ")];
        let rows = self.rows.iter().map(|row| row.join(" | "));
        lines.into_iter().chain(rows).map(|line| format!("| {line} |\n")).collect()
    }
}

fn bound(line: &Line) -> Vec<String> {
    let yardstick = line.yardstick.as_ref();
    let compared = yardstick.map(|other| {
        format!("{} {}", other.name, median(other.measured, other.unit)).trim_end().to_string()
    });
    let spread = yardstick.and_then(|other| other.measured?.spread());
    let ratio = yardstick.and_then(|_| line.value());
    let at_most = line.at_most.map(|bound| match yardstick {
        Some(_) => format!("{bound:.2}"),
        None => with_unit(bound, line.unit),
    });
    vec![
        line.row.clone(),
        line.figure.into(),
        median(line.measured, line.unit),
        compared.unwrap_or_default(),
        spread.map(|(min, max)| format!("{min:.2}–{max:.2}")).unwrap_or_default(),
        ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
        at_most.unwrap_or_default(),
        line.verdict().word().into(),
    ]
}

fn median(sample: Option<Sample>, unit: &str) -> String {
    sample.map(|sample| with_unit(sample.median, unit)).unwrap_or_default()
}

fn done(taken: &Taken, side: usize) -> Vec<String> {
    let cells = DONE.map(|figure| median(taken.sample(side, figure), figure.unit));
    [taken.row.name.clone(), taken.row.sides[side].name.into()].into_iter().chain(cells).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{
        report::Report,
        row::{Load, Mode, Program, Row, Side},
        taken::Compared,
    };
    use super::*;

    fn lines() -> [Line; 2] {
        let line = Line {
            row: "one-100-plain".into(),
            figure: "CPU per delivery",
            unit: "µs",
            measured: Sample::of(&[0.15]),
            yardstick: Some(Compared {
                name: "batched floor",
                unit: "µs",
                measured: Sample::of(&[0.125, 0.1, 0.15]),
            }),
            at_most: Some(1.3),
        };
        let alone = Line {
            row: "start".into(),
            figure: "spawned to connected",
            unit: "ms",
            measured: None,
            yardstick: None,
            at_most: Some(50.0),
        };
        [line, alone]
    }

    #[test]
    fn bounds_are_a_table_in_a_document() {
        assert_eq!(
            Table::of_bounds(&lines()).markdown(),
            "| row | figure | measured | compared with | its spread | ratio | at most | reached |\n\
             | --- | --- | --- | --- | --- | --- | --- | --- |\n\
             | one-100-plain | CPU per delivery | 0.150 µs | batched floor 0.125 µs | 0.80–1.20 | 1.20 | 1.30 | yes |\n\
             | start | spawned to connected |  |  |  |  | 50.0 ms | not measured |\n"
        );
    }

    #[test]
    fn columns_are_aligned_in_a_terminal() {
        let text = Table::of_bounds(&lines()).text();
        let lines: Vec<&str> = text.lines().collect();
        let column = |line: &str, cell| line.split(cell).next().unwrap().chars().count();
        assert_eq!(column(lines[0], "reached"), column(lines[1], "yes"));
        assert_eq!(column(lines[0], "reached"), column(lines[2], "not measured"));
        assert!(lines.iter().all(|line| !line.ends_with(' ')));
    }

    #[test]
    fn sides_that_delivered_nothing_are_left_out() {
        let side = |name| Side {
            name,
            program: Program::Floor,
            load: Some(Load::new("fanout", Mode::Plain)),
        };
        let row = Row {
            name: "a".into(),
            what: "a",
            sides: vec![side("one"), side("other")],
            pinned: true,
            checks: Vec::new(),
        };
        let mut taken = Taken::new(row);
        let text = include_str!("recorded/fanout.json");
        taken.reports[0].push(Report::read(text).unwrap());
        assert_eq!(
            Table::of_sides(&[taken]).markdown().lines().skip(2).collect::<Vec<_>>(),
            ["| a | one | 6,830,000 | 0.142 µs | 97.0 % | 100 µs | 200 µs |"]
        );
    }
}
