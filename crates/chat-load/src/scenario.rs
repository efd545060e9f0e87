//! What is done to a server, and what is found.

pub(crate) mod stage;
pub(crate) mod steady;
