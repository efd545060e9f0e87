//! A line now and then, for those who read the log and nothing else.

use std::sync::Arc;

use tokio::time::sleep;

use crate::Server;

/// Tells what there is and what there was since the last time, until it is
/// aborted.
pub(crate) async fn run(server: Arc<Server>) {
    let mut before = (server.meter.accepted.get(), server.meter.refused.sum(), 0, 0);
    loop {
        sleep(server.config.log_summary).await;
        let (census, totals) = (server.hub.census().await, server.hub.totals());
        let now = (
            server.meter.accepted.get(),
            server.meter.refused.sum(),
            totals.messages,
            totals.deliveries,
        );
        tracing::info!(
            rooms = census.sealed_rooms + census.plain_rooms,
            members = census.members,
            connections = census.structured + census.plain + server.meter.waiting(),
            accepted = now.0 - before.0,
            refused = now.1 - before.1,
            messages = now.2 - before.2,
            deliveries = now.3 - before.3,
            "what there is, and what came since the last such line"
        );
        before = now;
    }
}
