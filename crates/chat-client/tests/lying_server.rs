//! A server that lies: each member's session shows what it did as what it is, and never as a text
//! from the wrong person.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::borrow::Cow;

use chat_client::{
    Action, B64, Event, Joining, Nick, Room, RoomInfo, RoomKeys, RoomKind, SealedToken, Sealer,
    Session, Timestamp,
};
use chat_proto::{
    ClientFrame, MsgId, Sealed, ServerFrame,
    client::{Body, Hello, Identity},
    server::{
        Content, Gap, GapWhy, Join, Limits, Live, Mode, Msg, Peer, Rate, Welcome, Whereabouts,
    },
};
use rand::{SeedableRng, rngs::StdRng};

const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

struct Member {
    session: Session,
    hello: Hello<'static>,
}

/// A message as it was sent.
#[derive(Clone)]
struct Sent {
    spk: B64<32>,
    id: MsgId,
    m: Sealed,
}

fn token(seed: u64) -> SealedToken {
    SealedToken::generate(&mut StdRng::seed_from_u64(seed))
}

fn member(token: &SealedToken, nick: &str) -> Member {
    let sealer = Box::new(Sealer::generate(RoomKeys::derive(token), &mut rand::rng()));
    let joining = Joining {
        room: Room::Sealed { sealer, create: None },
        nick: Nick::parse(nick).unwrap(),
        key: B64([7; 16]),
        pace: false,
        agent: "test/1".into(),
        create_key: None,
    };
    let mut session = Session::new(joining, || 0.0).unwrap();
    session.start(NOW, None);
    assert_eq!(session.poll_action(), Some(Action::Connect));
    session.handle_opened(NOW);
    let Some(Action::Transmit(hello)) = session.poll_action() else { panic!("no hello") };
    // Leaked: a test has few of them.
    let Ok(ClientFrame::Hello(hello)) = ClientFrame::decode(hello.leak(), 1 << 20) else {
        panic!("no hello")
    };
    Member { session, hello: *hello }
}

fn peer(sid: u64, member: &Member) -> Peer<'static> {
    let who = member.hello.who.clone();
    Peer { sid, mode: Mode::V1, since: 1, who, is: Whereabouts::Here }
}

impl Member {
    fn spk(&self) -> B64<32> {
        match &self.hello.who {
            Identity::Sealed { spk, .. } => *spk,
            Identity::Plain { .. } => panic!("a sealed session says no nick"),
        }
    }

    fn hear(&mut self, frame: &ServerFrame<'_>) -> Vec<Event> {
        self.session.handle_frame(NOW, &frame.encode());
        std::iter::from_fn(|| self.session.poll_event()).collect()
    }

    /// Comes in as session 1, with these others.
    fn come_in(&mut self, others: Vec<Peer<'static>>) -> Vec<Event> {
        let mut peers = vec![peer(1, self)];
        peers.extend(others);
        let room = RoomInfo {
            kind: RoomKind::Sealed,
            created: 1,
            expires: u64::MAX >> 12,
            history: 0,
            max: 9,
        };
        let rate = Rate { per_s: 0, burst: 0 };
        let limits =
            Limits { frame: 65_536, text: 16_384, nick: 32, rate, ping_ms: 20_000, grace_ms: 0 };
        let mut events = self.hear(&ServerFrame::Welcome(Box::new(Welcome {
            v: 1,
            inst: B64([1; 16]),
            sid: 1,
            resumed: false,
            room,
            peers,
            seq: 1,
            now: NOW.as_millis(),
            limits,
        })));
        events.extend(self.hear(&ServerFrame::Live(Live { seq: 1 })));
        events
    }

