//! TLS by the server itself.

use std::env;
use std::net::SocketAddr;
use std::path::PathBuf;

use chat_server::{Host, TlsError};
use clap::Args;

use super::value::address;

#[derive(Debug, Args)]
#[command(next_help_heading = "TLS")]
pub(crate) struct Tls {
    /// Speaks TLS with this certificate: PEM, the server's own first, then
    /// those that lead to its issuer. It is read again when it changes, and on
    /// SIGHUP.
    #[arg(long, env = "CHAT_TLS_CERT", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key: PEM without a password.
    #[arg(long, env = "CHAT_TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// Speaks TLS with a certificate that is made for this machine's names and
    /// addresses, and says its fingerprint.
    #[arg(long, env = "CHAT_TLS_SELF_SIGNED")]
    tls_self_signed: bool,
    /// Where that certificate is kept. [default: $STATE_DIRECTORY, or
    /// chat-server in $XDG_STATE_HOME, or ~/.local/state/chat-server]
    #[arg(long, env = "CHAT_STATE_DIR", value_name = "DIR")]
    state_dir: Option<PathBuf>,
    /// Where to listen for HTTP as well, and lead every request to https; may
    /// be given more than once, or as a list with commas.
    #[arg(long, env = "CHAT_REDIRECT_HTTP", value_name = "ADDR:PORT", value_delimiter = ',')]
    #[arg(value_parser = address)]
    pub(crate) redirect_http: Vec<SocketAddr>,
}

/// Where the certificate comes from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// From files.
    Files { certificate: PathBuf, key: PathBuf },
    /// From this machine itself.
    SelfSigned { folder: PathBuf },
}

impl Tls {
    /// Where the certificate comes from; `None` where TLS is off.
    ///
    /// # Errors
    /// A sentence that says which flags don't go together.
    pub(crate) fn source(&self) -> Result<Option<Source>, String> {
        let files = match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => Some((certificate.clone(), key.clone())),
            (None, None) => None,
            (Some(_), None) => {
                return Err(
                    "--tls-cert (CHAT_TLS_CERT) needs the certificate's key: name it with \
                            --tls-key"
                        .into(),
                );
            }
            (None, Some(_)) => {
                return Err("--tls-key (CHAT_TLS_KEY) is the key of a certificate: name it with \
                            --tls-cert"
                    .into());
            }
        };
        match (files, self.tls_self_signed) {
            (Some(_), true) => Err("--tls-cert (CHAT_TLS_CERT) and --tls-self-signed \
                                    (CHAT_TLS_SELF_SIGNED) name two certificates; leave one out"
                .into()),
            (Some((certificate, key)), false) => Ok(Some(Source::Files { certificate, key })),
            (None, true) => {
                let folder = self.state_dir.clone().or_else(state_folder);
                let folder = folder.ok_or(
                    "there is no folder to keep the certificate in: name one with --state-dir",
                )?;
                Ok(Some(Source::SelfSigned { folder }))
            }
            (None, false) if self.redirect_http.is_empty() => Ok(None),
            (None, false) => Err("--redirect-http (CHAT_REDIRECT_HTTP) leads to https, which is \
                                  off: switch it on with --tls-cert and --tls-key, or with \
                                  --tls-self-signed"
                .into()),
        }
    }
}

impl Source {
    /// Whether what it names can be used, so far as that can be told without
    /// making anything.
    ///
    /// # Errors
    /// When files are named and there is no certificate in them, or it can't be
    /// used.
    pub(crate) fn check(&self) -> Result<(), TlsError> {
        match self {
            Self::Files { certificate, key } => {
                chat_server::Tls::from_files(certificate.clone(), key.clone()).map(drop)
            }
            Self::SelfSigned { .. } => Ok(()),
        }
    }

    /// The certificate, ready to be shown; one that is made is for where the
    /// server is `listening`, and for `names`.
    ///
    /// # Errors
    /// When there is none, or it can't be used.
    pub(crate) fn open(
        self,
        listening: &[SocketAddr],
        names: &[Host],
    ) -> Result<chat_server::Tls, TlsError> {
        match self {
            Self::Files { certificate, key } => chat_server::Tls::from_files(certificate, key),
            Self::SelfSigned { folder } => chat_server::Tls::self_signed(&folder, listening, names),
        }
    }
}

/// The folder for what a program keeps: the one that systemd gives it
/// (systemd.exec(5)), or the user's (XDG Base Directory Specification).
fn state_folder() -> Option<PathBuf> {
    let named = |name| env::var_os(name).filter(|value| !value.is_empty());
    if let Some(folders) = named("STATE_DIRECTORY") {
        // There may be several; the first is the program's own.
        return env::split_paths(&folders).next();
    }
    let own = match named("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute()) {
        Some(folder) => folder,
        None => env::home_dir()?.join(".local/state"),
    };
    Some(own.join("chat-server"))
}
