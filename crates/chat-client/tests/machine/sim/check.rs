//! What must hold at the end of every schedule.

use std::collections::{BTreeMap, HashMap, HashSet};

use chat_core::{
    RoomId,
    Whereabouts::{Away, Here},
};
use chat_proto::server::Whereabouts;

use super::{
    World,
    member::{Fate, Is, Member, Shown},
    server::cipher_name,
    wire,
};

/// Checks a world that is quiet.
///
/// # Errors
/// What is wrong.
pub(crate) fn check(world: &World) -> Result<(), String> {
    let names = names(&world.members);
    let records: HashMap<[u8; 16], Vec<String>> = world
        .server
        .records
        .iter()
        .map(|(inst, record)| (*inst, record.iter().map(|line| named(line, &names)).collect()))
        .collect();
    for (number, member) in world.members.iter().enumerate() {
        let wrong = |what: String| format!("member {number}: {what}");
        screen(member, &records).map_err(wrong)?;
        fates(member, &records).map_err(wrong)?;
        together(member, world, &records).map_err(wrong)?;
    }
    Ok(())
}

/// The texts of sealed messages, by what the record calls them.
fn names(members: &[Member]) -> HashMap<String, String> {
    let sealed = members.iter().filter_map(|member| member.spk.map(|spk| (member, spk)));
    sealed
        .flat_map(|(member, spk)| {
            // Numbers follow the order of sending, and so do ids.
            let text = |n: u64| member.typed.get(&format!("m{}", n + 1)).map(|(text, _)| text);
            (0..member.said).filter_map(move |n| Some((cipher_name(&spk, n), text(n)?.clone())))
        })
        .collect()
}

fn named(line: &str, names: &HashMap<String, String>) -> String {
    match line.split_once(" sealed ") {
        Some((from, name)) => match names.get(&format!("sealed {name}")) {
            Some(text) => format!("{from} {text}"),
            None => line.to_owned(),
        },
        None => line.to_owned(),
    }
}

fn text_of(line: &str) -> Option<&str> {
    line.strip_prefix("msg ").and_then(|rest| rest.split_once(' ')).map(|(_, text)| text)
}

/// Texts that a screen has, or has said to be missing. In a sealed room they may come once more in
/// another life of the room, when their numbers are behind: then they are dropped.
fn known<'a>(member: &Member, records: &'a HashMap<[u8; 16], Vec<String>>) -> HashSet<&'a str> {
    let (mut record, mut known): (&[String], _) = (&[], HashSet::new());
    for shown in &member.screen {
        let (from, to) = match shown {
            Shown::Inst(inst) => {
                record = records.get(inst).map_or(&[], Vec::as_slice);
                continue;
            }
            Shown::Gap(from, to) => (*from, *to),
            Shown::Event(seq, _) => (*seq, *seq),
            Shown::Missing => continue,
        };
        let lines = (from..=to).filter_map(|seq| record.get(usize::try_from(seq).ok()? - 1));
        known.extend(lines.filter_map(|line| text_of(line)));
    }
    known
}

/// Every screen is the log's order, without holes but declared ones, and without repeats.
fn screen(member: &Member, records: &HashMap<[u8; 16], Vec<String>>) -> Result<(), String> {
    let known = known(member, records);
    let mut seen = HashSet::new();
    let mut lives = 0;
    let (mut record, mut last): (&[String], Option<u64>) = (&[], None);
    for shown in &member.screen {
        match shown {
            Shown::Inst(inst) => {
                record = records.get(inst).map_or(&[], Vec::as_slice);
                (lives, last) = (lives + 1, None);
            }
            // What was said in the life before is lost with it, as a hole in somebody's numbers.
            Shown::Missing if lives > 1 => {}
            Shown::Missing => return Err("something is missing that nobody lost".to_owned()),
            Shown::Gap(from, to) => {
                let left_out = last.map_or(*from, |last| last + 1)..*from;
                let is_known = |seq: u64| {
                    let line = record.get(seq as usize - 1);
                    line.and_then(|line| text_of(line)).is_some_and(|text| known.contains(text))
                };
                if last.is_some_and(|last| *from <= last)
                    || from > to
                    || !left_out.clone().all(is_known)
                {
                    return Err(format!("a gap {from} to {to} after {last:?}"));
                }
                last = Some(*to);
            }
            Shown::Event(seq, line) => {
                let place = seq.checked_sub(1).and_then(|n| record.get(n as usize));
                if place != Some(line) {
                    return Err(format!("{seq} {line} is shown, and the log has {place:?}"));
                }
                // What is left out must stand elsewhere on the screen, or in a gap.
                for left_out in last.map_or(*seq, |last| last + 1)..*seq {
                    let line = record.get(left_out as usize - 1);
                    let text = line.and_then(|line| text_of(line));
                    if !text.is_some_and(|text| known.contains(text)) {
                        return Err(format!("{left_out} {line:?} is missing on the screen"));
                    }
                }
                last = Some(*seq);
                if let Some(text) = text_of(line)
                    && !seen.insert(text.to_owned())
                {
                    return Err(format!("{text} is shown twice"));
                }
            }
        }
    }
    Ok(())
}

