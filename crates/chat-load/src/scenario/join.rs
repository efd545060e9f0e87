//! join: thousands who come into one room, and what that costs as it fills.

use std::time::Duration;

use super::stage::Stage;
use crate::args::Join;
use crate::engine::Cast;
use crate::failure::Failure;
use crate::report::{JoinReport, Step};
use crate::stamp;

/// How long nothing may come until a step is over: longer than a server waits that tells the number
/// of a large room once a second.
const QUIET: Duration = Duration::from_millis(1200);

pub(crate) fn run(args: &Join) -> Result<JoinReport, Failure> {
    let &Join { ref common, members, steps, mode } = args;
    let mut stage = Stage::new(common, mode, stamp::LEN, members)?;
    for token in stage.create(1)? {
        stage.engine.add_room(token, Cast { members, ..Cast::default() })?;
    }

    let mut found = Vec::new();
    for step in 0..steps {
        let (from, to) = (members * step / steps, members * (step + 1) / steps);
        stage.engine.tally.begin();
        let before = stage.moment();
        stage.assemble(from..to)?;
        let inside = stage.moment();
        stage.engine.await_quiet(QUIET, common.timeout)?;
        let after = stage.moment();
        found.push(Step {
            members: to,
            seconds: before.seconds_until(&inside),
            bytes: stage.engine.tally.bytes,
            cpu_seconds: before.server_cpu_until(&after),
        });
    }
    let verdict = stage.close()?;

    let url = common.url.url.clone();
    let rss_kib = stage.rss;
    Ok(JoinReport { scenario: "join", url, mode, members, steps: found, verdict, rss_kib })
}
