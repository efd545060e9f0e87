//! The session machine against frames and virtual time.

use chat_core::{Nick, Timestamp};
use chat_proto::{
    B64, ClientFrame, CloseCode, ErrorCode, Text,
    client::{Body, Identity, Opts, Target},
    server::{EndWhy, LeaveWhy, Limits, Rate},
};

use super::{Action, Arrival, Event, Joining, Outcome, Room, SendError, Session};

const NOTHING: [&str; 0] = [];
const TOKEN: &str = "01ab-0101-wxyz-0000";
const LIMITS: Limits = Limits {
    frame: 200,
    text: 100,
    nick: 32,
    rate: Rate { per_s: 20, burst: 40 },
    ping_ms: 20_000,
    grace_ms: 60_000,
};

mod coming_back;
mod leaving;
mod receiving;
mod sending;
mod silence;

/// A session with a clock of its own.
struct Test {
    session: Session,
    now: Timestamp,
}

fn joining() -> Joining {
    Joining {
        room: Room::Plain(TOKEN.parse().unwrap()),
        nick: Nick::parse("Ann").unwrap(),
        key: B64([7; 16]),
        pace: false,
        agent: "test/1".to_owned(),
        create_key: None,
    }
}

fn idle() -> Test {
    let session = Session::new(joining(), || 0.5).unwrap();
    Test { session, now: Timestamp::from_millis(1_750_000_000_000) }
}

fn greeted() -> Test {
    let mut test = idle();
    test.session.start(test.now, None);
    assert_eq!(test.actions(), [Action::Connect]);
    test.session.handle_opened(test.now);
    assert_eq!(test.sent().len(), 1);
    test
}

/// In the room with Ben, whose `join` is 3 and ours is 4; nothing is replayed yet.
fn replaying() -> Test {
    let mut test = greeted();
    test.frame(&welcome(256));
    test
}

fn welcome(max: u64) -> String {
    let inst = "A".repeat(22);
    let limits = r#"{"frame":200,"text":100,"nick":32,"rate":{"per_s":20,"burst":40},"ping_ms":20000,"grace_ms":60000}"#;
    format!(
        r#"{{"t":"welcome","v":1,"inst":"{inst}","sid":2,"resumed":false,"room":{{"kind":"plain","created":1,"expires":9,"history":100,"max":{max}}},"peers":[{},{}],"seq":4,"now":5,"limits":{limits}}}"#,
        peer(1, "Ben"),
        peer(2, "Ann")
    )
}

fn peer(sid: u64, nick: &str) -> String {
    format!(r#"{{"sid":{sid},"mode":"v1","since":1,"nick":"{nick}"}}"#)
}

fn join(seq: u64, sid: u64, nick: &str) -> String {
    format!(r#"{{"t":"join","seq":{seq},"ts":1,"peer":{}}}"#, peer(sid, nick))
}

fn leave(seq: u64, sid: u64) -> String {
    format!(r#"{{"t":"leave","seq":{seq},"ts":1,"sid":{sid},"why":"bye"}}"#)
}

fn profile(seq: u64, sid: u64, nick: &str) -> String {
    format!(r#"{{"t":"profile","seq":{seq},"ts":1,"sid":{sid},"nick":"{nick}"}}"#)
}

fn msg(seq: u64, from: u64, id: &str, text: &str) -> String {
    format!(
        r#"{{"t":"msg","seq":{seq},"ts":1,"from":{from},"id":"{id}","nick":"N","text":"{text}"}}"#
    )
}

/// Live, with the events so far taken.
fn live() -> Test {
    let mut test = replaying();
    test.frame(r#"{"t":"live","seq":4}"#);
    test.events();
    assert_eq!(test.sent(), NOTHING);
    test
}

impl Test {
    fn frame(&mut self, frame: &str) {
        self.session.handle_frame(self.now, frame);
    }

    fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.session.poll_event()).collect()
    }

    fn actions(&mut self) -> Vec<Action> {
        std::iter::from_fn(|| self.session.poll_action()).collect()
    }

    /// The frames that are to be sent; a close in between fails the test.
    fn sent(&mut self) -> Vec<String> {
        let frame = |action| match action {
            Action::Transmit(frame) => frame,
            other => panic!("no frame: {other:?}"),
        };
        self.actions().into_iter().map(frame).collect()
    }

    fn send(&mut self, text: &str) -> Result<String, SendError> {
        self.session.send(self.now, text.to_owned()).map(|id| id.to_string())
    }

    fn pass(&mut self, ms: u64) {
        self.now = self.now.after(std::time::Duration::from_millis(ms));
        self.session.handle_timeout(self.now);
    }

    /// Loses the connection and is live on another, with the hello taken out.
    fn come_back(&mut self) {
        self.closed(None);
        self.session.handle_wake(self.now);
        assert_eq!(self.actions().pop(), Some(Action::Connect));
        self.session.handle_opened(self.now);
        assert_eq!(self.sent().len(), 1);
        self.frame(&welcome(256));
        self.frame(r#"{"t":"live","seq":4}"#);
    }

    fn closed(&mut self, code: Option<CloseCode>) {
        self.session.handle_closed(self.now, code);
    }

    /// How it ended, or why it waits for the person.
    fn outcome(&mut self) -> Outcome {
        match self.events().pop() {
            Some(Event::Ended(outcome) | Event::Stopped(outcome)) => outcome,
            other => panic!("not over: {other:?}"),
        }
    }

    /// Why it waits, and how long.
    fn waits(&mut self) -> (Outcome, u64) {
        match self.events().pop() {
            Some(Event::Waiting { in_ms, why }) => (why, in_ms),
            other => panic!("not waiting: {other:?}"),
        }
    }

    fn people(&self) -> Vec<(u64, String)> {
        self.session.people().map(|p| (p.sid, p.nick.to_string())).collect()
    }
}

fn close(code: CloseCode) -> Vec<Action> {
    vec![Action::Close(code)]
}
