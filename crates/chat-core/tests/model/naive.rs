//! The rooms as their documentation has them: all is kept for ever, and looked
//! through from its start each time.

use std::{collections::VecDeque, time::Duration};

use chat_core::{
    EndReason, FaceError, FindError, JoinError, LeaveReason, Limits, MessageId, Mode, OpenError,
    PostError, Rate, RoomChange, RoomId, Timestamp, Wishes,
};

use crate::look::Look;

pub(crate) struct Naive {
    limits: Limits,
    bookkeeping: usize,
    pub(crate) rooms: Vec<NaiveRoom>,
    /// Ids of rooms that ended, and until when they are remembered.
    ended: Vec<(Timestamp, RoomId)>,
    pub(crate) changes: VecDeque<RoomChange>,
}

pub(crate) struct NaiveRoom {
    id: RoomId,
    limits: Limits,
    bookkeeping: usize,
    created: Timestamp,
    ttl: Duration,
    max: Option<u32>,
    history: u64,
    /// Each event that ever was, as text, with its bytes.
    pub(crate) events: Vec<(String, usize)>,
    members: Vec<Member>,
    joined: u64,
    posted: bool,
    empty_since: Timestamp,
    /// Why, and until when it can still be read.
    pub(crate) ended: Option<(EndReason, Timestamp)>,
}

struct Member {
    session: u64,
    mode: Mode,
    since: Timestamp,
    look: Look,
    /// When it took turns.
    turns: Vec<Timestamp>,
}

impl Naive {
    pub(crate) fn new(limits: Limits, bookkeeping: usize) -> Self {
        let (rooms, ended, changes) = (Vec::new(), Vec::new(), VecDeque::new());
        Self { limits, bookkeeping, rooms, ended, changes }
    }

    pub(crate) fn open(
        &mut self,
        now: Timestamp,
        id: RoomId,
        wishes: &Wishes,
    ) -> Result<(), OpenError> {
        match self.find(id) {
            Err(FindError::Ended) => return Err(OpenError::Ended),
            Ok(room) if room.ended.is_some() => return Err(OpenError::Ended),
            Ok(_) => return Ok(()),
            Err(FindError::NoRoom) => {}
        }
        let limits = &self.limits;
        if limits.rooms.is_some_and(|most| self.rooms.len() >= most.get()) {
            return Err(OpenError::TooManyRooms);
        }
        let ttl = wishes.ttl.unwrap_or(limits.room_ttl).max(limits.room_ttl_min);
        let wished_max = wishes.max.map_or(u32::MAX, |max| max.max(1));
        let max = wished_max.min(limits.room_max.map_or(u32::MAX, |max| max.get()));
        let history = wishes.history.unwrap_or(limits.history).min(limits.log_events.get());
        self.rooms.push(NaiveRoom {
            id,
            limits: limits.clone(),
            bookkeeping: self.bookkeeping,
            created: now,
            ttl: ttl.min(limits.room_ttl),
            max: (max < u32::MAX).then_some(max),
            history: history.into(),
            events: Vec::new(),
            members: Vec::new(),
            joined: 0,
            posted: false,
            empty_since: now,
            ended: None,
        });
        Ok(())
    }

    pub(crate) fn find(&mut self, id: RoomId) -> Result<&mut NaiveRoom, FindError> {
        let remembered = self.ended.iter().any(|(_, ended)| *ended == id);
        let missing = if remembered { FindError::Ended } else { FindError::NoRoom };
        self.rooms.iter_mut().find(|room| room.id == id).ok_or(missing)
    }

