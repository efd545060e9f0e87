//! What a server is held to: servers of the same interface that do nothing else.

pub(crate) mod floor;
pub(crate) mod naive;
mod request;
mod talk;
