//! churn: half of each room comes and leaves, and the others must miss nothing.

use super::stage::Stage;
use crate::args::Churn;
use crate::engine::Cast;
use crate::failure::Failure;
use crate::pace::Pace;
use crate::report::{ChurnReport, LoadReport};

pub(crate) fn run(args: &Churn) -> Result<ChurnReport, Failure> {
    let &Churn { ref common, rooms, members, rate, size, mode, time } = args;
    let staying = members - members / 2;
    let cast = Cast { members: staying, senders: staying, stalled: 0, comers: members - staying };
    let mut stage = Stage::new(common, mode, size, rooms * members)?;
    for token in stage.create(rooms)? {
        stage.engine.add_room(token, cast)?;
    }
    let (comers, staying): (Vec<usize>, Vec<usize>) =
        (0..rooms * members).partition(|index| index % members >= staying);
    stage.assemble(staying)?;

    stage.engine.start(Pace::Rate(rate))?;
    stage.engine.churning = true;
    let before = stage.engine.joins;
    stage.engine.invite(comers);
    let measured = stage.measure(time)?;
    let joins = stage.engine.joins - before;
    stage.engine.churning = false;
    stage.engine.stop();
    let verdict = stage.close()?;

    let load = LoadReport {
        scenario: "churn",
        url: common.url.url.clone(),
        mode,
        rooms,
        members,
        senders: cast.senders,
        stalled: 0,
        rate: Some(rate),
        window: None,
        size,
        measured,
        verdict,
        rss_kib: stage.rss,
    };
    Ok(ChurnReport { load, joins })
}
