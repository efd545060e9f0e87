//! The sockets that the server listens on.

use std::io;
use std::net::{self, Ipv4Addr, Ipv6Addr, SocketAddr};

use listenfd::ListenFd;
use tokio::net::TcpListener;

const DEFAULT_PORT: u16 = 8080;

/// What chooses where people find the server.
const FLAG: &str = "--listen";

/// The sockets that whoever started the program listens on already and hands
/// over, as systemd does (sd_listen_fds(3)). It changes the environment, so it
/// is called before there are threads.
///
/// # Errors
/// A sentence that says which can't be used, and what to do.
pub(crate) fn handed() -> Result<Vec<net::TcpListener>, String> {
    let mut handed = ListenFd::from_env();
    let mut listeners = Vec::new();
    for n in 0..handed.len() {
        let listener = handed.take_tcp_listener(n).map_err(|e| {
            format!("LISTEN_FDS hands over something else than TCP sockets that listen: {e}")
        })?;
        listeners.extend(listener);
    }
    Ok(listeners)
}

/// Listens on what was `handed` over, or else on all of `addresses`, or on both
/// loopbacks where there are none; and the addresses to open in a browser, by
/// `scheme`, as a sentence.
///
/// # Errors
/// A sentence that says which address can't be had, and what to do.
pub(crate) async fn all(
    addresses: &[SocketAddr],
    handed: Vec<net::TcpListener>,
    scheme: &str,
) -> Result<(Vec<TcpListener>, String), String> {
    if !handed.is_empty() {
        if !addresses.is_empty() {
            return Err("LISTEN_FDS hands over sockets, and --listen (CHAT_LISTEN) names others; \
                        leave one of them out"
                .into());
        }
        let listeners: io::Result<Vec<_>> = handed.into_iter().map(adopt).collect();
        let listeners =
            listeners.map_err(|e| format!("the sockets of LISTEN_FDS can't be used: {e}"))?;
        let urls = urls(&listeners, scheme)?;
        return Ok((listeners, urls));
    }
    if addresses.is_empty() {
        let mut listeners = vec![bind((Ipv4Addr::LOCALHOST, DEFAULT_PORT).into(), FLAG).await?];
        match TcpListener::bind((Ipv6Addr::LOCALHOST, DEFAULT_PORT)).await {
            Ok(listener) => listeners.push(listener),
            Err(e) => tracing::debug!(error = %e, "no IPv6 on this machine"),
        }
        return Ok((listeners, format!("open {scheme}://localhost:{DEFAULT_PORT}")));
    }
    let listeners = each(addresses, FLAG).await?;
    let urls = urls(&listeners, scheme)?;
    Ok((listeners, urls))
}

/// Listens on all of `addresses`.
///
/// # Errors
/// A sentence that says which address can't be had, and what to do.
pub(crate) async fn each(addresses: &[SocketAddr], flag: &str) -> Result<Vec<TcpListener>, String> {
    let mut listeners = Vec::new();
    for address in addresses {
        listeners.push(bind(*address, flag).await?);
    }
    Ok(listeners)
}

fn adopt(listener: net::TcpListener) -> io::Result<TcpListener> {
    // Whoever made it may not have; tokio waits for ever on one that blocks.
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

fn urls(listeners: &[TcpListener], scheme: &str) -> Result<String, String> {
    let mut urls = Vec::new();
    for listener in listeners {
        let local = listener.local_addr().map_err(|e| e.to_string())?;
        urls.push(match local.ip().is_unspecified() {
            true => {
                format!("{scheme}://localhost:{} (and this machine's other names)", local.port())
            }
            false => format!("{scheme}://{local}"),
        });
    }
    Ok(format!("open {}", urls.join(" or ")))
}

async fn bind(address: SocketAddr, flag: &str) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|e| match e.kind() {
        io::ErrorKind::AddrInUse => {
            format!("{address} is in use by another program; choose another with {flag} ADDR:PORT")
        }
        io::ErrorKind::PermissionDenied => {
            format!("{address} may not be used by this user; choose a port above 1023 with {flag}")
        }
        io::ErrorKind::AddrNotAvailable => {
            format!("{address} isn't an address of this machine; choose another with {flag}")
        }
        _ => format!("{address} can't be listened on: {e}; choose another with {flag}"),
    })
}
