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

/// In a sealed room that nobody is in, for another minute.
fn sealed_welcome(now: Timestamp) -> String {
    let (now, expires) = (now.as_millis(), now.as_millis() + 60_000);
    let welcome = welcome(256)
        .replace(r#""kind":"plain""#, r#""kind":"sealed""#)
        .replace(r#""expires":9"#, &format!(r#""expires":{expires}"#))
        .replace(r#""now":5"#, &format!(r#""now":{now}"#));
    let (ben, ann) = (peer(1, "Ben"), peer(2, "Ann"));
    welcome.replace(&format!("{ben},{ann}"), "")
}

/// Whether the next hello opens the room, and the key that it shows.
fn shown(test: &mut Test) -> (bool, Option<String>) {
    assert_eq!(test.actions(), [Action::Connect]);
    test.session.handle_opened(test.now);
    let sent = test.sent();
    let Ok(ClientFrame::Hello(hello)) = ClientFrame::decode(&sent[0], 9999) else { panic!() };
    (hello.create, hello.create_key.map(Text::into_string))
}

#[test]
fn the_server_s_key_opens_a_room_and_opens_it_again() {
    let token: chat_core::SealedToken = "000g-40r4-0m30-e209-185g-r38e-1wpn".parse().unwrap();
    let keys = chat_seal::RoomKeys::derive(&token);
    let sealer = Box::new(chat_seal::Sealer::generate(keys, &mut rand::rng()));
    let room = Room::Sealed { sealer, create: Some(Opts::default()) };
    let create_key = Some("open-sesame".parse().unwrap());
    let session = Session::new(Joining { room, create_key, ..joining() }, || 0.5).unwrap();
    let mut test = Test { session, now: idle().now };
    let key = Some("open-sesame".to_owned());
    let refusal = r#"{"t":"error","code":"create_key","message":"wrong","fatal":true}"#;

    test.session.start(test.now, None);
    assert_eq!(shown(&mut test), (true, key.clone()));
    // Before it was in, a wrong key is the person's to hear of.
    test.frame(refusal);
    test.closed(Some(CloseCode::CREATE_KEY));
    assert!(matches!(test.outcome(), Outcome::Refused { code: ErrorCode::CreateKey, .. }));

    test.session.start(test.now, None);
    assert_eq!(shown(&mut test), (true, key.clone()));
    test.frame(&sealed_welcome(test.now));
    test.frame(r#"{"t":"live","seq":4}"#);
    test.events();
    test.closed(Some(CloseCode::RESTART));
    test.session.handle_wake(test.now);
    assert_eq!(shown(&mut test), (true, key));
    // Afterwards somebody else may have the key and open the room.
    test.frame(refusal);
    test.closed(Some(CloseCode::CREATE_KEY));
    assert!(matches!(test.waits().0, Outcome::Refused { code: ErrorCode::CreateKey, .. }));
    test.pass(60_000);
    // Once the room's time is over it isn't opened again, and the key isn't shown.
    assert_eq!(shown(&mut test), (false, None));
}
