//! What a room carries: texts in a plain one, sealed bytes in a sealed one.

use std::fmt;
use std::sync::Arc;

use chat_proto::Sealed;

/// A message or a sealed profile, shared by all who hold it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Payload {
    /// A text, as it was sent.
    Text(Arc<str>),
    /// Something that the server can't open.
    Sealed(Arc<Sealed>),
}

impl chat_core::Payload for Payload {
    fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Sealed(sealed) => size_of::<Sealed>() + sealed.ct.0.len(),
        }
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Payload(..)")
    }
}
