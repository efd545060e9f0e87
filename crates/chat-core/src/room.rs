//! A room: a bounded log of events, and those who are in it.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;

use thiserror::Error;

use crate::bucket::Bucket;
use crate::event::{Event, Face, LeaveReason, Mode, Payload, Peer, What};
use crate::id::{Instance, MessageId, RoomId, SenderKey, Seq, SessionId};
use crate::limits::{Limits, RoomOptions};
use crate::log::{Log, Read};
use crate::nick::FoldedNick;
use crate::session::{Connection, Session};
use crate::time::Timestamp;

/// Why a room ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// Its lifetime is over.
    Ttl,
    /// It was closed.
    Closed,
    /// Whoever keeps the rooms stops.
    Shutdown,
}

/// How a room tells who is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// By an event for each who comes and goes.
    Listed,
    /// By a number alone, in a room so large that events would grow with the
    /// square.
    Counted,
}

/// Why somebody can't come in.
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
}

/// Why somebody can't appear so in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FaceError {
    /// The nickname is somebody else's, letter case aside.
    #[error("somebody in the room has this nickname; choose another")]
    NickTaken,
    /// A colon would make `nick: text` ambiguous.
    #[error("a nickname in a plain room has no colon; choose another")]
    NickColon,
    /// The key is somebody else's.
    #[error("somebody in the room has this key; make a new one")]
    KeyTaken,
    /// A nickname in a sealed room, a key in a plain one, or another key than
    /// the session's own.
    #[error("a plain room takes a nickname, a sealed one the session's own key")]
    WrongKind,
}

/// Why a message isn't taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PostError {
    /// The room ended.
    #[error("the room has ended")]
    Ended(EndReason),
    /// No such session is here.
    #[error("the session has left the room")]
    NotHere,
}

/// Somebody came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Where it reads on from: the history it may see, then its own joining.
    pub connection: Connection,
    /// The newest event, its own joining included where that is one: all up
    /// to it is replay.
    pub live: Seq,
}

/// A bounded log of numbered events, and the sessions that write it.
///
/// A room is opened, changed and removed through a
/// [`Registry`](crate::Registry), which looks after its deadlines.
#[derive(Debug)]
pub struct Room<P> {
    id: RoomId,
    instance: Instance,
    created: Timestamp,
    options: RoomOptions,
    limits: Arc<Limits>,
    log: Log<Event<P>>,
    sessions: BTreeMap<SessionId, Session<P>>,
    taken: BTreeSet<Taken>,
    next_session: SessionId,
    posted: bool,
    empty_since: Timestamp,
    ended: Option<(EndReason, Timestamp)>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Taken {
    Nick(FoldedNick),
    Key(SenderKey),
}

impl<P: Payload + Clone> Room<P> {
    pub(crate) fn new(
        id: RoomId,
        instance: Instance,
        created: Timestamp,
        options: RoomOptions,
        limits: Arc<Limits>,
    ) -> Self {
        let log = Log::new(limits.log_events, limits.log_bytes);
        Self {
            id,
            instance,
            created,
            options,
            limits,
            log,
            sessions: BTreeMap::new(),
            taken: BTreeSet::new(),
            next_session: SessionId::FIRST,
            posted: false,
            empty_since: created,
            ended: None,
        }
    }

    /// Lets somebody in. The newcomer's place in the log is before the history
    /// that it may see.
    ///
    /// # Errors
    /// When the room ended or is full, or the face is taken or doesn't fit.
    pub fn join(&mut self, now: Timestamp, mode: Mode, face: Face<P>) -> Result<Joined, JoinError> {
        if let Some((why, _)) = self.ended {
            return Err(JoinError::Ended(why));
        }
        let taken = self.taken_by(&face)?;
        if self.taken.contains(&taken) {
            return Err(taken.error().into());
        }
        if self.options.max.is_some_and(|max| self.sessions.len() >= max.get() as usize) {
            return Err(JoinError::Full);
        }
        let before = self.log.newest();
        let history = match mode {
            Mode::Structured => u64::from(self.options.history),
            Mode::Plain => 0,
        };
        let id = self.next_session;
        self.next_session = id.next();
        self.taken.insert(taken);
        let session = Session { mode, since: now, face, bucket: Bucket::new(now) };
        let peer = session.peer(id);
        self.sessions.insert(id, session);
        self.tell(now, What::Joined(peer));
        // The event of the joining may have pushed out the oldest of them.
        let last = before.back(history).max(self.log.floor());
        let live = self.log.newest();
        Ok(Joined { connection: Connection { session: id, last: last.min(live) }, live })
    }

    /// Puts a message at the log's end.
    ///
    /// # Errors
    /// When the room ended or the session isn't here.
    pub fn post(
        &mut self,
        now: Timestamp,
        from: SessionId,
        id: Option<MessageId>,
        payload: P,
    ) -> Result<Seq, PostError> {
        if let Some((why, _)) = self.ended {
            return Err(PostError::Ended(why));
        }
        let author = self.sessions.get(&from).ok_or(PostError::NotHere)?.face.author();
        self.posted = true;
        Ok(self.push(now, What::Posted { from, author, id, payload }))
    }

