//! What goes out, and when.

use super::*;

#[test]
fn hello_is_the_first_frame_and_says_it_all() {
    let mut test = idle();
    test.session.handle_opened(test.now);
    assert_eq!(test.actions(), [], "nobody wants in yet");
    test.session.start(test.now, None);
    assert_eq!(test.actions(), [Action::Connect]);
    test.session.handle_opened(test.now);
    let sent = test.sent();
    let Ok(ClientFrame::Hello(hello)) = ClientFrame::decode(&sent[0], 9999) else { panic!() };
    assert_eq!(sent.len(), 1);
    assert_eq!(hello.room, Target::Token(TOKEN.into()));
    assert_eq!(hello.who, Identity::Plain { nick: "Ann".into() });
    assert_eq!((hello.key, hello.create, hello.resume), (B64([7; 16]), false, None));
    assert_eq!(hello.attempt, test.now.as_millis());
    test.session.handle_opened(test.now);
    assert_eq!(test.actions(), [], "a second time nothing");
}

#[test]
fn nothing_is_sent_between_hello_and_live() {
    let mut test = greeted();
    assert_eq!(test.send("early"), Err(SendError::NotJoined));
    test.frame(&welcome(256));
    test.send("one").unwrap();
    test.send("two").unwrap();
    test.session.rename(Nick::parse("Anna").unwrap());
    test.session.set_typing(test.now, true);
    test.pass(2000);
    assert_eq!(test.actions(), []);
    test.frame(r#"{"t":"live","seq":4}"#);
    assert_eq!(
        test.sent(),
        [
            r#"{"t":"send","id":"m1","text":"one"}"#,
            r#"{"t":"send","id":"m2","text":"two"}"#,
            r#"{"t":"profile","nick":"Anna"}"#,
            r#"{"t":"typing","on":true}"#
        ]
    );
}

#[test]
fn at_most_64_messages_are_outstanding() {
    let mut test = live();
    for _ in 0..64 {
        test.send("x").unwrap();
    }
    assert_eq!(test.send("x"), Err(SendError::Busy));
    assert_eq!(test.sent().len(), 64);
    test.frame(&msg(5, 2, "m1", "x"));
    assert_eq!(test.send("x"), Ok("m65".to_owned()));
    assert_eq!(test.send("x"), Err(SendError::Busy));
}

#[test]
fn ones_own_id_coming_back_is_the_acknowledgement() {
    let mut test = live();
    let id = test.send("hi").unwrap();
    test.frame(&msg(5, 1, &id, "somebody else used the same id"));
    assert!(matches!(test.events()[..], [Event::Message(_)]));
    test.frame(&msg(6, 2, &id, "hi"));
    let events = test.events();
    let [Event::Message(message), Event::Acknowledged { id: acked, seq: 6 }] = &events[..] else {
        panic!("{events:?}")
    };
    assert!(message.own);
    assert_eq!(acked.to_string(), id);
}

#[test]
fn a_repeat_that_was_taken_is_acknowledged_too() {
    let mut test = live();
    let id = test.send("hi").unwrap();
    test.frame(&format!(r#"{{"t":"ack","id":"{id}","seq":3}}"#));
    test.frame(&format!(r#"{{"t":"ack","id":"{id}","seq":3}}"#));
    assert!(matches!(test.events()[..], [Event::Acknowledged { seq: 3, .. }]));
}

#[test]
fn limits_come_from_the_welcome_and_are_kept_before_sending() {
    let mut test = live();
    let bytes = LIMITS.text as usize;
    assert!(test.send(&"x".repeat(bytes)).is_ok());
    let text = "é".repeat(51);
    assert_eq!(test.send(&text), Err(SendError::TooLong { bytes: 102, max: 100 }));
    // 40 characters that take 6 bytes each as JSON.
    assert_eq!(
        test.send(&"\u{1}".repeat(40)),
        Err(SendError::TooLong {
            bytes: 240 + r#"{"t":"send","id":"m2","text":""}"#.len(),
            max: 200
        })
    );
    assert_eq!(test.sent().len(), 1);
}

#[test]
fn a_refused_message_is_settled_and_a_refused_nick_given_up() {
    let mut test = live();
    let id = test.send("hi").unwrap();
    test.session.rename(Nick::parse("Ben").unwrap());
    test.sent();
    test.frame(&format!(
        r#"{{"t":"error","code":"too_big","message":"no","re":"{id}","fatal":false}}"#
    ));
    test.frame(r#"{"t":"error","code":"nick_taken","message":"no","fatal":false}"#);
    let events = test.events();
    assert!(
        matches!(&events[0], Event::Refused { id: Some(refused), .. } if refused.to_string() == id)
    );
    assert!(matches!(&events[1], Event::Refused { id: None, code: ErrorCode::NickTaken, .. }));
    test.come_back();
    assert_eq!(test.sent(), NOTHING, "a nick that was refused is not asked for again");
    test.session.leave(test.now);
    assert_eq!(test.actions().len(), 2, "nothing is outstanding: bye and close");
}

#[test]
fn typing_is_told_at_most_once_a_second_and_the_last_state_for_sure() {
    let (on, off) = (r#"{"t":"typing","on":true}"#, r#"{"t":"typing","on":false}"#);
    let mut test = live();
    test.session.set_typing(test.now, true);
    test.session.set_typing(test.now, true);
    assert_eq!(test.sent(), [on]);
    test.session.set_typing(test.now, false);
    assert_eq!(test.sent(), NOTHING);
    let due = test.session.poll_timeout().unwrap();
    test.pass(due.since(test.now).as_millis() as u64);
    assert_eq!(test.sent(), [off]);
    test.pass(2_000);
    assert_eq!(test.sent(), NOTHING);
    // On and off again within the pause: there is nothing to tell.
    test.session.set_typing(test.now, true);
    test.session.set_typing(test.now, false);
    test.session.set_typing(test.now, true);
    assert_eq!(test.sent(), [on]);
}

#[test]
fn typing_is_not_told_in_a_crowd() {
    for (max, told) in [(256, 1), (257, 0), (0, 0)] {
        let mut test = greeted();
        test.frame(&welcome(max));
        test.frame(r#"{"t":"live","seq":4}"#);
        test.session.set_typing(test.now, true);
        assert_eq!(test.sent().len(), told, "max {max}");
    }
}

#[test]
fn a_nick_is_changed_when_it_is_seen_back() {
    let mut test = live();
    test.session.rename(Nick::parse("Anna").unwrap());
    assert_eq!(test.sent(), [r#"{"t":"profile","nick":"Anna"}"#]);
    assert_eq!(test.people()[1].1, "Ann");
    test.frame(&profile(5, 2, "Anna"));
    assert_eq!(test.people()[1].1, "Anna");
    test.come_back();
    assert_eq!(test.sent(), NOTHING, "seen back, so it is not repeated");
}

#[test]
fn a_frame_holds_exactly_what_was_typed() {
    let mut test = live();
    let text = "\"\\\n\u{2028}👩‍👩‍👧\u{0}";
    test.send(text).unwrap();
    let sent = test.sent();
    let Ok(ClientFrame::Send(send)) = ClientFrame::decode(&sent[0], 999) else { panic!() };
    assert_eq!(send.body, Body::Text(text.into()));
}

#[test]
fn a_nick_that_holds_is_ones_own_though_another_is_asked_for() {
    let mut test = live();
    test.session.rename(Nick::parse("Anna").unwrap());
    test.session.rename(Nick::parse("Anni").unwrap());
    test.sent();
    test.frame(&profile(5, 2, "Anna"));
    test.closed(None);
    test.pass(250);
    test.actions();
    test.session.handle_opened(test.now);
    assert!(test.sent()[0].contains(r#""nick":"Anna""#));
}
