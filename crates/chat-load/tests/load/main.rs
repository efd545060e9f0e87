//! The load generator against servers that are good, and against one that isn't.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod faults;
mod faulty;
mod program;
mod scenarios;
mod servers;
mod usage;
mod yardsticks;
