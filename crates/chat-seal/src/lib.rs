//! End-to-end sealing (docs/protocol.md, section 5): what members of a sealed
//! room say, so that whoever carries it can't read, forge, alter or
//! re-attribute it.
//!
//! [`RoomKeys`] are derived from the token. A [`Sealer`] is one joining by a
//! person: a signing key and two counters that live in memory and are never
//! used twice. An [`Opener`] checks what comes, in the protocol's order, and
//! keeps count of every sender. [`PersonCode`] and [`RoomCode`] are what people
//! compare.
//!
//! ```
//! use chat_core::{Nick, SealedToken};
//! use chat_seal::{Opened, Opener, RoomKeys, Sealer, Words};
//!
//! let mut rng = rand::rng();
//! let token = SealedToken::generate(&mut rng);
//! let keys = RoomKeys::derive(&token);
//!
//! let mut alice = Sealer::generate(keys.clone(), &mut rng);
//! let sealed = alice.seal_text(&Nick::parse("alice")?, 1_767_225_600_000, "hi")?;
//!
//! let mut bob = Opener::new(keys);
//! match bob.open_message(alice.spk(), &sealed) {
//!     Opened::Message { words: Words::Text { nick, text, .. }, .. } => {
//!         assert_eq!((nick.unwrap().as_str(), text.as_str()), ("alice", "hi"));
//!     }
//!     other => panic!("{other:?}"),
//! }
//! // The same again is a replay.
//! assert!(matches!(bob.open_message(alice.spk(), &sealed), Opened::Repeat));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod code;
mod derive;
#[cfg(fuzzing)]
pub mod fuzzing;
mod json;
mod open;
mod padding;
mod seal;
mod sealed;
mod senders;
#[cfg(test)]
mod vectors;
mod weak;
mod words;

pub use code::{PersonCode, RoomCode};
pub use derive::RoomKeys;
pub use open::{OpenError, Opened, Opener};
pub use seal::{SealError, Sealer};
pub use sealed::{Kind, Sealed};
pub use senders::Order;
pub use words::Words;
