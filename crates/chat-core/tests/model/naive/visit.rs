//! Coming into a naive room, losing the connection, and coming back.

use chat_core::{
    Departure, FaceError, Instance, JoinError, Joined, LeaveReason, RoomId, Timestamp, Whereabouts,
};

use super::{
    room::NaiveRoom,
    stay::{Place, Stay},
};
use crate::look::Look;

/// Somebody wants in, with a key.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) key: u8,
    pub(crate) attempt: u64,
    pub(crate) look: Look,
    pub(crate) resume: Option<(Instance, u64)>,
}

/// Somebody came in: all that a room says of it, in numbers.
#[derive(Debug, PartialEq)]
pub(crate) struct Came {
    session: u64,
    attempt: u64,
    last: u64,
    live: u64,
    resumed: bool,
    gap: Option<(u64, u64)>,
    replaces: Option<u64>,
    moved: bool,
}

impl From<Joined> for Came {
    fn from(joined: Joined) -> Self {
        let Joined { connection, live, resumed, gap, replaces, moved } = joined;
        Self {
            session: connection.id.session.get(),
            attempt: connection.id.attempt,
            last: connection.last.get(),
            live: live.get(),
            resumed,
            gap: gap.map(|(from, to)| (from.get(), to.get())),
            replaces: replaces.map(|session| session.get()),
            moved,
        }
    }
}

impl NaiveRoom {
    pub(crate) fn join(&mut self, now: Timestamp, look: Look) -> Result<Came, JoinError> {
        self.check_open(&look)?;
        self.check_look(&look, None)?;
        self.check_place()?;
        Ok(self.begin(now, look, None, 0, 0, None))
    }

    pub(crate) fn enter(&mut self, now: Timestamp, visit: Visit) -> Result<Came, JoinError> {
        let Visit { key, attempt, look, resume } = visit;
        self.check_open(&look)?;
        let last = resume.filter(|(life, _)| *life == self.instance).map(|(_, last)| last);
        if last > Some(self.newest()) {
            return Err(JoinError::Ahead);
        }
        let is_known = |stay: &Stay| stay.key == Some(key) && stay.place != Place::Forgotten;
        let Some(known) = self.stays.iter().position(is_known) else {
            self.check_look(&look, None)?;
            self.check_place()?;
            return Ok(self.begin(now, look, Some(key), attempt, self.history, last));
        };
        let stay = &self.stays[known];
        let (session, place) = (stay.session, stay.place);
        if stay.attempts.iter().any(|earlier| *earlier >= attempt) {
            return Err(JoinError::Replaced);
        }
        let replaces = (place == Place::Connected).then_some(session);
        if !stay.look.is_same_owners(&look) {
            self.check_look(&look, Some(session))?;
            if stay_is_remembered(place) {
                self.check_place()?;
            }
            self.forget(now, known, LeaveReason::Bye);
            let came = self.begin(now, look, Some(key), attempt, self.history, last);
            return Ok(Came { replaces, ..came });
        }
        if stay_is_remembered(place) {
            self.check_look(&look, Some(session))?;
            self.check_place()?;
        }
        let is_news = match look {
            Look::Nick { .. } => stay_is_remembered(place),
            Look::Key { .. } => !self.stays[known].look.is_as_new_as(&look),
        };
        let moved = match self.stays[known].whereabouts() {
            Some(is) => is != Whereabouts::Here,
            // That it came again is told anyway.
            None => false,
        };
        let stay = &mut self.stays[known];
        stay.attempts.push(attempt);
        stay.place = Place::Connected;
        stay.away = false;
        if is_news {
            stay.look = look;
        }
        if stay_is_remembered(place) {
            stay.since = now;
            self.tell_joined(now, known);
        } else if is_news {
            self.push_renamed(now, known);
        }
        Ok(Came { moved, ..self.go_on(known, last, replaces) })
    }

    /// A session goes on after `last`: with that of it which can still be had.
    fn go_on(&self, known: usize, last: Option<u64>, replaces: Option<u64>) -> Came {
        let stay = &self.stays[known];
        let seen = last.unwrap_or(0).max(stay.first);
        let unseen = seen + 1..=self.newest();
        let mut lost: Vec<u64> = unseen.filter(|seq| *seq <= self.gone()).collect();
        let from = lost.last().copied().unwrap_or(seen);
        if let (Some(last), true) = (last, stay.began_behind) {
            // It may not have heard that it had missed all this.
            lost = (last + 1..=from).collect();
        }
        Came {
            session: stay.session,
            attempt: stay.attempt(),
            last: from,
            live: self.newest(),
            resumed: true,
            gap: lost.first().copied().zip(lost.last().copied()),
            replaces,
            moved: false,
        }
    }

