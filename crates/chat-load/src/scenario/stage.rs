//! What every scenario stands on: the loop, and an eye on the server's process.

use std::time::Duration;

use crate::args::Common;
use crate::clock::nanos;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::form::Mode;
use crate::http::Creator;
use crate::process::{Cpu, Process};
use crate::report::{Measured, Rss, Verdict};

/// How long members may take to leave.
const LEAVING: Duration = Duration::from_secs(5);

/// How often the server's memory is looked at, in nanoseconds.
const LOOK: u64 = 100_000_000;

pub(crate) struct Stage {
    pub(crate) engine: Engine,
    pub(crate) common: Common,
    pub(crate) rss: Rss,
    process: Option<Process>,
}

/// A moment: what was used until then.
pub(crate) struct Moment {
    at: u64,
    server: Option<Cpu>,
    own: Cpu,
}

impl Stage {
    /// For messages of `size` bytes over so many connections.
    pub(crate) fn new(
        common: &Common,
        mode: Mode,
        size: usize,
        connections: usize,
    ) -> Result<Self, Failure> {
        raise_file_limit(connections)?;
        let mut stage = Self {
            engine: Engine::new(&common.url, common.source.clone(), mode, size)?,
            common: common.clone(),
            rss: Rss::default(),
            process: common.pid.map(Process::find).transpose()?,
        };
        stage.rss.before = stage.rss_kib();
        Ok(stage)
    }

    /// Opens rooms; their tokens.
    pub(crate) fn create(&self, rooms: usize) -> Result<Vec<String>, Failure> {
        let Common { url, source, timeout, .. } = &self.common;
        let mut creator = Creator::new(url, source.clone(), *timeout);
        (0..rooms).map(|_| creator.create()).collect()
    }

    /// Has these members come in.
    pub(crate) fn assemble(
        &mut self,
        members: impl IntoIterator<Item = usize>,
    ) -> Result<(), Failure> {
        self.engine.invite(members);
        self.engine.assemble(self.common.timeout)?;
        self.rss.connected = self.rss_kib();
        self.rss.peak = self.rss.peak.max(self.rss.connected);
        Ok(())
    }

    /// Takes turns for a time, with an eye on the memory.
    pub(crate) fn run_for(&mut self, time: Duration) -> Result<(), Failure> {
        let end = self.engine.clock.now().saturating_add(nanos(time));
        while self.engine.clock.now() < end {
            let look = self.engine.clock.now() + LOOK;
            self.engine.run_until(end.min(look))?;
            self.rss.peak = self.rss.peak.max(self.rss_kib());
        }
        Ok(())
    }

    /// Takes turns for a time, and measures.
    pub(crate) fn measure(&mut self, time: Duration) -> Result<Measured, Failure> {
        let mut first = true;
        self.measure_while(|| std::mem::take(&mut first), time)
    }

    /// The same, by steps, as long as `goes_on`.
    pub(crate) fn measure_while(
        &mut self,
        mut goes_on: impl FnMut() -> bool,
        step: Duration,
    ) -> Result<Measured, Failure> {
        self.rss.began = self.rss_kib();
        self.engine.tally.begin();
        let before = self.moment();
        while goes_on() {
            self.run_for(step)?;
        }
        let after = self.moment();
        self.engine.tally.end();
        self.rss.ended = self.rss_kib();
        Ok(self.between(&before, &after))
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment {
            at: self.engine.clock.now(),
            server: self.process.map(Process::cpu),
            own: Process::own().cpu(),
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "counts of a run fit in 53 bits")]
    fn between(&self, before: &Moment, after: &Moment) -> Measured {
        let seconds = before.seconds_until(after);
        let cpu = before.server_cpu_until(after);
        let tally = &self.engine.tally;
        let paid = tally.deliveries;
        let threads = match (&before.server, &after.server) {
            (Some(before), Some(after)) => after.shares_since(before, seconds),
            _ => Vec::new(),
        };
        Measured {
            seconds,
            sent: tally.sent,
            deliveries: tally.deliveries,
            deliveries_per_s: tally.deliveries as f64 / seconds,
            cpu_us_per_delivery: cpu.filter(|_| paid > 0).map(|cpu| cpu * 1e6 / paid as f64),
            cpu_share: cpu.map(|cpu| cpu / seconds),
            threads,
            own_cpu_share: after.own.seconds_since(&before.own) / seconds,
            latency_us: tally.latency(),
            bytes: tally.bytes,
        }
    }

    /// Waits for what is still to come, lets everybody leave, and says what is wrong.
    pub(crate) fn close(&mut self) -> Result<Verdict, Failure> {
        self.engine.drain(self.common.timeout)?;
        let verdict = self.verdict();
        self.engine.dismiss(LEAVING.min(self.common.timeout))?;
        self.rss.after = self.rss_kib();
        Ok(verdict)
    }

    /// What is wrong.
    pub(crate) fn verdict(&self) -> Verdict {
        if let Some(remark) = &self.engine.remark {
            eprintln!("chat-load: {remark}");
        }
        Verdict::new(self.engine.faults(), self.engine.closed())
    }

    pub(crate) fn rss_kib(&self) -> Option<u64> {
        self.process.and_then(Process::rss_kib)
    }
}

impl Moment {
    #[allow(clippy::cast_precision_loss, reason = "nanoseconds of a run fit in 53 bits")]
    pub(crate) fn seconds_until(&self, after: &Self) -> f64 {
        (after.at - self.at) as f64 / 1e9
    }

    pub(crate) fn server_cpu_until(&self, after: &Self) -> Option<f64> {
        Some(after.server.as_ref()?.seconds_since(self.server.as_ref()?))
    }
}

/// Every connection is a file.
fn raise_file_limit(connections: usize) -> Result<(), Failure> {
    /// The program's own.
    const SPARE: u64 = 32;
    let needed = connections as u64 + SPARE;
    let limit = rlimit::increase_nofile_limit(u64::MAX).map_err(|error| {
        Failure::new(format!("how many files may be open can't be told: {error}"))
    })?;
    if limit < needed {
        return Err(Failure::new(format!(
            "{connections} connections need {needed} open files, and the system allows {limit}: \
             raise it with `ulimit -n {needed}`"
        )));
    }
    Ok(())
}
