//! mixed: a small room alone, and beside a large one that is as loud as it can be.

use super::stage::Stage;
use crate::args::Mixed;
use crate::engine::Cast;
use crate::failure::Failure;
use crate::pace::Pace;
use crate::report::{Alone, Large, LoadReport, MixedReport};

pub(crate) fn run(args: &Mixed) -> Result<MixedReport, Failure> {
    let &Mixed { ref common, members, rate, large, window, size, mode, warmup, time } = args;
    let cast = |members| Cast { members, senders: 1, ..Cast::default() };
    let mut stage = Stage::new(common, mode, size, members + large)?;
    let (small, loud) = (stage.engine.add_group()?, stage.engine.add_group()?);
    let mut tokens = stage.create(2)?.into_iter();
    for (group, count) in [(small, members), (loud, large)] {
        let token = tokens.next().unwrap_or_default();
        stage.engine.add_room(group, token, cast(count))?;
    }

    stage.assemble(0..members)?;
    stage.engine.start(small, Pace::Rate(rate))?;
    stage.run_for(warmup)?;
    let alone = stage.measure(time)?;

    stage.assemble(members..members + large)?;
    stage.engine.start(loud, Pace::Window(window))?;
    stage.run_for(warmup)?;
    let measured = stage.measure(time)?;
    let deliveries_per_s = stage.rate_of(loud, &measured);
    stage.engine.stop(small);
    stage.engine.stop(loud);
    let verdict = stage.close()?;

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
    Ok(MixedReport { load, alone, large: Large { members: large, deliveries_per_s } })
}
