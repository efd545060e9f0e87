//! Coming into a room, losing the connection, and coming back.

use thiserror::Error;

use super::{EndReason, FaceError, Room};
use crate::event::{Departure, Face, LeaveReason, Mode, Payload, What, Whereabouts};
use crate::id::{ConnectionId, Instance, Seq, SessionId, SessionKey};
use crate::session::{Connection, Session};
use crate::sessions::Found;
use crate::time::Timestamp;

/// Somebody wants in, for the first time or again.
#[derive(Clone, Debug)]
pub struct Entry<P> {
    /// Who shows this again is the same session.
    pub key: SessionKey,
    /// Higher than at any earlier attempt with this key.
    pub attempt: u64,
    /// How the session appears.
    pub face: Face<P>,
    /// Where it goes on, where it was here before.
    pub resume: Option<Resume>,
}

/// Where a session goes on. In another instance of the room it means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resume {
    /// Which life of the room it knew.
    pub instance: Instance,
    /// The last event that it has.
    pub last: Seq,
}

/// Why somebody can't come in. A session that was here stays what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum JoinError {
    /// The room ended.
    #[error("the room has ended")]
    Ended(EndReason),
    /// No place is free.
    #[error("the room is full; try again when somebody has left")]
    Full,
    /// Somebody here appears so already.
    #[error(transparent)]
    Face(#[from] FaceError),
    /// A later attempt of the same session was let in before.
    #[error("a later connection of this session is here already")]
    Replaced,
    /// What is to be gone on from has not happened.
    #[error("nothing so new has happened in this room; resume from what was seen")]
    Ahead,
}

/// Somebody came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Where it reads on from: the history it may see or what it missed, then
    /// its own joining, where that is an event.
    pub connection: Connection,
    /// The newest event, its own joining included: all up to it is replay.
    pub live: Seq,
    /// Whether an earlier session goes on.
    pub resumed: bool,
    /// What it has missed and can't have any more: from and to, both included.
    pub gap: Option<(Seq, Seq)>,
    /// The session that had a connection, which this one replaces.
    pub replaces: Option<SessionId>,
    /// Whether it stood in the list as lost or away until now: that it is here
    /// is no event.
    pub moved: bool,
}

impl<P: Payload + Clone> Room<P> {
    /// Lets somebody in whose session lasts as long as its connection, and who
    /// sees nothing of what was before.
    ///
    /// # Errors
    /// When the room ended or is full, or the face is taken or doesn't fit.
    pub fn join(&mut self, now: Timestamp, face: Face<P>) -> Result<Joined, JoinError> {
        self.check_open(&face)?;
        self.check_free(&face, None)?;
        self.check_place()?;
        Ok(self.add(now, Session::new(now, Mode::Plain, face, None, 0), 0, None))
    }

    /// Lets somebody in, and goes on with the session of that key where there
    /// is one: the same in the list, or back in it after its grace was over. A
    /// session that is new begins with the room's history.
    ///
    /// In a sealed room whoever shows the session's key with another sender key
    /// has lost what it knew: the old session leaves, and a new one begins.
    ///
    /// # Errors
    /// When the room ended or is full, the face is taken or doesn't fit, or the
    /// attempt is late or resumes from what never was.
    pub fn enter(&mut self, now: Timestamp, entry: Entry<P>) -> Result<Joined, JoinError> {
        let Entry { key, attempt, face, resume } = entry;
        self.check_open(&face)?;
        let resume = resume.filter(|resume| resume.instance == self.instance);
        let last = resume.map(|resume| resume.last);
        if last.is_some_and(|last| last > self.log.newest()) {
            return Err(JoinError::Ahead);
        }
        let key = key.digest();
        let Some((found, session)) = self.sessions.find(&key) else {
            let session = Session::new(now, Mode::Structured, face, Some(key), attempt);
            return self.begin(now, session, last, None);
        };
        if attempt <= session.attempt {
            return Err(JoinError::Replaced);
        }
        if !session.face.has_owner_of(&face) {
            let session = Session::new(now, Mode::Structured, face, Some(key), attempt);
            return self.begin(now, session, last, Some(found));
        }
        let (id, first, known) = (found.id, session.first, session.face.clone());
        let missed = session.missed;
        let moved = found.here && session.whereabouts() != Whereabouts::Here;
        if found.here {
            self.sessions.reconnect(id, attempt);
            if known.is_older_than(&face) {
                self.set_face(now, id, face);
            }
        } else {
            self.check_free(&face, Some(id))?;
            self.check_place()?;
            let outdated = matches!(face, Face::Key { .. }) && !known.is_older_than(&face);
            let face = if outdated { known } else { face };
            self.sessions.come_back(now, id, face, attempt);
            self.tell_joined(now, id);
        }
        let begun = last.unwrap_or(Seq::ZERO).max(first);
        let from = begun.max(self.log.floor());
        // Of the gap that it began with it may not have heard.
        let heard = last.filter(|_| missed).unwrap_or(begun);
        let connection = Connection { id: ConnectionId { session: id, attempt }, last: from };
        Ok(Joined {
            connection,
            live: self.log.newest(),
            resumed: true,
            gap: (heard < from).then_some((heard.next(), from)),
            replaces: found.connected.then_some(id),
            moved,
        })
    }

