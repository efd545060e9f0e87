//! What is remembered of those who are away, and for how long.

use super::*;
use crate::room::FaceError;

#[test]
fn a_message_that_comes_again_is_taken_once() {
    let mut stage = Stage::plain(Limits { message_ids: 2, ..limits() });
    let first = stage.enter(nick("alice", 1)).unwrap();
    assert_eq!(stage.post(first.connection.id, "a"), Some(Posted::New(Seq::new(2))));
    assert_eq!(stage.post(first.connection.id, "b"), Some(Posted::New(Seq::new(3))));
    stage.detach(first.connection.id, Departure::Lost);
    let again = stage.at(61).enter(nick("alice", 2)).unwrap().connection.id;
    assert_eq!(stage.post(again, "a"), Some(Posted::Repeat(Seq::new(2))));
    assert_eq!(stage.post(again, "c"), Some(Posted::New(Seq::new(6))));
    assert_eq!(stage.post(again, "a"), Some(Posted::New(Seq::new(7))), "too long ago");

    // The same id of somebody else is another message.
    let bob = stage.enter(nick("bob", 1)).unwrap();
    assert_eq!(stage.post(bob.connection.id, "c"), Some(Posted::New(Seq::new(9))));
}

#[test]
fn a_session_that_remembers_no_ids_takes_all_messages() {
    let mut stage = Stage::plain(Limits { message_ids: 0, ..limits() });
    let alice = stage.enter(nick("alice", 1)).unwrap().connection.id;
    assert_eq!(stage.post(alice, "a"), Some(Posted::New(Seq::new(2))));
    assert_eq!(stage.post(alice, "a"), Some(Posted::New(Seq::new(3))));
}

#[test]
fn the_oldest_memories_go_first() {
    let mut stage = Stage::plain(Limits { remembered: 2, ..limits() });
    stage.enter(nick("bob", 1)).unwrap();
    for (s, name) in [(1, "dan"), (2, "ann"), (3, "cat")] {
        let id = stage.at(s).enter(nick(name, 1)).unwrap().connection.id;
        stage.detach(id, Departure::Lost);
    }
    assert_eq!(stage.at(100).people(), ["bob"]);
    assert!(!stage.enter(nick("dan", 2)).unwrap().resumed);
    assert!(stage.enter(nick("ann", 2)).unwrap().resumed);
    assert!(stage.enter(nick("cat", 2)).unwrap().resumed);
}

#[test]
fn no_more_are_remembered_than_have_a_place() {
    let mut stage = Stage::plain(places(1));
    for (s, name) in [(0, "ann"), (100, "bob")] {
        let id = stage.at(s).enter(nick(name, 1)).unwrap().connection.id;
        stage.detach(id, Departure::Lost);
    }
    let ann = stage.at(200).enter(nick("ann", 2)).unwrap();
    assert!(!ann.resumed);
    stage.detach(ann.connection.id, Departure::Bye);
    assert!(stage.enter(nick("bob", 2)).unwrap().resumed);
}

#[test]
fn a_session_is_forgotten_an_hour_after_its_grace() {
    for (s, resumed) in [(3659, true), (3660, false)] {
        let mut stage = Stage::plain(limits());
        stage.enter(nick("bob", 1)).unwrap();
        let id = stage.enter(nick("alice", 1)).unwrap().connection.id;
        stage.detach(id, Departure::Lost);
        assert_eq!(stage.at(s).enter(nick("alice", 2)).unwrap().resumed, resumed);
    }
    // The time is counted from the grace's end, however late that is handled.
    let mut stage = Stage::plain(limits());
    stage.enter(nick("bob", 1)).unwrap();
    let id = stage.enter(nick("alice", 1)).unwrap().connection.id;
    stage.detach(id, Departure::Lost);
    stage.rooms.handle_timeout(Timestamp::from_millis(3_000_000));
    assert!(!stage.at(3660).enter(nick("alice", 2)).unwrap().resumed);
}

