//! Rooms and tokens of a temporary chat, without I/O, clock or async.
//!
//! **A room is a bounded log of events; a connection is a cursor into it.**
//! From that follow the order that all see (the log's), history (start the
//! cursor earlier), slow readers (the cursor falls off the log's end and is
//! told so) and memory (one copy of a message, however many read it).
//!
//! The crate is `no_std`, so the compiler keeps the promise: the time and the
//! random source are arguments, and whatever can be asked of it can be asked
//! in a test with virtual time.
//!
//! # What to call, and when
//!
//! - A [`Registry`] holds all rooms. [`create`](Registry::create) opens a plain
//!   room under a new [`PlainToken`], [`open`](Registry::open) one under an id
//!   of the caller's; [`room`](Registry::room) looks at one,
//!   [`change`](Registry::change) changes it, [`close`](Registry::close) ends it.
//! - After a change, [`poll_timeout`](Registry::poll_timeout) says when
//!   [`handle_timeout`](Registry::handle_timeout) is due; then
//!   [`poll_change`](Registry::poll_change) says which rooms ended or are gone.
//! - In a [`Room`]: [`enter`](Room::enter), [`post`](Room::post),
//!   [`rename`](Room::rename) and [`detach`](Room::detach) write to the log, and
//!   [`after`](Room::after) reads it. Before taking anything from a session,
//!   [`take_turn`](Room::take_turn) says whether it is too fast. Beside the log,
//!   [`set_away`](Room::set_away) notes who looks elsewhere, and
//!   [`whereabouts`](Room::whereabouts) says it of each.
//! - A session (a person's stay, [`SessionId`]) and a [`Connection`] (a socket's
//!   place in the log) are two things; the room owns the one, you the other. A
//!   connection that is lost is detached, and the session waits: who enters with
//!   the same [`SessionKey`] goes on where it was. [`join`](Room::join) is for
//!   clients that have no key, whose session ends with their connection.
//!
//! # Example
//!
//! ```
//! use chat_core::{
//!     Departure, Entry, Face, Limits, Nick, Read, Registry, Resume, RoomId, SessionKey, Timestamp, What,
//!     Wishes,
//! };
//!
//! let mut rng = rand::rng();
//! let now = Timestamp::from_millis(1_767_225_600_000);
//! let mut rooms = Registry::<String>::new(Limits::default().into());
//!
//! let token = rooms.create(now, &mut rng, &Wishes::default())?;
//! let id = RoomId::Plain(token.to_string().to_uppercase().parse()?);
//!
//! let alice = Entry {
//!     key: SessionKey(rand::random()),
//!     attempt: 1,
//!     face: Face::Nick(Nick::parse("alice")?),
//!     resume: None,
//! };
//! let joined = rooms.change(id, |room| room.enter(now, alice.clone()))??;
//! let mut connection = joined.connection;
//! rooms.change(id, |room| room.post(now, connection.id, None, "hi".into()))??;
//!
//! let mut said = Vec::new();
//! if let Read::Events(events) = rooms.room(id)?.after(connection.last) {
//!     for (seq, event) in events {
//!         if let What::Posted { payload, .. } = &event.what {
//!             said.push(payload.clone());
//!         }
//!         connection.last = seq;
//!     }
//! }
//! assert_eq!(said, ["hi"]);
//!
//! // The connection is lost, and alice comes back before anybody noticed.
//! rooms.change(id, |room| room.detach(now, connection.id, Departure::Lost))?;
//! let resume = Resume { instance: rooms.room(id)?.instance(), last: connection.last };
//! let again = Entry { attempt: 2, resume: Some(resume), ..alice };
//! let again = rooms.change(id, |room| room.enter(now, again))??;
//! assert!(again.resumed && again.connection.id.session == connection.id.session);
//! rooms.change(id, |room| room.detach(now, again.connection.id, Departure::Bye))?;
//!
//! // Nobody moves this clock but us.
//! let due = rooms.poll_timeout().unwrap();
//! rooms.handle_timeout(due);
//! assert!(rooms.room(id).is_err(), "nobody came any more");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![no_std]

extern crate alloc;

mod base32;
mod bucket;
mod budget;
mod event;
mod expiry;
mod id;
mod limits;
mod log;
mod nick;
mod registry;
mod room;
mod sealed_token;
mod session;
mod sessions;
mod time;
mod token;

pub use bucket::{Bucket, Rate};
pub use budget::Budget;
pub use event::{
    Author, Departure, Event, Face, LeaveReason, Mode, Payload, Peer, What, Whereabouts,
};
pub use id::{ConnectionId, Instance, MessageId, RoomId, SenderKey, Seq, SessionId, SessionKey};
pub use limits::{Limits, RoomOptions, Wishes};
pub use log::{Log, Read};
pub use nick::{FoldedNick, Nick, ParseNickError};
pub use registry::{FindError, OpenError, Registry, RoomChange};
pub use room::{
    EndReason, Entry, FaceError, JoinError, Joined, PostError, Posted, Presence, Resume, Room,
};
pub use sealed_token::{ParseSealedTokenError, SealedToken, Token};
pub use session::Connection;
pub use time::Timestamp;
pub use token::{ParseTokenError, PlainToken};
