//! A server in virtual time around the real rooms: what chat-server does with sockets.

use std::collections::{BTreeMap, HashMap};

use chat_core::{
    ConnectionId, Departure, Entry, FaceError, FindError, Instance, JoinError, Limits, MessageId,
    PlainToken, Posted, Read, Registry, Resume, Room, RoomChange, RoomId, Seq, SessionId,
    SessionKey, Timestamp, What, Whereabouts, Wishes,
};
use chat_proto::{
    ClientFrame, ErrorCode, ServerFrame,
    client::{Body, Hello, Profile, Target},
    server::{Ack, End, EndWhy, Gap, GapWhy, Live, Pong},
};
use rand::rngs::StdRng;

use super::{
    net::Said,
    wire::{self, Words},
};

/// A silent connection is dropped after this, in milliseconds.
const SILENCE_MS: u64 = 45_000;

/// One that takes nothing is closed after this, in milliseconds.
const STALL_MS: u64 = 15_000;

/// A connection, named by its pipe.
struct Conn {
    heard: u64,
    seat: Option<Seat>,
}

struct Seat {
    room: RoomId,
    id: ConnectionId,
    last: Seq,
    replay: Option<Seq>,
    blocked: Option<u64>,
    /// Where it knows the others to be.
    told: BTreeMap<SessionId, Whereabouts>,
}

impl Seat {
    /// Where others are, as far as that is news.
    fn news(&mut self, room: &Room<Words>) -> impl Iterator<Item = String> {
        let others = room.peers().filter(|peer| peer.session != self.id.session);
        let news = others.filter(|peer| {
            self.told.insert(peer.session, peer.whereabouts) != Some(peer.whereabouts)
        });
        news.map(|peer| wire::state(peer.session.get(), peer.whereabouts))
    }
}

/// All that ever stood in one life of the room, in a line each.
pub(crate) type Record = Vec<String>;

pub(crate) struct Server {
    pub(crate) rooms: Registry<Words>,
    conns: BTreeMap<usize, Conn>,
    pub(crate) records: HashMap<[u8; 16], Record>,
    /// When each session lost its connection; none while it has one.
    lost: HashMap<([u8; 16], SessionId), u64>,
    limits: Limits,
    rng: StdRng,
    /// What happened here, by its name.
    pub(crate) happened: Vec<&'static str>,
    /// What is wrong, where something is.
    pub(crate) wrong: Option<String>,
}

/// What the server says, and to whom.
pub(crate) type Out = Vec<(usize, Said)>;

impl Server {
    pub(crate) fn new(limits: Limits, rng: StdRng) -> Self {
        Self {
            rooms: Registry::new(limits.clone().into()),
            conns: BTreeMap::new(),
            records: HashMap::new(),
            lost: HashMap::new(),
            limits,
            rng,
            happened: Vec::new(),
            wrong: None,
        }
    }

    /// Another server in the place of this one; what stood in the rooms is still known to the test.
    pub(crate) fn restart(&mut self) {
        self.rooms = Registry::new(self.limits.clone().into());
        self.conns.clear();
        self.lost.clear();
    }

    pub(crate) fn create(&mut self, now: u64) -> PlainToken {
        self.rooms.create(time(now), &mut self.rng, &Wishes::default()).unwrap()
    }

    /// Whose connection it is.
    pub(crate) fn session(&self, pipe: usize) -> Option<SessionId> {
        self.conns.get(&pipe)?.seat.as_ref().map(|seat| seat.id.session)
    }

    pub(crate) fn accept(&mut self, now: u64, pipe: usize) {
        self.conns.insert(pipe, Conn { heard: now, seat: None });
    }

    /// What a client says.
    pub(crate) fn hear(&mut self, now: u64, pipe: usize, said: Said, out: &mut Out) {
        let Some(conn) = self.conns.get_mut(&pipe) else { return };
        conn.heard = now;
        match said {
            Said::Text(frame) => match ClientFrame::decode(&frame, 65_536) {
                Ok(ClientFrame::Hello(hello)) => self.enter(now, pipe, *hello, out),
                Ok(frame) => self.take(now, pipe, frame, out),
                Err(error) => self.wrong = Some(format!("a client sent {frame}: {error}")),
            },
            Said::Close(code) => {
                out.push((pipe, Said::Close(code)));
                let how = match code {
                    1000 => Departure::Bye,
                    1001 => Departure::Reloading,
                    _ => Departure::Lost,
                };
                self.part(now, pipe, how);
            }
            Said::Gone => self.part(now, pipe, Departure::Lost),
            Said::Open => {}
        }
    }

