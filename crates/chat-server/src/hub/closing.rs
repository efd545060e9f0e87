//! How a connection is brought to its end.

use chat_proto::CloseCode;

use crate::watch::Ending;
use crate::ws::frame;

/// How a connection is brought to its end.
#[derive(Debug)]
pub(crate) struct Closing {
    /// Whether the rest of the log goes first.
    pub(crate) after_log: bool,
    /// The last frames, a close frame at their end.
    pub(crate) frames: Vec<u8>,
    /// What that is, for those who count.
    pub(crate) ending: Ending,
}

impl Closing {
    /// A close at once.
    pub(crate) fn with(code: CloseCode, reason: &str) -> Self {
        let mut frames = Vec::new();
        frame::close(&mut frames, code.0, reason);
        Self { after_log: false, frames, ending: Ending::Here(code) }
    }
}
