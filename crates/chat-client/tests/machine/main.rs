//! The session machine against the table of scenarios, and against the rooms themselves in a
//! network that does its worst.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod neutral;
mod scenarios;
mod schedules;
mod sim;
