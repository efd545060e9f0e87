//! Where members are, as the others are told.

use super::*;
use crate::event::Whereabouts::{Away, Here, Lost};

#[test]
fn who_is_away_says_so_and_a_lost_connection_says_it_by_itself() {
    let mut stage = Stage::plain(limits());
    let alice = stage.enter(nick("alice", 1)).unwrap().connection.id;
    let whereabouts = |stage: &Stage| stage.room().whereabouts(alice.session);
    assert_eq!(whereabouts(&stage), Some(Here));

    assert!(stage.set_away(alice, true));
    assert!(!stage.set_away(alice, true), "that is known");
    assert_eq!(whereabouts(&stage), Some(Away));
    stage.detach(alice, Departure::Lost);
    assert_eq!(whereabouts(&stage), Some(Lost));
    assert_eq!(stage.room().peers().next().unwrap().whereabouts, Lost);
    assert!(!stage.set_away(alice, false), "it has no connection to say so");
    assert_eq!(stage.at(60).room().whereabouts(alice.session), None);
}

#[test]
fn another_connection_begins_here() {
    let mut stage = Stage::plain(limits());
    let first = stage.enter(nick("alice", 1)).unwrap().connection.id;
    stage.set_away(first, true);
    let second = stage.enter(nick("alice", 2)).unwrap().connection.id;
    assert_eq!(stage.room().whereabouts(first.session), Some(Here), "in the place of the first");
    assert!(!stage.set_away(first, true), "which is heard no more");

    stage.set_away(second, true);
    stage.detach(second, Departure::Lost);
    let before = stage.at(100).room().newest();
    stage.enter(nick("alice", 3)).unwrap();
    assert_eq!(stage.room().whereabouts(first.session), Some(Here), "remembered");
    let Read::Events(mut events) = stage.room().after(before) else { panic!("it can be read") };
    let joined = events.next().map(|(_, event)| event.what.clone());
    assert!(matches!(joined, Some(What::Joined(peer)) if peer.whereabouts == Here));
}
