//! Bytes to a server and back: TCP, and TLS over it for `https`.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

use crate::{
    proxy::{Proxies, Proxy},
    server_url::ServerUrl,
};

/// How long opening may take, from the name's look-up to the end of the TLS handshake.
pub(crate) const CONNECT_WITHIN: Duration = Duration::from_secs(15);

pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// Why a server could not be reached.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// No address, nobody there, or the network is in the way.
    #[error("can't reach {server}: {reason}; check the address and that the server runs")]
    Unreachable {
        /// Which server.
        server: String,
        /// What the system says.
        reason: io::Error,
    },
    /// No answer within 15 s.
    #[error("{server} does not answer; check the address and your network")]
    Timeout {
        /// Which server.
        server: String,
    },
    /// The proxy was not reached, or doesn't let us through.
    #[error(
        "{server} can't be reached through the proxy {proxy}: {reason}; check HTTPS_PROXY and the like, or leave the server out by NO_PROXY"
    )]
    Proxy {
        /// Which server.
        server: String,
        /// Which proxy: its host.
        proxy: String,
        /// What it or the system says.
        reason: io::Error,
    },
    /// The other end speaks no TLS, or its certificate is not trusted here.
    #[error(
        "there is no secure connection to {server}: {reason}; check the address and the server's certificate"
    )]
    Tls {
        /// Which server.
        server: String,
        /// What TLS says.
        reason: io::Error,
    },
    /// This system has no certificates to trust.
    #[error(
        "no certificates were found on this system to check {server} with: install the package ca-certificates, or set SSL_CERT_FILE"
    )]
    NoCertificates {
        /// Which server.
        server: String,
    },
    /// The server answered the WebSocket's request with another status than 101.
    #[error("{}", refusal(*status, message))]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The server's sentence; empty where there is none.
        message: String,
    },
    /// The other end is no such WebSocket server.
    #[error("{server} is no chat server, or an incompatible one; check the address")]
    NotChat {
        /// Which server.
        server: String,
    },
}

/// The sentence for a request that was refused, the server's own where it has one.
pub(crate) fn refusal(status: u16, message: &str) -> String {
    match (status, message) {
        (_, message) if !message.is_empty() => format!("the server refused: {message}"),
        (429, _) => "the server refused: too many attempts, try again in a minute".to_owned(),
        (503, _) => "the server refused: it can't take more, try again later".to_owned(),
        _ => format!("the server refused with status {status}: check its address"),
    }
}

/// Why a file is none of certificates.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// It can't be read as PEM, or holds no certificate.
    #[error(
        "this is no file of certificates: it takes PEM, which begins with -----BEGIN CERTIFICATE-----"
    )]
    NoCertificates,
}

/// How servers are reached.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    /// Trusted besides the system's.
    authorities: Vec<CertificateDer<'static>>,
    proxies: Option<Proxies>,
}

impl Settings {
    pub(crate) fn with_env_proxies(self) -> Self {
        Self { proxies: Some(Proxies::from_env()), ..self }
    }

    pub(crate) fn trusting(mut self, pem: &[u8]) -> Result<Self, TrustError> {
        for certificate in CertificateDer::pem_slice_iter(pem) {
            self.authorities.push(certificate.map_err(|_| TrustError::NoCertificates)?);
        }
        if self.authorities.is_empty() { Err(TrustError::NoCertificates) } else { Ok(self) }
    }
}

/// Opens connections. The system's certificates are read once, when first needed.
#[derive(Default)]
pub(crate) struct Connector {
    pub(crate) settings: Settings,
    tls: Mutex<Option<Arc<ClientConfig>>>,
}

impl Connector {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings, tls: Mutex::default() }
    }

    /// Opens a connection that is ready for HTTP.
    pub(crate) async fn open(&self, server: &ServerUrl) -> Result<Box<dyn Io>, ConnectError> {
        match timeout(CONNECT_WITHIN, self.open_anyhow_long(server)).await {
            Ok(result) => result,
            Err(_) => Err(ConnectError::Timeout { server: server.to_string() }),
        }
    }

    async fn open_anyhow_long(&self, server: &ServerUrl) -> Result<Box<dyn Io>, ConnectError> {
        let unreachable = |reason| ConnectError::Unreachable { server: server.to_string(), reason };
        let proxy = self.settings.proxies.as_ref().map(|proxies| proxies.on_the_way(server));
        let io: Box<dyn Io> = match proxy.transpose().map_err(unreachable)?.flatten() {
            None => Box::new(tcp(server.host(), server.port()).await.map_err(unreachable)?),
            Some(proxy) => self.through(&proxy, server).await?,
        };
        if server.tls { self.secure(server.host(), io, server).await } else { Ok(io) }
    }

    async fn through(
        &self,
        proxy: &Proxy,
        server: &ServerUrl,
    ) -> Result<Box<dyn Io>, ConnectError> {
        let failed = |reason| ConnectError::Proxy {
            server: server.to_string(),
            proxy: proxy.host.clone(),
            reason,
        };
        let io: Box<dyn Io> = Box::new(tcp(&proxy.host, proxy.port).await.map_err(failed)?);
        let io = if proxy.tls { self.secure(&proxy.host, io, server).await? } else { io };
        proxy.connect(io, server).await.map_err(failed)
    }

    /// TLS with whoever has a certificate for this host.
    async fn secure(
        &self,
        host: &str,
        io: Box<dyn Io>,
        server: &ServerUrl,
    ) -> Result<Box<dyn Io>, ConnectError> {
        let failed = |reason| ConnectError::Tls { server: server.to_string(), reason };
        let name = ServerName::try_from(host.to_owned())
            .map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidInput, error)))?;
        let tls = TlsConnector::from(self.tls(server)?).connect(name, io).await.map_err(failed)?;
        Ok(Box::new(tls))
    }

    fn tls(&self, server: &ServerUrl) -> Result<Arc<ClientConfig>, ConnectError> {
        let mut tls = self.tls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = &*tls {
            return Ok(Arc::clone(config));
        }
        let mut roots = RootCertStore::empty();
        let certificates = rustls_native_certs::load_native_certs().certs;
        let (added, _) = roots
            .add_parsable_certificates([certificates, self.settings.authorities.clone()].concat());
        if added == 0 {
            return Err(ConnectError::NoCertificates { server: server.to_string() });
        }
        let mut config =
            ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let config = Arc::new(config);
        *tls = Some(Arc::clone(&config));
        Ok(config)
    }
}

async fn tcp(host: &str, port: u16) -> io::Result<TcpStream> {
    let tcp = TcpStream::connect((host, port)).await?;
    // Messages are small and wait for nothing.
    tcp.set_nodelay(true)?;
    Ok(tcp)
}
