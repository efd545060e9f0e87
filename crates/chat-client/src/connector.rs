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
    rustls::{ClientConfig, RootCertStore, pki_types::ServerName},
};

use crate::server_url::ServerUrl;

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

/// Opens connections. The system's certificates are read once, when first needed.
#[derive(Default)]
pub(crate) struct Connector {
    tls: Mutex<Option<Arc<ClientConfig>>>,
}

impl Connector {
    /// Opens a connection that is ready for HTTP.
    pub(crate) async fn open(&self, server: &ServerUrl) -> Result<Box<dyn Io>, ConnectError> {
        match timeout(CONNECT_WITHIN, self.open_anyhow_long(server)).await {
            Ok(result) => result,
            Err(_) => Err(ConnectError::Timeout { server: server.to_string() }),
        }
    }

    async fn open_anyhow_long(&self, server: &ServerUrl) -> Result<Box<dyn Io>, ConnectError> {
        let unreachable = |reason| ConnectError::Unreachable { server: server.to_string(), reason };
        let tcp = TcpStream::connect((server.host(), server.port())).await.map_err(unreachable)?;
        // Messages are small and wait for nothing.
        tcp.set_nodelay(true).map_err(unreachable)?;
        if !server.tls {
            return Ok(Box::new(tcp));
        }
        let failed = |reason| ConnectError::Tls { server: server.to_string(), reason };
        let name = ServerName::try_from(server.host().to_owned())
            .map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidInput, error)))?;
        let tls = TlsConnector::from(self.tls(server)?).connect(name, tcp).await.map_err(failed)?;
        Ok(Box::new(tls))
    }

    fn tls(&self, server: &ServerUrl) -> Result<Arc<ClientConfig>, ConnectError> {
        let mut tls = self.tls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = &*tls {
            return Ok(Arc::clone(config));
        }
        let mut roots = RootCertStore::empty();
        let (added, _) =
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
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
