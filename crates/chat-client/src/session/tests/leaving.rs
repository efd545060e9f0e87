//! Leaving, early and late.

use super::*;

#[test]
fn leaving_waits_for_the_acknowledgements() {
    let mut test = live();
    let (one, two) = (test.send("1").unwrap(), test.send("2").unwrap());
    test.sent();
    test.session.leave(test.now);
    assert_eq!(test.send("3"), Err(SendError::Over));
    test.frame(&msg(5, 2, &one, "1"));
    assert_eq!(test.actions(), []);
    test.frame(&msg(6, 2, &two, "2"));
    let bye = Action::Transmit(r#"{"t":"bye"}"#.to_owned());
    assert_eq!(test.actions(), [bye, Action::Close(CloseCode::NORMAL)]);
    test.events();
    test.closed(Some(CloseCode::NORMAL));
    assert_eq!(test.events(), [Event::Ended(Outcome::Left)]);
}

#[test]
fn leaving_before_live_only_closes() {
    for mut test in [greeted(), replaying()] {
        test.session.leave(test.now);
        assert_eq!(test.actions(), close(CloseCode::NORMAL));
        test.closed(None);
        assert_eq!(test.outcome(), Outcome::Left);
    }
    let mut test = idle();
    test.session.leave(test.now);
    assert_eq!((test.actions(), test.outcome()), (vec![], Outcome::Left));
}

#[test]
fn leaving_has_an_end_and_says_what_may_not_have_arrived() {
    let mut test = live();
    let id = test.send("hi").unwrap();
    test.sent();
    test.session.leave(test.now);
    test.pass(15_000);
    test.frame(r#"{"t":"count","n":4}"#);
    test.pass(14_000);
    assert_eq!(test.sent(), NOTHING);
    test.events();
    test.pass(2_000);
    let events = test.events();
    let [Event::Unconfirmed { id: lost, text }, Event::Ended(Outcome::Left)] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!((lost.to_string(), text.as_str()), (id, "hi"));
    assert_eq!(test.actions(), close(CloseCode::NORMAL));
    // A socket that is never closed by the other end.
    let mut test = live();
    test.session.leave(test.now);
    test.pass(3_000);
    assert_eq!(test.outcome(), Outcome::Left);
}

#[test]
fn every_acknowledgement_gives_leaving_more_time() {
    let mut test = live();
    let (one, _) = (test.send("1").unwrap(), test.send("2").unwrap());
    test.session.leave(test.now);
    test.pass(15_000);
    test.frame(&msg(5, 1, "x", "of somebody else"));
    test.pass(14_000);
    test.frame(&msg(6, 2, &one, "1"));
    test.pass(15_000);
    test.frame(&msg(7, 1, "y", "of somebody else"));
    test.events();
    test.pass(14_000);
    assert_eq!(test.events(), []);
    test.pass(1_000);
    assert_eq!(test.outcome(), Outcome::Left);
}

#[test]
fn who_leaves_without_a_connection_comes_back_for_what_is_outstanding() {
    let mut test = live();
    test.send("hi").unwrap();
    test.sent();
    test.closed(None);
    test.session.leave(test.now);
    test.pass(250);
    assert_eq!(test.actions(), [Action::Connect]);
    test.session.handle_opened(test.now);
    test.sent();
    test.frame(&welcome(256));
    test.frame(&msg(5, 2, "m1", "hi"));
    assert_eq!(test.actions(), close(CloseCode::NORMAL));
    test.closed(Some(CloseCode::NORMAL));
    assert_eq!(test.outcome(), Outcome::Left);

    // With nothing outstanding there is nothing to come back for.
    let mut test = live();
    test.closed(None);
    test.session.leave(test.now);
    assert_eq!((test.actions(), test.outcome()), (vec![], Outcome::Left));

    // One that stopped ends as it stopped.
    let mut test = live();
    test.send("hi").unwrap();
    test.closed(Some(CloseCode::ROOM_ENDED));
    test.session.leave(test.now);
    let events = test.events();
    assert!(matches!(&events[1..], [Event::Unconfirmed { .. }, Event::Ended(Outcome::Closed(_))]));
}
