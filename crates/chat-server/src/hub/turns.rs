//! When those go on who are behind.

use std::collections::VecDeque;

use chat_core::ConnectionId;

/// How many go on before others have their turn: they are a room's own tasks,
/// and thousands of them that wake together would delay every other room.
const AT_ONCE: usize = 16;

/// Whose turn it is in a room, in the order of asking.
#[derive(Debug)]
pub(super) struct Turns {
    left: usize,
    waiting: VecDeque<ConnectionId>,
}

/// What one knows of its own turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Turn {
    /// It hasn't asked.
    #[default]
    None,
    /// It has asked.
    Waiting,
    /// It may go on.
    Given,
}

impl Turns {
    pub(super) const fn new() -> Self {
        Self { left: AT_ONCE, waiting: VecDeque::new() }
    }

    /// Whether one goes on now. Otherwise it is among those who are next.
    pub(super) fn take(&mut self, id: ConnectionId, turn: &mut Turn) -> bool {
        match *turn {
            Turn::Given => {
                *turn = Turn::None;
                return true;
            }
            Turn::None if self.left > 0 && self.waiting.is_empty() => {
                self.left -= 1;
                return true;
            }
            Turn::None => {
                *turn = Turn::Waiting;
                self.waiting.push_back(id);
            }
            Turn::Waiting => {}
        }
        false
    }

    /// Others had their turn: these are next.
    pub(super) fn next(&mut self) -> impl Iterator<Item = ConnectionId> {
        let next = self.waiting.len().min(AT_ONCE);
        self.left = AT_ONCE - next;
        self.waiting.drain(..next)
    }

    /// Whether somebody waits.
    pub(super) fn is_wanted(&self) -> bool {
        !self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chat_core::{Registry, RoomId};

    fn ids(count: u64) -> Vec<ConnectionId> {
        let mut registry = Registry::<&str>::new(chat_core::Limits::default().into());
        let (now, id) = (chat_core::Timestamp::ZERO, RoomId::Sealed([0; 16]));
        registry.open(now, id, &mut rand::rng(), &chat_core::Wishes::default()).unwrap();
        let face = chat_core::Face::Key { spk: chat_core::SenderKey([0; 32]), n: 0, profile: "" };
        let session = registry
            .change(id, |room| room.join(now, face).unwrap().connection.id.session)
            .unwrap();
        (0..count).map(|attempt| ConnectionId { session, attempt }).collect()
    }

    #[test]
    fn all_go_on_once_in_their_order_and_few_at_a_time() {
        let (mut turns, ids) = (Turns::new(), ids(50));
        let mut known = vec![Turn::None; ids.len()];
        let mut went = Vec::new();
        for (id, turn) in ids.iter().zip(&mut known) {
            if turns.take(*id, turn) {
                went.push(*id);
            }
            // Who is woken for something else doesn't ask twice.
            let again = *turn == Turn::Waiting && turns.take(*id, turn);
            assert!(!again);
        }
        assert_eq!(went, ids[..AT_ONCE]);
        while turns.is_wanted() {
            let next: Vec<_> = turns.next().collect();
            assert!((1..=AT_ONCE).contains(&next.len()));
            for id in next {
                let turn = &mut known[usize::try_from(id.attempt).unwrap()];
                *turn = Turn::Given;
                assert!(turns.take(id, turn));
                went.push(id);
            }
        }
        assert_eq!(went, ids);
    }

    #[test]
    fn who_comes_later_overtakes_nobody() {
        let (mut turns, ids) = (Turns::new(), ids(20));
        let mut known = vec![Turn::None; ids.len()];
        let ask = |turns: &mut Turns, known: &mut [Turn]| {
            ids.iter().zip(known).map(|(id, turn)| u8::from(turns.take(*id, turn))).sum::<u8>()
        };
        let went = usize::from(ask(&mut turns, &mut known));
        assert_eq!(went, AT_ONCE);
        assert_eq!(turns.next().count(), ids.len() - AT_ONCE);
        // Those four may go on, and so may as many others as are left.
        let mut fresh = vec![Turn::None; ids.len()];
        let went = usize::from(ask(&mut turns, &mut fresh));
        assert_eq!(went, AT_ONCE - (ids.len() - AT_ONCE));
        assert!(turns.is_wanted());
    }
}
