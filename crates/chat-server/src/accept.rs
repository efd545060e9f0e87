//! Taking connections, and HTTP on them.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep, timeout};

use crate::watch::{Seldom, Waiting};
use crate::{Server, http};

/// The longest head of a request, in bytes; hyper answers 431 above it.
const HEAD_MAX: usize = 16 << 10;

/// How much the kernel keeps for a socket that the network doesn't take: with
/// its default it hides megabytes for each stalled member.
const UNSENT_MAX: u32 = 16 << 10;

/// Who is at the other end.
#[derive(Clone)]
pub(crate) struct Peer {
    pub(crate) address: IpAddr,
    /// Counts the connection until it is in a room or gone.
    _waiting: Arc<Waiting>,
    /// When all of these are dropped, all connections are gone.
    _alive: mpsc::Sender<()>,
}

/// Takes connections until it is aborted.
pub(crate) async fn run(server: Arc<Server>, listener: TcpListener, alive: mpsc::Sender<()>) {
    let mut trouble = Seldom::default();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let _waiting = Arc::new(Waiting::begin(&server.meter));
                let peer = Peer { address: peer.ip(), _waiting, _alive: alive.clone() };
                tokio::spawn(connection(server.clone(), stream, peer));
            }
            Err(e) if is_of_one_connection(&e) => {}
            Err(e) => {
                // Out of files or memory: others have to end before more begin.
                if let Some(times) = trouble.happened(Instant::now()) {
                    tracing::warn!(error = %e, times, "no connection can be taken");
                }
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn connection(server: Arc<Server>, stream: TcpStream, peer: Peer) {
    let socket = SockRef::from(&stream);
    // Without these it is slower, not wrong.
    let _ = socket.set_tcp_nodelay(true);
    #[cfg(target_os = "linux")]
    let _ = socket.set_tcp_notsent_lowat(UNSENT_MAX);

    let show = || server.config.log_addresses.show(peer.address);
    let begun = Instant::now();
    tracing::debug!(address = show(), "connected");
    let mut stop = server.stop.subscribe();
    let asked = Notify::new();
    let service = service_fn(|request| {
        asked.notify_one();
        http::answer(server.clone(), peer.clone(), request)
    });
    let http = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(server.config.timers.head)
        .max_buf_size(HEAD_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(http);
    let stopping = async {
        crate::stopped(&mut stop).await;
        // Who was let in a moment ago has its first request on the way, and is
        // not to be turned away without an answer.
        let _ = timeout(server.config.timers.close, asked.notified()).await;
    };
    let ended = tokio::select! {
        ended = http.as_mut() => ended,
        () = stopping => {
            http.as_mut().graceful_shutdown();
            http.await
        }
    };
    let seconds = begun.elapsed().as_secs();
    match ended {
        Ok(()) => tracing::debug!(address = show(), seconds, "no more HTTP"),
        Err(e) => tracing::debug!(address = show(), seconds, error = %e, "no more HTTP"),
    }
}

fn is_of_one_connection(e: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(e.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
