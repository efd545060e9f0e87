//! The wire format of the chat (`docs/protocol.md`): frames, codes and the HTTP answers.
//!
//! Nothing else in the project knows JSON. [`ClientFrame`] and [`ServerFrame`] read and write one
//! text frame each, bounded in bytes and in depth; what a later version adds (members, codes,
//! words) survives reading, and an unknown `t` is an error of its own. What people wrote is in
//! [`Text`], [`B64`] and [`Blob`], whose `Debug` shows nothing, and no error quotes its input.

mod base64url;
mod bytes;
pub mod client;
mod code;
mod codec;
mod create_key;
mod event;
mod hello;
pub mod http;
mod id;
mod open;
mod peer;
mod sealed;
pub mod server;
mod text;
mod version;
mod welcome;

pub use bytes::{B64, Blob};
pub use client::ClientFrame;
pub use code::{CloseCode, ErrorCode};
pub use codec::{DecodeError, MAX_DEPTH, MAX_INT};
pub use create_key::{CreateKey, ParseCreateKeyError};
pub use id::{MsgId, ParseMsgIdError};
pub use sealed::Sealed;
pub use server::ServerFrame;
pub use text::Text;
pub use version::{MAX_SERVER_FRAME, SUBPROTOCOL, VERSION};
