//! The server on real sockets, one topic a file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod bad_input;
mod ends;
mod order;
mod page;
mod privacy;
mod program;
mod slow;
mod support;
mod talk;
