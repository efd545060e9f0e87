//! A connection that says nothing.

use super::*;

#[test]
fn silence_is_asked_about_and_then_given_up() {
    let mut test = live();
    assert_eq!(
        test.session.poll_timeout(),
        Some(test.now.after(std::time::Duration::from_secs(45)))
    );
    test.pass(44_999);
    assert_eq!(test.sent(), NOTHING);
    test.pass(1);
    assert_eq!(test.sent(), [r#"{"t":"ping","n":1}"#]);
    test.pass(9_999);
    assert_eq!(test.events(), []);
    test.pass(1);
    assert_eq!(test.outcome(), Outcome::Silent);
    assert_eq!(test.actions(), close(CloseCode::GOING_AWAY));
    assert_eq!(test.session.poll_timeout(), None);
}

#[test]
fn any_sign_of_life_ends_the_silence() {
    let mut test = live();
    test.pass(45_000);
    assert_eq!(test.sent().len(), 1);
    test.frame(r#"{"t":"pong","n":1,"now":1}"#);
    test.pass(44_000);
    test.session.handle_activity(test.now);
    test.pass(44_000);
    assert_eq!(test.sent(), NOTHING);
    test.pass(1_000);
    assert_eq!(test.sent(), [r#"{"t":"ping","n":2}"#]);
}

#[test]
fn a_welcome_that_never_comes_is_given_up_whatever_else_comes() {
    let mut test = greeted();
    test.pass(19_000);
    test.session.handle_activity(test.now);
    assert_eq!(test.events(), []);
    test.pass(1_000);
    assert_eq!(test.outcome(), Outcome::Silent);
}