    pub(crate) fn close(
        &mut self,
        id: RoomId,
        why: EndReason,
        now: Timestamp,
    ) -> Result<(), FindError> {
        let until = now.after(self.limits.linger);
        let room = self.find(id)?;
        if room.ended.is_none() {
            room.ended = Some((why, until));
            self.changes.push_back(RoomChange::Ended(id, why));
        }
        Ok(())
    }

    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        let rooms = self.rooms.iter().map(NaiveRoom::deadline);
        rooms.chain(self.ended.iter().map(|(until, _)| *until)).min()
    }

    pub(crate) fn handle_timeout(&mut self, now: Timestamp) {
        while let Some(place) = self.first_due(now) {
            let room = &mut self.rooms[place];
            let id = room.id;
            if room.ended.is_none() && !room.members.is_empty() {
                room.ended = Some((EndReason::Ttl, now.after(self.limits.linger)));
                self.changes.push_back(RoomChange::Ended(id, EndReason::Ttl));
                continue;
            }
            let is_over = room.ended.map_or(room.expires() <= now, |(why, _)| {
                matches!(why, EndReason::Ttl | EndReason::Closed)
            });
            self.rooms.remove(place);
            self.changes.push_back(RoomChange::Gone(id));
            if is_over {
                self.ended.push((now.after(self.limits.ended_ttl), id));
                self.ended.sort();
                let excess = self.ended.len().saturating_sub(self.limits.ended_rooms);
                self.ended.drain(..excess);
            }
        }
        self.ended.retain(|(until, _)| *until > now);
    }

    fn first_due(&self, now: Timestamp) -> Option<usize> {
        let due = self.rooms.iter().enumerate().filter(|(_, room)| room.deadline() <= now);
        due.min_by_key(|(_, room)| (room.deadline(), room.id)).map(|(place, _)| place)
    }
}

impl NaiveRoom {
    /// The numbers of the session, of the last event that it is not shown, and
    /// of the newest.
    pub(crate) fn join(
        &mut self,
        now: Timestamp,
        mode: Mode,
        look: Look,
    ) -> Result<(u64, u64, u64), JoinError> {
        if let Some((why, _)) = self.ended {
            return Err(JoinError::Ended(why));
        }
        self.check_look(&look, None)?;
        if self.max.is_some_and(|max| self.members.len() >= max as usize) {
            return Err(JoinError::Full);
        }
        let before = self.events.len() as u64;
        self.joined += 1;
        let session = self.joined;
        let bytes = look.bytes();
        self.members.push(Member { session, mode, since: now, look, turns: Vec::new() });
        let written = self.peers().pop().unwrap_or_default();
        self.tell(now, format!("joined: {written}"), bytes);
        let history = if mode == Mode::Structured { self.history } else { 0 };
        let last = before.saturating_sub(history).max(self.gone());
        Ok((session, last, self.events.len() as u64))
    }

    pub(crate) fn post(
        &mut self,
        now: Timestamp,
        session: u64,
        id: Option<MessageId>,
        text: String,
    ) -> Result<u64, PostError> {
        if let Some((why, _)) = self.ended {
            return Err(PostError::Ended(why));
        }
        let author = self.member(session).ok_or(PostError::NotHere)?.look.author();
        self.posted = true;
        Ok(self.push(now, format!("posted: {session} {author} {id:?} {text}"), text.len()))
    }

    pub(crate) fn rename(
        &mut self,
        now: Timestamp,
        session: u64,
        look: Look,
    ) -> Result<Option<u64>, FaceError> {
        look.fits(self.is_plain())?;
        let Some(member) = self.member(session) else { return Ok(None) };
        match (&member.look, &look) {
            (Look::Key { key: old, .. }, Look::Key { key, .. }) if old != key => {
                return Err(FaceError::WrongKind);
            }
            (Look::Key { n: old, .. }, Look::Key { n, .. }) if n <= old => return Ok(None),
            (Look::Nick { .. }, Look::Nick { .. }) if member.look.written() == look.written() => {
                return Ok(None);
            }
            _ => {}
        }
        self.check_look(&look, Some(session))?;
        let (written, bytes) = (look.written(), look.bytes());
        if let Some(member) = self.member(session) {
            member.look = look;
        }
        Ok(Some(self.push(now, format!("renamed: {session} {written}"), bytes)))
    }

