//! One of the two hundred: comes, talks, is cut off, comes back, goes.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::ledger::{Count, Ledger};
use crate::socket::{Input, Socket, number, text};

/// How many sends wait to be seen at most.
const OUTSTANDING: usize = 2;

/// By how much the room goes on before a slow member reads on: more than the
/// log and the sockets hold.
const BEHIND: u64 = 400;

pub(crate) struct Member {
    n: u64,
    slow: bool,
    rng: StdRng,
    address: SocketAddr,
    token: String,
    ledger: Arc<Ledger>,
    /// How many sessions and messages it has begun.
    sessions: u64,
    messages: u64,
    session: Session,
}

/// What is known of the present session.
#[derive(Default)]
struct Session {
    hello: Value,
    attempt: u64,
    /// The instance and the number that a `welcome` told.
    known: Option<(String, u64)>,
    last: Option<u64>,
    outstanding: VecDeque<(String, String)>,
}

/// How it is with a connection.
#[derive(PartialEq, Eq)]
enum Talk {
    On,
    Cut,
}

impl Member {
    pub(crate) fn new(
        n: u64,
        slow: bool,
        seed: u64,
        address: SocketAddr,
        token: &str,
        ledger: Arc<Ledger>,
    ) -> Self {
        let rng = StdRng::seed_from_u64(seed ^ n << 32);
        let (token, session) = (token.to_owned(), Session::default());
        Self { n, slow, rng, address, token, ledger, sessions: 0, messages: 0, session }
    }

    pub(crate) async fn run(mut self, until: Instant) {
        while Instant::now() < until {
            self.begin();
            if self.rng.random_bool(0.1) {
                // Its welcome is lost, and perhaps its hello.
                let hello = self.hello();
                let mut lost = self.connect().await;
                lost.say(&hello).await;
            }
            let socket = self.come().await;
            self.stay(socket, until).await;
        }
    }

    /// A person who joins anew, under a name that nobody had.
    fn begin(&mut self) {
        self.sessions += 1;
        let nick = format!("m{}-{}", self.n, self.sessions);
        let key = format!("{:0>21}A", self.rng.random::<u64>());
        let hello = json!({"t": "hello", "v": 1, "token": self.token, "nick": nick, "key": key});
        self.session = Session { hello, ..Session::default() };
    }

    /// The next hello of the session.
    fn hello(&mut self) -> String {
        let session = &mut self.session;
        session.attempt += 1;
        session.hello["try"] = json!(session.attempt);
        if let (Some((inst, _)), Some(last)) = (&session.known, session.last) {
            session.hello["resume"] = json!({"inst": inst, "last": last});
        }
        session.hello.to_string()
    }

    async fn connect(&self) -> Socket {
        Socket::connect(self.address, self.slow).await
    }

