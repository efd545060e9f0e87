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
//! - In a [`Room`]: [`join`](Room::join), [`post`](Room::post),
//!   [`rename`](Room::rename), [`leave`](Room::leave) write to the log, and
//!   [`after`](Room::after) reads it. Before taking anything from a session,
//!   [`take_turn`](Room::take_turn) says whether it is too fast.
//! - A session (a person's stay, [`SessionId`]) and a [`Connection`] (a socket's
//!   place in the log) are two things; the room owns the one, you the other.
//!
//! # Example
//!
//! ```
//! use chat_core::{Face, Limits, Mode, Nick, Read, Registry, RoomId, Timestamp, What, Wishes};
//!
//! let mut rng = rand::rng();
//! let now = Timestamp::from_millis(1_767_225_600_000);
//! let mut rooms = Registry::<String>::new(Limits::default().into());
//!
//! let token = rooms.create(now, &mut rng, &Wishes::default())?;
//! let id = RoomId::Plain(token.to_string().to_uppercase().parse()?);
//!
//! let alice = Face::Nick(Nick::parse("alice")?);
//! let joined = rooms.change(id, |room| room.join(now, Mode::Structured, alice))??;
//! let mut connection = joined.connection;
//! rooms.change(id, |room| room.post(now, connection.session, None, "hi".into()))??;
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
//! // Nobody moves this clock but us.
//! let due = rooms.poll_timeout().unwrap();
//! rooms.handle_timeout(due);
//! assert!(rooms.room(id)?.ended().is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![no_std]

extern crate alloc;

mod base32;
mod bucket;
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
mod time;
mod token;

pub use bucket::{Bucket, Rate};
pub use event::{Author, Event, Face, LeaveReason, Mode, Payload, Peer, What};
pub use id::{Instance, MessageId, RoomId, SenderKey, Seq, SessionId};
pub use limits::{Limits, RoomOptions, Wishes};
pub use log::{Log, Read};
pub use nick::{FoldedNick, Nick, ParseNickError};
pub use registry::{FindError, OpenError, Registry, RoomChange};
pub use room::{EndReason, FaceError, JoinError, Joined, PostError, Presence, Room};
pub use sealed_token::{ParseSealedTokenError, SealedToken, Token};
pub use session::Connection;
pub use time::Timestamp;
pub use token::{ParseTokenError, PlainToken};