    /// When something is due.
    pub(crate) fn poll_timeout(&self) -> Option<u64> {
        let silent = self.conns.values().map(|conn| conn.heard + SILENCE_MS);
        let blocked = self.conns.values().filter_map(|conn| conn.seat.as_ref()?.blocked);
        let rooms = self.rooms.poll_timeout().map(Timestamp::as_millis);
        silent.chain(blocked.map(|since| since + STALL_MS)).chain(rooms).min()
    }

    pub(crate) fn handle_timeout(&mut self, now: u64, out: &mut Out) {
        self.rooms.handle_timeout(time(now));
        while let Some(change) = self.rooms.poll_change() {
            match change {
                RoomChange::Ended(id, _) => self.end(now, id, out),
                RoomChange::News(id) => self.record(now, id),
                RoomChange::Gone(..) => {}
            }
        }
        let late = |conn: &Conn| {
            let blocked = conn.seat.as_ref().and_then(|seat| seat.blocked);
            blocked.is_some_and(|since| now >= since + STALL_MS) || now >= conn.heard + SILENCE_MS
        };
        let late: Vec<_> =
            self.conns.iter().filter(|(_, conn)| late(conn)).map(|(pipe, _)| *pipe).collect();
        for pipe in late {
            out.push((pipe, Said::Close(4408)));
            self.part(now, pipe, Departure::Lost);
        }
    }

    /// Writes what is new to all, as far as their connections take it.
    pub(crate) fn pump(
        &mut self,
        now: u64,
        window: usize,
        held: impl Fn(usize) -> usize,
        out: &mut Out,
    ) {
        for (&pipe, conn) in &mut self.conns {
            let Some(seat) = &mut conn.seat else { continue };
            let Ok(room) = self.rooms.room(seat.room) else { continue };
            let mut free = window.saturating_sub(held(pipe));
            loop {
                if seat.replay.is_some_and(|live| seat.last >= live) {
                    let live = seat.replay.take().unwrap_or_default();
                    out.push((pipe, frame(&ServerFrame::Live(Live { seq: live.get() }))));
                    continue;
                }
                if seat.last >= room.newest() {
                    seat.blocked = None;
                    out.extend(seat.news(room).map(|frame| (pipe, Said::Text(frame))));
                    break;
                }
                if free == 0 {
                    seat.blocked.get_or_insert(now);
                    break;
                }
                free -= 1;
                seat.blocked = None;
                match room.after(seat.last) {
                    Read::Lagged { from, to } => {
                        seat.last = to;
                        out.push((pipe, gap(from, to, GapWhy::Slow)));
                    }
                    Read::Events(mut events) => {
                        let Some((seq, event)) = events.next() else { break };
                        seat.last = seq;
                        // One that is replayed was told of with the welcome, as it was then.
                        if let (What::Joined(peer), None) = (&event.what, seat.replay) {
                            seat.told.insert(peer.session, peer.whereabouts);
                        }
                        out.push((pipe, Said::Text(wire::event(seq, event))));
                    }
                }
            }
        }
    }

