//! The server on real sockets, one topic a file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod asked;
mod attempts;
mod bad_input;
mod ends;
mod grace;
#[cfg(unix)]
mod notify;
mod order;
mod page;
mod presence;
mod privacy;
mod process;
mod program;
#[cfg(unix)]
mod restart;
mod resume;
mod slow;
mod support;
#[cfg(unix)]
mod takeover;
mod talk;
