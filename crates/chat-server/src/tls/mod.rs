//! TLS by the server itself: which certificate is shown, and the handshake.

mod channel;
mod handshake;
mod kept;
mod machine;
mod pair;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::time::{MissedTickBehavior, interval};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{ServerConfig, version};

pub(crate) use channel::Channel;
#[cfg(test)]
pub(crate) use channel::tests::pair;
pub(crate) use handshake::Greeting;
pub use pair::TlsError;

use crate::host::Host;
use kept::Kept;
use pair::{Pair, Stamp};

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(2);

/// How often a certificate of our own is checked, in looks: once an hour.
const CHECK: u32 = 1800;

/// TLS with a certificate that may be replaced while the server runs. A clone
/// is the same one.
#[derive(Clone)]
pub struct Tls(Arc<Inner>);

struct Inner {
    config: Arc<ServerConfig>,
    shown: Arc<Shown>,
    files: Pair,
    /// What the files were like when they were last read.
    seen: Mutex<Stamp>,
    kept: Option<Kept>,
}

/// The certificate that new connections are shown.
struct Shown(RwLock<Arc<CertifiedKey>>);

impl Shown {
    fn now(&self) -> Arc<CertifiedKey> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.now())
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown")
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tls").field(&self.0.files).finish()
    }
}

impl Tls {
    /// With a certificate (the server's own first, then those that lead to its
    /// issuer) and its private key, both in PEM. Both files are read again when
    /// they change, and by [`reload`](Self::reload).
    ///
    /// # Errors
    /// When a file can't be read or holds something else, or the two don't
    /// belong together.
    pub fn from_files(certificate: PathBuf, key: PathBuf) -> Result<Self, TlsError> {
        Self::new(Pair { certificate, key }, None)
    }

    /// With a certificate that this machine signs itself, for its names and the
    /// addresses it is `listening` on, and for `also`. It is kept in
    /// `folder` as `cert.pem` and `key.pem`, and made anew where it isn't there,
    /// lacks one of the names, or is about to expire.
    ///
    /// # Errors
    /// When it can't be made or kept.
    pub fn self_signed(
        folder: &Path,
        listening: &[SocketAddr],
        also: &[Host],
    ) -> Result<Self, TlsError> {
        let kept = Kept::new(folder, machine::names(listening, also));
        kept.ensure()?;
        Self::new(kept.files.clone(), Some(kept))
    }

    fn new(files: Pair, kept: Option<Kept>) -> Result<Self, TlsError> {
        let seen = files.stamp();
        let shown = Arc::new(Shown(RwLock::new(Arc::new(files.read()?))));
        let unusable = |error| TlsError::Unusable { certificate: files.certificate.clone(), error };
        let mut config = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])
            .map_err(unusable)?
            .with_no_client_auth()
            .with_cert_resolver(shown.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // Sessions stand in the tickets, so that they cost no memory here.
        config.ticketer = ring::Ticketer::new().map_err(unusable)?;
        let config = Arc::new(config);
        Ok(Self(Arc::new(Inner { config, shown, files, seen: Mutex::new(seen), kept })))
    }

    /// The SHA-256 of the certificate, as browsers show it: in hexadecimal with
    /// colons.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let shown = self.0.shown.now();
        let hash = Sha256::digest(shown.cert.first().map_or(&[][..], |first| first.as_ref()));
        hash.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }

    /// Whether the certificate is this machine's own, which nobody else vouches
    /// for.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.0.kept.is_some()
    }

    /// The names of a certificate of this machine's own.
    pub(crate) fn names(&self) -> impl Iterator<Item = Host> {
        self.0.kept.iter().flat_map(Kept::names)
    }

    /// Reads the files again. New connections are shown what they hold;
    /// whoever is connected notices nothing. Where something is wrong with them
    /// the log says what, and the certificate stays the one it was.
    pub fn reload(&self) {
        let files = &self.0.files;
        // Before it is read, so that a change meanwhile is seen later.
        *self.0.seen.lock().unwrap_or_else(PoisonError::into_inner) = files.stamp();
        match files.read() {
            Ok(read) => {
                let mut shown = self.0.shown.0.write().unwrap_or_else(PoisonError::into_inner);
                *shown = Arc::new(read);
                drop(shown);
                let fingerprint = self.fingerprint();
                tracing::info!(sha256 = fingerprint, "the certificate was read again");
            }
            Err(error) => {
                tracing::warn!(%error, "the certificate stays the one it was");
            }
        }
    }

    /// Reads the files again when they change, and renews a certificate of our
    /// own; until it is aborted.
    pub(crate) async fn watch(self) {
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for n in (0..CHECK).cycle() {
            looks.tick().await;
            let tls = self.clone();
            // Where the files are on another machine this may take a while.
            let looked = tokio::task::spawn_blocking(move || tls.look(n == 0));
            // A panic is in the log already.
            let _ = looked.await;
        }
    }

    fn look(&self, check: bool) {
        if let Some(kept) = self.0.kept.as_ref().filter(|_| check)
            && let Err(error) = kept.ensure()
        {
            tracing::warn!(%error, "the certificate can't be renewed");
        }
        if *self.0.seen.lock().unwrap_or_else(PoisonError::into_inner) != self.0.files.stamp() {
            self.reload();
        }
    }
}