    fn enter(&mut self, now: u64, pipe: usize, hello: Hello<'_>, out: &mut Out) {
        let id = match &hello.room {
            Target::Token(token) => RoomId::Plain(token.parse().unwrap()),
            Target::Room(id) => RoomId::Sealed(id.0),
        };
        if hello.create && matches!(self.rooms.room(id), Err(FindError::NoRoom)) {
            let ttl = hello.opts.ttl_s.map(std::time::Duration::from_secs);
            let wishes = Wishes { ttl, ..Wishes::default() };
            self.rooms.open(time(now), id, &mut self.rng, &wishes).unwrap();
        }
        let resume =
            hello.resume.map(|r| Resume { instance: Instance(r.inst.0), last: Seq::new(r.last) });
        let (key, face) = (SessionKey(hello.key.0), wire::face(hello.who));
        let entry = Entry { key, attempt: hello.attempt, face, resume };
        let joined = match self.rooms.change(id, |room| room.enter(time(now), entry)) {
            Ok(Ok(joined)) => joined,
            refused => {
                let (error, close) = wire::refusal(match refused {
                    Err(FindError::NoRoom) => ErrorCode::NoRoom,
                    Err(FindError::Ended) | Ok(Err(JoinError::Ended(_))) => ErrorCode::RoomEnded,
                    Ok(Err(JoinError::Full)) => ErrorCode::RoomFull,
                    Ok(Err(JoinError::Face(FaceError::NickTaken))) => ErrorCode::NickTaken,
                    Ok(Err(JoinError::Replaced)) => {
                        self.happened.push("late hello");
                        ErrorCode::Replaced
                    }
                    other => {
                        self.wrong = Some(format!("somebody could not come in: {other:?}"));
                        ErrorCode::BadHello
                    }
                });
                out.extend([(pipe, Said::Text(error)), (pipe, Said::Close(close))]);
                self.conns.remove(&pipe);
                return;
            }
        };
        self.record(now, id);
        let Ok(room) = self.rooms.room(id) else { return };
        let session = joined.connection.id.session;
        self.lost.remove(&(room.instance().0, session));
        out.push((pipe, Said::Text(wire::welcome(room, session.get(), joined.resumed, now))));
        if let Some((from, to)) = joined.gap {
            out.push((pipe, gap(from, to, GapWhy::Expired)));
        }
        if let Some(session) = joined.replaces {
            self.happened.push("replaced");
            let of =
                |conn: &Conn| conn.seat.as_ref().is_some_and(|seat| seat.id.session == session);
            let old: Vec<_> =
                self.conns.iter().filter(|(_, conn)| of(conn)).map(|(pipe, _)| *pipe).collect();
            for pipe in old {
                out.push((pipe, Said::Close(4409)));
                self.conns.remove(&pipe);
            }
        }
        let seat = Seat {
            room: id,
            id: joined.connection.id,
            last: joined.connection.last,
            replay: Some(joined.live),
            blocked: None,
            told: room.peers().map(|peer| (peer.session, peer.whereabouts)).collect(),
        };
        if let Some(conn) = self.conns.get_mut(&pipe) {
            conn.seat = Some(seat);
        }
    }

    fn take(&mut self, now: u64, pipe: usize, said: ClientFrame<'_>, out: &mut Out) {
        let Some(Seat { room, id, .. }) = self.conns.get(&pipe).and_then(|c| c.seat.as_ref())
        else {
            self.wrong = Some("a client spoke before it said hello".to_owned());
            return;
        };
        let (room, id) = (*room, *id);
        match said {
            ClientFrame::Send(send) => {
                let name = MessageId::parse(send.id.as_str());
                let words = match send.body {
                    Body::Text(text) => Words::Open(text.as_str().to_owned()),
                    Body::Sealed(m) => Words::Sealed(m),
                };
                let posted = self.rooms.change(room, |room| room.post(time(now), id, name, words));
                if let Ok(Ok(Posted::Repeat(seq))) = posted {
                    self.happened.push("repeat");
                    let ack = Ack { id: send.id, seq: seq.get() };
                    out.push((pipe, frame(&ServerFrame::Ack(ack))));
                }
            }
            ClientFrame::Profile(profile) => {
                let face = match profile {
                    Profile::Nick(nick) => wire::face(chat_proto::client::Identity::Plain { nick }),
                    Profile::Sealed(profile) => {
                        let Ok(known) = self.rooms.room(room) else { return };
                        let Some(peer) = known.peer(id.session) else { return };
                        let chat_core::Face::Key { spk, .. } = peer.face else { return };
                        let (n, profile) = (profile.n, Words::Sealed(profile));
                        chat_core::Face::Key { spk, n, profile }
                    }
                };
                let renamed = self.rooms.change(room, |room| room.rename(time(now), id, face));
                if let Ok(Err(_)) = renamed {
                    out.push((pipe, Said::Text(wire::error(ErrorCode::NickTaken, false))));
                }
            }
            ClientFrame::Ping(ping) => {
                out.push((pipe, frame(&ServerFrame::Pong(Pong { n: ping.n, now }))));
            }
            ClientFrame::Bye => {
                out.push((pipe, Said::Close(1000)));
                self.part(now, pipe, Departure::Bye);
            }
            ClientFrame::Away(away) => {
                if let Ok(true) = self.rooms.change(room, |room| room.set_away(id, away.on)) {
                    self.happened.push("away");
                }
            }
            ClientFrame::Hello(_) | ClientFrame::Typing(_) => {}
        }
        self.record(now, room);
    }

