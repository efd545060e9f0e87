//! What the server says.

use super::*;

#[test]
fn what_was_seen_is_skipped() {
    let mut test = live();
    test.frame(&msg(9, 1, "a", "nine, after a hole that says nothing"));
    test.frame(&msg(9, 1, "a", "again"));
    test.frame(&msg(8, 1, "b", "late"));
    test.frame(&join(7, 3, "Eve"));
    test.frame(&leave(6, 1));
    test.frame(&profile(5, 1, "Eve"));
    assert!(matches!(&test.events()[..], [Event::Message(m)] if m.seq == 9));
    assert_eq!(test.people(), [(1, "Ben".to_owned()), (2, "Ann".to_owned())]);
}

#[test]
fn replay_up_to_the_welcome_is_told_but_does_not_change_the_list() {
    let mut test = replaying();
    test.frame(&join(1, 0, "Old"));
    test.frame(&profile(2, 0, "Older"));
    test.frame(&leave(3, 0));
    test.frame(&join(4, 9, "The last that the list knows of"));
    assert_eq!(test.people(), [(1, "Ben".to_owned()), (2, "Ann".to_owned())]);
    let events = test.events();
    let [Event::Welcomed(welcomed), rest @ ..] = &events[..] else { panic!("{events:?}") };
    assert_eq!((welcomed.sid, welcomed.people.len()), (2, 2));
    let text = |t: &str| Some(Text::from(t.to_owned()));
    assert!(matches!(&rest[0], Event::Joined { seq: 1, person, .. } if *person.nick == *"Old"));
    assert!(
        matches!(&rest[1], Event::Renamed { old, nick, .. } if *old == text("Old") && **nick == *"Older")
    );
    assert!(
        matches!(&rest[2], Event::Left { nick, why: LeaveWhy::Bye, .. } if *nick == text("Older"))
    );

    // From there on it does.
    test.frame(&join(5, 3, "Cem"));
    test.frame(&profile(6, 3, "Can"));
    test.frame(&leave(7, 1));
    assert_eq!(test.people(), [(2, "Ann".to_owned()), (3, "Can".to_owned())]);
}

#[test]
fn a_leave_at_the_welcome_is_in_the_list_already() {
    let mut test = replaying();
    test.frame(&leave(4, 1));
    assert_eq!(test.people().len(), 2);
}

#[test]
fn a_name_that_history_begins_after_is_not_made_up() {
    let mut test = replaying();
    test.frame(&leave(1, 0));
    test.frame(&profile(2, 1, "Ben"));
    let events = test.events();
    assert!(matches!(events[1], Event::Left { nick: None, .. }), "{events:?}");
    assert!(matches!(events[2], Event::Renamed { old: None, .. }), "{events:?}");
}

#[test]
fn a_gap_is_told_and_counts_as_seen() {
    let mut test = live();
    test.frame(r#"{"t":"gap","from":5,"to":8,"why":"slow"}"#);
    test.frame(&msg(8, 1, "a", "in the gap"));
    test.frame(&msg(9, 1, "b", "after it"));
    let events = test.events();
    assert!(
        matches!(&events[..], [Event::Gap { from: 5, to: 8, .. }, Event::Message(m)] if m.seq == 9)
    );
}

#[test]
fn what_is_unknown_is_ignored() {
    let mut test = live();
    test.frame(r#"{"t":"fireworks","n":3}"#);
    assert_eq!((test.events(), test.actions()), (vec![], vec![]));
    test.frame(r#"{"t":"leave","seq":5,"ts":1,"sid":1,"why":"carried off","colour":"red"}"#);
    assert!(matches!(&test.events()[..], [Event::Left { why: LeaveWhy::Other(_), .. }]));
}

#[test]
fn a_server_that_breaks_the_protocol_is_given_up() {
    for (mut test, frame) in [
        (live(), "not JSON".to_owned()),
        (live(), welcome(256)),
        (live(), r#"{"t":"live","seq":-1}"#.to_owned()),
        (greeted(), msg(1, 1, "a", "before the welcome")),
        (greeted(), r#"{"t":"live","seq":1}"#.to_owned()),
    ] {
        test.frame(&frame);
        assert_eq!(test.actions(), close(CloseCode::PROTOCOL), "{frame}");
        assert!(matches!(test.outcome(), Outcome::Protocol(_)), "{frame}");
    }
    let mut test = live();
    test.session.handle_binary();
    assert!(matches!(test.outcome(), Outcome::Protocol(_)));
}

#[test]
fn a_fatal_error_ends_the_session_with_its_code() {
    let mut test = greeted();
    test.frame(r#"{"t":"error","code":"nick_taken","message":"taken","fatal":true}"#);
    assert_eq!((test.actions(), test.events()), (vec![], vec![]), "the server closes");
    test.closed(Some(CloseCode::NICK));
    let outcome = test.outcome();
    assert!(matches!(&outcome, Outcome::Refused { code: ErrorCode::NickTaken, .. }));
    assert!(outcome.sentence().contains("choose another"));
}

#[test]
fn the_end_of_a_room_is_told_once_with_its_reason() {
    let end = r#"{"t":"end","why":"ttl","in_ms":5000}"#;
    let mut test = live();
    test.frame(end);
    assert_eq!(test.events(), [Event::Ending { why: EndWhy::Ttl, in_ms: 5000 }]);
    test.closed(Some(CloseCode::ROOM_ENDED));
    test.closed(None);
    test.frame(end);
    test.pass(99_999);
    assert_eq!(test.events(), [Event::Stopped(Outcome::RoomEnded(EndWhy::Ttl))]);
}

#[test]
fn names_outlive_numbers_in_a_sealed_room() {
    use crate::draw_token;
    use chat_seal::{RoomKeys, Sealer};

    let keys = RoomKeys::derive(&draw_token());
    let mut ben = Sealer::generate(keys.clone(), &mut rand::rng());
    let profile = ben.seal_profile(&Nick::parse("Ben").unwrap()).unwrap();
    let profile = chat_proto::Sealed { n: profile.n, ct: profile.ct.into(), sig: B64(profile.sig) };
    let who = Identity::Sealed { spk: B64(ben.spk()), profile };
    let sealer = Box::new(Sealer::generate(keys, &mut rand::rng()));
    let room = Room::Sealed { sealer, create: None };
    let mut voice = crate::session::Voice::new(room, &Nick::parse("Ann").unwrap()).unwrap();
    for _ in 0..2 {
        // The second time it is no news, and the session may have another number.
        assert_eq!(voice.face(who.clone()).unwrap().nick.as_str(), "Ben");
    }
}
