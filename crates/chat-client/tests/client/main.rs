//! The client over real sockets, against a server that says what the test wants.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod api;
mod double;
mod join;
