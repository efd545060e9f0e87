//! What all rounds of a row have told, and what follows from it.

use super::{
    figure::Figure,
    report::Report,
    row::{Check, Program, Row},
    sample::{Over, Sample},
};

/// A row with the reports of each of its sides.
pub(super) struct Taken {
    pub(super) row: Row,
    /// As many as the row has sides.
    pub(super) reports: Vec<Vec<Report>>,
}

/// A figure of our server over all rounds, beside its bound.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) row: String,
    pub(super) figure: &'static str,
    pub(super) unit: &'static str,
    pub(super) measured: Option<Sample>,
    pub(super) yardstick: Option<Compared>,
    /// `None` where it is for the reader alone.
    pub(super) at_most: Option<f64>,
}

/// What a figure is divided by.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Compared {
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    pub(super) measured: Option<Sample>,
}

/// Whether a bound is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Reached,
    Missed,
    /// There is nothing to judge by.
    NotMeasured,
    /// Nothing was asked.
    NoBound,
}

impl Taken {
    pub(super) fn new(row: Row) -> Self {
        let reports = row.sides.iter().map(|_| Vec::new()).collect();
        Self { row, reports }
    }

    /// A line for each bound, and one for each server of others.
    pub(super) fn lines(&self) -> Vec<Line> {
        let bounds = self.row.checks.iter().map(|check| self.bound(check));
        let others = self.row.sides.iter().enumerate();
        let others = others.filter(|(_, side)| side.program == Program::Against);
        let beside = others.flat_map(|(n, _)| {
            self.row.checks.iter().take(1).map(move |check| self.beside(check.figure, n))
        });
        bounds.chain(beside).collect()
    }

    fn bound(&self, check: &Check) -> Line {
        let yardstick = check.yardstick.map(|yardstick| Compared {
            name: match yardstick.side {
                0 => yardstick.figure.name,
                side => self.row.sides[side].name,
            },
            unit: yardstick.figure.unit,
            measured: self.sample(yardstick.side, yardstick.figure),
        });
        Line { yardstick, at_most: check.at_most, ..self.line(check.figure) }
    }

    /// The same figure of another server.
    fn beside(&self, figure: Figure, side: usize) -> Line {
        let measured = self.sample(side, figure);
        let name = self.row.sides[side].name;
        let yardstick = Some(Compared { name, unit: figure.unit, measured });
        Line { yardstick, ..self.line(figure) }
    }

    fn line(&self, figure: Figure) -> Line {
        Line {
            row: self.row.name.clone(),
            figure: figure.name,
            unit: figure.unit,
            measured: self.sample(0, figure),
            yardstick: None,
            at_most: None,
        }
    }

    /// The figure of one side over all rounds that know it.
    pub(super) fn sample(&self, side: usize, figure: Figure) -> Option<Sample> {
        let figures: Vec<f64> = self.reports[side].iter().filter_map(figure.read).collect();
        Sample::of(&figures)
    }
}

impl Line {
    /// What the bound is about: a ratio of medians, or the median itself.
    pub(super) fn value(&self) -> Option<f64> {
        let median = self.measured?.median;
        match &self.yardstick {
            Some(yardstick) => median.over(yardstick.measured?.median),
            None => Some(median),
        }
    }

    pub(super) fn verdict(&self) -> Verdict {
        match (self.at_most, self.value()) {
            (None, _) => Verdict::NoBound,
            (Some(_), None) => Verdict::NotMeasured,
            (Some(at_most), Some(value)) if value <= at_most => Verdict::Reached,
            _ => Verdict::Missed,
        }
    }
}

