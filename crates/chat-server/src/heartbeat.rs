//! A sign of life, for whoever watches over the process.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::Server;

/// What is done while the server lives: once when it takes connections, and
/// then again and again, each time once all of its threads have answered. Where
/// one of them hangs it stops until that one goes on.
#[derive(Clone)]
pub struct Heartbeat {
    every: Duration,
    beat: Arc<dyn Fn(Pulse) + Send + Sync>,
}

/// How the server is.
#[derive(Clone, Copy, Debug)]
pub struct Pulse {
    /// Rooms that there are.
    pub rooms: usize,
}

impl Heartbeat {
    /// Calls `beat`, which must not block, once in `every`.
    pub fn new(every: Duration, beat: impl Fn(Pulse) + Send + Sync + 'static) -> Self {
        // A timer of no time is none.
        Self { every: every.max(Duration::from_millis(1)), beat: Arc::new(beat) }
    }
}

impl fmt::Debug for Heartbeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Heartbeat").field("every", &self.every).finish_non_exhaustive()
    }
}

/// Beats until it is aborted.
pub(crate) async fn run(server: Arc<Server>, heartbeat: Heartbeat) {
    let mut ticks = interval(heartbeat.every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        server.hub.answers().await;
        (heartbeat.beat)(Pulse { rooms: server.hub.rooms() });
    }
}
