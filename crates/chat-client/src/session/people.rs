//! Who is there, and what those who were there are called.

use std::collections::BTreeMap;

use chat_proto::Text;

use super::event::Person;

/// The most people in the list and names in memory: no server fills the client's memory.
const MAX: usize = 10_000;

/// The people of a room and the names that events refer to.
#[derive(Default)]
pub(super) struct People {
    present: BTreeMap<u64, Person>,
    /// Of people who left too, as replayed events name them; the oldest sessions are forgotten first.
    names: BTreeMap<u64, Text<'static>>,
}

impl People {
    pub(super) fn reset(&mut self, people: Vec<Person>) {
        self.present.clear();
        self.names.clear();
        for person in people {
            self.came(person);
        }
    }

    pub(super) fn came(&mut self, person: Person) {
        self.called(person.sid, person.nick.clone());
        if self.present.len() < MAX || self.present.contains_key(&person.sid) {
            self.present.insert(person.sid, person);
        }
    }

    pub(super) fn left(&mut self, sid: u64) {
        self.present.remove(&sid);
    }

    pub(super) fn renamed(&mut self, sid: u64, nick: &Text<'static>) {
        if let Some(person) = self.present.get_mut(&sid) {
            person.nick = nick.clone();
        }
    }

    /// Remembers a name, and says what it was before.
    pub(super) fn called(&mut self, sid: u64, nick: Text<'static>) -> Option<Text<'static>> {
        let old = self.names.insert(sid, nick);
        if self.names.len() > MAX {
            self.names.pop_first();
        }
        old
    }

    pub(super) fn name(&self, sid: u64) -> Option<Text<'static>> {
        self.names.get(&sid).cloned()
    }

    pub(super) fn list(&self) -> impl Iterator<Item = &Person> {
        self.present.values()
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX, People, Person};
    use chat_proto::server::Mode;

    #[test]
    fn a_server_that_sends_people_without_end_fills_no_memory() {
        let mut people = People::default();
        for sid in 0..MAX as u64 + 10 {
            people.came(Person { sid, nick: "x".into(), mode: Mode::V1, since: 0 });
        }
        assert_eq!((people.present.len(), people.names.len()), (MAX, MAX));
        assert_eq!(people.name(0), None);
    }
}
