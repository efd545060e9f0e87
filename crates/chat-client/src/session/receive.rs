//! What the server says, and what follows from it.

use std::{collections::BTreeSet, time::Duration};

use chat_core::{Nick, Timestamp};
use chat_proto::{
    DecodeError, MAX_SERVER_FRAME, MsgId, ServerFrame, Text,
    server::{self, ErrorFrame, Gap, Join, Leave, Msg, Peer, Profile, Typing, Welcome},
};

use super::{
    Arrival, Event, Known, LEAVE_WITHIN, Message, Person, Session, State, Welcomed,
    connection::Fatal,
    heartbeat::Heartbeat,
    voice::{Face, Heard},
};

/// How far a sealed time may be from one's own clock without being marked (protocol, section 5).
const OFF_CLOCK_MS: u64 = 2 * 60 * 1000;

const ANOTHER_KIND: &str = "somebody of another kind of room";

impl Session {
    /// A text frame came.
    pub fn handle_frame(&mut self, now: Timestamp, frame: &str) {
        if !self.is_connected() {
            return;
        }
        self.heartbeat.heard(now);
        self.attempts.progress(now);
        match ServerFrame::decode(frame, MAX_SERVER_FRAME) {
            Ok(frame) => {
                if let Err(what) = self.receive(now, frame) {
                    self.give_up(what.to_owned());
                }
            }
            // A later version may say more than we understand.
            Err(DecodeError::UnknownType) => {}
            Err(error) => self.give_up(error.to_string()),
        }
    }

    /// A binary frame came: they are reserved.
    pub fn handle_binary(&mut self) {
        if self.is_connected() {
            self.give_up("a binary frame".to_owned());
        }
    }

    /// A sign of life came that is no frame: a WebSocket ping or pong. It excuses nobody who never
    /// says `welcome`.
    pub fn handle_activity(&mut self, now: Timestamp) {
        self.heartbeat.heard(now);
    }

    fn is_connected(&self) -> bool {
        matches!(self.state, State::Greeting | State::Replaying | State::Live)
    }

