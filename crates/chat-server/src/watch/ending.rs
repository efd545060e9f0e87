//! How connections end, as it is counted.

use chat_proto::CloseCode;

/// Who ended a connection, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The server, with this code.
    Here(CloseCode),
    /// The peer, with this code; [`CloseCode::ABNORMAL`] where it said none.
    There(CloseCode),
}

impl Ending {
    pub(crate) const fn by(self) -> &'static str {
        match self {
            Self::Here(_) => "server",
            Self::There(_) => "peer",
        }
    }

    pub(crate) const fn code(self) -> CloseCode {
        match self {
            Self::Here(code) | Self::There(code) => code,
        }
    }
}
