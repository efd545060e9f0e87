//! Those who come into rooms with a key, as they know themselves.

use std::collections::BTreeMap;

use chat_core::{RoomId, SessionKey};

use crate::{
    look::{self, Look},
    step::Attempt,
};

/// What each key was last let into each room with.
#[derive(Default)]
pub(crate) struct Persons(BTreeMap<(RoomId, u8), (u64, Look)>);

impl Persons {
    pub(crate) fn key(key: u8) -> SessionKey {
        SessionKey([key; 16])
    }

    pub(crate) fn attempt(&self, room: RoomId, key: u8, choice: Attempt) -> u64 {
        let last = self.0.get(&(room, key)).map_or(1, |(attempt, _)| *attempt);
        match choice {
            Attempt::Higher(by) => last + u64::from(by),
            Attempt::Equal => last,
            Attempt::Lower => last.saturating_sub(1),
        }
    }

    /// A look that was chosen, or the one from before.
    pub(crate) fn look(&self, room: RoomId, key: u8, choice: Option<u8>) -> Look {
        match (choice, self.0.get(&(room, key))) {
            (Some(choice), _) => look::look(choice, room),
            (None, Some((_, look))) => look.clone(),
            (None, None) => look::own(key, room),
        }
    }

    pub(crate) fn was_let_in(&mut self, room: RoomId, key: u8, attempt: u64, look: Look) {
        self.0.insert((room, key), (attempt, look));
    }
}
