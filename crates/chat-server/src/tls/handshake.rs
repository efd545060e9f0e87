//! The beginning of a connection on which TLS is expected.

use std::io;

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::Tls;

/// How much rustls enciphers ahead of the network, in bytes: what a peer that
/// takes nothing costs.
const AHEAD_MAX: usize = 16 << 10;

/// The first byte of every handshake (RFC 8446, section 5.1). No request of
/// HTTP begins with it.
const HANDSHAKE: u8 = 22;

/// How a peer began.
pub(crate) enum Greeting {
    /// It speaks TLS.
    Secure(Box<TlsStream<TcpStream>>),
    /// It speaks something else, HTTP mostly: nothing of it was read.
    Plain(TcpStream),
}

impl Tls {
    /// Waits for the end of the handshake, however long that takes.
    ///
    /// # Errors
    /// When there was none, or the two can't agree.
    pub(crate) async fn greet(&self, tcp: TcpStream) -> io::Result<Greeting> {
        let mut first = [0];
        if tcp.peek(&mut first).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if first != [HANDSHAKE] {
            return Ok(Greeting::Plain(tcp));
        }
        let acceptor = TlsAcceptor::from(self.0.config.clone());
        let limit = |tls: &mut tokio_rustls::rustls::ServerConnection| {
            tls.set_buffer_limit(Some(AHEAD_MAX));
        };
        acceptor.accept_with(tcp, limit).await.map(Box::new).map(Greeting::Secure)
    }
}
