//! The sockets that a server is given, and what is behind each.

use std::io;

use tokio::net::TcpListener;

use crate::accept::Door;
use crate::tls::Tls;

/// Sockets that listen already.
#[derive(Debug, Default)]
pub struct Listeners {
    /// Where the server is: over TLS where [`Config::tls`](crate::Config::tls)
    /// is set.
    pub serving: Vec<TcpListener>,
    /// Where every request is led to the first of the others, over TLS. They
    /// take nothing without it.
    pub redirecting: Vec<TcpListener>,
    /// Where Prometheus asks. Without one nothing is measured that costs time.
    pub metrics: Vec<TcpListener>,
}

impl From<Vec<TcpListener>> for Listeners {
    fn from(serving: Vec<TcpListener>) -> Self {
        Self { serving, ..Self::default() }
    }
}

impl Listeners {
    /// Each with what is behind it, but those for Prometheus.
    ///
    /// # Errors
    /// When a listener's address can't be told.
    pub(crate) fn doors(self, tls: Option<&Tls>) -> io::Result<Vec<(TcpListener, Door)>> {
        let mut doors = Vec::new();
        let mut first = None;
        for listener in self.serving {
            let port = listener.local_addr()?.port();
            first.get_or_insert(port);
            let door = match tls {
                Some(tls) => Door::Secure { tls: tls.clone(), port },
                None => Door::Plain,
            };
            doors.push((listener, door));
        }
        if let (Some(port), Some(_)) = (first, tls) {
            let lead = |listener| (listener, Door::Redirect { port });
            doors.extend(self.redirecting.into_iter().map(lead));
        }
        Ok(doors)
    }
}
