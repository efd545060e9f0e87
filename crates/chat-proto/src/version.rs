//! What this version of the protocol is called.

/// The number in `hello.v` and `welcome.v`. A breaking change counts it up.
pub const VERSION: u64 = 1;

/// The WebSocket subprotocol of structured mode (`Sec-WebSocket-Protocol`, section 4).
pub const SUBPROTOCOL: &str = "chat.v1";

/// The most bytes a client accepts in one frame of the server: 4 MiB (section 4.2).
///
/// What a client may send is less, and said by `welcome.limits.frame`.
pub const MAX_SERVER_FRAME: usize = 4 << 20;
