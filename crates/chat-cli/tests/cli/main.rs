//! The program as people start it, against a real server on a free port of loopback.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod bench;
mod create;
mod double;
mod ends;
mod json;
mod key;
mod modes;
mod pages;
mod pipe;
mod pty;
mod screen;
mod sealed;
mod talk;
mod tls;
mod tokens;
mod wire;