    fn say(&mut self, text: &str) -> Sent {
        self.session.send(NOW, text.to_owned()).unwrap();
        loop {
            let Some(Action::Transmit(frame)) = self.session.poll_action() else {
                panic!("nothing was sent")
            };
            if let Ok(ClientFrame::Send(send)) = ClientFrame::decode(&frame, 1 << 20) {
                let Body::Sealed(m) = send.body else { panic!("it was not sealed") };
                return Sent { spk: self.spk(), id: send.id, m };
            }
        }
    }
}

fn msg(seq: u64, from: u64, sent: &Sent) -> ServerFrame<'_> {
    let content = Content::Sealed { spk: sent.spk, m: Cow::Borrowed(&sent.m) };
    ServerFrame::Msg(Msg { seq, ts: 1, from, id: Some(sent.id), content })
}

/// What is shown of events, in a word each.
fn shown(events: &[Event]) -> Vec<String> {
    events
        .iter()
        .map(|event| match event {
            Event::Message(m) => format!("{}: {}", m.nick.as_str(), m.text.as_str()),
            Event::Unverifiable { .. } => "unverifiable".into(),
            Event::Missing { nick, count, .. } => format!("{count} of {} missing", nick.as_str()),
            Event::Gap { .. } => "gap".into(),
            other => format!("{other:?}"),
        })
        .collect()
}

/// Bob listens; Ann and Eve are there as sessions 2 and 3.
fn trio() -> (Member, Member, Member) {
    let token = token(1);
    let (mut ann, mut eve) = (member(&token, "Ann"), member(&token, "Eve"));
    let mut bob = member(&token, "Bob");
    bob.come_in(vec![peer(2, &ann), peer(3, &eve)]);
    ann.come_in(vec![]);
    eve.come_in(vec![]);
    (ann, bob, eve)
}

#[test]
fn what_is_carried_faithfully_is_shown() {
    let (mut ann, mut bob, mut eve) = trio();
    let (one, two, three) = (ann.say("one"), eve.say("two"), ann.say("three"));
    assert_eq!(shown(&bob.hear(&msg(2, 2, &one))), ["Ann: one"]);
    assert_eq!(shown(&bob.hear(&msg(3, 3, &two))), ["Eve: two"]);
    assert_eq!(shown(&bob.hear(&msg(4, 2, &three))), ["Ann: three"]);
}

#[test]
fn what_is_altered_is_one_line_and_never_a_text() {
    let (mut ann, mut bob, _) = trio();
    let good = ann.say("pay 10");
    let mut altered = vec![good.clone(); 4];
    altered[0].m.ct.0[0] ^= 1;
    altered[1].m.sig.0[0] ^= 1;
    altered[2].m.n += 1;
    altered[3].m.ct.0.truncate(3);
    for (seq, bad) in (2..).zip(&altered) {
        assert_eq!(shown(&bob.hear(&msg(seq, 2, bad))), ["unverifiable"]);
    }
    // And the true one still counts.
    assert_eq!(shown(&bob.hear(&msg(9, 2, &good))), ["Ann: pay 10"]);
}

#[test]
fn what_is_given_to_somebody_else_is_not_believed() {
    let (mut ann, mut bob, eve) = trio();
    let one = ann.say("I am Ann");
    // Under Eve's key it proves nothing.
    let stolen = Sent { spk: eve.spk(), ..one.clone() };
    assert_eq!(shown(&bob.hear(&msg(2, 3, &stolen))), ["unverifiable"]);
    // Under Eve's session it is still Ann's, by what was sealed.
    assert_eq!(shown(&bob.hear(&msg(3, 3, &one))), ["Ann: I am Ann"]);
}

