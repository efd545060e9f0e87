//! From one connection to the next. What both clients do is in the table of scenarios; here stands
//! what only this one does.

use super::*;

#[test]
fn three_attempts_before_the_first_welcome() {
    let mut test = greeted();
    for ms in [250, 500] {
        test.closed(None);
        assert_eq!(test.waits(), (Outcome::Closed(CloseCode::ABNORMAL), ms));
        test.pass(ms);
        assert_eq!(test.actions(), [Action::Connect]);
        test.session.handle_opened(test.now);
        test.sent();
    }
    test.closed(None);
    assert_eq!(test.outcome(), Outcome::Closed(CloseCode::ABNORMAL));
    assert_eq!(test.session.poll_timeout(), None);
}

#[test]
fn a_connection_that_never_opened_is_told_at_once() {
    let mut test = idle();
    test.session.start(test.now, None);
    test.closed(None);
    assert_eq!(test.outcome(), Outcome::Closed(CloseCode::ABNORMAL));
}

#[test]
fn the_person_goes_on_under_another_nick_as_the_same_session() {
    let mut test = live();
    test.send("kept").unwrap();
    test.sent();
    test.closed(None);
    test.pass(250);
    test.session.handle_opened(test.now);
    test.frame(r#"{"t":"error","code":"nick_taken","message":"taken","fatal":true}"#);
    test.closed(Some(CloseCode::NICK));
    assert!(matches!(test.outcome(), Outcome::Refused { code: ErrorCode::NickTaken, .. }));
    assert_eq!(test.send("refused"), Err(SendError::Over));
    test.actions();

    test.session.start(test.now, Some(Nick::parse("Anna").unwrap()));
    assert_eq!(test.actions(), [Action::Connect]);
    test.session.handle_opened(test.now);
    let sent = test.sent();
    let Ok(ClientFrame::Hello(hello)) = ClientFrame::decode(&sent[0], 9999) else { panic!() };
    assert_eq!(hello.who, Identity::Plain { nick: "Anna".into() });
    assert_eq!((hello.key, hello.resume.map(|resume| resume.last)), (B64([7; 16]), Some(0)));
    test.frame(&welcome(256));
    test.frame(r#"{"t":"live","seq":4}"#);
    assert_eq!(test.sent(), [r#"{"t":"send","id":"m1","text":"kept"}"#]);
}

#[test]
fn a_name_is_what_the_welcome_says() {
    let mut test = greeted();
    test.frame(&welcome(256).replace("\"Ann\"", "\"Annette\""));
    let Some(Event::Welcomed(welcomed)) = test.events().pop() else { panic!() };
    assert_eq!(welcomed.arrival, Arrival::First);
    test.closed(None);
    test.pass(250);
    test.actions();
    test.session.handle_opened(test.now);
    assert!(test.sent()[0].contains(r#""nick":"Annette""#));
}
