//! A certificate that the machine signs itself, kept in a folder.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, SanType};
use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::ServerCertVerifier;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};

use super::machine::Names;
use super::pair::{Pair, TlsError};
use crate::host::Host;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a certificate is good. Each new one has to be looked at again by
/// everybody, so it is long: Apple's systems refuse more than 825 days whoever
/// signed, and the shorter limits of browsers are for public authorities.
const GOOD: Duration = Duration::from_secs(820 * DAY.as_secs());

/// How long before its end it is made anew.
const RENEW: Duration = Duration::from_secs(30 * DAY.as_secs());

/// Who has a wrong clock may be this much behind.
const SLACK: Duration = DAY;

/// Where the certificate is kept, and for whom it is.
pub(super) struct Kept {
    folder: PathBuf,
    pub(super) files: Pair,
    names: Names,
}

impl Kept {
    pub(super) fn new(folder: &Path, names: Names) -> Self {
        let files = Pair { certificate: folder.join("cert.pem"), key: folder.join("key.pem") };
        Self { folder: folder.to_owned(), files, names }
    }

    /// The names that it is for, and no addresses.
    pub(super) fn names(&self) -> impl Iterator<Item = Host> {
        let names = self.names.must.iter().filter(|name| matches!(name, ServerName::DnsName(_)));
        names.filter_map(|name| name.to_str().parse().ok())
    }

    /// Sees to it that a good one is there.
    ///
    /// # Errors
    /// When it can't be made or kept.
    pub(super) fn ensure(&self) -> Result<(), TlsError> {
        match self.files.read() {
            Ok(read) if read.cert.first().is_some_and(|own| self.is_good(own)) => return Ok(()),
            Ok(_) => tracing::info!(
                "the certificate is about to expire or lacks a name of this machine: \
                 it is made anew"
            ),
            Err(TlsError::Read { error, .. }) if error.kind() == io::ErrorKind::NotFound => {}
            // What can't be read may be good, and is not to be lost.
            Err(TlsError::Read { error, .. }) => return Err(self.lost(error)),
            Err(error) => tracing::warn!(%error, "the certificate is made anew"),
        }
        self.make(GOOD)
    }

    /// Whether a client that trusts it, and it alone, would take it for each of
    /// the names, and for some time to come.
    fn is_good(&self, own: &CertificateDer<'static>) -> bool {
        let mut roots = RootCertStore::empty();
        if roots.add(own.clone()).is_err() {
            return false;
        }
        let provider = Arc::new(ring::default_provider());
        let builder = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
        let Ok(verifier) = builder.build() else { return false };
        let later = UnixTime::since_unix_epoch(since_epoch() + RENEW);
        self.names
            .must
            .iter()
            .all(|name| verifier.verify_server_cert(own, &[], name, &[], later).is_ok())
    }

    fn make(&self, good: Duration) -> Result<(), TlsError> {
        let key = KeyPair::generate().map_err(TlsError::Make)?;
        let params = self.params(good).map_err(TlsError::Make)?;
        let certificate = params.self_signed(&key).map_err(TlsError::Make)?;
        let keep = || {
            folder(&self.folder)?;
            // The key first: a certificate that is there has its key.
            replace(&self.files.key, 0o600, key.serialize_pem().as_bytes())?;
            replace(&self.files.certificate, 0o644, certificate.pem().as_bytes())
        };
        keep().map_err(|error| self.lost(error))
    }

    fn lost(&self, error: io::Error) -> TlsError {
        TlsError::Keep { folder: self.folder.clone(), error }
    }

    /// It may sign nothing but itself: whoever has their system trust it trusts
    /// this server, and no other that its key could vouch for.
    fn params(&self, good: Duration) -> Result<CertificateParams, rcgen::Error> {
        let mut params = CertificateParams::default();
        for name in self.names.must.iter().chain(&self.names.may) {
            params.subject_alt_names.push(match name {
                ServerName::DnsName(name) => SanType::DnsName(name.as_ref().try_into()?),
                ServerName::IpAddress(ip) => SanType::IpAddress(IpAddr::from(*ip)),
                // There are no others.
                _ => continue,
            });
        }
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "chat-server");
        params.is_ca = IsCa::ExplicitNoCa;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let now = rcgen::date_time_ymd(1970, 1, 1) + since_epoch();
        params.not_before = now - SLACK;
        params.not_after = now - SLACK + good;
        Ok(params)
    }
}

fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Makes the folder where there is none, for this user alone.
fn folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Replaces a file as a whole: who reads it meanwhile reads the earlier one.
fn replace(path: &Path, mode: u32, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    // What an interrupted attempt left would keep its mode.
    match fs::remove_file(&new) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        Ok(()) | Err(_) => {}
    }
    let mut file = create(&new, mode)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)
}

#[cfg(unix)]
fn create(path: &Path, mode: u32) -> io::Result<File> {
    let mut options = OpenOptions::new();
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    options.write(true).create_new(true).open(path)
}

#[cfg(windows)]
fn create(path: &Path, _mode: u32) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::super::machine;
    use super::*;

    fn kept(folder: &Path, also: &[&str]) -> Kept {
        let also: Vec<_> = also.iter().map(|name| name.parse().unwrap()).collect();
        Kept::new(folder, machine::names(&["127.0.0.1:1".parse().unwrap()], &also))
    }

    fn certificate(kept: &Kept) -> Vec<u8> {
        kept.ensure().unwrap();
        kept.files.read().unwrap().cert[0].to_vec()
    }

    #[test]
    fn a_good_one_is_kept_and_another_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("a/b");
        let alone = kept(&state, &[]);
        let first = certificate(&alone);
        assert_eq!(certificate(&alone), first);
        // With more names it is another, which then does for fewer.
        let named = kept(
            &state,
            &["chat.lan", "odd_name", "CHAT.lan.", "xn--80a.lan", "192.0.2.7", "[2001:db8::1]"],
        );
        let second = certificate(&named);
        assert_ne!(second, first);
        assert_eq!(certificate(&named), second, "it is good for all names that it was made for");
        assert_eq!(certificate(&alone), second);
        // About to expire, with a foreign key, and not a certificate at all.
        alone.make(SLACK + RENEW - DAY).unwrap();
        let short = alone.files.read().unwrap().cert[0].to_vec();
        let third = certificate(&alone);
        assert_ne!(third, short);
        fs::write(&alone.files.key, KeyPair::generate().unwrap().serialize_pem()).unwrap();
        let fourth = certificate(&alone);
        assert_ne!(fourth, third);
        fs::write(&alone.files.certificate, "nothing").unwrap();
        assert_ne!(certificate(&alone), fourth);
    }
}
