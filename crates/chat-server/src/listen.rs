//! The sockets that the server listens on.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpListener;

const DEFAULT_PORT: u16 = 8080;

/// Listens on all of `addresses`, or on both loopbacks where there are none;
/// and the addresses to open in a browser, as a sentence.
///
/// # Errors
/// A sentence that says which address can't be had, and what to do.
pub(crate) async fn all(addresses: &[SocketAddr]) -> Result<(Vec<TcpListener>, String), String> {
    if addresses.is_empty() {
        let mut listeners = vec![bind((Ipv4Addr::LOCALHOST, DEFAULT_PORT).into()).await?];
        match TcpListener::bind((Ipv6Addr::LOCALHOST, DEFAULT_PORT)).await {
            Ok(listener) => listeners.push(listener),
            Err(e) => tracing::debug!(error = %e, "no IPv6 on this machine"),
        }
        return Ok((listeners, format!("open http://localhost:{DEFAULT_PORT}")));
    }
    let mut listeners = Vec::new();
    let mut urls = Vec::new();
    for address in addresses {
        let listener = bind(*address).await?;
        let local = listener.local_addr().map_err(|e| e.to_string())?;
        urls.push(match local.ip().is_unspecified() {
            true => format!("http://localhost:{} (and this machine's other names)", local.port()),
            false => format!("http://{local}"),
        });
        listeners.push(listener);
    }
    Ok((listeners, format!("open {}", urls.join(" or "))))
}

async fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|e| match e.kind() {
        io::ErrorKind::AddrInUse => format!(
            "{address} is in use by another program; choose another with --listen ADDR:PORT"
        ),
        io::ErrorKind::PermissionDenied => format!(
            "{address} may not be used by this user; choose a port above 1023 with --listen"
        ),
        io::ErrorKind::AddrNotAvailable => {
            format!("{address} isn't an address of this machine; choose another with --listen")
        }
        _ => format!("{address} can't be listened on: {e}; choose another with --listen"),
    })
}