impl Verdict {
    /// As a table has it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Reached => "yes",
            Self::Missed => "NO",
            Self::NotMeasured => "not measured",
            Self::NoBound => "",
        }
    }

    /// What it means.
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::Reached => "the bound is kept",
            Self::Missed => "the bound isn't kept",
            Self::NotMeasured => "it wasn't measured",
            Self::NoBound => "there is no bound",
        }
    }

    /// Whether the bench has failed by it.
    pub(super) fn fails(self) -> bool {
        matches!(self, Self::Missed | Self::NotMeasured)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        figure::{ALONE_P99, CPU, P99},
        row::{Load, Mode, Side},
    };
    use super::*;

    /// A row whose sides took these times, with these bounds.
    fn taken(sides: &[(&'static str, Program, &[f64])], checks: Vec<Check>) -> Taken {
        let load = Some(Load::new("fanout", Mode::Plain));
        let side = |(name, program, _): &(&'static str, Program, _)| Side {
            name,
            program: *program,
            load: load.clone(),
        };
        let row = Row {
            name: "a-plain".into(),
            what: "a",
            sides: sides.iter().map(side).collect(),
            pinned: true,
            checks,
        };
        let report = |us: &f64| {
            let text = format!(
                r#"{{"cpu_us_per_delivery":{us},"latency_us":{{"p99":{}}},
                    "alone":{{"latency_us":{{"p99":{}}}}}}}"#,
                us * 8.0,
                us * 2.0
            );
            Report::read(&text).unwrap()
        };
        let reports = sides.iter().map(|(.., figures)| figures.iter().map(report).collect());
        Taken { row, reports: reports.collect() }
    }

    const SERVER: Program = Program::Server { shards: Some(1), log: None };

    #[test]
    fn the_ratio_is_one_of_medians() {
        let sides = [
            ("server", SERVER, &[3.0, 30.0, 2.0][..]),
            ("floor", Program::Floor, &[2.0, 1.0, 4.0]),
        ];
        let taken =
            taken(&sides, vec![Check::times_second(CPU, 1.5), Check::times_second(CPU, 1.4)]);
        let lines = taken.lines();
        assert_eq!(lines[0].value(), Some(1.5));
        assert_eq!(lines[0].yardstick.as_ref().unwrap().name, "floor");
        let spread = lines[0].yardstick.as_ref().unwrap().measured.unwrap().spread();
        assert_eq!(spread, Some((0.5, 2.0)));
        assert_eq!([lines[0].verdict(), lines[1].verdict()], [Verdict::Reached, Verdict::Missed]);
        assert!(!Verdict::Reached.fails() && Verdict::Missed.fails());
    }

    #[test]
    fn a_run_is_compared_with_itself() {
        let sides = [("server", SERVER, &[1.0, 2.0][..])];
        let taken =
            taken(&sides, vec![Check::times(P99, ALONE_P99, 5.0), Check::at_most(P99, 11.0)]);
        let lines = taken.lines();
        assert_eq!(lines[0].value(), Some(4.0));
        assert_eq!(lines[0].yardstick.as_ref().unwrap().name, "p99 latency alone");
        assert_eq!((lines[1].value(), lines[1].verdict()), (Some(12.0), Verdict::Missed));
    }

    #[test]
    fn another_server_is_compared_without_a_bound() {
        let sides = [
            ("server", SERVER, &[1.0][..]),
            ("floor", Program::Floor, &[1.0]),
            ("other", Program::Against, &[4.0]),
        ];
        let lines = taken(&sides, vec![Check::times_second(CPU, 1.5)]).lines();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[1].yardstick.as_ref().unwrap().name, "other");
        assert_eq!((lines[1].value(), lines[1].verdict()), (Some(0.25), Verdict::NoBound));
        assert!(!Verdict::NoBound.fails());
    }

    #[test]
    fn what_was_not_measured_does_not_pass() {
        let sides = [("server", SERVER, &[1.0][..]), ("floor", Program::Floor, &[])];
        let lines = taken(&sides, vec![Check::times_second(CPU, 1.5)]).lines();
        assert_eq!((lines[0].value(), lines[0].verdict()), (None, Verdict::NotMeasured));
        assert!(Verdict::NotMeasured.fails());
    }
}
