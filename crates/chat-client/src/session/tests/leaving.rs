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
    test.session.handle_closed(Some(CloseCode::NORMAL));
    assert_eq!(test.events(), [Event::Ended(Outcome::Left)]);
}

#[test]
fn leaving_before_live_only_closes() {
    for mut test in [greeted(), replaying()] {
        test.session.leave(test.now);
        assert_eq!(test.actions(), close(CloseCode::NORMAL));
        test.session.handle_closed(None);
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
    test.pass(29_000);
    test.frame(r#"{"t":"live","seq":4}"#);
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
    test.pass(29_000);
    test.frame(&msg(5, 2, &one, "1"));
    test.events();
    test.pass(29_000);
    assert_eq!(test.events(), []);
    test.pass(1_000);
    assert_eq!(test.outcome(), Outcome::Left);
}
