//! Rooms, and what their members are owed.

use std::collections::HashMap;
use std::ops::Range;

use crate::ledger::Faults;
use crate::member::Member;

#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) token: String,
    /// Its members, and those of them that send.
    pub(crate) members: Range<usize>,
    pub(crate) senders: Vec<usize>,
}

impl Room {
    /// How much of each sender everybody is owed: what was sent; of one that was closed, whose last
    /// messages the server may never have read, as much as anybody got.
    fn owed(&self, all: &[Member]) -> Vec<u32> {
        let owed = |(index, sender): (usize, &usize)| match &all[*sender] {
            Member { closed: true, .. } => {
                self.audience(all).map(|member| member.ledger.next(index)).max().unwrap_or(0)
            }
            Member { voice, .. } => voice.as_ref().map_or(0, |voice| voice.sent),
        };
        self.senders.iter().enumerate().map(owed).collect()
    }

    /// Those who must get all that is said.
    fn audience<'a>(&self, all: &'a [Member]) -> impl Iterator<Item = &'a Member> {
        all[self.members.clone()].iter().filter(|member| member.is_owed())
    }

    /// Whether everybody who must has got as many messages as they are owed.
    pub(crate) fn is_complete(&self, all: &[Member]) -> bool {
        let owed: u64 = self.owed(all).into_iter().map(u64::from).sum();
        self.audience(all).all(|member| member.ledger.received() >= owed)
    }

    /// What is wrong with what was delivered here.
    pub(crate) fn faults(&self, all: &[Member]) -> Faults {
        let owed = self.owed(all);
        let mut sum = Faults::default();
        let mut orders: HashMap<u64, u64> = HashMap::new();
        for member in self.audience(all) {
            let faults = member.ledger.faults(&owed);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Mode;
    use crate::ledger::Ledger;
    use crate::member::{Role, Voice};

    /// A room whose only sender has sent three messages, and what its members got of them: the
    /// sender, and two others.
    fn room(got: [&[u32]; 3]) -> (Room, Vec<Member>) {
        let member = |seqs: &[u32]| {
            let mut ledger = Ledger::new(0, 1);
            seqs.iter().for_each(|seq| ledger.enter(0, *seq));
            Member::new(0, Role::Stays, ledger, None)
        };
        let mut members: Vec<Member> = got.into_iter().map(member).collect();
        let mut voice = Voice::new(Mode::Plain, 0, 40).unwrap();
        voice.sent = 3;
        members[0].voice = Some(voice);
        (Room { token: String::new(), members: 0..3, senders: vec![0] }, members)
    }

    #[test]
    fn all_are_owed_what_was_sent() {
        let (room, members) = room([&[0, 1, 2], &[0, 1, 2], &[0, 1]]);
        assert!(!room.is_complete(&members));
        assert_eq!(room.faults(&members), Faults { missing: 1, ..Faults::default() });
    }

    #[test]
    fn of_a_sender_that_was_closed_all_are_owed_what_anybody_got() {
        let (one, mut members) = room([&[], &[0, 1], &[0, 1]]);
        members[0].closed = true;
        assert!(one.is_complete(&members) && one.faults(&members).is_clean());
        let (two, mut members) = room([&[], &[0, 1], &[0]]);
        members[0].closed = true;
        assert!(!two.is_complete(&members));
        assert_eq!(two.faults(&members), Faults { missing: 1, ..Faults::default() });
    }

    #[test]
    fn members_who_never_read_are_owed_nothing() {
        let (room, mut members) = room([&[0, 1, 2], &[0, 1, 2], &[]]);
        members[2].role = Role::Stalls;
        assert!(room.is_complete(&members) && room.faults(&members).is_clean());
    }
}
