//! Taking connections, and HTTP on them.

mod peer;

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use chat_proto::ErrorCode;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep, timeout};

pub(crate) use peer::{Peer, Stay};

use crate::http::Answer;
use crate::limits::Waiting;
use crate::tls::{Greeting, Tls};
use crate::watch::Seldom;
use crate::{Server, http};

/// The longest head of a request, in bytes; hyper answers 431 above it.
const HEAD_MAX: usize = 16 << 10;

/// How much the kernel keeps for a socket that the network doesn't take: with
/// its default it hides megabytes for each stalled member.
const UNSENT_MAX: u32 = 16 << 10;

/// What is behind a listener.
#[derive(Clone)]
pub(crate) enum Door {
    /// The server.
    Plain,
    /// The server, over TLS. Who speaks HTTP here is led to `port`, its own.
    Secure { tls: Tls, port: u16 },
    /// What leads to the server on another port.
    Redirect { port: u16 },
}

/// Takes connections until it is aborted.
pub(crate) async fn run(
    server: Arc<Server>,
    door: Door,
    listener: TcpListener,
    alive: mpsc::Sender<()>,
) {
    let trouble = Seldom::every(Duration::from_secs(10));
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                if let Some(peer) = Peer::arrives(&server, peer.ip(), &alive) {
                    tokio::spawn(connection(server.clone(), door.clone(), stream, peer));
                }
            }
            Err(e) if is_of_one_connection(&e) => {}
            Err(e) => {
                // Out of files or memory: others have to end before more begin.
                if let Some(times) = trouble.happened(Instant::now()) {
                    tracing::warn!(error = %e, times, "no connection can be taken");
                }
                server.crowd.turn_one_out();
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Serves a connection, which ends early where it asks for nothing while others
/// come that have no place.
async fn connection(server: Arc<Server>, door: Door, stream: TcpStream, peer: Peer) {
    let (waiting, address) = (server.crowd.wait(), peer.address);
    tokio::select! {
        () = serve(&server, door, stream, peer, &waiting) => {}
        () = waiting.turned_out() => server.refused(address, ErrorCode::Overloaded.as_str()),
    }
}

async fn serve(server: &Arc<Server>, door: Door, stream: TcpStream, peer: Peer, waiting: &Waiting) {
    let socket = SockRef::from(&stream);
    // Without these it is slower, not wrong.
    let _ = socket.set_tcp_nodelay(true);
    #[cfg(target_os = "linux")]
    let _ = socket.set_tcp_notsent_lowat(UNSENT_MAX);
    // Who takes nothing of an answer is cut off by the kernel; a member is told
    // before that.
    #[cfg(target_os = "linux")]
    let _ = socket.set_tcp_user_timeout(Some(server.config.timers.stall * 2));

    let Some(peer) = introduced(server, &stream, peer).await else { return };
    let show = || server.config.log_addresses.show(peer.address);
    let begun = Instant::now();
    tracing::debug!(address = show(), "connected");
    let serve = |request| {
        waiting.is_over();
        http::answer(server.clone(), peer.clone(), request)
    };
    let lead_to = |port| {
        let peer = &peer;
        move |request| async move {
            waiting.is_over();
            Ok(http::lead(server, peer.clone(), &request, port))
        }
    };
    let ended = match door {
        Door::Plain => talk(server, stream, serve).await,
        Door::Secure { tls, port } => {
            // Boxed, so that those without TLS need no memory for it.
            Box::pin(async {
                match greet(server, &tls, stream, peer.address).await {
                    Some(Greeting::Secure(stream)) => talk(server, *stream, serve).await,
                    Some(Greeting::Plain(stream)) => talk(server, stream, lead_to(port)).await,
                    None => Ok(()),
                }
            })
            .await
        }
        Door::Redirect { port } => talk(server, stream, lead_to(port)).await,
    };
    let seconds = begun.elapsed().as_secs();
    match ended {
        Ok(()) => tracing::debug!(address = show(), seconds, "no more HTTP"),
        Err(e) => tracing::debug!(address = show(), seconds, error = %e, "no more HTTP"),
    }
}

/// Waits for a TLS handshake as long as for a request's head.
async fn greet(server: &Server, tls: &Tls, stream: TcpStream, peer: IpAddr) -> Option<Greeting> {
    let mut stop = server.stop.subscribe();
    let stopping = async {
        crate::stopped(&mut stop).await;
        sleep(server.config.timers.close).await;
    };
    let greeting = tokio::select! {
        greeting = timeout(server.config.timers.head, tls.greet(stream)) => greeting,
        () = stopping => return None,
    };
    match greeting {
        Ok(Ok(greeting)) => return Some(greeting),
        Ok(Err(e)) => tracing::debug!(error = %e, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
    server.refused(peer, "tls");
    None
}

/// Speaks HTTP until the end, or until a WebSocket goes on.
async fn talk<I, F>(
    server: &Server,
    io: I,
    answer: impl Fn(Request<Incoming>) -> F,
) -> hyper::Result<()>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    F: Future<Output = Result<Answer, Infallible>>,
{
    let mut stop = server.stop.subscribe();
    let asked = Notify::new();
    let service = service_fn(|request| {
        asked.notify_one();
        answer(request)
    });
    let http = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(server.config.timers.head)
        .max_buf_size(HEAD_MAX)
        .serve_connection(TokioIo::new(io), service)
        .with_upgrades();
    tokio::pin!(http);
    let stopping = async {
        crate::stopped(&mut stop).await;
        // Who was let in a moment ago has its first request on the way, and is
        // not to be turned away without an answer.
        let _ = timeout(server.config.timers.close, asked.notified()).await;
    };
    tokio::select! {
        ended = http.as_mut() => ended,
        () = stopping => {
            http.as_mut().graceful_shutdown();
            http.await
        }
    }
}

/// Who is at the other end, once a proxy has said so, where one has to. `None`
/// where it isn't served.
async fn introduced(server: &Server, stream: &TcpStream, peer: Peer) -> Option<Peer> {
    if !server.proxies.introduce() {
        return Some(peer);
    }
    let time = server.config.timers.head;
    let introduced = timeout(time, server.proxies.introduced(peer.address, stream)).await;
    match introduced.ok().flatten() {
        Some(address) => peer.known(server, address),
        None => {
            server.refused(peer.address, "proxy");
            None
        }
    }
}

fn is_of_one_connection(e: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(e.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