    pub(crate) fn leave(&mut self, now: Timestamp, session: u64, why: LeaveReason) -> bool {
        let before = self.members.len();
        self.members.retain(|member| member.session != session);
        if self.members.len() == before {
            return false;
        }
        if self.members.is_empty() {
            self.empty_since = now;
        }
        self.tell(now, format!("left: {session} {why:?}"), 0);
        true
    }

    pub(crate) fn take_turn(&mut self, session: u64, now: Timestamp) -> Result<(), Timestamp> {
        let Some(rate) = self.limits.message_rate else { return Ok(()) };
        let Some(member) = self.member(session) else { return Ok(()) };
        let free = |at: Timestamp| held(&rate, member.since, &member.turns, at) >= parts(&rate);
        if free(now) {
            member.turns.push(now);
            return Ok(());
        }
        let mut at = now;
        while !free(at) {
            at = at.after(Duration::from_millis(1));
        }
        Err(at)
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

    pub(crate) fn held_bytes(&self) -> usize {
        self.events[self.gone() as usize..].iter().map(|(_, bytes)| bytes).sum()
    }

    pub(crate) fn peers(&self) -> Vec<String> {
        let written = |member: &Member| {
            let Member { session, mode, since, look, .. } = member;
            format!("{session} {mode:?} {} {}", since.as_millis(), look.written())
        };
        self.members.iter().map(written).collect()
    }

    pub(crate) fn expires(&self) -> Timestamp {
        self.created.after(self.ttl)
    }

    fn deadline(&self) -> Timestamp {
        let wait = match self.posted {
            true => self.limits.empty_ttl,
            false => self.limits.unused_ttl.max(self.limits.empty_ttl),
        };
        match self.ended {
            Some((_, until)) => until,
            None if self.members.is_empty() => self.expires().min(self.empty_since.after(wait)),
            None => self.expires(),
        }
    }

    /// How many of the oldest events fell out: as few as the limits allow, and
    /// never the newest.
    fn gone(&self) -> u64 {
        let fits = |held: &[(String, usize)]| {
            held.len() <= self.limits.log_events.get() as usize
                && held.iter().map(|(_, bytes)| bytes).sum::<usize>() <= self.limits.log_bytes.get()
        };
        let newest = self.events.len().saturating_sub(1);
        (0..newest).find(|gone| fits(&self.events[*gone..])).unwrap_or(newest) as u64
    }

    fn check_look(&self, look: &Look, but: Option<u64>) -> Result<(), FaceError> {
        look.fits(self.is_plain())?;
        let mut others = self.members.iter().filter(|member| Some(member.session) != but);
        match (others.any(|other| other.look.is_taken_for(look)), self.is_plain()) {
            (false, _) => Ok(()),
            (true, true) => Err(FaceError::NickTaken),
            (true, false) => Err(FaceError::KeyTaken),
        }
    }

    fn tell(&mut self, now: Timestamp, what: String, bytes: usize) {
        if self.max.is_some_and(|max| max <= self.limits.listed_max) {
            self.push(now, what, bytes);
        }
    }

    fn push(&mut self, now: Timestamp, what: String, bytes: usize) -> u64 {
        self.events.push((format!("{} {what}", now.as_millis()), bytes + self.bookkeeping));
        self.events.len() as u64
    }

    fn member(&mut self, session: u64) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.session == session)
    }

    fn is_plain(&self) -> bool {
        matches!(self.id, RoomId::Plain(_))
    }
}

/// What one turn costs, in parts of which a rate gives `tokens` a millisecond.
fn parts(rate: &Rate) -> u64 {
    rate.per.as_millis() as u64
}

/// What a session holds at a time, from its start on with each turn it took.
fn held(rate: &Rate, since: Timestamp, turns: &[Timestamp], at: Timestamp) -> u64 {
    let full = u64::from(rate.burst) * parts(rate);
    let gain =
        |from: Timestamp, to: Timestamp| to.since(from).as_millis() as u64 * u64::from(rate.tokens);
    let (mut held, mut from) = (full, since);
    for turn in turns {
        held = full.min(held + gain(from, *turn)) - parts(rate);
        from = *turn;
    }
    full.min(held + gain(from, at))
}