#[test]
fn what_is_doubled_reordered_or_dropped_is_seen() {
    let (mut ann, mut bob, _) = trio();
    let all: Vec<_> = (0..6).map(|n| ann.say(&n.to_string())).collect();
    assert_eq!(shown(&bob.hear(&msg(2, 2, &all[0]))), ["Ann: 0"]);
    assert!(bob.hear(&msg(3, 2, &all[0])).is_empty(), "a repeat is dropped");
    assert_eq!(shown(&bob.hear(&msg(4, 2, &all[2]))), ["1 of Ann missing", "Ann: 2"]);
    assert!(bob.hear(&msg(5, 2, &all[1])).is_empty(), "what comes late is dropped");
    // A gap that is told makes no hole of it.
    let gap = Gap { from: 6, to: 8, why: GapWhy::Slow };
    assert_eq!(shown(&bob.hear(&ServerFrame::Gap(gap))), ["gap"]);
    assert_eq!(shown(&bob.hear(&msg(9, 2, &all[5]))), ["Ann: 5"]);
}

#[test]
fn what_was_said_in_another_room_is_not_said_in_this_one() {
    let (_, mut bob, _) = trio();
    let elsewhere = token(2);
    let mut ann = member(&elsewhere, "Ann");
    ann.come_in(vec![]);
    assert_eq!(shown(&bob.hear(&msg(2, 2, &ann.say("yes")))), ["unverifiable"]);
}

#[test]
fn a_text_in_a_sealed_room_ends_the_connection() {
    let (_, mut bob, _) = trio();
    let content = Content::Plain { nick: "Ann".into(), text: "I was never sealed".into() };
    let events = bob.hear(&ServerFrame::Msg(Msg { seq: 2, ts: 1, from: 2, id: None, content }));
    assert!(matches!(events[..], [Event::Stopped(_)]), "{events:?}");
}

#[test]
fn who_has_not_the_secret_is_shown_as_that() {
    let (_, mut bob, _) = trio();
    let outsider = member(&token(2), "Ann");
    let join = Join { seq: 2, ts: 1, peer: peer(4, &outsider) };
    let events = bob.hear(&ServerFrame::Join(join));
    let [Event::Joined { person, .. }] = &events[..] else { panic!("{events:?}") };
    let seal = person.seal.as_ref().unwrap();
    assert!(!seal.verified);
    assert_eq!(person.nick.as_str(), seal.code, "its name is not believed");
}

#[test]
fn seen_back_is_what_came_back_unchanged() {
    let (mut ann, mut bob, _) = trio();
    let mine = ann.say("hi");
    // Another text under the same name acknowledges nothing.
    let other = Sent { id: mine.id, ..bob.say("ho") };
    let events = ann.hear(&msg(2, 1, &other));
    assert!(!events.iter().any(|e| matches!(e, Event::Acknowledged { .. })), "{events:?}");
    let events = ann.hear(&msg(3, 1, &mine));
    assert!(events.iter().any(|e| matches!(e, Event::Acknowledged { .. })), "{events:?}");
}

#[test]
fn room_codes_are_equal_where_all_see_the_same_and_only_there() {
    let token = token(3);
    let (mut ann, mut bob) = (member(&token, "Ann"), member(&token, "Bob"));
    let (of_ann, of_bob) = (peer(2, &ann), peer(2, &bob));
    ann.come_in(vec![of_bob]);
    bob.come_in(vec![of_ann]);
    let code = ann.session.room_code().unwrap();
    assert_eq!(bob.session.room_code().unwrap(), code);
    let eve = member(&token, "Eve");
    bob.hear(&ServerFrame::Join(Join { seq: 2, ts: 1, peer: peer(3, &eve) }));
    assert_ne!(bob.session.room_code().unwrap(), code);
}

#[test]
fn nothing_secret_is_in_what_a_session_sends() {
    let (mut ann, _, _) = trio();
    let hello = ClientFrame::Hello(Box::new(ann.hello.clone())).encode();
    let sent = ann.say("the treasure is buried under the oak");
    let frame = ServerFrame::encode(&msg(1, 1, &sent));
    let secret = token(1);
    for word in ["Ann", "treasure", &secret.to_string(), &secret.to_string().replace('-', "")] {
        assert!(!hello.contains(word) && !frame.contains(word), "{word}");
    }
}
