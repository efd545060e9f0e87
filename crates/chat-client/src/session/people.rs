//! Who is there, and what those who were there are called.

use std::collections::BTreeMap;

use chat_proto::{Text, server::Whereabouts};
use unicode_security::confusable_detection::skeleton;

use super::{event::Person, voice::Face};

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

    pub(super) fn renamed(&mut self, sid: u64, face: Face) {
        if let Some(person) = self.present.get_mut(&sid) {
            person.nick = face.nick;
            person.seal = face.seal;
        }
    }

    /// One of those in the list is there now; what it is called, where that is news.
    pub(super) fn moved(&mut self, sid: u64, is: &Whereabouts) -> Option<Text<'static>> {
        let person = self.present.get_mut(&sid).filter(|person| person.is != *is)?;
        person.is = is.clone();
        Some(person.nick.clone())
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

    /// Those who are there, each with whether the nickname alone tells who it is.
    pub(super) fn list(&self) -> impl Iterator<Item = Person> + '_ {
        self.present.values().cloned().map(|mut person| {
            if let Some(seal) = &mut person.seal {
                seal.ambiguous = self.is_ambiguous(&person.nick, &seal.code);
            }
            person
        })
    }

    /// Whether somebody with another person code is called so, or so that it looks like it.
    pub(super) fn is_ambiguous(&self, nick: &str, code: &str) -> bool {
        let looks = look(nick);
        self.present.values().any(|other| {
            other.seal.as_ref().is_some_and(|seal| seal.code != code) && look(&other.nick) == looks
        })
    }
}

/// What a nickname looks like: its skeleton, letter case aside.
fn look(nick: &str) -> String {
    skeleton(&nick.to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::{MAX, People, Person, Whereabouts};
    use chat_proto::server::Mode;

    #[test]
    fn a_server_that_sends_people_without_end_fills_no_memory() {
        let mut people = People::default();
        for sid in 0..MAX as u64 + 10 {
            let (nick, mode, is) = ("x".into(), Mode::V1, Whereabouts::Here);
            people.came(Person { sid, nick, seal: None, mode, since: 0, is });
        }
        assert_eq!((people.present.len(), people.names.len()), (MAX, MAX));
        assert_eq!(people.name(0), None);
    }
}
