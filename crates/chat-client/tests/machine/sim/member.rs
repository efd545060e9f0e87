//! A member: the client's machine, and what its person sees.

use std::collections::BTreeMap;

use chat_client::{
    Action, B64, ErrorCode, Event, GapWhy, Joining, LeaveWhy, Nick, Opts, Outcome, Room, RoomKeys,
    SealedToken, Sealer, Session, Timestamp, Token,
};
use chat_proto::{MAX_SERVER_FRAME, ServerFrame};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::export::Life;

/// What stands on a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// From here on it is this life of the room.
    Inst([u8; 16]),
    Event(u64, String),
    Gap(u64, u64),
    /// Messages of somebody are missing, and the server didn't say so.
    Missing,
}

/// What became of something that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Open,
    Delivered,
    /// The person was told that it may not have arrived.
    Failed,
}

pub(crate) struct Member {
    pub(crate) session: Session,
    /// The connection that it has or opens.
    pub(crate) pipe: Option<usize>,
    pub(crate) offline_until: u64,
    /// Whether its person looks elsewhere.
    pub(crate) away: bool,
    /// How long the next connection holds what is said into it.
    pub(crate) late_hello: Option<u64>,
    /// How often its person went on after it had stopped.
    pub(crate) went_on: u32,
    pub(crate) screen: Vec<Shown>,
    pub(crate) typed: BTreeMap<String, (String, Fate)>,
    pub(crate) spk: Option<[u8; 32]>,
    pub(crate) said: u64,
    pub(crate) life: Life,
    pub(crate) is: Is,
    pub(crate) inst: Option<[u8; 16]>,
    /// A gap on this connection may have held somebody's coming or going: who is there is told anew
    /// by the next `welcome`.
    pub(crate) missed_people: bool,
    /// What happened to it, by its name.
    pub(crate) happened: Vec<&'static str>,
    number: usize,
}

/// How it is with a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Is {
    Outside,
    /// On its way, or lost and coming back.
    Coming,
    Live,
    /// Until the person goes on.
    Stopped,
    Over,
}

/// What a member wants of the network.
pub(crate) enum Wish {
    Connect,
    Say(String),
    Close(u16),
    Drop,
}

pub(crate) fn nick(number: usize) -> Nick {
    Nick::parse(["Ann", "Ben", "Cem", "Dana"][number % 4]).unwrap()
}

