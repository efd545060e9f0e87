//! The socket of a WebSocket: TCP, or TLS over it.

use std::future::poll_fn;
use std::io;
use std::net::Shutdown;
use std::task::{Context, Poll};

use socket2::SockRef;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use crate::tls::Channel;

/// What was made of bytes that were to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrote {
    /// The system has all of them.
    All,
    /// So many were taken, and the socket is full. Even where that is all of
    /// them, some may not have gone out yet: see [`Socket::owes`].
    Some(usize),
}

/// A socket that several may hold, since nothing of it needs `&mut`.
#[derive(Debug)]
pub(crate) enum Socket {
    Plain(TcpStream),
    /// Boxed, so that plain ones stay small.
    Secure(Box<Channel>),
}

impl From<TcpStream> for Socket {
    fn from(tcp: TcpStream) -> Self {
        Self::Plain(tcp)
    }
}

impl From<TlsStream<TcpStream>> for Socket {
    fn from(stream: TlsStream<TcpStream>) -> Self {
        Self::Secure(Box::new(Channel::new(stream)))
    }
}

impl Socket {
    /// The same with its TCP watched elsewhere.
    ///
    /// # Errors
    /// Those of `adopt`.
    pub(crate) fn moved(
        self,
        adopt: impl FnOnce(TcpStream) -> io::Result<TcpStream>,
    ) -> io::Result<Self> {
        match self {
            Self::Plain(tcp) => adopt(tcp).map(Self::Plain),
            Self::Secure(channel) => Ok(Self::Secure(Box::new(channel.moved(adopt)?))),
        }
    }

    fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(tcp) => tcp,
            Self::Secure(channel) => channel.tcp(),
        }
    }

    /// Ready when there may be something to read.
    ///
    /// # Errors
    /// When the reactor is gone.
    pub(crate) fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(tcp) => tcp.poll_read_ready(cx),
            Self::Secure(channel) => channel.poll_read_ready(cx),
        }
    }

    /// Reads what there is, as far as there is room in `buf`; 0 at the end.
    ///
    /// # Errors
    /// `WouldBlock` where nothing has come, and others when it is broken.
    pub(crate) fn try_read_buf(&self, buf: &mut Vec<u8>) -> io::Result<usize> {
        match self {
            Self::Plain(tcp) => tcp.try_read_buf(buf),
            Self::Secure(channel) => channel.try_read_buf(buf),
        }
    }

    /// Ready when something may be written.
    ///
    /// # Errors
    /// When the reactor is gone.
    pub(crate) fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.tcp().poll_write_ready(cx)
    }

    /// Writes as much as it takes.
    ///
    /// # Errors
    /// `WouldBlock` where the network took nothing, and others when it is broken.
    pub(crate) fn try_write(&self, bytes: &[u8]) -> io::Result<Wrote> {
        match self {
            Self::Plain(tcp) => {
                let n = tcp.try_write(bytes)?;
                Ok(if n == bytes.len() { Wrote::All } else { Wrote::Some(n) })
            }
            Self::Secure(channel) => channel.try_write(bytes),
        }
    }

    /// Whether something that was taken before has not gone out. It does at the
    /// next write, be it of nothing.
    pub(crate) fn owes(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Secure(channel) => channel.owes(),
        }
    }

    /// Writes everything, however long that takes.
    ///
    /// # Errors
    /// When it is broken.
    pub(crate) async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() || self.owes() {
            match self.try_write(bytes) {
                Ok(Wrote::All) => return Ok(()),
                Ok(Wrote::Some(n)) => bytes = &bytes[n..],
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(e) => return Err(e),
            }
            self.tcp().writable().await?;
        }
        Ok(())
    }

    /// Says that nothing more comes, and waits until the peer has read to the
    /// end, however long that takes: a socket that is dropped while something
    /// unread is in it resets, and the peer loses what was written last.
    ///
    /// # Errors
    /// When it is broken.
    pub(crate) async fn finish(&self) -> io::Result<()> {
        if let Self::Secure(channel) = self {
            channel.say_goodbye();
            self.write_all(&[]).await?;
        }
        let tcp = self.tcp();
        SockRef::from(tcp).shutdown(Shutdown::Write)?;
        // What still comes is for nobody, and need not be deciphered.
        let mut scratch = [0; 4 << 10];
        loop {
            // Unlike `readable` this gives way now and then, to others than one who
            // writes as fast as it is read.
            poll_fn(|cx| tcp.poll_read_ready(cx)).await?;
            match tcp.try_read(&mut scratch) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(e) => return Err(e),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_without_tls_costs_no_more_than_its_tcp() {
        assert_eq!(size_of::<Socket>(), size_of::<TcpStream>());
    }
}
