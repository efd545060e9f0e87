//! A naive room: each event that ever was, and everybody who ever came.

use std::time::Duration;

use chat_core::{
    EndReason, FaceError, Instance, LeaveReason, Limits, MessageId, PostError, Posted, RoomId, Seq,
    Timestamp, Wishes,
};

use super::stay::{Place, Stay};
use crate::look::Look;

pub(crate) struct NaiveRoom {
    pub(crate) id: RoomId,
    pub(super) instance: Instance,
    pub(super) limits: Limits,
    bookkeeping: usize,
    created: Timestamp,
    ttl: Duration,
    pub(super) max: Option<u32>,
    pub(super) history: u64,
    /// Each event as text, with its bytes.
    events: Vec<(String, usize)>,
    pub(super) stays: Vec<Stay>,
    posted: bool,
    empty_since: Timestamp,
    /// Why, and until when it can still be read.
    pub(crate) ended: Option<(EndReason, Timestamp)>,
}

impl NaiveRoom {
    pub(super) fn new(
        now: Timestamp,
        id: RoomId,
        instance: Instance,
        limits: Limits,
        bookkeeping: usize,
        wishes: &Wishes,
    ) -> Self {
        let ttl = wishes.ttl.unwrap_or(limits.room_ttl).max(limits.room_ttl_min);
        let wished_max = wishes.max.map_or(u32::MAX, |max| max.max(1));
        let max = wished_max.min(limits.room_max.map_or(u32::MAX, |max| max.get()));
        let history = wishes.history.unwrap_or(limits.history).min(limits.log_events.get());
        Self {
            id,
            instance,
            bookkeeping,
            created: now,
            ttl: ttl.min(limits.room_ttl),
            max: (max < u32::MAX).then_some(max),
            history: history.into(),
            limits,
            events: Vec::new(),
            stays: Vec::new(),
            posted: false,
            empty_since: now,
            ended: None,
        }
    }

    /// A connection is its session's number and its attempt's.
    pub(crate) fn post(
        &mut self,
        now: Timestamp,
        from: (u64, u64),
        id: Option<MessageId>,
        text: String,
    ) -> Result<Posted, PostError> {
        if let Some((why, _)) = self.ended {
            return Err(PostError::Ended(why));
        }
        let stay = &self.stays[self.connected(from).ok_or(PostError::NotHere)?];
        let mut known = stay.sent.iter().rev().take(self.limits.message_ids);
        if let Some((_, seq)) = known.find(|(sent, _)| Some(*sent) == id) {
            return Ok(Posted::Repeat(Seq::new(*seq)));
        }
        self.posted = true;
        let (session, author) = (stay.session, stay.look.author());
        let seq = self.push(now, format!("posted: {session} {author} {id:?} {text}"), text.len());
        self.stays[session as usize - 1].sent.extend(id.map(|id| (id, seq)));
        Ok(Posted::New(Seq::new(seq)))
    }

    pub(crate) fn rename(
        &mut self,
        now: Timestamp,
        of: (u64, u64),
        look: Look,
    ) -> Result<Option<u64>, FaceError> {
        look.fits(self.is_plain())?;
        let Some(known) = self.connected(of) else { return Ok(None) };
        let old = &self.stays[known].look;
        if !old.is_same_owners(&look) {
            return Err(FaceError::WrongKind);
        }
        if old.is_as_new_as(&look) || old.written() == look.written() {
            return Ok(None);
        }
        self.check_look(&look, Some(of.0))?;
        self.stays[known].look = look;
        Ok(Some(self.push_renamed(now, known)))
    }

    /// Whether that changes anything.
    pub(crate) fn set_away(&mut self, of: (u64, u64), away: bool) -> bool {
        let Some(known) = self.connected(of) else { return false };
        let changes = self.stays[known].away != away;
        self.stays[known].away = away;
        changes
    }

    pub(crate) fn take_turn(&mut self, of: (u64, u64), now: Timestamp) -> Result<(), Timestamp> {
        match (self.limits.message_rate, self.connected(of)) {
            (Some(rate), Some(known)) => self.stays[known].take_turn(&rate, now),
            _ => Ok(()),
        }
    }

    /// All after `last` with their numbers, or the first and last that is gone.
    pub(crate) fn after(&self, last: u64) -> Result<Vec<String>, (u64, u64)> {
        if last < self.gone() {
            return Err((last + 1, self.gone()));
        }
        let numbered = self.events.iter().zip(1u64..).filter(|(_, seq)| *seq > last);
        Ok(numbered.map(|((event, _), seq)| format!("{seq} {event}")).collect())
    }

