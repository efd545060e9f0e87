//! mixed: a small room alone, and beside a large one that is as loud as it can be.

use std::process::Command;
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::thread;
use std::time::Duration;

use super::stage::Stage;
use crate::args::Mixed;
use crate::engine::Cast;
use crate::failure::Failure;
use crate::pace::Pace;
use crate::report::{Alone, Large, LoadReport, MixedReport, Verdict};

/// How long one room goes on before it asks what the other does.
const STEP: Duration = Duration::from_millis(20);

/// What became of the large room.
struct Loud {
    deliveries_per_s: f64,
    verdict: Verdict,
}

/// Each room has a thread of its own: in one loop, what the small room is sent would wait until
/// the large room's thousands have been read, and that wait is the load's, not the server's.
pub(crate) fn run(args: &Mixed) -> Result<MixedReport, Failure> {
    let &Mixed { ref common, members, rate, large, window, size, mode, warmup, time } = args;
    Schedule::First.ask();
    let mut stage = Stage::new(common, mode, size, members + large)?;
    let mut tokens = stage.create(2)?.into_iter();
    let (own, other) = (tokens.next().unwrap_or_default(), tokens.next().unwrap_or_default());
    stage.engine.add_room(own, cast(members))?;
    stage.assemble(0..members)?;
    stage.engine.start(Pace::Rate(rate))?;
    stage.run_for(warmup)?;
    let alone = stage.measure(time)?;

    let (mut measured, loud) = thread::scope(|scope| {
        let (ready, is_ready) = mpsc::channel();
        let (stop, stopped) = mpsc::channel();
        let loud = scope.spawn(move || be_loud(args, other, &ready, &stopped));
        // It is ready, or has failed and says why when it is joined.
        while is_ready.try_recv() == Err(TryRecvError::Empty) {
            stage.run_for(STEP)?;
        }
        stage.run_for(warmup)?;
        let measured = stage.measure(time)?;
        stage.engine.stop();
        drop(stop);
        let ended = loud.join().map_err(|_| Failure::new("the large room's thread broke off"))?;
        Ok::<_, Failure>((measured, ended?))
    })?;
    let paid = measured.deliveries_per_s + loud.deliveries_per_s;
    measured.cpu_us_per_delivery = measured.cpu_share.map(|share| share * 1e6 / paid);
    let verdict = stage.close()?.and(loud.verdict);

    let load = LoadReport {
        scenario: "mixed",
        url: common.url.url.clone(),
        mode,
        rooms: 2,
        members,
        senders: 1,
        stalled: 0,
        rate: Some(rate),
        window: Some(window),
        size,
        measured,
        verdict,
        rss_kib: stage.rss,
    };
    let alone = Alone { latency_us: alone.latency_us, deliveries: alone.deliveries };
    let large = Large { members: large, deliveries_per_s: loud.deliveries_per_s };
    Ok(MixedReport { load, alone, large })
}

/// The large room, from when it is `ready` until it is `stopped`.
fn be_loud(
    args: &Mixed,
    token: String,
    ready: &Sender<()>,
    stopped: &Receiver<()>,
) -> Result<Loud, Failure> {
    let &Mixed { ref common, large, window, size, mode, .. } = args;
    Schedule::Last.ask();
    let mut stage = Stage::new(common, mode, size, large)?;
    stage.engine.add_room(token, cast(large))?;
    stage.assemble(0..large)?;
    stage.engine.start(Pace::Window(window))?;
    // The other end is gone where the small room has failed, which then is told.
    let _ = ready.send(());
    let measured = stage.measure_while(|| stopped.try_recv() == Err(TryRecvError::Empty), STEP)?;
    stage.engine.stop();
    Ok(Loud { deliveries_per_s: measured.deliveries_per_s, verdict: stage.close()? })
}

/// A thread's turn at its core. The large room's members would be on other machines; where they
/// share a core with those who are measured, these must not wait for them.
#[derive(Clone, Copy, Debug)]
enum Schedule {
    /// At once, whoever runs.
    First,
    /// When nobody else wants to.
    Last,
}

impl Schedule {
    /// Asks the system for it. `chrt` is util-linux's: the calls it makes need `unsafe` here.
    fn ask(self) {
        let policy = match self {
            Self::First => ["--fifo", "1"],
            Self::Last => ["--idle", "0"],
        };
        let thread = rustix::thread::gettid().as_raw_nonzero().to_string();
        let [policy, priority] = policy;
        let mut command = Command::new("chrt");
        command.args([policy, "--pid", priority, &thread]);
        let ok = command.output().is_ok_and(|output| output.status.success());
        if !ok {
            eprintln!(
                "chat-load: `chrt {policy}` doesn't do (it takes util-linux and, for --fifo, the \
                 right to it): the latencies are the load's as well as the server's"
            );
        }
    }
}

fn cast(members: usize) -> Cast {
    Cast { members, senders: 1, ..Cast::default() }
}