    /// Comes in, or back; past the replay.
    async fn come(&mut self) -> Socket {
        let mut socket = self.connect().await;
        let hello = self.hello();
        socket.say(&hello).await;
        let Input::Frame(welcome) = socket.next().await else { panic!("no welcome") };
        let welcome: Value = serde_json::from_str(&welcome).unwrap();
        assert_eq!(welcome["t"], "welcome", "{welcome}");
        let now = (welcome["inst"].as_str().unwrap().to_owned(), welcome["sid"].as_u64().unwrap());
        match self.session.known.replace(now.clone()) {
            Some(before) => {
                assert_eq!((&welcome["resumed"], &now), (&json!(true), &before));
                self.ledger.count(Count::Resumes);
            }
            None => self.ledger.count(Count::Sessions),
        }
        loop {
            match socket.next().await {
                Input::Frame(frame) if frame.starts_with(r#"{"t":"live""#) => break,
                Input::Frame(frame) => drop(self.take(&frame)),
                Input::Closed(code) => panic!("closed in the replay: {code:?}"),
            }
        }
        self.repeat(&mut socket).await;
        socket
    }

    /// Does this and that until it goes, or the time is over.
    async fn stay(&mut self, mut socket: Socket, until: Instant) {
        loop {
            let frames = self.rng.random_range(20..400);
            let mut talk = self.talk(&mut socket, frames, until).await;
            if Instant::now() >= until {
                if talk == Talk::Cut {
                    socket = self.come().await;
                }
                return self.bye(socket).await;
            }
            if talk == Talk::On {
                match self.rng.random_range(0..100) {
                    0..50 => talk = Talk::Cut,
                    50..70 => socket = self.second_window(socket).await,
                    70..80 => self.late().await,
                    80..95 => return self.bye(socket).await,
                    _ => {
                        // Without a look at what became of its last words.
                        socket.close().await;
                        socket.ended().await;
                        self.ledger.count(Count::Byes);
                        return;
                    }
                }
            }
            if talk == Talk::Cut {
                drop(socket);
                let missed = self.rng.random_range(0..200);
                let missed = if self.rng.random_bool(0.5) { 0 } else { missed };
                self.ledger.reached(self.session.last.unwrap_or_default() + missed).await;
                socket = self.come().await;
            }
        }
    }

    /// Says what it may and reads, for so many frames.
    async fn talk(&mut self, socket: &mut Socket, frames: u64, until: Instant) -> Talk {
        for n in 0..frames {
            if Instant::now() >= until {
                break;
            }
            if self.slow && n % 50 == 0 {
                self.ledger.reached(self.session.last.unwrap_or_default() + BEHIND).await;
            }
            while self.session.outstanding.len() < OUTSTANDING {
                self.say(socket).await;
            }
            if self.read(socket).await == Talk::Cut {
                return Talk::Cut;
            }
        }
        Talk::On
    }

    /// Reads one frame.
    async fn read(&mut self, socket: &mut Socket) -> Talk {
        match socket.next().await {
            Input::Frame(frame) => {
                if self.take(&frame) {
                    self.repeat(socket).await;
                }
                Talk::On
            }
            Input::Closed(code) => {
                // Only who takes nothing for long is cut off by the server.
                assert!(self.slow && code == Some(4408), "closed: {code:?}");
                Talk::Cut
            }
        }
    }

    async fn say(&mut self, socket: &mut Socket) {
        self.messages += 1;
        let id = format!("{}-{}", self.n, self.messages);
        let frame = self.send(&id);
        socket.say(&frame).await;
        self.session.outstanding.push_back((id, frame));
    }

    fn send(&mut self, id: &str) -> String {
        let text = "x".repeat(self.rng.random_range(1..1000));
        json!({"t": "send", "id": id, "text": text}).to_string()
    }

    async fn repeat(&mut self, socket: &mut Socket) {
        for (_, frame) in &self.session.outstanding {
            socket.say(frame).await;
        }
    }

    /// Takes one frame; `true` where sends are to be repeated after it.
    fn take(&mut self, frame: &str) -> bool {
        match text(frame, "t").unwrap() {
            "msg" | "join" | "leave" | "profile" => {
                let seq = number(frame, "seq").unwrap();
                // This server's log has no holes, so that all are declared.
                if let Some(last) = self.session.last.replace(seq) {
                    assert_eq!(seq, last + 1, "member {} has {last}, then {frame}", self.n);
                }
                self.ledger.saw(seq, frame);
                let own = self.session.known.as_ref().map(|(_, sid)| *sid);
                if own == number(frame, "from") && own.is_some() {
                    self.settle(text(frame, "id").unwrap());
                }
            }
            "gap" => {
                let (from, to) = (number(frame, "from").unwrap(), number(frame, "to").unwrap());
                if let Some(last) = self.session.last.replace(to) {
                    assert_eq!(from, last + 1, "member {} has {last}, then {frame}", self.n);
                }
                assert!(to >= from, "{frame}");
                let expired = text(frame, "why") == Some("expired");
                self.ledger.count(if expired { Count::ExpiredGaps } else { Count::SlowGaps });
                return true;
            }
            "ack" => {
                let (id, seq) = (text(frame, "id").unwrap(), number(frame, "seq").unwrap());
                self.ledger.acknowledged(id, seq);
                self.ledger.count(Count::Acks);
                self.settle(id);
            }
            "live" | "count" | "state" => {}
            other => panic!("{other}: {frame}"),
        }
        false
    }

    fn settle(&mut self, id: &str) {
        self.session.outstanding.retain(|(waiting, _)| waiting != id);
    }

    /// Comes in from a second window; the first one is heard no more.
    async fn second_window(&mut self, mut first: Socket) -> Socket {
        self.ledger.count(Count::Windows);
        let second = self.come().await;
        self.messages += 1;
        let id = format!("{}-{}-stale", self.n, self.messages);
        let frame = self.send(&id);
        first.say(&frame).await;
        self.ledger.refuse(id);
        assert_eq!(first.ended().await, Some(4409));
        second
    }

    /// An earlier attempt arrives only now.
    async fn late(&mut self) {
        self.ledger.count(Count::Late);
        let mut socket = self.connect().await;
        socket.say(&self.session.hello.to_string()).await;
        assert_eq!(socket.ended().await, Some(4409));
    }

    /// Goes, once all that it said was seen or acknowledged.
    async fn bye(&mut self, mut socket: Socket) {
        while !self.session.outstanding.is_empty() {
            if self.read(&mut socket).await == Talk::Cut {
                socket = self.come().await;
            }
        }
        self.ledger.count(Count::Byes);
        socket.say(r#"{"t":"bye"}"#).await;
        loop {
            match socket.next().await {
                Input::Frame(frame) => drop(self.take(&frame)),
                Input::Closed(code) => return assert_eq!(code, Some(1000)),
            }
        }
    }
}
