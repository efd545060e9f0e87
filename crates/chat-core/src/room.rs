//! A room: a bounded log of events, and those who are in it.

use alloc::sync::Arc;

use thiserror::Error;

use crate::budget::Share;
use crate::event::{Event, Face, Payload, Peer, What, Whereabouts};
use crate::id::{ConnectionId, Instance, MessageId, RoomId, Seq, SessionId};
use crate::limits::{Limits, RoomOptions};
use crate::log::{Log, Read};
use crate::session::Session;
use crate::sessions::{Sessions, Taken};
use crate::time::Timestamp;

mod enter;

pub use enter::{Entry, JoinError, Joined, Resume};

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
    /// No such connection is here.
    #[error("the session has left the room, or goes on in another connection")]
    NotHere,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// It stands in the log now.
    New(Seq),
    /// It was there already, under the same id of the same session.
    Repeat(Seq),
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
    sessions: Sessions<P>,
    posted: bool,
    empty_since: Timestamp,
    ended: Option<(EndReason, Timestamp)>,
}

impl<P: Payload + Clone> Room<P> {
    pub(crate) fn new(
        id: RoomId,
        instance: Instance,
        created: Timestamp,
        options: RoomOptions,
        limits: Arc<Limits>,
        share: Share,
    ) -> Self {
        let log = Log::sharing(limits.log_events, limits.log_bytes, share);
        Self {
            id,
            instance,
            created,
            options,
            limits,
            log,
            sessions: Sessions::new(),
            posted: false,
            empty_since: created,
            ended: None,
        }
    }

    /// Puts a message at the log's end, or finds it there.
    ///
    /// # Errors
    /// When the room ended, the session isn't here, or another connection of
    /// it has replaced this one.
    pub fn post(
        &mut self,
        now: Timestamp,
        from: ConnectionId,
        id: Option<MessageId>,
        payload: P,
    ) -> Result<Posted, PostError> {
        if let Some((why, _)) = self.ended {
            return Err(PostError::Ended(why));
        }
        let session = self.sessions.connected(from).ok_or(PostError::NotHere)?;
        if let Some(seq) = id.and_then(|id| session.posted(&id)) {
            return Ok(Posted::Repeat(seq));
        }
        let author = session.face.author();
        self.posted = true;
        let seq = self.push(now, What::Posted { from: from.session, author, id, payload });
        if let (Some(id), Some(session)) = (id, self.sessions.connected(from)) {
            session.remember(now, id, seq, self.limits.message_ids);
        }
        Ok(Posted::New(seq))
    }

    /// Changes how a session appears. An older profile than the one that is
    /// known changes nothing and is no event, nor is the nickname it has.
    ///
    /// # Errors
    /// When the face is taken or doesn't fit the room or the session.
    pub fn rename(
        &mut self,
        now: Timestamp,
        of: ConnectionId,
        face: Face<P>,
    ) -> Result<Option<Seq>, FaceError> {
        self.check_kind(&face)?;
        let Some(known) = self.sessions.connected(of) else { return Ok(None) };
        match (&known.face, &face) {
            (Face::Nick(known), Face::Nick(nick)) if known == nick => return Ok(None),
            (Face::Key { spk: known, .. }, Face::Key { spk, .. }) if known != spk => {
                return Err(FaceError::WrongKind);
            }
            (Face::Key { n: known, .. }, Face::Key { n, .. }) if n <= known => return Ok(None),
            _ => {}
        }
        self.check_free(&face, Some(of.session))?;
        Ok(Some(self.set_face(now, of.session, face)))
    }

    /// Takes one from what a session may send; `Err` is when it may again. A
    /// connection that is none any more may always: what it sends is refused
    /// elsewhere.
    ///
    /// # Errors
    /// The time from which on the next is allowed.
    pub fn take_turn(&mut self, of: ConnectionId, now: Timestamp) -> Result<(), Timestamp> {
        match (&self.limits.message_rate, self.sessions.connected(of)) {
            (Some(rate), Some(session)) => session.take_turn(rate, now),
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

    /// Who is here, those in their grace included, in the order of coming.
    pub fn peers(&self) -> impl Iterator<Item = Peer<P>> {
        self.sessions.here().map(|(id, session)| session.peer(id))
    }

    /// One of those who are here.
    #[must_use]
    pub fn peer(&self, session: SessionId) -> Option<Peer<P>> {
        self.sessions.get(session).map(|found| found.peer(session))
    }

    /// Notes whether a session looks elsewhere, until it comes in by another
    /// connection; `true` where that is news. It is no event.
    pub fn set_away(&mut self, of: ConnectionId, away: bool) -> bool {
        let Some(session) = self.sessions.connected(of) else { return false };
        core::mem::replace(&mut session.away, away) != away
    }

    /// Where one of those is who are here.
    #[must_use]
    pub fn whereabouts(&self, session: SessionId) -> Option<Whereabouts> {
        self.sessions.get(session).map(Session::whereabouts)
    }

    pub(crate) fn end(&mut self, why: EndReason, now: Timestamp) {
        self.ended.get_or_insert((why, now.after(self.limits.linger)));
    }

    /// When something is due: the end of its life, of an empty room's wait, of
    /// somebody's grace or memory, or of the time for reading what an ended room
    /// still holds.
    pub(crate) fn deadline(&self) -> Timestamp {
        if let Some((_, until)) = self.ended {
            return until;
        }
        let session = self.sessions.next_due();
        [Some(self.expires()), self.given_up(), session]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or_default()
    }

    /// When nobody is waited for any more, where nobody is here.
    fn given_up(&self) -> Option<Timestamp> {
        let wait = match self.posted {
            true => self.limits.empty_ttl,
            false => self.limits.unused_ttl.max(self.limits.empty_ttl),
        };
        self.is_empty().then(|| self.empty_since.after(wait))
    }

    /// Whether it is to be ended or removed now.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        match self.ended {
            Some((_, until)) => until <= now,
            None => self.expires() <= now || self.given_up().is_some_and(|until| until <= now),
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

    fn set_face(&mut self, now: Timestamp, session: SessionId, face: Face<P>) -> Seq {
        self.sessions.set_face(session, face.clone());
        self.push(now, What::Renamed { session, face })
    }

    /// Whether a room of this kind takes such a face.
    fn check_kind(&self, face: &Face<P>) -> Result<(), FaceError> {
        match (self.id, face) {
            (RoomId::Plain(_), Face::Nick(nick)) if nick.has_colon() => Err(FaceError::NickColon),
            (RoomId::Plain(_), Face::Nick(_)) | (RoomId::Sealed(_), Face::Key { .. }) => Ok(()),
            _ => Err(FaceError::WrongKind),
        }
    }

    /// Whether nobody but `session` appears so.
    fn check_free(&self, face: &Face<P>, session: Option<SessionId>) -> Result<(), FaceError> {
        let face = Taken::of(face);
        match (self.sessions.is_taken(&face, session), face) {
            (false, _) => Ok(()),
            (true, Taken::Nick(_)) => Err(FaceError::NickTaken),
            (true, Taken::Key(_)) => Err(FaceError::KeyTaken),
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
        self.len() == 0
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

#[cfg(test)]
mod tests;
