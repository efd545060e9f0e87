//! Coming back: within the grace, after it, and with another key.

use super::*;
use crate::bucket::Rate;

#[test]
fn nobody_sees_somebody_go_who_comes_back_in_time() {
    let mut stage = Stage::plain(limits());
    let alice = stage.enter(nick("alice", 1)).unwrap();
    let bob = stage.enter(nick("bob", 1)).unwrap();
    let seen = alice.live;

    assert!(!stage.detach(alice.connection.id, Departure::Lost));
    assert_eq!(stage.people(), ["alice", "bob"]);
    stage.at(59).post(bob.connection.id, "hi");
    let again = stage.resume(nick("alice", 2), seen).unwrap();

    assert!(again.resumed && again.replaces.is_none());
    assert_eq!(again.connection.id.session, alice.connection.id.session);
    assert_eq!(stage.read(again.connection.last), ["bob came", "hi"]);
    stage.at(600);
    assert_eq!(stage.read(seen), ["bob came", "hi"], "nor later");
    assert_eq!(stage.changes(), []);
}

#[test]
fn who_is_away_for_longer_is_seen_to_go_and_to_come_again() {
    let mut stage = Stage::plain(limits());
    let alice = stage.enter(nick("alice", 1)).unwrap();
    let bob = stage.enter(nick("bob", 1)).unwrap();
    stage.detach(alice.connection.id, Departure::Lost);

    assert!(stage.at(59).changes().is_empty());
    let id = stage.id;
    assert_eq!(stage.at(60).changes(), [RoomChange::News(id)]);
    assert_eq!(stage.people(), ["bob"]);
    stage.at(3000).post(bob.connection.id, "hi");
    let again = stage.resume(nick("alice", 2), bob.live).unwrap();

    assert!(again.resumed && again.gap.is_none());
    assert_eq!(again.connection.id.session, alice.connection.id.session);
    assert_eq!(stage.read(again.connection.last), ["1 left: Timeout", "hi", "alice came"]);
    assert_eq!(stage.people(), ["alice", "bob"]);
    assert_eq!(stage.room().peer(again.connection.id.session).unwrap().since, stage.now);
}

#[test]
fn a_page_that_reloads_is_waited_for_less_but_never_more() {
    for (grace, left) in [(secs(60), 10), (secs(5), 5)] {
        let mut stage = Stage::plain(Limits { grace, ..limits() });
        let alice = stage.enter(nick("alice", 1)).unwrap();
        stage.detach(alice.connection.id, Departure::Reloading);
        assert_eq!(stage.at(left - 1).people(), ["alice"]);
        assert!(stage.at(left).people().is_empty());
    }
}

#[test]
fn a_plain_connection_and_one_that_says_bye_are_not_waited_for() {
    let mut stage = Stage::plain(limits());
    let face = Face::Nick(Nick::parse("cat").unwrap());
    let plain = stage.rooms.change(stage.id, |room| room.join(stage.now, face)).unwrap().unwrap();
    let (a, b) = (stage.enter(nick("alice", 1)).unwrap(), stage.enter(nick("bob", 1)).unwrap());
    let before = b.live;
    assert!(stage.detach(plain.connection.id, Departure::Lost));
    assert!(stage.detach(a.connection.id, Departure::Bye));
    assert!(stage.detach(b.connection.id, Departure::Expelled));
    assert_eq!(stage.read(before), ["1 left: Timeout", "2 left: Bye", "3 left: Timeout"]);
    assert!(!stage.enter(nick("alice", 2)).unwrap().resumed);
}

#[test]
fn a_page_that_was_reloaded_with_another_sender_key_begins_anew() {
    let mut stage = Stage::sealed(places(1));
    let old = stage.enter(member(1, 1)).unwrap();
    stage.post(old.connection.id, "hi");
    let new = stage.enter(Entry { face: face(9, 0), ..member(1, 2) }).unwrap();

    assert!(!new.resumed);
    assert_eq!(new.replaces, Some(old.connection.id.session));
    assert_eq!(new.connection.last, Seq::ZERO, "it is shown the history");
    assert_eq!(stage.read(Seq::ZERO), ["key 1 0 came", "hi", "1 left: Bye", "key 9 0 came"]);
    assert_eq!(stage.post(old.connection.id, "lost"), None);
    assert!(!stage.detach(old.connection.id, Departure::Bye));
    assert_eq!(stage.people(), ["key 9 0"]);
}

#[test]
fn another_sender_key_after_the_grace_takes_the_place_of_the_old_one() {
    let mut stage = Stage::sealed(limits());
    let old = stage.enter(member(1, 1)).unwrap();
    stage.detach(old.connection.id, Departure::Lost);
    let new = stage.at(61).enter(Entry { face: face(9, 0), ..member(1, 2) }).unwrap();

    assert!(!new.resumed && new.replaces.is_none());
    assert_eq!(stage.read(Seq::ZERO), ["key 1 0 came", "1 left: Timeout", "key 9 0 came"]);
    assert!(stage.enter(member(1, 1)).is_err(), "a late attempt");
    stage.enter(Entry { key: SessionKey([2; 16]), ..member(1, 1) }).unwrap();
}

#[test]
fn another_sender_key_after_the_grace_needs_a_place() {
    let mut stage = Stage::sealed(places(1));
    let old = stage.enter(member(1, 1)).unwrap();
    stage.detach(old.connection.id, Departure::Lost);
    let other = stage.at(61).enter(member(2, 1)).unwrap();
    let reloaded = Entry { face: face(9, 0), ..member(1, 2) };
    assert_eq!(stage.enter(reloaded), Err(JoinError::Full));

    // And the old session is kept.
    stage.detach(other.connection.id, Departure::Bye);
    assert!(stage.enter(member(1, 2)).unwrap().resumed);
}

