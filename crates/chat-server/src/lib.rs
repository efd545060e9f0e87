//! The chat server as a library: hyper and tungstenite around
//! [`chat-core`](chat_core).
//!
//! [`serve`] takes sockets that listen already and a future that ends it, so
//! the caller owns the port and the signals:
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! println!("http://{}", listener.local_addr()?);
//! let ctrl_c = async { drop(tokio::signal::ctrl_c().await) };
//! chat_server::serve(chat_server::Config::default(), vec![listener], ctrl_c).await
//! # }
//! ```

mod accept;
mod clock;
mod config;
mod convert;
mod create_key;
mod host;
mod http;
mod hub;
mod limits;
mod listeners;
mod origin;
mod socket;
mod tls;
mod ws;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout_at};

pub use chat_proto::CreateKey;
pub use config::{Config, Timers};
pub use create_key::{ReadCreateKeyError, read_create_key};
pub use host::{Host, ParseHostError};
pub use listeners::Listeners;
pub use origin::{Origin, ParseOriginError, ParsePublicUrlError, PublicUrl};
pub use tls::{Tls, TlsError};

use clock::Clock;
use convert::Refusal;
use http::names::Names;
use http::page::Page;
use hub::Hub;
use limits::AddressLimit;

/// Everything that a connection needs.
pub(crate) struct Server {
    config: Arc<Config>,
    clock: Clock,
    hub: Hub,
    page: Page,
    names: Names,
    creates: AddressLimit,
    failed_joins: AddressLimit,
    draining: AtomicBool,
    /// Says that the server stops to those who are not in a room.
    stop: watch::Sender<bool>,
}

impl Server {
    /// Why nobody comes in any more, once the server stops. To be asked after a
    /// room's refusal: rooms end a little later.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        self.draining.load(Ordering::Relaxed).then(Refusal::stopping)
    }
}

/// Waits until the server stops.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // A server that is gone has stopped.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Serves on all of `listeners` until `shutdown` is done; then nobody new is
/// let in, members get what their rooms' logs hold and are closed, and what is
/// left is cut off after [`Timers::shutdown`].
///
/// # Errors
/// When the threads can't be started or a listener's address can't be told.
pub async fn serve(
    config: Config,
    listeners: impl Into<Listeners>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let config = Arc::new(config);
    let clock = Clock::start();
    let by_address = |rate| AddressLimit::new(rate, config.exempt_loopback);
    let server = Arc::new(Server {
        clock,
        hub: Hub::start(&config, clock)?,
        page: Page::new(config.web_dir.as_deref()),
        names: Names::new(&config),
        creates: by_address(config.address_creates),
        failed_joins: by_address(config.address_failed_joins),
        draining: AtomicBool::new(false),
        stop: watch::Sender::new(false),
        config,
    });

    let (alive, mut gone) = mpsc::channel::<()>(1);
    let accepting: Vec<_> = listeners
        .into()
        .doors(server.config.tls.as_ref())?
        .into_iter()
        .map(|(listener, door)| {
            tokio::spawn(accept::run(server.clone(), door, listener, alive.clone()))
        })
        .collect();
    drop(alive);
    let watch = server.config.tls.clone().map(|tls| tokio::spawn(tls.watch()));

    shutdown.await;
    tracing::info!("stopping");
    let deadline = Instant::now() + server.config.timers.shutdown;
    // Before anybody is told: who comes back must find the next server, where
    // that listens on the same sockets.
    for accept in accepting {
        accept.abort();
        // It was aborted, and has let go of its socket.
        let _ = accept.await;
    }
    server.draining.store(true, Ordering::Relaxed);
    server.stop.send_replace(true);
    server.hub.shut_down(deadline).await;
    // Past the deadline whoever is left is cut off.
    let _ = timeout_at(deadline, gone.recv()).await;
    if let Some(watch) = watch {
        watch.abort();
    }
    Ok(())
}
