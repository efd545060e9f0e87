//! One scenario: what runs in it, and what it must reach.

use std::time::Duration;

use super::figure::Figure;

/// A scenario.
pub(super) struct Row {
    /// Short and stable: what `--only` takes.
    pub(super) name: String,
    /// The scenario in words.
    pub(super) what: &'static str,
    /// Our server first, then what it is compared with.
    pub(super) sides: Vec<Side>,
    /// Whether server and load each have a core of their own.
    pub(super) pinned: bool,
    pub(super) checks: Vec<Check>,
}

/// A program under a load.
#[derive(Clone)]
pub(super) struct Side {
    pub(super) name: &'static str,
    pub(super) program: Program,
    /// What chat-load does to it; without it, it is only started.
    pub(super) load: Option<Load>,
}

/// What serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    /// Our server with so many shards and events in a log, or as many as it has
    /// by itself.
    Server { shards: Option<u32>, log: Option<u32> },
    /// Nothing but the writes: one for each message and member.
    Floor,
    /// Nothing but the writes: one for each member and turn of the loop.
    BatchedFloor,
    /// What everybody writes first.
    Naive,
    /// Our server, with its page in a browser that a burst comes to.
    Page,
    /// Our server, with a room that lines are piped through.
    Pipe(Kind),
    /// Whatever runs at the address given.
    Against,
}

/// A scenario of chat-load with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Load {
    /// The scenario and what is particular to it.
    pub(super) words: &'static str,
    pub(super) mode: Mode,
    /// How long it takes, where the words say so; then it runs once.
    pub(super) takes: Option<Duration>,
}

/// How members speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Plain,
    V1,
}

impl Mode {
    pub(super) const BOTH: [Self; 2] = [Self::Plain, Self::V1];

    /// As chat-load and the names of rows have it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::V1 => "v1",
        }
    }
}

/// What a room is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Sealed,
}

impl Kind {
    pub(super) const BOTH: [Self; 2] = [Self::Plain, Self::Sealed];

    /// As the names of rows have it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Sealed => "sealed",
        }
    }
}

/// A bound. What it is about is our server's.
pub(super) struct Check {
    pub(super) figure: Figure,
    /// What the figure is divided by; without it the bound is in its own unit.
    pub(super) yardstick: Option<Yardstick>,
    /// `None` where the figure is for the reader alone.
    pub(super) at_most: Option<f64>,
}

/// A figure of the same scenario.
#[derive(Clone, Copy)]
pub(super) struct Yardstick {
    /// Which of the row's sides it is of.
    pub(super) side: usize,
    pub(super) figure: Figure,
}

impl Side {
    fn takes_minutes(&self) -> bool {
        let takes = self.load.as_ref().and_then(|load| load.takes);
        takes.is_some() || matches!(self.program, Program::Pipe(_))
    }
}

impl Program {
    /// What it is called in the tables.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Server { .. } => "server",
            Self::Floor => "floor",
            Self::BatchedFloor => "batched floor",
            Self::Naive => "naive",
            Self::Page => "page",
            Self::Pipe(_) => "pipe",
            Self::Against => "other server",
        }
    }
}

impl Load {
    pub(super) const fn new(words: &'static str, mode: Mode) -> Self {
        Self { words, mode, takes: None }
    }

    /// How long a run measures in all, where it can be told.
    pub(super) fn measures(&self, seconds: u32) -> Duration {
        match self.time(seconds) {
            // Once alone, and once beside the others.
            Some(time) if self.words.starts_with("mixed") => time * 2,
            time => time.or(self.takes).unwrap_or_default(),
        }
    }

    /// What chat-load is told for its time: more where few messages are sent,
    /// since a percentile needs many.
    fn time(&self, seconds: u32) -> Option<Duration> {
        let scenario = self.words.split_whitespace().next()?;
        let times = match scenario {
            _ if self.takes.is_some() => return None,
            "fanout" | "rooms" => 1,
            "mixed" => 10,
            _ => return None,
        };
        Some(Duration::from_secs(seconds.into()) * times)
    }

