//! What the server says, and what follows from it.

use chat_core::Timestamp;
use chat_proto::{
    CloseCode, DecodeError, MAX_SERVER_FRAME, MsgId, ServerFrame, Text,
    server::{
        Content, ErrorFrame, Gap, Identity, Join, Leave, Msg, Peer, Profile, Typing, Welcome,
    },
};

use super::{Action, Event, LEAVE_WITHIN, Message, Outcome, Person, Session, State, Welcomed};

/// The largest room whose people are told one by one (protocol, section 4.2, `count`).
const MAX_TOLD: u64 = 256;

impl Session {
    /// A text frame came.
    pub fn handle_frame(&mut self, now: Timestamp, frame: &str) {
        if matches!(self.state, State::Idle | State::Closing | State::Ended) {
            return;
        }
        self.heartbeat.heard(now);
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
        if !matches!(self.state, State::Idle | State::Closing | State::Ended) {
            self.give_up("a binary frame".to_owned());
        }
    }

    /// A sign of life came that is no frame: a WebSocket ping or pong.
    pub fn handle_activity(&mut self, now: Timestamp) {
        // Whoever never says `welcome` is not excused by pings.
        if self.state != State::Greeting {
            self.heartbeat.heard(now);
        }
    }

    fn give_up(&mut self, what: String) {
        self.actions.push_back(Action::Close(CloseCode::PROTOCOL));
        self.end(Outcome::Protocol(what));
    }

    fn receive(&mut self, now: Timestamp, frame: ServerFrame<'_>) -> Result<(), &'static str> {
        match frame {
            ServerFrame::Error(error) => self.refused(now, error),
            ServerFrame::End(end) => {
                self.ending = Some(end.why.clone());
                self.events.push_back(Event::Ending { why: end.why, in_ms: end.in_ms });
            }
            ServerFrame::Welcome(welcome) if self.state == State::Greeting => {
                self.welcomed(*welcome)?;
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
            ServerFrame::Count(count) => self.events.push_back(Event::Counted { n: count.n }),
            ServerFrame::Gap(gap) => self.gap(gap),
            ServerFrame::Live(live) => {
                self.state = State::Live;
                self.events.push_back(Event::Live { seq: live.seq });
                self.flush();
                self.tell_nick();
                self.tell_typing(now);
                self.leave_if_done(now);
            }
            ServerFrame::Pong(_) => {}
        }
        Ok(())
    }

    fn welcomed(&mut self, welcome: Welcome<'_>) -> Result<(), &'static str> {
        let people = welcome.peers.into_iter().map(person).collect::<Result<Vec<_>, _>>()?;
        self.state = State::Replaying;
        self.sid = welcome.sid;
        self.replay_to = welcome.seq;
        self.limits = Some(welcome.limits);
        self.crowd = welcome.room.max == 0 || welcome.room.max > MAX_TOLD;
        self.heartbeat.expect_every(welcome.limits.ping_ms);
        self.people.reset(people.clone());
        self.events.push_back(Event::Welcomed(Box::new(Welcomed {
            sid: welcome.sid,
            room: welcome.room,
            people,
            seq: welcome.seq,
            now: welcome.now,
        })));
        Ok(())
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
        let Content::Plain { nick, text } = msg.content else {
            return Err("a sealed message in a plain room");
        };
        let own = msg.from == self.sid;
        let nick = nick.into_owned();
        self.people.called(msg.from, nick.clone());
        self.events.push_back(Event::Message(Message {
            seq: msg.seq,
            ts: msg.ts,
            sid: msg.from,
            nick,
            text: text.into_owned(),
            own,
        }));
        if let (true, Some(id)) = (own, msg.id) {
            self.acknowledged(now, id, msg.seq);
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
        let person = person(join.peer)?;
        if !self.is_new(join.seq) {
            return Ok(());
        }
        if join.seq > self.replay_to {
            self.people.came(person.clone());
        } else {
            self.people.called(person.sid, person.nick.clone());
        }
        self.events.push_back(Event::Joined { seq: join.seq, ts: join.ts, person });
        Ok(())
    }

    fn left(&mut self, leave: Leave) {
        if !self.is_new(leave.seq) {
            return;
        }
        if leave.seq > self.replay_to {
            self.people.left(leave.sid);
        }
        let nick = self.people.name(leave.sid);
        let Leave { seq, ts, sid, why } = leave;
        self.events.push_back(Event::Left { seq, ts, sid, nick, why });
    }

    fn renamed(&mut self, profile: Profile<'_>) -> Result<(), &'static str> {
        let Profile { seq, ts, sid, who } = profile;
        let nick = nick(who)?;
        if !self.is_new(seq) {
            return Ok(());
        }
        if seq > self.replay_to {
            self.people.renamed(sid, &nick);
        }
        if sid == self.sid && self.renaming.as_ref().is_some_and(|new| *new.as_str() == *nick) {
            self.renaming = None;
        }
        // What is replayed first may be what the list was made of: then the old name is not known.
        let old = self.people.called(sid, nick.clone()).filter(|old| *old != nick);
        self.events.push_back(Event::Renamed { seq, ts, sid, old, nick });
        Ok(())
    }

    fn gap(&mut self, gap: Gap) {
        self.last = self.last.max(gap.to);
        self.events.push_back(Event::Gap { from: gap.from, to: gap.to, why: gap.why });
    }

    fn refused(&mut self, now: Timestamp, error: ErrorFrame<'_>) {
        let message = Text::from(error.message.into_owned());
        if error.fatal {
            self.actions.push_back(Action::Close(CloseCode::NORMAL));
            self.end(Outcome::Refused { code: error.code, message });
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

    /// Something was settled: leaving gets nearer, and more patience.
    fn leave_on(&mut self, now: Timestamp) {
        if self.leaving.is_some() {
            self.leaving = Some(now.after(LEAVE_WITHIN));
            self.leave_if_done(now);
        }
    }
}

fn person(peer: Peer<'_>) -> Result<Person, &'static str> {
    let Peer { sid, mode, since, who } = peer;
    Ok(Person { sid, nick: nick(who)?, mode, since })
}

fn nick(who: Identity<'_>) -> Result<Text<'static>, &'static str> {
    match who {
        Identity::Plain { nick } => Ok(nick.into_owned()),
        Identity::Sealed { .. } => Err("a sealed profile in a plain room"),
    }
}