    pub(crate) fn is_half_after(&self, last: u64) -> bool {
        let unread = &self.events[(last.max(self.gone()) as usize).min(self.events.len())..];
        let bytes: usize = unread.iter().map(|(_, bytes)| bytes).sum();
        let half = unread.len() * 2 >= self.limits.log_events.get() as usize
            || bytes * 2 >= self.limits.log_bytes.get();
        half && !unread.is_empty()
    }

    pub(crate) fn newest(&self) -> u64 {
        self.events.len() as u64
    }

    pub(crate) fn held_bytes(&self) -> usize {
        self.events[self.gone() as usize..].iter().map(|(_, bytes)| bytes).sum()
    }

    /// Everybody in the list, with the session's number.
    pub(crate) fn peers(&self) -> Vec<(u64, String)> {
        self.here().map(|stay| (stay.session, stay.written())).collect()
    }

    pub(crate) fn expires(&self) -> Timestamp {
        self.created.after(self.ttl)
    }

    pub(super) fn deadline(&self) -> Timestamp {
        if let Some((_, until)) = self.ended {
            return until;
        }
        let wait = match self.posted {
            true => self.limits.empty_ttl,
            false => self.limits.unused_ttl.max(self.limits.empty_ttl),
        };
        let is_empty = self.here().next().is_none();
        let sessions = self.stays.iter().filter_map(|stay| match stay.place {
            Place::Grace(until) | Place::Remembered(until) => Some(until),
            Place::Connected | Place::Forgotten => None,
        });
        let empty = is_empty.then(|| self.empty_since.after(wait));
        sessions.chain(empty).fold(self.expires(), Timestamp::min)
    }

    pub(super) fn here(&self) -> impl Iterator<Item = &Stay> {
        self.stays.iter().filter(|stay| stay.is_here())
    }

    /// Whose grace is over first, and when.
    pub(super) fn first_grace(&self) -> Option<(Timestamp, usize)> {
        let graces = self.stays.iter().enumerate().filter_map(|(known, stay)| match stay.place {
            Place::Grace(until) => Some((until, known)),
            _ => None,
        });
        graces.min()
    }

    /// Who is remembered and not in the list, and until when; the oldest first.
    pub(super) fn remembered(&self) -> Vec<(Timestamp, usize)> {
        let remembered =
            self.stays.iter().enumerate().filter_map(|(known, stay)| match stay.place {
                Place::Remembered(until) => Some((until, known)),
                _ => None,
            });
        let mut remembered: Vec<_> = remembered.collect();
        remembered.sort();
        remembered
    }

    /// Who is there by this connection, which is the newest of its session.
    pub(super) fn connected(&self, (session, attempt): (u64, u64)) -> Option<usize> {
        self.stays.iter().position(|stay| {
            stay.session == session && stay.place == Place::Connected && stay.attempt() == attempt
        })
    }

    /// How many of the oldest events fell out: as few as the limits allow, and
    /// never the newest.
    pub(super) fn gone(&self) -> u64 {
        let newest_first = self.events.iter().rev().take(self.limits.log_events.get() as usize);
        let sums = newest_first.scan(0, |sum, (_, bytes)| {
            *sum += bytes;
            Some(*sum)
        });
        let held = sums.take_while(|sum| *sum <= self.limits.log_bytes.get()).count();
        self.newest().saturating_sub(held.max(1) as u64)
    }

    pub(super) fn tell_joined(&mut self, now: Timestamp, known: usize) {
        let stay = &self.stays[known];
        self.tell(now, format!("joined: {}", stay.written()), stay.look.bytes());
    }

    pub(super) fn tell_left(&mut self, now: Timestamp, known: usize, why: LeaveReason) {
        if self.here().next().is_none() {
            self.empty_since = now;
        }
        self.tell(now, format!("left: {} {why:?}", self.stays[known].session), 0);
    }

    pub(super) fn push_renamed(&mut self, now: Timestamp, known: usize) -> u64 {
        let Stay { session, look, .. } = &self.stays[known];
        self.push(now, format!("renamed: {session} {}", look.written()), look.bytes())
    }

    fn tell(&mut self, now: Timestamp, what: String, bytes: usize) {
        if self.max.is_some_and(|max| max <= self.limits.listed_max) {
            self.push(now, what, bytes);
        }
    }

    fn push(&mut self, now: Timestamp, what: String, bytes: usize) -> u64 {
        self.events.push((format!("{} {what}", now.as_millis()), bytes + self.bookkeeping));
        self.newest()
    }

    pub(super) fn is_plain(&self) -> bool {
        matches!(self.id, RoomId::Plain(_))
    }
}
