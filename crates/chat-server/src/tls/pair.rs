//! A certificate and its key, as files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error, InconsistentKeys};

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file can't be read.
    #[error("the {what} {} can't be read: {error}", .path.display())]
    Read {
        /// What the file holds.
        what: &'static str,
        /// Its path.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// There is no certificate in the file.
    #[error(
        "{} holds no certificate: it must be PEM, which begins with -----BEGIN CERTIFICATE-----",
        .0.display()
    )]
    NoCertificate(PathBuf),
    /// There is no key in the file, or one with a password.
    #[error(
        "{} holds no private key: it must be PEM without a password, which begins with \
         -----BEGIN PRIVATE KEY-----",
        .0.display()
    )]
    NoKey(PathBuf),
    /// The key is of another certificate.
    #[error(
        "the key {} doesn't belong to the certificate {}: give two files that were issued \
         together, with the server's own certificate first",
        .key.display(), .certificate.display()
    )]
    Mismatch {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// They can't be used for TLS.
    #[error("the certificate {} and its key can't be used: {error}", .certificate.display())]
    Unusable {
        /// The certificate's file.
        certificate: PathBuf,
        /// What TLS says.
        error: Error,
    },
    /// A certificate of our own can't be made.
    #[error("a certificate can't be made for this machine: {0}")]
    Make(rcgen::Error),
    /// A certificate of our own can't be kept.
    #[error(
        "the certificate can't be kept in {}: {error}; choose another folder with --state-dir",
        .folder.display()
    )]
    Keep {
        /// Where it was to be kept.
        folder: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// The two files.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
}

/// By what a change of the files is noticed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stamp([Option<(SystemTime, u64)>; 2]);

impl Pair {
    pub(super) fn stamp(&self) -> Stamp {
        Stamp([&self.certificate, &self.key].map(|path| {
            let file = fs::metadata(path).ok()?;
            Some((file.modified().ok()?, file.len()))
        }))
    }

    /// Reads both.
    ///
    /// # Errors
    /// When one is missing or holds something else, or they don't belong
    /// together.
    pub(super) fn read(&self) -> Result<CertifiedKey, TlsError> {
        let pem = read("certificate", &self.certificate)?;
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<_, _>>()
            .map_err(|_| TlsError::NoCertificate(self.certificate.clone()))?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate(self.certificate.clone()));
        }
        let pem = read("key", &self.key)?;
        let key =
            PrivateKeyDer::from_pem_slice(&pem).map_err(|_| TlsError::NoKey(self.key.clone()))?;
        CertifiedKey::from_der(chain, key, &ring::default_provider()).map_err(|error| match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                TlsError::Mismatch { certificate: self.certificate.clone(), key: self.key.clone() }
            }
            error => TlsError::Unusable { certificate: self.certificate.clone(), error },
        })
    }
}

fn read(what: &'static str, path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|error| TlsError::Read { what, path: path.to_owned(), error })
}
