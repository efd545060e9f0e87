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
mod heartbeat;
mod host;
mod http;
mod hub;
mod limits;
mod listeners;
mod origin;
mod proxy;
mod socket;
mod tls;
mod watch;
mod ws;

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;
use tokio::sync::watch::{Receiver, Sender};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout_at};

pub use chat_proto::CreateKey;
pub use config::{Config, Timers};
pub use create_key::{ReadCreateKeyError, read_create_key};
pub use heartbeat::{Heartbeat, Pulse};
pub use host::{Host, ParseHostError};
pub use ipnet::IpNet;
pub use listeners::Listeners;
pub use origin::{Origin, ParseOriginError, ParsePublicUrlError, PublicUrl};
pub use tls::{Tls, TlsError};
pub use watch::LogAddresses;

use clock::Clock;
use convert::Refusal;
use http::names::Names;
use http::page::Page;
use hub::Hub;
use limits::{AddressLimit, Crowd, Rules, Visitors};
use proxy::Proxies;
use watch::sheet::{self, Sheet};
use watch::{Ending, Meter, Timing, listener, summary};

/// Everything that a connection needs.
pub(crate) struct Server {
    config: Arc<Config>,
    clock: Clock,
    hub: Hub,
    meter: Arc<Meter>,
    page: Page,
    names: Names,
    proxies: Proxies,
    crowd: Arc<Crowd>,
    visitors: Visitors,
    creates: AddressLimit,
    failed_joins: AddressLimit,
    /// Whether those who choose a server are to choose this one.
    ready: AtomicBool,
    draining: AtomicBool,
    /// Says that the server stops to those who are not in a room.
    stop: Sender<bool>,
}

impl Server {
    /// Whether those who choose a server are to choose this one.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    /// Something was refused to somebody who is in no room.
    pub(crate) fn refused(&self, peer: IpAddr, code: &str) {
        self.meter.refused.add(code);
        tracing::debug!(address = self.config.log_addresses.show(peer), code, "refused");
    }

    /// Somebody's WebSocket ended before it was in a room.
    pub(crate) fn dismissed(&self, peer: IpAddr, ending: Ending) {
        self.meter.closed(ending);
        let (by, code) = (ending.by(), ending.code().0);
        tracing::debug!(
            address = self.config.log_addresses.show(peer),
            by,
            code,
            "came to no room"
        );
    }

    /// Why nobody comes in any more, once the server stops. To be asked after a
    /// room's refusal: rooms end a little later.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        self.draining.load(Ordering::Relaxed).then(Refusal::stopping)
    }
}

/// Waits until the server stops.
pub(crate) async fn stopped(stop: &mut Receiver<bool>) {
    // A server that is gone has stopped.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Serves on all of `listeners` until `shutdown` is done. Then the server is not
/// ready, for [`Timers::drain_delay`] as it was otherwise; after that nobody new
/// is let in, members get what their rooms' logs hold and are closed, and what
/// is left is cut off after [`Timers::shutdown`].
///
/// # Errors
/// When the threads can't be started or a listener's address can't be told.
pub async fn serve(
    config: Config,
    listeners: impl Into<Listeners>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let mut listeners = listeners.into();
    let metrics = std::mem::take(&mut listeners.metrics);
    let sheet = (!metrics.is_empty()).then(Sheet::new).transpose()?.map(Arc::new);
    let meter = Arc::new(Meter::new(sheet.as_deref().map(Timing::on)));
    if config.takes_all_for_one() {
        tracing::warn!(
            "people come over https, and this server doesn't speak TLS itself: name the proxy \
             before it with --trusted-proxy, or all limits by address count everybody as one"
        );
    }
    let config = Arc::new(config);
    let clock = Clock::start();
    let by_address = |rate| AddressLimit::new(rate, config.exempt_loopback);
    let server = Arc::new(Server {
        clock,
        hub: Hub::start(&config, clock, &meter)?,
        meter,
        page: Page::new(config.web_dir.as_deref()),
        names: Names::new(&config),
        proxies: Proxies::new(config.trusted_proxies.clone(), config.proxy_protocol),
        crowd: Crowd::new(config.max_connections),
        visitors: Visitors::new(Rules {
            connections: config.address_connections,
            handshakes: config.address_handshakes,
            messages: config.address_messages,
            exempt_loopback: config.exempt_loopback,
        }),
        creates: by_address(config.address_creates),
        failed_joins: by_address(config.address_failed_joins),
        ready: AtomicBool::new(true),
        draining: AtomicBool::new(false),
        stop: Sender::new(false),
        config,
    });

    let (alive, mut gone) = mpsc::channel::<()>(1);
    let mut telling = vec![tokio::spawn(summary::run(server.clone()))];
    for (listener, sheet) in metrics.into_iter().zip(sheet.iter().cycle()) {
        tracing::info!(address = %listener.local_addr()?, "listening for Prometheus");
        telling.push(tokio::spawn(listener::run(server.clone(), sheet.clone(), listener)));
    }
    telling.extend(sheet.map(|sheet| tokio::spawn(sheet::keep(sheet))));
    telling.extend(server.config.tls.clone().map(|tls| tokio::spawn(tls.watch())));
    let doors = listeners.doors(server.config.tls.as_ref())?;
    for (listener, _) in &doors {
        tracing::info!(address = %listener.local_addr()?, "listening");
    }
    let accepting: Vec<_> = doors
        .into_iter()
        .map(|(listener, door)| {
            tokio::spawn(accept::run(server.clone(), door, listener, alive.clone()))
        })
        .collect();
    drop(alive);
    let heartbeat = server.config.heartbeat.clone();
    telling.extend(heartbeat.map(|beat| tokio::spawn(heartbeat::run(server.clone(), beat))));

    shutdown.await;
    let told = Instant::now();
    tracing::info!("stopping");
    server.ready.store(false, Ordering::Relaxed);
    sleep(server.config.timers.drain_delay).await;
    let deadline = Instant::now() + server.config.timers.shutdown;
    // Before anybody is told: who comes back must find the next server, where
    // that listens on the same sockets.
    end(accepting).await;
    server.draining.store(true, Ordering::Relaxed);
    server.stop.send_replace(true);
    server.hub.shut_down(deadline).await;
    // Past the deadline whoever is left is cut off.
    let _ = timeout_at(deadline, gone.recv()).await;
    end(telling).await;
    let took = u64::try_from(told.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(ms = took, "stopped");
    Ok(())
}

/// Ends tasks, and waits until they have let go of their sockets.
async fn end(tasks: Vec<JoinHandle<()>>) {
    for task in tasks {
        task.abort();
        // What it comes to is that it was aborted.
        let _ = task.await;
    }
}