/// What was seen back is in a log, once; everything typed has its fate.
fn fates(member: &Member, records: &HashMap<[u8; 16], Vec<String>>) -> Result<(), String> {
    for (id, (text, fate)) in &member.typed {
        let of = |record: &Vec<String>| {
            record.iter().filter(|line| text_of(line) == Some(text.as_str())).count()
        };
        let times: Vec<usize> = records.values().map(of).filter(|times| *times > 0).collect();
        match fate {
            Fate::Delivered if times.is_empty() => {
                return Err(format!("{id} {text} was seen back and is in no log"));
            }
            Fate::Open if matches!(member.is, Is::Live | Is::Coming) => {
                return Err(format!("{id} {text} is neither delivered nor failed"));
            }
            _ => {}
        }
        // A sealed message may stand twice: its receivers drop the second.
        if member.spk.is_none() && times.iter().sum::<usize>() > 1 {
            return Err(format!("{id} {text} is in the log more than once"));
        }
    }
    Ok(())
}

/// Whoever can be live is, has all that there is, and sees who is there.
fn together(
    member: &Member,
    world: &World,
    records: &HashMap<[u8; 16], Vec<String>>,
) -> Result<(), String> {
    match member.is {
        Is::Coming => return Err("does not come in, though the network is good".to_owned()),
        Is::Outside | Is::Stopped | Is::Over => return Ok(()),
        Is::Live => {}
    }
    let inst = member.inst.unwrap_or_default();
    let Some(room) = world.server.rooms.ids().find_map(|id: RoomId| {
        world.server.rooms.room(id).ok().filter(|room| room.instance().0 == inst)
    }) else {
        return Err("is live in a room that isn't there".to_owned());
    };
    let newest = records.get(&inst).map_or(0, |record| record.len() as u64);
    let record = records.get(&inst).map_or(&[][..], Vec::as_slice);
    let shown = member.screen.iter().rev().find_map(|shown| match shown {
        Shown::Event(seq, _) => Some(*seq),
        Shown::Gap(_, to) => Some(*to),
        Shown::Inst(_) | Shown::Missing => None,
    });
    let known = known(member, records);
    for seq in shown.unwrap_or(0) + 1..=newest {
        let line = record.get(seq as usize - 1);
        if !line.and_then(|line| text_of(line)).is_some_and(|text| known.contains(text)) {
            return Err(format!("has not seen {seq} {line:?}"));
        }
    }
    let listed: BTreeMap<u64, Whereabouts> =
        member.session.people().map(|person| (person.sid, person.is)).collect();
    let own = member.pipe.and_then(|pipe| world.server.session(pipe));
    let there: BTreeMap<u64, Whereabouts> = room
        .peers()
        .map(|peer| {
            // Of oneself one isn't told.
            let is = if Some(peer.session) == own { Here } else { peer.whereabouts };
            (peer.session.get(), wire::whereabouts(is))
        })
        .collect();
    let seen = own.and_then(|own| room.whereabouts(own));
    if seen != Some(if member.away { Away } else { Here }) {
        return Err(format!("is away: {}, and the others see {seen:?}", member.away));
    }
    if listed != there && !member.missed_people {
        return Err(format!("sees {listed:?}, and there are {there:?}"));
    }
    Ok(())
}