    fn receive(&mut self, now: Timestamp, frame: ServerFrame<'_>) -> Result<(), &'static str> {
        match frame {
            ServerFrame::Error(error) => self.refused(now, error),
            ServerFrame::End(end) => {
                self.ending = Some(end.why.clone());
                self.events.push_back(Event::Ending { why: end.why, in_ms: end.in_ms });
            }
            ServerFrame::Welcome(welcome) if self.state == State::Greeting => {
                self.welcomed(now, *welcome)?;
            }
            ServerFrame::Welcome(_) => return Err("a second welcome"),
            _ if self.state == State::Greeting => return Err("a frame before the welcome"),
            ServerFrame::Msg(msg) => self.message(now, msg)?,
            ServerFrame::Ack(ack) => self.acknowledged(now, ack.id, ack.seq),
            ServerFrame::Join(join) => self.joined(join)?,
            ServerFrame::Leave(leave) => self.left(leave),
            ServerFrame::Profile(profile) => self.renamed(profile)?,
            ServerFrame::Typing(Typing { sid, on }) => {
                let nick = self.people.name(sid);
                self.events.push_back(Event::Typing { sid, nick, on });
            }
            ServerFrame::State(state) => self.moved(state),
            ServerFrame::Count(count) => self.events.push_back(Event::Counted { n: count.n }),
            ServerFrame::Gap(gap) => self.gap(gap),
            ServerFrame::Live(live) => self.live(now, live.seq),
            ServerFrame::Pong(_) => {}
        }
        Ok(())
    }

    fn welcomed(&mut self, now: Timestamp, welcome: Welcome<'_>) -> Result<(), &'static str> {
        if welcome.room.kind != self.voice.kind() {
            return Err("the room is of another kind than its token");
        }
        let Welcome { inst, sid, .. } = welcome;
        let (arrival, own) = match self.room.take() {
            None => (Arrival::First, BTreeSet::new()),
            Some(known) if known.inst != inst => (Arrival::Reopened, BTreeSet::new()),
            Some(known) if known.sid == sid => (Arrival::Resumed, known.own),
            Some(known) => (Arrival::Forgotten, known.own),
        };
        if arrival == Arrival::Reopened {
            self.last = 0;
            self.voice.interrupt();
        }
        let mut room = Known {
            inst,
            sid,
            own,
            replay_to: welcome.seq,
            limits: welcome.limits,
            info: welcome.room.clone(),
            said: (now, welcome.now),
        };
        room.add_own(sid);
        self.room = Some(room);
        self.state = State::Replaying;
        let people = welcome.peers.into_iter().map(|peer| self.person(peer));
        let people = people.collect::<Result<Vec<_>, _>>()?;
        let named = people.iter().find(|person| person.sid == sid && person.seal.is_none());
        if let Some(nick) = named.and_then(|person| Nick::parse(&person.nick).ok()) {
            self.joining.nick = nick;
        }
        self.people.reset(people);
        let people = self.people.list().collect();
        self.events.push_back(Event::Welcomed(Box::new(Welcomed {
            arrival,
            sid,
            room: welcome.room,
            people,
            seq: welcome.seq,
            now: welcome.now,
        })));
        Ok(())
    }

    fn live(&mut self, now: Timestamp, seq: u64) {
        let (Some(room), State::Replaying) = (&self.room, self.state) else { return };
        self.state = State::Live;
        self.heartbeat = Heartbeat::new(now, room.limits.ping_ms);
        self.backoff.reset();
        self.events.push_back(Event::Live { seq });
        if !self.voice.is_sealed() {
            // Nobody drops a plain message that comes twice: the person decides.
            let lost = self.outbox.abandon(room.home());
            self.events.extend(lost.into_iter().map(Event::unconfirmed));
        }
        self.repeat();
        self.tell_nick();
        self.away.begin();
        self.tell_away();
        self.tell_typing(now);
        self.leave_if_done(now);
    }

    /// Whether up to this number the list of people is what `welcome` said.
    fn is_replay(&self, seq: u64) -> bool {
        self.room.as_ref().is_none_or(|room| seq <= room.replay_to)
    }

    fn is_own_sid(&self, sid: u64) -> bool {
        self.room.as_ref().is_some_and(|room| room.sid == sid)
    }

    /// Whether a numbered frame is new; it is told then, and counts as seen.
    fn is_new(&mut self, seq: u64) -> bool {
        let new = seq > self.last;
        self.last = self.last.max(seq);
        new
    }

    fn message(&mut self, now: Timestamp, msg: Msg<'_>) -> Result<(), &'static str> {
        if !self.is_new(msg.seq) {
            return Ok(());
        }
        let Msg { seq, ts, from: sid, id, content } = msg;
        let Some(room) = &self.room else { return Ok(()) };
        let own = self.voice.is_own(&content, room.own.contains(&sid));
        // Seen back is what came back unchanged.
        let from = (room.inst, sid);
        let acknowledged = id.filter(|id| self.outbox.is_ours(*id, from, own, &content));
        match self.voice.hear(content).ok_or("a message of another kind of room")? {
            Heard::Text { nick, code, text, ts: sealed, missing } => {
                self.people.called(sid, nick.clone());
                if missing > 0 {
                    let nick = nick.clone();
                    self.events.push_back(Event::Missing { sid, nick, count: missing });
                }
                let ts = sealed.unwrap_or(ts);
                let off = now.as_millis().abs_diff(ts) > OFF_CLOCK_MS;
                let off_clock = sealed.is_some() && self.state == State::Live && off;
                let code = code.filter(|code| self.people.is_ambiguous(&nick, code));
                let message = Message { seq, ts, off_clock, sid, nick, code, text, own };
                self.events.push_back(Event::Message(message));
            }
            Heard::Newer { nick } => self.events.push_back(Event::Newer { seq, ts, sid, nick }),
            Heard::Unverifiable => self.events.push_back(Event::Unverifiable { seq, ts, sid }),
            Heard::Repeat => {}
        }
        if let Some(id) = acknowledged {
            self.acknowledged(now, id, seq);
        }
        Ok(())
    }

    fn acknowledged(&mut self, now: Timestamp, id: MsgId, seq: u64) {
        if self.outbox.settle(id) {
            self.events.push_back(Event::Acknowledged { id, seq });
            self.leave_on(now);
        }
    }

    fn joined(&mut self, join: Join<'_>) -> Result<(), &'static str> {
        if !self.is_new(join.seq) {
            return Ok(());
        }
        let person = self.person(join.peer)?;
        let person = if !self.is_replay(join.seq) {
            self.people.came(person.clone());
            self.people.list().find(|known| known.sid == person.sid).unwrap_or(person)
        } else {
            self.people.called(person.sid, person.nick.clone());
            person
        };
        self.events.push_back(Event::Joined { seq: join.seq, ts: join.ts, person });
        Ok(())
    }

    fn left(&mut self, leave: Leave) {
        if !self.is_new(leave.seq) {
            return;
        }
        if !self.is_replay(leave.seq) {
            self.people.left(leave.sid);
        }
        let nick = self.people.name(leave.sid);
        let Leave { seq, ts, sid, why } = leave;
        self.events.push_back(Event::Left { seq, ts, sid, nick, why });
    }

    fn renamed(&mut self, profile: Profile<'_>) -> Result<(), &'static str> {
        let Profile { seq, ts, sid, who } = profile;
        if !self.is_new(seq) {
            return Ok(());
        }
        let own = self.is_own_sid(sid);
        let is_ours = |new: &Nick| own && self.voice.is_own_profile(&who, new);
        if let Some(new) = self.renaming.take_if(|(new, _)| is_ours(new)) {
            self.joining.nick = new.0;
        }
        let face = self.voice.face(who).ok_or(ANOTHER_KIND)?;
        let nick = face.nick.clone();
        if !self.is_replay(seq) {
            // One's own name is what the room has, where a newer wish for one is still on its way too.
            if let Some(nick) = Nick::parse(&nick).ok().filter(|_| own && face.seal.is_none()) {
                self.joining.nick = nick;
            }
            self.people.renamed(sid, face);
        }
        // What is replayed first may be what the list was made of: then the old name is not known.
        let old = self.people.called(sid, nick.clone()).filter(|old| *old != nick);
        self.events.push_back(Event::Renamed { seq, ts, sid, old, nick });
        Ok(())
    }

    /// One knows of oneself, whatever a server says.
    fn moved(&mut self, server::State { sid, is }: server::State) {
        if self.is_own_sid(sid) {
            return;
        }
        if let Some(nick) = self.people.moved(sid, &is) {
            self.events.push_back(Event::State { sid, nick, is });
        }
    }

    fn gap(&mut self, gap: Gap) {
        self.last = self.last.max(gap.to);
        self.voice.interrupt();
        self.events.push_back(Event::Gap { from: gap.from, to: gap.to, why: gap.why });
        if self.state == State::Live {
            // What of one's own was in it is acknowledged when it comes again.
            self.repeat();
        }
    }

    fn refused(&mut self, now: Timestamp, error: ErrorFrame<'_>) {
        let message = Text::from(error.message.into_owned());
        if error.fatal {
            let retry = error.retry_ms.map(Duration::from_millis);
            self.attempts.fatal = Some(Fatal { code: error.code, message, retry });
            return;
        }
        let id = error.re.filter(|id| self.outbox.settle(*id));
        if id.is_none() {
            // Of what this client sends, only a change of nickname can be refused without naming it.
            self.renaming = None;
        }
        self.events.push_back(Event::Refused { id, code: error.code, message });
        self.leave_on(now);
    }

    fn person(&mut self, peer: Peer<'_>) -> Result<Person, &'static str> {
        let Peer { sid, mode, since, who, is } = peer;
        let Face { nick, seal } = self.voice.face(who).ok_or(ANOTHER_KIND)?;
        Ok(Person { sid, nick, seal, mode, since, is })
    }

    /// Something was settled: leaving gets nearer, and more patience.
    fn leave_on(&mut self, now: Timestamp) {
        if self.leaving.is_some() {
            self.leaving = Some(now.after(LEAVE_WITHIN));
            self.leave_if_done(now);
        }
    }
}