    /// The words for chat-load.
    pub(super) fn words(&self, seconds: u32) -> Vec<String> {
        let mut words: Vec<String> = self.words.split_whitespace().map(str::to_string).collect();
        words.extend(["--mode".into(), self.mode.as_str().into()]);
        if let Some(time) = self.time(seconds) {
            words.extend(["--time".into(), format!("{}s", time.as_secs())]);
        }
        words
    }
}

impl Check {
    /// No bound: for the reader alone.
    pub(super) fn shown(figure: Figure) -> Self {
        Self { figure, yardstick: None, at_most: None }
    }

    /// A bound in the figure's unit.
    pub(super) fn at_most(figure: Figure, at_most: f64) -> Self {
        Self { figure, yardstick: None, at_most: Some(at_most) }
    }

    /// A bound in terms of the same figure of the second side.
    pub(super) fn times_second(figure: Figure, at_most: f64) -> Self {
        Self { figure, yardstick: Some(Yardstick { side: 1, figure }), at_most: Some(at_most) }
    }

    /// A bound in terms of another figure of the same run.
    pub(super) fn times(figure: Figure, other: Figure, at_most: f64) -> Self {
        Self {
            figure,
            yardstick: Some(Yardstick { side: 0, figure: other }),
            at_most: Some(at_most),
        }
    }
}

impl Row {
    /// The name without the mode, or the kind of the room.
    pub(super) fn stem(&self) -> &str {
        let ends = Mode::BOTH.map(Mode::as_str).into_iter().chain(Kind::BOTH.map(Kind::as_str));
        let mut without = ends.filter_map(|end| self.name.strip_suffix(end)?.strip_suffix('-'));
        without.next().unwrap_or(&self.name)
    }

    /// Whether `--only WORD` means this one: its name, or the stem of it.
    pub(super) fn is_named(&self, word: &str) -> bool {
        self.name == word || self.stem() == word
    }

    /// Whether it runs in this round: what takes minutes runs once.
    pub(super) fn is_due(&self, round: u32) -> bool {
        round == 1 || !self.sides.iter().any(Side::takes_minutes)
    }

    /// Whether a server that speaks plain text alone can take part.
    pub(super) fn is_plain(&self) -> bool {
        let load = self.sides.first().and_then(|side| side.load.as_ref());
        load.is_some_and(|load| load.mode == Mode::Plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_says_its_mode_and_its_time() {
        let load = Load::new("fanout --members 10", Mode::V1);
        assert_eq!(load.words(2), ["fanout", "--members", "10", "--mode", "v1", "--time", "2s"]);
        let load = |words| Load::new(words, Mode::Plain);
        assert_eq!(load("mixed").words(2), ["mixed", "--mode", "plain", "--time", "20s"]);
        assert_eq!(load("idle").words(2), ["idle", "--mode", "plain"]);
        let measures = ["fanout", "mixed", "idle"].map(|words| load(words).measures(2).as_secs());
        assert_eq!(measures, [2, 40, 0]);
        let long = Load { takes: Some(Duration::from_secs(9)), ..load("rooms --time 9s") };
        assert_eq!(long.words(2), ["rooms", "--time", "9s", "--mode", "plain"]);
        assert_eq!(long.measures(2).as_secs(), 9);
    }

    #[test]
    fn a_row_is_named_in_full_or_without_its_mode() {
        let row = |name: &str| Row {
            name: name.into(),
            what: "",
            sides: Vec::new(),
            pinned: true,
            checks: Vec::new(),
        };
        assert!(row("one-100-v1").is_named("one-100-v1"));
        assert!(row("one-100-v1").is_named("one-100"));
        assert!(row("pipe-sealed").is_named("pipe") && row("pipe-plain").is_named("pipe"));
        assert!(!row("one-1000-v1").is_named("one-100"));
        assert!(!row("one-100-v1").is_named("one"));
        assert!(!row("start").is_named(""));
    }
}