impl Member {
    pub(crate) fn new(number: usize, token: &Token, seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed ^ (number as u64 + 1) << 32);
        let key = B64(rng.random());
        let mut spk = None;
        let room = match token {
            Token::Plain(token) => Room::Plain(*token),
            Token::Sealed(token) => {
                let sealer = Box::new(Sealer::generate(RoomKeys::derive(token), &mut rng));
                spk = Some(sealer.spk());
                let create = (number == 0).then(Opts::default);
                Room::Sealed { sealer, create }
            }
        };
        let life = Life::new(token, nick(number).as_str(), key);
        let fractions = life.fractions.clone();
        let draw = move || {
            let fraction: f64 = rng.random();
            fractions.lock().unwrap().push(fraction);
            fraction
        };
        let joining = Joining {
            room,
            nick: nick(number),
            key,
            pace: false,
            agent: "test/1".to_owned(),
            create_key: None,
        };
        let session = Session::new(joining, draw).unwrap();
        Self {
            session,
            pipe: None,
            offline_until: 0,
            away: false,
            late_hello: None,
            went_on: 0,
            screen: Vec::new(),
            typed: BTreeMap::new(),
            spk,
            said: 0,
            life,
            is: Is::Outside,
            inst: None,
            missed_people: false,
            happened: Vec::new(),
            number,
        }
    }

    /// Gives the machine an input, and takes what comes of it.
    pub(crate) fn input(&mut self, now: u64, input: Input<'_>) -> Vec<Wish> {
        let time = Timestamp::from_millis(now);
        match &input {
            Input::Start(None) => self.session.start(time, None),
            Input::Start(Some(nick)) => self.session.start(time, Some(Nick::parse(nick).unwrap())),
            Input::Opened => self.session.handle_opened(time),
            Input::Frame(frame) => self.session.handle_frame(time, frame),
            Input::Closed(code) => {
                self.session.handle_closed(time, Some(chat_client::CloseCode(*code)));
            }
            Input::Wake => self.session.handle_wake(time),
            Input::Timeout => self.session.handle_timeout(time),
            Input::Rename(nick) => self.session.rename(Nick::parse(nick).unwrap()),
            Input::Away(away) => self.session.set_away(*away),
            Input::Leave => self.session.leave(time),
            Input::Send(text) => {
                if let Ok(id) = self.session.send(time, (*text).to_owned()) {
                    self.life.typed(id.as_str(), text);
                    self.typed.insert(id.to_string(), ((*text).to_owned(), Fate::Open));
                    self.said += 1;
                }
            }
        }
        let actions: Vec<Action> = std::iter::from_fn(|| self.session.poll_action()).collect();
        let events: Vec<Event> = std::iter::from_fn(|| self.session.poll_event()).collect();
        self.life.step(now, &input, &actions, &events, self.spk);
        if let Input::Frame(frame) = &input
            && let Ok(ServerFrame::Welcome(welcome)) = ServerFrame::decode(frame, MAX_SERVER_FRAME)
        {
            self.inst = Some(welcome.inst.0);
        }
        for event in &events {
            self.happened.extend(kind(event));
            match event {
                Event::Welcomed(_) => self.missed_people = false,
                Event::Gap { why: GapWhy::Slow, .. } => self.missed_people = true,
                _ => {}
            }
            self.see(event);
        }
        actions
            .into_iter()
            .map(|action| match action {
                Action::Connect => Wish::Connect,
                Action::Transmit(frame) => Wish::Say(frame),
                Action::Close(code) => Wish::Close(code.0),
                Action::Drop => Wish::Drop,
            })
            .collect()
    }

    fn see(&mut self, event: &Event) {
        let shown = |seq: u64, line: String| Shown::Event(seq, line);
        self.screen.push(match event {
            Event::Welcomed(_) => {
                self.is = Is::Coming;
                let inst = self.inst.unwrap_or_default();
                let known = self.screen.iter().rev().find_map(|shown| match shown {
                    Shown::Inst(inst) => Some(*inst),
                    _ => None,
                });
                if known == Some(inst) {
                    return;
                }
                Shown::Inst(inst)
            }
            Event::Message(m) => shown(m.seq, format!("msg {} {}", m.sid, m.text.as_str())),
            Event::Joined { seq, person, .. } => shown(*seq, format!("join {}", person.sid)),
            Event::Left { seq, sid, .. } => shown(*seq, format!("leave {sid}")),
            Event::Renamed { seq, sid, .. } => shown(*seq, format!("nick {sid}")),
            Event::Gap { from, to, .. } => Shown::Gap(*from, *to),
            Event::Acknowledged { id, .. } => return self.settle(id.as_str(), Fate::Delivered),
            Event::Unconfirmed { id, .. } | Event::Refused { id: Some(id), .. } => {
                return self.settle(id.as_str(), Fate::Failed);
            }
            Event::Live { .. } => {
                self.is = Is::Live;
                return;
            }
            Event::Waiting { .. } => {
                self.is = Is::Coming;
                return;
            }
            Event::Stopped(_) => {
                self.is = Is::Stopped;
                return;
            }
            Event::Ended(_) => {
                self.is = Is::Over;
                return;
            }
            // Numbers are missing only between one life of the room and the next.
            Event::Missing { .. } => Shown::Missing,
            Event::Unverifiable { seq, .. } => shown(*seq, "unverifiable".to_owned()),
            Event::Newer { seq, .. } => shown(*seq, "newer".to_owned()),
            Event::Typing { .. }
            | Event::State { .. }
            | Event::Counted { .. }
            | Event::Refused { id: None, .. }
            | Event::Ending { .. } => return,
        });
    }

    fn settle(&mut self, id: &str, fate: Fate) {
        if let Some(typed) = self.typed.get_mut(id) {
            typed.1 = fate;
        }
    }

    /// The next text that this member says, like no other.
    pub(crate) fn next_text(&self) -> String {
        format!("{}.{}", self.number, self.said)
    }
}

/// What a schedule is for, in a word; nothing for what happens all the time.
fn kind(event: &Event) -> Option<&'static str> {
    Some(match event {
        Event::Welcomed(welcomed) => welcomed.arrival.as_str(),
        Event::Gap { why: GapWhy::Slow, .. } => "slow",
        Event::Gap { .. } => "expired",
        Event::Waiting { .. } => "waiting",
        Event::Stopped(Outcome::Refused { code, .. }) => match code {
            ErrorCode::NickTaken => "nick taken",
            ErrorCode::RoomFull => "room full",
            ErrorCode::NoRoom => "no room",
            _ => "refused",
        },
        Event::Stopped(_) => "stopped",
        Event::Unconfirmed { .. } => "unconfirmed",
        Event::Left { why: LeaveWhy::Timeout, .. } => "left by timeout",
        _ => return None,
    })
}

/// What happens to a member.
pub(crate) enum Input<'a> {
    Start(Option<&'a str>),
    Opened,
    Frame(&'a str),
    Closed(u16),
    Wake,
    Timeout,
    Send(&'a str),
    Rename(&'a str),
    Away(bool),
    Leave,
}

/// The token of a schedule's room.
pub(crate) fn sealed_token(seed: u64) -> SealedToken {
    SealedToken::generate(&mut StdRng::seed_from_u64(seed))
}