    fn begin(
        &mut self,
        now: Timestamp,
        look: Look,
        key: Option<u8>,
        attempt: u64,
        history: u64,
        last: Option<u64>,
    ) -> Came {
        let before = self.newest();
        let session = self.stays.len() as u64 + 1;
        self.stays.push(Stay {
            session,
            key,
            attempts: vec![attempt],
            began: now,
            since: now,
            look,
            first: 0,
            began_behind: false,
            place: Place::Connected,
            away: false,
            sent: Vec::new(),
            turns: Vec::new(),
        });
        self.tell_joined(now, self.stays.len() - 1);
        let live = self.newest();
        // It is shown of what was before what it hasn't seen and can be had.
        let newest_first = (1..=before).rev().take(history as usize);
        let shown = newest_first.filter(|seq| *seq > last.unwrap_or(0) && *seq > self.gone());
        let first = shown.last().map_or(before, |oldest| oldest - 1);
        let gap = last.filter(|last| *last < first).map(|last| (last + 1, first));
        if let Some(stay) = self.stays.last_mut() {
            stay.first = first;
            stay.began_behind = gap.is_some();
        }
        Came {
            session,
            attempt,
            last: first,
            live,
            resumed: false,
            gap,
            replaces: None,
            moved: false,
        }
    }

    /// A connection has ended; whether somebody left with it.
    pub(crate) fn detach(&mut self, now: Timestamp, of: (u64, u64), how: Departure) -> bool {
        let Some(known) = self.connected(of) else { return false };
        let (grace, reload) = (self.limits.grace, self.limits.reload_grace);
        let stay = &mut self.stays[known];
        match (how, stay.key) {
            (Departure::Lost, Some(_)) => stay.place = Place::Grace(now.after(grace)),
            (Departure::Reloading, Some(_)) => {
                stay.place = Place::Grace(now.after(reload).min(now.after(grace)));
            }
            (Departure::Bye, _) => self.forget(now, known, LeaveReason::Bye),
            (Departure::Lost | Departure::Reloading, None) | (Departure::Expelled, _) => {
                self.forget(now, known, LeaveReason::Timeout);
            }
        }
        !self.stays[known].is_here()
    }

    /// Gives up those whose grace is over, and forgets those who may be; whether
    /// somebody left.
    pub(crate) fn give_up_and_forget(&mut self, now: Timestamp) -> bool {
        let mut left = false;
        while let Some((until, known)) = self.first_grace().filter(|(until, _)| *until <= now) {
            self.stays[known].place = Place::Remembered(until.after(self.limits.remember));
            self.tell_left(now, known, LeaveReason::Timeout);
            left = true;
            let mut remembered = self.remembered();
            let most = self.max.unwrap_or(u32::MAX).min(self.limits.remembered) as usize;
            remembered.truncate(remembered.len().saturating_sub(most));
            for (_, oldest) in remembered {
                self.stays[oldest].place = Place::Forgotten;
            }
        }
        for (until, known) in self.remembered() {
            if until <= now {
                self.stays[known].place = Place::Forgotten;
            }
        }
        left
    }

    fn forget(&mut self, now: Timestamp, known: usize, why: LeaveReason) {
        let was_here = self.stays[known].is_here();
        self.stays[known].place = Place::Forgotten;
        if was_here {
            self.tell_left(now, known, why);
        }
    }

    fn check_open(&self, look: &Look) -> Result<(), JoinError> {
        match self.ended {
            Some((why, _)) => Err(JoinError::Ended(why)),
            None => Ok(look.fits(self.is_plain())?),
        }
    }

    pub(super) fn check_look(&self, look: &Look, but: Option<u64>) -> Result<(), FaceError> {
        let mut others = self.stays.iter().filter(|stay| Some(stay.session) != but);
        match (others.any(|other| other.occupies(look)), self.id) {
            (false, _) => Ok(()),
            (true, RoomId::Plain(_)) => Err(FaceError::NickTaken),
            (true, RoomId::Sealed(_)) => Err(FaceError::KeyTaken),
        }
    }

    fn check_place(&self) -> Result<(), JoinError> {
        match self.max {
            Some(max) if self.here().count() >= max as usize => Err(JoinError::Full),
            _ => Ok(()),
        }
    }
}

fn stay_is_remembered(place: Place) -> bool {
    matches!(place, Place::Remembered(_))
}