#[test]
fn a_nickname_is_free_after_the_grace() {
    let mut stage = Stage::plain(limits());
    let alice = stage.enter(nick("alice", 1)).unwrap();
    stage.detach(alice.connection.id, Departure::Lost);
    let other = Entry { key: SessionKey([0; 16]), ..nick("ALICE", 1) };
    let taken = Err(JoinError::Face(FaceError::NickTaken));
    assert_eq!(stage.at(59).enter(other.clone()), taken);
    stage.at(60).enter(other).unwrap();

    // Whose it was needs another, and is who it was.
    assert_eq!(stage.enter(nick("alice", 2)), taken);
    let again = stage.enter(nick("anna", 2)).unwrap();
    assert!(again.resumed);
    assert_eq!(stage.people(), ["anna", "ALICE"]);
}

#[test]
fn a_sender_key_is_free_once_its_session_is_forgotten() {
    let mut stage = Stage::sealed(limits());
    stage.enter(member(2, 1)).unwrap();
    let alice = stage.enter(member(1, 1)).unwrap();
    stage.detach(alice.connection.id, Departure::Lost);
    let thief = Entry { key: SessionKey([3; 16]), ..member(1, 1) };
    let taken = Err(JoinError::Face(FaceError::KeyTaken));
    assert_eq!(stage.at(3659).enter(thief.clone()), taken);
    assert!(stage.at(3660).enter(thief).is_ok());
}

#[test]
fn a_full_room_keeps_the_session_of_who_comes_back_too_late() {
    let mut stage = Stage::plain(places(1));
    let alice = stage.enter(nick("alice", 1)).unwrap();
    stage.detach(alice.connection.id, Departure::Lost);
    assert_eq!(stage.at(59).enter(nick("bob", 1)), Err(JoinError::Full));
    let bob = stage.at(60).enter(nick("bob", 2)).unwrap();
    assert_eq!(stage.enter(nick("alice", 2)), Err(JoinError::Full));
    stage.detach(bob.connection.id, Departure::Bye);
    assert!(stage.enter(nick("alice", 2)).unwrap().resumed, "nobody was let in as 2");
}

#[test]
fn a_room_is_empty_once_the_last_grace_is_over() {
    let mut stage = Stage::plain(Limits { unused_ttl: secs(0), ..limits() });
    let alice = stage.enter(nick("alice", 1)).unwrap();
    stage.detach(alice.connection.id, Departure::Lost);
    assert!(!stage.at(659).rooms.is_empty());
    assert!(stage.room().is_empty());
    assert!(stage.at(660).rooms.is_empty());
}

#[test]
fn the_word_of_a_gap_that_was_lost_is_said_again() {
    let mut stage = Stage::plain(Limits { history: 1, remember: Duration::ZERO, ..limits() });
    let bob = stage.enter(nick("bob", 1)).unwrap().connection.id;
    let alice = stage.enter(nick("alice", 1)).unwrap().connection.id;
    stage.detach(alice, Departure::Lost);
    for id in ["a", "b", "c"] {
        stage.post(bob, id);
    }
    let gap = Some((Seq::new(3), Seq::new(5)));
    let anew = stage.at(61).resume(nick("alice", 2), Seq::new(2)).unwrap();
    assert_eq!((anew.resumed, anew.gap), (false, gap));
    // The welcome is lost, and the gap with it.
    stage.detach(anew.connection.id, Departure::Lost);
    let again = stage.resume(nick("alice", 3), Seq::new(2)).unwrap();
    assert_eq!((again.resumed, again.gap, again.connection.last), (true, gap, Seq::new(5)));
    // Who has heard of it isn't told again.
    stage.detach(again.connection.id, Departure::Lost);
    assert_eq!(stage.resume(nick("alice", 4), Seq::new(5)).unwrap().gap, None);
}
