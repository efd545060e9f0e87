//! Whoever means harm, and how many at once.

use std::net::{IpAddr, Ipv4Addr};

use tokio::task::JoinSet;

/// Where all of it comes from.
pub(crate) const ATTACKER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 66));

/// How those who come from there call themselves.
pub(crate) const VILLAIN: &str = "Thersites";

/// How many things are done at once.
const AT_ONCE: usize = 64;

/// Does something many times, some of it at once; what came of each.
pub(crate) async fn many<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    times: usize,
    mut deed: impl FnMut(usize) -> F,
) -> Vec<T> {
    let mut running = JoinSet::new();
    let mut results = Vec::with_capacity(times);
    for n in 0..times {
        if running.len() >= AT_ONCE
            && let Some(done) = running.join_next().await
        {
            results.push(done.unwrap());
        }
        running.spawn(deed(n));
    }
    results.extend(running.join_all().await);
    results
}
