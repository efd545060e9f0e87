//! One run: a fresh server under one load.

use std::{
    process::{Command, ExitStatus},
    time::Duration,
};

use super::{
    arguments::Against,
    child::Running,
    cores::{Busy, Pins, Role},
    drivers::Drivers,
    report::Report,
    row::{Load, Program, Row, Side},
    server::{Programs, Serving, command},
};

/// How long a run may take besides what it measures, however slow the machine is.
const BOUND: Duration = Duration::from_secs(300);

/// What chat-load is told besides: as JSON, bounded, and from many addresses,
/// so that neither ports nor limits by address run out.
const LOAD_FLAGS: [&str; 3] = ["--json", "--timeout", "60s"];
const SOURCE: [&str; 2] = ["--source", "127.0.0.0/8"];

/// What every run needs.
pub(super) struct Bench {
    pub(super) programs: Programs,
    /// Cores for server and load, where they can be had.
    pub(super) pins: Option<Pins>,
    pub(super) drivers: Drivers,
    pub(super) against: Option<Against>,
    pub(super) seconds: u32,
}

/// How a run went.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) report: Option<Report>,
    /// What went wrong, if anything did.
    pub(super) fault: Option<String>,
}

impl Bench {
    /// Runs one side of a row.
    pub(super) fn run(&self, row: &Row, side: &Side) -> Outcome {
        let pins = self.pins.as_ref().filter(|_| row.pinned);
        let serving = match self.programs.serve(&side.program, self.against.as_ref(), pins) {
            Ok(serving) => serving,
            Err(sentence) => return fault(format!("the server {sentence}")),
        };
        let mut outcome = match &side.load {
            Some(load) => self.load(load, &serving, pins),
            None => self.drive(side.program, &serving.url),
        };
        if let Some(report) = &mut outcome.report {
            report.start = serving.start;
            if matches!(side.program, Program::Server { .. }) {
                report.binary_bytes = self.programs.server_bytes();
            }
        }
        outcome
    }

    /// What chat-load doesn't do, if there is anything to do.
    fn drive(&self, program: Program, url: &str) -> Outcome {
        match (program, &self.drivers) {
            (Program::Page, Drivers { burst: Some(burst), .. }) => told(burst.command(url), BOUND),
            (Program::Pipe(kind), Drivers { pipe: Some(pipe), .. }) => {
                match pipe.run(kind, url, BOUND) {
                    Ok(found) => Outcome { report: Some(Report::of(found)), fault: None },
                    Err(sentence) => fault(sentence),
                }
            }
            _ => Outcome { report: Some(Report::default()), fault: None },
        }
    }

    fn load(&self, load: &Load, serving: &Serving, pins: Option<&Pins>) -> Outcome {
        let mut command = command(self.programs.load(), Role::Load, pins);
        command.args(load.words(self.seconds)).args(LOAD_FLAGS).args(["--url", &serving.url]);
        if serving.url.starts_with("http://127.") {
            command.args(SOURCE);
        }
        if let Some(pid) = serving.pid {
            command.arg("--pid").arg(pid.to_string());
        }
        told(command, BOUND + load.measures(self.seconds))
    }
}

/// Runs a load to its end, and hears what it tells.
fn told(command: Command, within: Duration) -> Outcome {
    let before = Busy::now();
    let ended = Running::start(command).and_then(|running| running.end(within));
    let busiest_core = Busy::now().busiest_since(&before);
    match ended {
        Ok((text, status)) => read(&text, status, busiest_core),
        Err(sentence) => fault(format!("the load {sentence}")),
    }
}

/// What the load told, and what its exit code makes of it.
fn read(text: &str, status: ExitStatus, busiest_core: Option<f64>) -> Outcome {
    match (Report::read(text), status.code()) {
        (Ok(mut report), Some(code @ (0 | 1))) => {
            let losses = report.losses();
            report.busiest_core = busiest_core;
            let fault = match code {
                0 => losses,
                _ => losses
                    .or_else(|| report.closed())
                    .or_else(|| Some("the load ended with exit code 1".into())),
            };
            Outcome { report: Some(report), fault }
        }
        (Err(sentence), Some(0)) => fault(sentence),
        (_, _) => fault(format!("the load ended with {status}: see what it says above")),
    }
}

fn fault(sentence: String) -> Outcome {
    Outcome { report: None, fault: Some(sentence) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    fn status(code: i32) -> ExitStatus {
        ExitStatus::from_raw(code << 8)
    }

    #[test]
    fn a_run_that_loses_something_is_faulty_and_still_told() {
        let text = r#"{"missing":2,"doubled":0,"out_of_order":0,"cpu_us_per_delivery":0.5}"#;
        let outcome = read(text, status(1), Some(0.5));
        assert_eq!(outcome.fault.as_deref(), Some("2 missing"));
        assert_eq!(read(text, status(0), None).fault, outcome.fault);
        let report = outcome.report.unwrap();
        assert_eq!(report.cpu_us_per_delivery(), Some(0.5));
        assert_eq!(report.busiest_core_percent(), Some(50.0));
    }

    #[test]
    fn a_run_may_close_who_never_reads_and_nobody_else() {
        let text = r#"{"missing":0,"closed":20}"#;
        assert_eq!(read(text, status(0), None).fault, None);
        assert_eq!(read(text, status(1), None).fault.as_deref(), Some("20 closed"));
    }

    #[test]
    fn a_run_that_went_well_has_no_fault() {
        let outcome = read(r#"{"missing":0}"#, status(0), None);
        assert!(outcome.fault.is_none() && outcome.report.is_some());
    }

    #[test]
    fn a_run_that_could_not_be_is_a_fault() {
        let outcome = read("", status(3), None);
        assert!(outcome.fault.unwrap().contains("exit status: 3") && outcome.report.is_none());
        assert!(read("", status(0), None).fault.unwrap().contains("no JSON"));
        assert!(read("{}", status(1), None).fault.unwrap().contains("exit code 1"));
        assert!(read("", ExitStatus::from_raw(9), None).fault.unwrap().contains("signal: 9"));
    }
}
