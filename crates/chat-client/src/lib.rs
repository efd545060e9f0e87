//! A chat client as a library: a bot, a bridge or another terminal starts here.
//!
//! [`Client`] makes rooms and joins them, sealed ones (end-to-end encrypted) and plain ones alike; [`Handle`] sends, [`Events`] tells what happens. Below
//! them [`Session`] is the protocol's client as a machine without I/O and without a clock, for
//! other runtimes and for tests with virtual time.
//!
//! ```no_run
//! use chat_client::{Client, Event, Invite, Nick};
//!
//! # async fn bot() -> Result<(), Box<dyn std::error::Error>> {
//! let invite: Invite = "http://localhost:8080/#01ab-0101-wxyz-0000".parse()?;
//! let server = invite.server.ok_or("this token names no server")?;
//! let (handle, mut events) =
//!     Client::new("hello-bot/1").join(&server, invite.token, Nick::parse("bot")?).await?;
//! handle.try_send("hello")?;
//! while let Some(event) = events.next().await {
//!     if let Event::Acknowledged { .. } = event {
//!         handle.leave();
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod api;
mod client;
mod clock;
mod connector;
mod invite;
mod line;
mod proxy;
mod server_url;
mod session;
mod socket;

pub use api::RequestError;
pub use chat_core::{
    Nick, ParseNickError, ParseSealedTokenError, PlainToken, SealedToken, Timestamp, Token,
};
pub use chat_proto::{
    B64, CloseCode, CreateKey, ErrorCode, MsgId, ParseCreateKeyError, Text,
    client::Opts,
    http::{Bounds, Info},
    server::{EndWhy, GapWhy, LeaveWhy, Mode, RoomInfo, RoomKind, Whereabouts},
};
pub use chat_seal::{RoomKeys, SealError, Sealer};
pub use client::{Client, Events, Handle, JoinError, draw_token};
pub use connector::{ConnectError, TrustError};
pub use invite::{Invite, ParseInviteError};
pub use server_url::{ParseServerError, ServerUrl};
pub use session::{
    Action, Arrival, Event, Joining, Message, Outcome, Person, Room, Seal, SendError, Session,
    Welcomed,
};