    /// Changes how a session appears. An older profile than the one that is
    /// known changes nothing and is no event, nor is the nickname it has.
    ///
    /// # Errors
    /// When the face is taken or doesn't fit the room or the session.
    pub fn rename(
        &mut self,
        now: Timestamp,
        session: SessionId,
        face: Face<P>,
    ) -> Result<Option<Seq>, FaceError> {
        let new = self.taken_by(&face)?;
        let Some(known) = self.sessions.get(&session) else { return Ok(None) };
        let old = self.taken_by(&known.face)?;
        match (&known.face, &face) {
            (Face::Nick(known), Face::Nick(nick)) if known == nick => return Ok(None),
            (Face::Key { spk: known, .. }, Face::Key { spk, .. }) if known != spk => {
                return Err(FaceError::WrongKind);
            }
            (Face::Key { n: known, .. }, Face::Key { n, .. }) if n <= known => return Ok(None),
            _ => {}
        }
        if new != old {
            if self.taken.contains(&new) {
                return Err(new.error());
            }
            self.taken.remove(&old);
            self.taken.insert(new);
        }
        if let Some(known) = self.sessions.get_mut(&session) {
            known.face = face.clone();
        }
        Ok(Some(self.push(now, What::Renamed { session, face })))
    }

    /// Takes a session out; `false` where it was gone already.
    pub fn leave(&mut self, now: Timestamp, session: SessionId, why: LeaveReason) -> bool {
        let Some(gone) = self.sessions.remove(&session) else { return false };
        if let Ok(taken) = self.taken_by(&gone.face) {
            self.taken.remove(&taken);
        }
        if self.sessions.is_empty() {
            self.empty_since = now;
        }
        self.tell(now, What::Left { session, why });
        true
    }

    /// Takes one from what a session may send; `Err` is when it may again. A
    /// session that is gone may always: what it sends is refused elsewhere.
    ///
    /// # Errors
    /// The time from which on the next is allowed.
    pub fn take_turn(&mut self, session: SessionId, now: Timestamp) -> Result<(), Timestamp> {
        match (&self.limits.message_rate, self.sessions.get_mut(&session)) {
            (Some(rate), Some(session)) => session.bucket.take(rate, now),
            _ => Ok(()),
        }
    }

    /// What came after `last`, or what of it is gone.
    #[must_use]
    pub fn after(&self, last: Seq) -> Read<impl ExactSizeIterator<Item = (Seq, &Event<P>)>> {
        self.log.after(last)
    }

    /// Whether what came after `last` fills half of the log or more: whoever
    /// reads from there should go on before more comes.
    #[must_use]
    pub fn is_half_after(&self, last: Seq) -> bool {
        self.log.is_half_after(last)
    }

    /// Who is here, in the order of coming.
    pub fn peers(&self) -> impl Iterator<Item = Peer<P>> {
        self.sessions.iter().map(|(id, session)| session.peer(*id))
    }

    /// One of those who are here.
    #[must_use]
    pub fn peer(&self, session: SessionId) -> Option<Peer<P>> {
        self.sessions.get(&session).map(|found| found.peer(session))
    }

    pub(crate) fn end(&mut self, why: EndReason, now: Timestamp) {
        self.ended.get_or_insert((why, now.after(self.limits.linger)));
    }

    /// When something is due: the end of its life, of an empty room's wait, or
    /// of the time for reading what an ended room still holds.
    pub(crate) fn deadline(&self) -> Timestamp {
        let expires = self.expires();
        if let Some((_, until)) = self.ended {
            until
        } else if self.sessions.is_empty() {
            let wait = match self.posted {
                true => self.limits.empty_ttl,
                false => self.limits.unused_ttl.max(self.limits.empty_ttl),
            };
            expires.min(self.empty_since.after(wait))
        } else {
            expires
        }
    }

    fn tell(&mut self, now: Timestamp, what: What<P>) {
        if self.presence() == Presence::Listed {
            self.push(now, what);
        }
    }

    fn push(&mut self, at: Timestamp, what: What<P>) -> Seq {
        let event = Event { at, what };
        let bytes = event.bytes();
        self.log.push(event, bytes)
    }

    fn taken_by(&self, face: &Face<P>) -> Result<Taken, FaceError> {
        match (self.id, face) {
            (RoomId::Plain(_), Face::Nick(nick)) if nick.has_colon() => Err(FaceError::NickColon),
            (RoomId::Plain(_), Face::Nick(nick)) => Ok(Taken::Nick(nick.folded())),
            (RoomId::Sealed(_), Face::Key { spk, .. }) => Ok(Taken::Key(*spk)),
            _ => Err(FaceError::WrongKind),
        }
    }
}

impl<P> Room<P> {
    /// The room's id.
    #[must_use]
    pub const fn id(&self) -> RoomId {
        self.id
    }

    /// Which life of the room this is.
    #[must_use]
    pub const fn instance(&self) -> Instance {
        self.instance
    }

    /// When it was opened.
    #[must_use]
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// When it ends at the latest.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        self.created.after(self.options.ttl)
    }

    /// What holds in it.
    #[must_use]
    pub const fn options(&self) -> &RoomOptions {
        &self.options
    }

    /// How it tells who is there.
    #[must_use]
    pub fn presence(&self) -> Presence {
        match self.options.max {
            Some(max) if max.get() <= self.limits.listed_max => Presence::Listed,
            _ => Presence::Counted,
        }
    }

    /// How many are here.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sessions.len()
    }

    /// Whether nobody is here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty()
    }

    /// Why it ended, once it has.
    #[must_use]
    pub fn ended(&self) -> Option<EndReason> {
        self.ended.map(|(why, _)| why)
    }

    /// The newest event's place.
    #[must_use]
    pub const fn newest(&self) -> Seq {
        self.log.newest()
    }

    /// How many bytes its log holds.
    #[must_use]
    pub const fn log_bytes(&self) -> usize {
        self.log.bytes()
    }
}

impl Taken {
    const fn error(&self) -> FaceError {
        match self {
            Self::Nick(_) => FaceError::NickTaken,
            Self::Key(_) => FaceError::KeyTaken,
        }
    }
}
