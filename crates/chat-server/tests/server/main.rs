//! The server on real sockets, one topic a file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod addresses;
mod asked;
mod attempts;
mod bad_input;
mod certificates;
mod create_key;
mod ends;
mod grace;
mod headers;
mod hosts;
mod limits;
mod memory;
mod metrics;
#[cfg(unix)]
mod notify;
mod order;
mod origins;
mod page;
mod presence;
#[cfg(target_os = "linux")]
mod privacy;
mod process;
mod program;
#[cfg(unix)]
mod restart;
mod resume;
mod secrets;
mod slow;
mod support;
#[cfg(unix)]
mod takeover;
mod talk;
mod tls;
mod trust;