    /// A connection has ended. One that was replaced changes nothing; `true`
    /// where the session has left with it.
    pub fn detach(&mut self, now: Timestamp, id: ConnectionId, how: Departure) -> bool {
        let Some(session) = self.sessions.connected(id) else { return false };
        let grace = match how {
            Departure::Lost => Some(self.limits.grace),
            Departure::Reloading => Some(self.limits.grace.min(self.limits.reload_grace)),
            Departure::Bye | Departure::Expelled => None,
        };
        if let (Some(grace), Some(_)) = (grace, session.key) {
            self.sessions.await_return(id.session, now.after(grace));
            return false;
        }
        let why = match how {
            Departure::Bye => LeaveReason::Bye,
            Departure::Lost | Departure::Reloading | Departure::Expelled => LeaveReason::Timeout,
        };
        self.leave(now, id.session, why);
        true
    }

    /// Gives up those whose grace is over, and forgets those who were
    /// remembered long enough; whether anybody has left.
    pub(crate) fn expire_sessions(&mut self, now: Timestamp) -> bool {
        let most = self.options.max.map_or(u32::MAX, |max| max.get()).min(self.limits.remembered);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let mut left = false;
        while let Some(id) = self.sessions.give_up_due(now, self.limits.remember, most) {
            self.tell_left(now, id, LeaveReason::Timeout);
            left = true;
        }
        self.sessions.forget_due(now);
        left
    }

    /// A new session, in the place of `old` where there is one.
    fn begin(
        &mut self,
        now: Timestamp,
        session: Session<P>,
        last: Option<Seq>,
        old: Option<Found>,
    ) -> Result<Joined, JoinError> {
        self.check_free(&session.face, old.map(|old| old.id))?;
        match old {
            Some(Found { here: true, id, .. }) => self.leave(now, id, LeaveReason::Bye),
            Some(Found { here: false, id, .. }) => {
                self.check_place()?;
                self.sessions.forget(id);
            }
            None => self.check_place()?,
        }
        let replaces = old.filter(|old| old.connected).map(|old| old.id);
        let history = self.options.history.into();
        Ok(Joined { replaces, ..self.add(now, session, history, last) })
    }

    /// A new session that is shown the newest `history` events, and after
    /// `last` at the earliest.
    fn add(
        &mut self,
        now: Timestamp,
        session: Session<P>,
        history: u64,
        last: Option<Seq>,
    ) -> Joined {
        let before = self.log.newest();
        let attempt = session.attempt;
        let id = self.sessions.add(session);
        self.tell_joined(now, id);
        let live = self.log.newest();
        // The event of the joining may have pushed out the oldest of them.
        let from = before.back(history).max(self.log.floor()).max(last.unwrap_or(Seq::ZERO));
        let gap = last.filter(|last| *last < from).map(|last| (last.next(), from));
        self.sessions.begins_after(id, from, gap.is_some());
        let connection = Connection { id: ConnectionId { session: id, attempt }, last: from };
        Joined { connection, live, resumed: false, gap, replaces: None, moved: false }
    }

    fn leave(&mut self, now: Timestamp, session: SessionId, why: LeaveReason) {
        self.sessions.forget(session);
        self.tell_left(now, session, why);
    }

    fn tell_joined(&mut self, now: Timestamp, session: SessionId) {
        if let Some(peer) = self.peer(session) {
            self.tell(now, What::Joined(peer));
        }
    }

    fn tell_left(&mut self, now: Timestamp, session: SessionId, why: LeaveReason) {
        if self.is_empty() {
            self.empty_since = now;
        }
        self.tell(now, What::Left { session, why });
    }

    fn check_open(&self, face: &Face<P>) -> Result<(), JoinError> {
        match self.ended {
            Some((why, _)) => Err(JoinError::Ended(why)),
            None => Ok(self.check_kind(face)?),
        }
    }

    fn check_place(&self) -> Result<(), JoinError> {
        match self.options.max {
            Some(max) if self.len() >= max.get() as usize => Err(JoinError::Full),
            _ => Ok(()),
        }
    }
}
