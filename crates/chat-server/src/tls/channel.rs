//! TLS over TCP once the handshake is over, without a task or a buffer of its
//! own beyond what rustls keeps.

use std::io::{self, BufRead, Read, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::net::TcpStream;
use tokio_rustls::rustls::ServerConnection;
use tokio_rustls::server::TlsStream;

use crate::socket::Wrote;

/// A connection and what TLS knows of it.
#[derive(Debug)]
pub(crate) struct Channel {
    tcp: TcpStream,
    tls: Mutex<ServerConnection>,
}

/// The ciphertext's way: what the system doesn't take or give at once is
/// `WouldBlock`.
struct Line<'a>(&'a TcpStream);

impl Read for Line<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.try_read(buf)
    }
}

impl Write for Line<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.try_write(buf)
    }

    fn write_vectored(&mut self, bufs: &[io::IoSlice<'_>]) -> io::Result<usize> {
        self.0.try_write_vectored(bufs)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Channel {
    /// Of a stream whose handshake is over.
    pub(crate) fn new(stream: TlsStream<TcpStream>) -> Self {
        let (tcp, tls) = stream.into_inner();
        Self { tcp, tls: Mutex::new(tls) }
    }

    pub(crate) fn moved(
        self,
        adopt: impl FnOnce(TcpStream) -> io::Result<TcpStream>,
    ) -> io::Result<Self> {
        Ok(Self { tcp: adopt(self.tcp)?, tls: self.tls })
    }

    pub(crate) const fn tcp(&self) -> &TcpStream {
        &self.tcp
    }

    fn lock(&self) -> MutexGuard<'_, ServerConnection> {
        // A panic inside is this connection's own: it breaks at the next record.
        self.tls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether ciphertext waits for the network.
    pub(crate) fn owes(&self) -> bool {
        self.lock().wants_write()
    }

    /// Ready when something was deciphered already, or the network has more.
    ///
    /// What reading made TLS say, a refused renegotiation for one, goes out from
    /// here: whoever only reads would never send it.
    pub(crate) fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut tls = self.lock();
        while tls.wants_write() {
            match self.tcp.poll_write_ready(cx) {
                Poll::Pending => break,
                Poll::Ready(ready) => ready?,
            }
            match tls.write_tls(&mut Line(&self.tcp)) {
                Err(e) if e.kind() != io::ErrorKind::WouldBlock => return Poll::Ready(Err(e)),
                Ok(_) | Err(_) => {}
            }
        }
        match tls.reader().fill_buf() {
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => self.tcp.poll_read_ready(cx),
            // Something, the end, or an error that reading tells of.
            Ok(_) | Err(_) => Poll::Ready(Ok(())),
        }
    }

    /// Reads what was deciphered, or once from the network, which may bring
    /// nothing that is for the reader: so nobody who sends empty records holds
    /// this thread. At most that read is ever ahead of the reader.
    pub(crate) fn try_read_buf(&self, buf: &mut Vec<u8>) -> io::Result<usize> {
        let mut tls = self.lock();
        for may_read in [true, false] {
            let mut reader = tls.reader();
            match reader.fill_buf() {
                Ok(chunk) => {
                    let n = chunk.len().min(buf.capacity() - buf.len());
                    buf.extend_from_slice(&chunk[..n]);
                    reader.consume(n);
                    return Ok(n);
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                // Without a goodbye of TLS: WebSocket has one of its own.
                Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(0),
                Err(e) => return Err(e),
            }
            if !may_read {
                break;
            }
            tls.read_tls(&mut Line(&self.tcp))?;
            if let Err(error) = tls.process_new_packets() {
                // The alert that says what was wrong, if the network takes it.
                let _ = tls.write_tls(&mut Line(&self.tcp));
                return Err(io::Error::new(io::ErrorKind::InvalidData, error));
            }
        }
        Err(io::ErrorKind::WouldBlock.into())
    }

    /// Enciphers no more than the network takes, but for one record: what a
    /// peer that takes nothing costs is that one.
    pub(crate) fn try_write(&self, bytes: &[u8]) -> io::Result<Wrote> {
        let mut tls = self.lock();
        let (mut taken, mut moved) = (0, false);
        loop {
            while tls.wants_write() {
                match tls.write_tls(&mut Line(&self.tcp)) {
                    Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                    Ok(_) => moved = true,
                    Err(e) if e.kind() == io::ErrorKind::WouldBlock && (moved || taken > 0) => {
                        return Ok(Wrote::Some(taken));
                    }
                    Err(e) => return Err(e),
                }
            }
            if taken == bytes.len() {
                return Ok(Wrote::All);
            }
            taken += match tls.writer().write(&bytes[taken..])? {
                // It said goodbye, or its keys are used up.
                0 => return Err(io::ErrorKind::WriteZero.into()),
                n => n,
            };
        }
    }

    /// Has the next write tell the peer that nothing comes after it
    /// (RFC 8446, section 6.1).
    pub(crate) fn say_goodbye(&self) {
        self.lock().send_close_notify();
    }
}

#[cfg(test)]
pub(crate) mod tests;
