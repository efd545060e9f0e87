//! Rooms, and the groups of them that are loaded alike.

use std::collections::HashMap;
use std::ops::Range;

use crate::failure::Failure;
use crate::ledger::Faults;
use crate::member::Member;
use crate::pace::{Metronome, Pace};
use crate::tally::Tally;

#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) token: String,
    pub(crate) group: usize,
    /// Its members, and those of them that send.
    pub(crate) members: Range<usize>,
    pub(crate) senders: Vec<usize>,
}

/// Rooms that are loaded alike and counted together.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) rooms: Vec<usize>,
    pub(crate) tally: Tally,
    /// How it is loaded; `None` while it isn't.
    pub(crate) pace: Option<Pace>,
    pub(crate) beat: Option<Metronome>,
}

impl Group {
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self { rooms: Vec::new(), tally: Tally::new()?, pace: None, beat: None })
    }
}

impl Room {
    /// What each of the room's senders has sent.
    fn sent(&self, all: &[Member]) -> Vec<u32> {
        let sent = |index: &usize| all[*index].voice.as_ref().map_or(0, |voice| voice.sent);
        self.senders.iter().map(sent).collect()
    }

    /// Whether everybody who must has got as many messages as were sent.
    pub(crate) fn is_complete(&self, all: &[Member]) -> bool {
        let sent: u64 = self.sent(all).into_iter().map(u64::from).sum();
        let mut owed = all[self.members.clone()].iter().filter(|member| member.is_owed());
        owed.all(|member| member.ledger.received() >= sent)
    }

    /// What is wrong with what was delivered here.
    pub(crate) fn faults(&self, all: &[Member]) -> Faults {
        let sent = self.sent(all);
        let mut sum = Faults::default();
        let mut orders: HashMap<u64, u64> = HashMap::new();
        for member in all[self.members.clone()].iter().filter(|member| member.is_owed()) {
            let faults = member.ledger.faults(&sent);
            sum.add(faults);
            if faults.is_clean() {
                *orders.entry(member.ledger.order()).or_default() += 1;
            }
        }
        // Whoever saw another order than most did.
        let most = orders.values().max().copied().unwrap_or(0);
        sum.out_of_order += orders.values().sum::<u64>() - most;
        sum
    }
}
