//! The key of whoever may open rooms, where the server wants one.

use std::fs::File;
use std::io::{self, Read};
use std::net::IpAddr;
use std::path::Path;

use chat_proto::{CreateKey, ErrorCode, ParseCreateKeyError};
use subtle::ConstantTimeEq;
use thiserror::Error;

use crate::Server;
use crate::convert::Refusal;

/// How much of a file is looked at, in bytes: the longest key, and white space
/// around it.
const FILE_MAX: u64 = 4096;

/// Why a file gives no key. Nothing of it is repeated, and the file isn't named:
/// somebody may have put the key itself where its file belongs.
#[derive(Debug, Error)]
pub enum ReadCreateKeyError {
    /// It can't be read.
    #[error("the file can't be read: {0}; name a file that holds the key")]
    File(#[from] io::Error),
    /// It holds no key.
    #[error("{0}; write one into the file, for example by `openssl rand -hex 16`")]
    Key(#[from] ParseCreateKeyError),
}

/// Reads the key of whoever may open rooms from a file.
///
/// # Errors
/// When the file can't be read, or holds no key.
pub fn read_create_key(path: &Path) -> Result<CreateKey, ReadCreateKeyError> {
    let mut bytes = Vec::new();
    File::open(path)?.take(FILE_MAX).read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).map_err(|_| ParseCreateKeyError::Character)?;
    Ok(text.parse()?)
}

impl Server {
    /// Whether a peer that shows this key may open rooms. Who shows another one
    /// is counted as a guesser, and so is who shows none: the answer tells that
    /// a room isn't there.
    ///
    /// # Errors
    /// When it is another key or none, or there were too many attempts.
    pub(crate) fn may_open(&self, peer: IpAddr, shown: Option<&str>) -> Result<(), Refusal> {
        let Some(key) = &self.config.create_key else { return Ok(()) };
        let now = self.clock.now();
        // Before the comparison: a right guess must not be told from a wrong one.
        self.failed_joins.check(peer, now).map_err(Refusal::rate)?;
        if shown.is_some_and(|shown| is_equal(key, shown)) {
            return Ok(());
        }
        // It was checked above; what matters is that it counts.
        let _ = self.failed_joins.take(peer, now);
        let message = match shown {
            Some(_) => "this is not the server's key; ask whoever runs the server for it",
            None => {
                "only who has this server's key may open rooms; ask whoever runs it for the key"
            }
        };
        Err(Refusal::fatal(ErrorCode::CreateKey, message))
    }
}

/// In a time that tells nothing but the length.
fn is_equal(key: &CreateKey, shown: &str) -> bool {
    key.as_str().as_bytes().ct_eq(shown.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_equal_to_itself_alone() {
        let key: CreateKey = "open-sesame".parse().unwrap();
        assert!(is_equal(&key, "open-sesame"));
        for shown in ["", "open-sesam", "open-sesame ", "Open-sesame", "open-sesamf"] {
            assert!(!is_equal(&key, shown), "{shown}");
        }
    }

    #[test]
    fn a_file_gives_its_key_or_says_what_is_wrong_without_repeating_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = |content: &[u8]| {
            let path = folder.path().join("key");
            std::fs::write(&path, content).unwrap();
            read_create_key(&path).map_err(|error| error.to_string())
        };
        assert_eq!(file(b"open-sesame\n").unwrap().as_str(), "open-sesame");
        for (content, said) in [
            (&b" \n"[..], "there is no key in it"),
            (&[b'k'; 257], "at most 256 bytes"),
            (&[b'k'; 9000], "at most 256 bytes"),
            (b"my sesame", "visible ASCII"),
            (b"\xffsesame", "visible ASCII"),
        ] {
            let error = file(content).unwrap_err();
            assert!(error.contains(said) && !error.contains("sesame"), "{error}");
        }
        let missing = read_create_key(&folder.path().join("sesame")).unwrap_err().to_string();
        assert!(missing.contains("can't be read") && !missing.contains("sesame"), "{missing}");
    }
}
