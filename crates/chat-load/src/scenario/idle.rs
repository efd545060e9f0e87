//! idle: what a connection costs that says nothing, and whether its memory comes back.

use super::stage::Stage;
use crate::args::Idle;
use crate::engine::Cast;
use crate::failure::Failure;
use crate::report::{IdleReport, Round};
use crate::stamp;

pub(crate) fn run(args: &Idle) -> Result<IdleReport, Failure> {
    let &Idle { ref common, connections, room_size, rounds, mode, settle } = args;
    let mut stage = Stage::new(common, mode, stamp::LEN, connections)?;
    let tokens = stage.create(connections.div_ceil(room_size))?;
    for (number, token) in tokens.into_iter().enumerate() {
        let members = room_size.min(connections - number * room_size);
        stage.engine.add_room(token, Cast { members, ..Cast::default() })?;
    }

    let mut found = Vec::new();
    for _ in 0..rounds {
        let before_kib = stage.rss_kib();
        stage.assemble(0..connections)?;
        stage.run_for(settle)?;
        let connected_kib = stage.rss_kib();
        stage.engine.dismiss(common.timeout)?;
        stage.run_for(settle)?;
        found.push(Round::new(before_kib, connected_kib, stage.rss_kib(), connections));
    }

    let url = common.url.url.clone();
    let verdict = stage.verdict();
    Ok(IdleReport { scenario: "idle", url, mode, connections, room_size, rounds: found, verdict })
}
