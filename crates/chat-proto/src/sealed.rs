//! What an end-to-end encrypted room carries; nobody here can open it.

use serde::{Deserialize, Serialize};

use crate::{
    bytes::{B64, Blob},
    codec,
};

/// A sealed message or profile (section 5). The server hands it on as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The sender's counter for this kind of content, from 0.
    #[serde(deserialize_with = "codec::int")]
    pub n: u64,
    /// The padded text under AES-256-GCM, with its tag.
    pub ct: Blob,
    /// The sender's Ed25519 signature.
    pub sig: B64<64>,
}
