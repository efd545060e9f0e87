//! A connection that says nothing.

use super::*;

#[test]
fn silence_is_asked_about_and_then_the_connection_given_up() {
    let mut test = live();
    assert_eq!(
        test.session.poll_timeout(),
        Some(test.now.after(std::time::Duration::from_secs(20)))
    );
    test.pass(19_999);
    assert_eq!(test.sent(), NOTHING);
    test.pass(1);
    assert_eq!(test.sent(), [r#"{"t":"ping","n":1}"#]);
    test.pass(9_999);
    assert_eq!(test.events(), []);
    test.pass(1);
    assert_eq!(test.actions(), [Action::Drop], "who says more would be taken for one who leaves");
    assert_eq!(test.waits(), (Outcome::Silent, 250));
    assert_eq!(
        test.session.poll_timeout(),
        Some(test.now.after(std::time::Duration::from_millis(250)))
    );
}

#[test]
fn any_sign_of_life_ends_the_silence() {
    let mut test = live();
    test.pass(20_000);
    assert_eq!(test.sent().len(), 1);
    test.frame(r#"{"t":"pong","n":1,"now":1}"#);
    test.pass(19_000);
    test.session.handle_activity(test.now);
    test.pass(19_000);
    assert_eq!(test.sent(), NOTHING);
    test.pass(1_000);
    assert_eq!(test.sent(), [r#"{"t":"ping","n":2}"#]);
}

#[test]
fn a_welcome_that_never_comes_is_given_up_whatever_else_comes() {
    let mut test = greeted();
    test.pass(14_000);
    test.session.handle_activity(test.now);
    assert_eq!(test.events(), []);
    test.pass(1_000);
    assert_eq!((test.actions(), test.waits().0), (vec![Action::Drop], Outcome::Silent));
}

#[test]
fn waking_up_asks_at_once_and_once() {
    let mut test = live();
    test.session.handle_wake(test.now);
    test.session.handle_wake(test.now);
    assert_eq!(test.sent(), [r#"{"t":"ping","n":1}"#]);
    test.pass(10_000);
    assert_eq!(test.waits().0, Outcome::Silent);
    test.actions();
    test.session.handle_wake(test.now);
    assert_eq!(test.actions(), [Action::Connect]);
}
