//! Those who are in a room, and those who may still come back to it.

use alloc::collections::BTreeMap;
use core::time::Duration;

use crate::event::Face;
use crate::expiry::Expiry;
use crate::id::{ConnectionId, KeyDigest, SenderKey, Seq, SessionId};
use crate::nick::FoldedNick;
use crate::session::Session;
use crate::time::Timestamp;

/// What only one session at a time may appear by.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Taken {
    Nick(FoldedNick),
    Key(SenderKey),
}

impl Taken {
    pub(crate) fn of<P>(face: &Face<P>) -> Self {
        match face {
            Face::Nick(nick) => Self::Nick(nick.folded()),
            Face::Key { spk, .. } => Self::Key(*spk),
        }
    }
}

/// A session that was found by its key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) id: SessionId,
    /// Whether it is in the list of people.
    pub(crate) here: bool,
    pub(crate) connected: bool,
}

/// All sessions of a room. One is `here` while it is in the list of people,
/// connected or in its grace, and `remembered` after that, until it is forgotten.
#[derive(Debug)]
pub(crate) struct Sessions<P> {
    here: BTreeMap<SessionId, Session<P>>,
    remembered: BTreeMap<SessionId, Session<P>>,
    by_key: BTreeMap<KeyDigest, SessionId>,
    taken: BTreeMap<Taken, SessionId>,
    /// When the grace of those is over who are here and not connected.
    graces: Expiry<SessionId>,
    /// When those who are remembered are forgotten.
    memories: Expiry<SessionId>,
    next: SessionId,
}

impl<P: Clone> Sessions<P> {
    pub(crate) const fn new() -> Self {
        Self {
            here: BTreeMap::new(),
            remembered: BTreeMap::new(),
            by_key: BTreeMap::new(),
            taken: BTreeMap::new(),
            graces: Expiry::new(),
            memories: Expiry::new(),
            next: SessionId::FIRST,
        }
    }

    /// How many are here.
    pub(crate) fn len(&self) -> usize {
        self.here.len()
    }

    /// Those who are here, in the order of coming.
    pub(crate) fn here(&self) -> impl Iterator<Item = (SessionId, &Session<P>)> {
        self.here.iter().map(|(id, session)| (*id, session))
    }

    pub(crate) fn get(&self, id: SessionId) -> Option<&Session<P>> {
        self.here.get(&id)
    }

    /// One who is here, by a connection that nothing has replaced.
    pub(crate) fn connected(&mut self, id: ConnectionId) -> Option<&mut Session<P>> {
        let session = self.here.get_mut(&id.session)?;
        (session.attempt == id.attempt && session.due.is_none()).then_some(session)
    }

    /// Whose key it is.
    pub(crate) fn find(&self, key: &KeyDigest) -> Option<(Found, &Session<P>)> {
        let id = *self.by_key.get(key)?;
        let (here, session) = match self.here.get(&id) {
            Some(session) => (true, session),
            None => (false, self.remembered.get(&id)?),
        };
        Some((Found { id, here, connected: here && session.due.is_none() }, session))
    }

    /// Whether somebody other than `session` appears so.
    pub(crate) fn is_taken(&self, face: &Taken, session: Option<SessionId>) -> bool {
        self.taken.get(face).is_some_and(|owner| Some(*owner) != session)
    }

    /// A new one who is here.
    pub(crate) fn add(&mut self, session: Session<P>) -> SessionId {
        let id = self.next;
        self.next = id.next();
        if let Some(key) = session.key {
            self.by_key.insert(key, id);
        }
        self.taken.insert(Taken::of(&session.face), id);
        self.here.insert(id, session);
        id
    }

    /// One is shown nothing up to `first`, however often it comes back; whether
    /// it has `missed` some of that.
    pub(crate) fn begins_after(&mut self, id: SessionId, first: Seq, missed: bool) {
        if let Some(session) = self.here.get_mut(&id) {
            session.first = first;
            session.missed = missed;
        }
    }

    /// Changes how one appears.
    pub(crate) fn set_face(&mut self, id: SessionId, face: Face<P>) {
        let Some(session) = self.here.get_mut(&id) else { return };
        self.taken.remove(&Taken::of(&session.face));
        self.taken.insert(Taken::of(&face), id);
        session.face = face;
    }

    /// One whose connection ended is given up at `due`.
    pub(crate) fn await_return(&mut self, id: SessionId, due: Timestamp) {
        if let Some(session) = self.here.get_mut(&id) {
            session.due = Some(due);
            self.graces.add(due, id);
        }
    }

