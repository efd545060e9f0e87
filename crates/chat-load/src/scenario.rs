//! What is done to a server, and what is found.

pub(crate) mod churn;
pub(crate) mod idle;
pub(crate) mod join;
pub(crate) mod mixed;
mod stage;
pub(crate) mod steady;
