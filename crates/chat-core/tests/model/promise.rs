//! What a room promises of each who comes in, whatever was asked before; no
//! model says what that is.

use std::collections::{BTreeMap, BTreeSet};

use chat_core::{ConnectionId, Instance, Joined, Read, Resume, Room, Seq, SessionId};
use proptest::{prop_assert, prop_assert_eq};

use crate::Outcome;

/// All sessions that there were, and all their connections, by the room's life.
#[derive(Default)]
pub(crate) struct Promises {
    stays: BTreeMap<([u8; 16], SessionId), Stay>,
    connections: BTreeSet<([u8; 16], ConnectionId)>,
}

struct Stay {
    key: Option<u8>,
    /// Where its first connection read on from.
    first: Seq,
    /// Whether it was told then that it had missed something.
    missed: bool,
}

impl Promises {
    pub(crate) fn check(
        &mut self,
        room: &Room<String>,
        key: Option<u8>,
        resume: Option<Resume>,
        joined: &Joined,
    ) -> Outcome {
        let Joined { connection, live, resumed, gap, .. } = *joined;
        let Instance(life) = room.instance();
        let session = connection.id.session;
        prop_assert!(
            self.connections.insert((life, connection.id)),
            "a connection is nobody else's"
        );
        let (first, missed) = match self.stays.get(&(life, session)) {
            Some(stay) => {
                prop_assert!(resumed, "a session's number is never used again");
                prop_assert!(key.is_some() && stay.key == key, "a session is its key's");
                (stay.first, stay.missed)
            }
            None => {
                prop_assert!(!resumed);
                let (first, missed) = (connection.last, gap.is_some());
                self.stays.insert((life, session), Stay { key, first, missed });
                (first, missed)
            }
        };

        // Nothing from before a session is shown to it, and nothing is lost in
        // silence: all that it hasn't seen is read next, or said to be gone.
        let last = resume.filter(|resume| resume.instance == room.instance()).map(|it| it.last);
        let seen = match (last, resumed) {
            // It may not have heard of what it had missed.
            (Some(last), true) if missed => last,
            (last, true) => last.unwrap_or(Seq::ZERO).max(first),
            (last, false) => last.unwrap_or(connection.last),
        };
        let read = room.after(connection.last);
        let Read::Events(events) = read else { return Err(reject("it begins where it can read")) };
        let read: Vec<Seq> = events.map(|(seq, _)| seq).collect();
        prop_assert!(read.iter().all(|seq| *seq > first), "{read:?} after {first:?}");
        let gone = gap.map_or(1..1, |(from, to)| from.get()..to.get() + 1);
        prop_assert!(gap.is_none_or(|(from, to)| from <= to));
        let all: Vec<u64> = gone.chain(read.iter().map(|seq| seq.get())).collect();
        prop_assert_eq!(all, (seen.get() + 1..=live.get()).collect::<Vec<_>>());
        Ok(())
    }
}

fn reject(why: &'static str) -> proptest::test_runner::TestCaseError {
    proptest::test_runner::TestCaseError::fail(why)
}