    /// One of those who are here is connected anew.
    pub(crate) fn reconnect(&mut self, id: SessionId, attempt: u64) {
        let Some(session) = self.here.get_mut(&id) else { return };
        session.attempt = attempt;
        session.away = false;
        if let Some(due) = session.due.take() {
            self.graces.remove(due, id);
        }
    }

    /// One who was remembered is here again, as `face`.
    pub(crate) fn come_back(&mut self, now: Timestamp, id: SessionId, face: Face<P>, attempt: u64) {
        let Some(mut session) = self.remembered.remove(&id) else { return };
        if let Some(due) = session.due.take() {
            self.memories.remove(due, id);
        }
        session.attempt = attempt;
        session.away = false;
        session.since = now;
        session.face = face;
        self.taken.insert(Taken::of(&session.face), id);
        self.here.insert(id, session);
    }

    /// Takes out the next whose grace is over: it is remembered from then on,
    /// its nickname is free, and it is forgotten after `remember`, or earlier
    /// where more than `most` are remembered.
    pub(crate) fn give_up_due(
        &mut self,
        now: Timestamp,
        remember: Duration,
        most: usize,
    ) -> Option<SessionId> {
        let id = self.graces.pop_due(now)?;
        let mut session = self.here.remove(&id)?;
        let taken = Taken::of(&session.face);
        // A key names its session as long as that is remembered.
        if matches!(taken, Taken::Nick(_)) {
            self.taken.remove(&taken);
        }
        let due = session.due.unwrap_or(now).after(remember);
        session.due = Some(due);
        self.memories.add(due, id);
        self.remembered.insert(id, session);
        while self.memories.len() > most {
            let Some(oldest) = self.memories.pop() else { break };
            self.forget(oldest);
        }
        Some(id)
    }

    /// Forgets those whose time is over.
    pub(crate) fn forget_due(&mut self, now: Timestamp) {
        while let Some(id) = self.memories.pop_due(now) {
            self.forget(id);
        }
    }

    /// Takes one out for good; whether it was here.
    pub(crate) fn forget(&mut self, id: SessionId) -> bool {
        let (session, was_here) = match self.here.remove(&id) {
            Some(session) => (session, true),
            None => match self.remembered.remove(&id) {
                Some(session) => (session, false),
                None => return false,
            },
        };
        if let Some(due) = session.due {
            let timers = if was_here { &mut self.graces } else { &mut self.memories };
            timers.remove(due, id);
        }
        if let Some(key) = session.key {
            self.by_key.remove(&key);
        }
        let taken = Taken::of(&session.face);
        if self.taken.get(&taken) == Some(&id) {
            self.taken.remove(&taken);
        }
        was_here
    }

    /// When the next grace is over, or the next session is forgotten.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        [self.graces.next(), self.memories.next()].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Mode;
    use crate::id::SessionKey;
    use crate::nick::Nick;

    fn add(sessions: &mut Sessions<&str>, number: u8, face: Face<&'static str>) -> SessionId {
        let key = Some(SessionKey([number; 16]).digest());
        sessions.add(Session::new(Timestamp::ZERO, Mode::Structured, face, key, 1))
    }

    #[test]
    fn who_is_forgotten_leaves_nothing_behind() {
        let (mut sessions, at) = (Sessions::new(), Timestamp::from_millis);
        let nick = |nick| Face::Nick(Nick::parse(nick).unwrap());
        let spk = SenderKey([1; 32]);
        let connected = add(&mut sessions, 1, nick("ann"));
        let waiting = add(&mut sessions, 2, nick("bob"));
        let key = add(&mut sessions, 3, Face::Key { spk, n: 0, profile: "" });
        let too_many = add(&mut sessions, 4, nick("cat"));
        sessions.await_return(too_many, at(1));
        sessions.await_return(key, at(2));
        sessions.await_return(waiting, at(9));
        while sessions.give_up_due(at(5), Duration::from_millis(3), 1).is_some() {}

        assert!(sessions.forget(connected) && sessions.forget(waiting));
        sessions.forget_due(at(5));
        let Sessions { here, remembered, by_key, taken, graces, memories, next: _ } = sessions;
        assert!(here.is_empty() && remembered.is_empty() && by_key.is_empty() && taken.is_empty());
        assert_eq!((graces.len(), memories.len()), (0, 0));
    }
}