#[test]
fn a_newer_profile_is_taken_along_and_an_older_one_is_not() {
    let mut stage = Stage::sealed(limits());
    let first = stage.enter(Entry { face: face(1, 5), ..member(1, 1) }).unwrap();
    stage.enter(Entry { face: face(1, 4), ..member(1, 2) }).unwrap();
    assert!(stage.read(first.live).is_empty());
    stage.enter(Entry { face: face(1, 6), ..member(1, 3) }).unwrap();
    assert_eq!(stage.read(first.live), ["1 is key 1 6"]);

    let id = ConnectionId { session: first.connection.id.session, attempt: 3 };
    stage.detach(id, Departure::Lost);
    stage.at(61).enter(Entry { face: face(1, 2), ..member(1, 4) }).unwrap();
    assert_eq!(stage.people(), ["key 1 6"]);
}

#[test]
fn a_nickname_counts_again_once_the_grace_is_over() {
    let mut stage = Stage::plain(limits());
    let first = stage.enter(nick("ann", 1)).unwrap();
    let again = stage.enter(nick("abe", 2)).unwrap();
    assert_eq!(again.replaces, Some(first.connection.id.session));
    assert_eq!(stage.people(), ["ann"]);
    stage.detach(again.connection.id, Departure::Lost);
    assert!(stage.at(61).enter(nick("abe", 3)).unwrap().resumed);
    assert_eq!(stage.people(), ["abe"]);
    stage.enter(nick("bob", 1)).unwrap();
    assert!(stage.enter(Entry { key: SessionKey([0; 16]), ..nick("ann", 1) }).is_ok());
}

#[test]
fn a_late_attempt_and_a_replaced_connection_change_nothing() {
    let mut stage = Stage::plain(limits());
    let first = stage.enter(nick("alice", 4)).unwrap();
    for attempt in [0, 3, 4] {
        assert_eq!(stage.enter(nick("alice", attempt)), Err(JoinError::Replaced));
    }
    let second = stage.enter(nick("alice", 5)).unwrap();
    assert_eq!(second.replaces, Some(first.connection.id.session));
    assert_eq!(stage.post(first.connection.id, "late"), None);
    assert!(!stage.detach(first.connection.id, Departure::Bye));
    assert_eq!(stage.post(second.connection.id, "hi"), Some(Posted::New(Seq::new(2))));
    stage.at(600);
    assert_eq!(stage.people(), ["alice"]);
}

#[test]
fn coming_back_gives_nothing_more_to_send() {
    let rate = Rate { tokens: 1, per: secs(3600), burst: 1 };
    let mut stage = Stage::plain(Limits { message_rate: Some(rate), ..limits() });
    let mut id = stage.enter(nick("alice", 1)).unwrap().connection.id;
    assert!(stage.take_turn(id).is_ok());
    for (s, attempt) in [(10, 2), (90, 3)] {
        stage.detach(id, Departure::Lost);
        id = stage.at(s).enter(nick("alice", attempt)).unwrap().connection.id;
        assert_eq!(stage.take_turn(id), Err(Timestamp::from_millis(3_600_000)));
    }
}

#[test]
fn nothing_from_before_a_session_is_shown_to_it_and_its_welcome_can_be_lost() {
    let mut stage = Stage::plain(Limits { history: 1, ..limits() });
    let bob = stage.enter(nick("bob", 1)).unwrap();
    for text in ["a", "b", "c"] {
        stage.post(bob.connection.id, text);
    }
    let first = stage.enter(nick("alice", 1)).unwrap();
    assert_eq!(stage.read(first.connection.last), ["c", "alice came"]);
    let again = stage.enter(nick("alice", 2)).unwrap();
    assert_eq!(again.connection.last, first.connection.last);
    let lower = stage.resume(nick("alice", 3), Seq::new(1)).unwrap();
    assert_eq!((lower.connection.last, lower.gap), (first.connection.last, None));
    assert_eq!(stage.resume(nick("alice", 4), Seq::new(6)), Err(JoinError::Ahead));
    let none = stage.resume(nick("alice", 4), Seq::new(5)).unwrap();
    assert_eq!((none.connection.last, none.gap), (Seq::new(5), None));
}

#[test]
fn what_cannot_be_had_any_more_is_a_gap() {
    let log_events = NonZeroU32::new(3).unwrap();
    let mut stage = Stage::plain(Limits { log_events, history: 1, ..limits() });
    let alice = stage.enter(nick("alice", 1)).unwrap();
    let bob = stage.enter(nick("bob", 1)).unwrap();
    for text in ["a", "b", "c", "d"] {
        stage.post(bob.connection.id, text);
    }
    let again = stage.resume(nick("alice", 2), alice.live).unwrap();
    assert_eq!(again.gap, Some((Seq::new(2), Seq::new(3))));
    assert_eq!(stage.read(again.connection.last), ["b", "c", "d"]);

    // Forgotten, it is shown the history alone, and told what else there was.
    stage.detach(again.connection.id, Departure::Bye);
    let new = stage.resume(nick("alice", 3), Seq::new(5)).unwrap();
    assert!(!new.resumed);
    assert_eq!(new.gap, Some((Seq::new(6), Seq::new(6))));
    assert_eq!(stage.read(new.connection.last), ["1 left: Bye", "alice came"]);
}
