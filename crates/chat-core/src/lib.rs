//! Rooms, tokens and nicknames.
#![no_std]

extern crate alloc;

mod time;

pub use time::Timestamp;
