//! fanout and rooms: rooms that are all alike, under a steady load.

use super::stage::Stage;
use crate::args::{Common, Extent, Fanout, Rooms};
use crate::engine::Cast;
use crate::failure::Failure;
use crate::form::Mode;
use crate::pace::Pace;
use crate::report::LoadReport;

struct Load<'a> {
    scenario: &'static str,
    common: &'a Common,
    mode: Mode,
    rooms: usize,
    cast: Cast,
    pace: Pace,
    extent: Extent,
}

/// One room.
pub(crate) fn fanout(args: &Fanout) -> Result<LoadReport, Failure> {
    let &Fanout { members, senders, stalled, .. } = args;
    run(&Load {
        scenario: "fanout",
        common: &args.common,
        mode: args.mode,
        rooms: 1,
        cast: Cast { members, senders, stalled, comers: 0 },
        pace: args.speed.pace(),
        extent: args.extent,
    })
}

/// Many.
pub(crate) fn rooms(args: &Rooms) -> Result<LoadReport, Failure> {
    let &Rooms { members, .. } = args;
    run(&Load {
        scenario: "rooms",
        common: &args.common,
        mode: args.mode,
        rooms: args.rooms,
        cast: Cast { members, senders: members, stalled: 0, comers: 0 },
        pace: args.speed.pace(),
        extent: args.extent,
    })
}

fn run(load: &Load<'_>) -> Result<LoadReport, Failure> {
    let Load { scenario, common, mode, rooms, cast, pace, extent } = *load;
    let mut stage = Stage::new(common, mode, extent.size, rooms * cast.members)?;
    for token in stage.create(rooms)? {
        stage.engine.add_room(token, cast)?;
    }
    stage.assemble(0..rooms * cast.members)?;

    stage.engine.start(pace)?;
    stage.run_for(extent.warmup)?;
    let measured = stage.measure(extent.time)?;
    stage.engine.stop();
    let verdict = stage.close()?;

    Ok(LoadReport {
        scenario,
        url: common.url.url.clone(),
        mode,
        rooms,
        members: cast.members,
        senders: cast.senders,
        stalled: cast.stalled,
        rate: pace.rate(),
        window: pace.window(),
        size: extent.size,
        measured,
        verdict,
        rss_kib: stage.rss,
    })
}