    fn part(&mut self, now: u64, pipe: usize, how: Departure) {
        let Some(Conn { seat: Some(seat), .. }) = self.conns.remove(&pipe) else { return };
        let Ok(room) = self.rooms.room(seat.room) else { return };
        self.lost.entry((room.instance().0, seat.id.session)).or_insert(now);
        // One that is gone already needs no parting.
        let _ = self.rooms.change(seat.room, |room| room.detach(time(now), seat.id, how));
        self.record(now, seat.room);
    }

    fn end(&mut self, now: u64, id: RoomId, out: &mut Out) {
        let Ok(room) = self.rooms.room(id) else { return };
        let in_it: Vec<usize> = self
            .conns
            .iter()
            .filter(|(_, conn)| conn.seat.as_ref().is_some_and(|seat| seat.room == id))
            .map(|(pipe, _)| *pipe)
            .collect();
        for pipe in in_it {
            let Some(Conn { seat: Some(seat), .. }) = self.conns.remove(&pipe) else { continue };
            if let Read::Events(events) = room.after(seat.last) {
                out.extend(events.map(|(seq, event)| (pipe, Said::Text(wire::event(seq, event)))));
            }
            out.push((pipe, frame(&ServerFrame::End(End { why: EndWhy::Ttl, in_ms: 0 }))));
            out.push((pipe, Said::Close(4410)));
        }
        let _ = now;
    }

    /// Writes down what is new in a room, and that nobody is told to have left who may still come
    /// back unseen.
    fn record(&mut self, now: u64, id: RoomId) {
        let Ok(room) = self.rooms.room(id) else { return };
        let inst = room.instance().0;
        let record = self.records.entry(inst).or_default();
        let Read::Events(events) = room.after(Seq::new(record.len() as u64)) else {
            self.wrong = Some("the test was too slow for the log".to_owned());
            return;
        };
        for (_, event) in events {
            if let What::Left { session, why: chat_core::LeaveReason::Timeout } = event.what {
                let since = self.lost.get(&(inst, session)).copied();
                let grace = self.limits.grace.as_millis() as u64;
                if since.is_none_or(|since| now < since + grace) {
                    self.wrong = Some(format!("{session:?} was told to have left in its grace"));
                }
            }
            record.push(line(event));
        }
    }
}

/// An event as a screen shows it, names aside.
fn line(event: &chat_core::Event<Words>) -> String {
    match &event.what {
        What::Joined(peer) => format!("join {}", peer.session.get()),
        What::Posted { from, payload: Words::Open(text), .. } => {
            format!("msg {} {text}", from.get())
        }
        What::Posted { from, payload: Words::Sealed(m), author, .. } => {
            let chat_core::Author::Key(spk) = author else { panic!("nobody's") };
            format!("msg {} {}", from.get(), cipher_name(&spk.0, m.n))
        }
        What::Left { session, .. } => format!("leave {}", session.get()),
        What::Renamed { session, .. } => format!("nick {}", session.get()),
    }
}

/// What a sealed message is called until its text is known.
pub(crate) fn cipher_name(spk: &[u8; 32], n: u64) -> String {
    let key: String = spk[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sealed {key} {n}")
}

fn gap(from: Seq, to: Seq, why: GapWhy) -> Said {
    frame(&ServerFrame::Gap(Gap { from: from.get(), to: to.get(), why }))
}

fn frame(frame: &ServerFrame<'_>) -> Said {
    Said::Text(frame.encode())
}

fn time(now: u64) -> Timestamp {
    Timestamp::from_millis(now)
}
