//! What is told of the server to those who look after it: figures, and lines of
//! a log. Never who is there and what they say.
//!
//! Everything is counted where it happens, in plain numbers ([`meter`]); only
//! when somebody asks they are gathered ([`collect`]) and written as Prometheus
//! reads them ([`sheet`]).

mod address;
mod collect;
mod count;
mod ending;
pub(crate) mod listener;
mod meter;
mod process;
mod seldom;
pub(crate) mod sheet;
pub(crate) mod summary;
mod table;
mod tally;
mod visit;

pub use address::LogAddresses;

pub(crate) use ending::Ending;
pub(crate) use meter::{Meter, Roomless, Timing, kind};
pub(crate) use seldom::Seldom;
pub(crate) use tally::{Sent, Tally, Totals};
pub(crate) use visit::Visit;
