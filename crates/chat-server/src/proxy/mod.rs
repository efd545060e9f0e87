//! Who it is that a proxy speaks for. Only the proxies that are trusted are
//! believed: anybody can write a header.

mod forwarded;
mod v2;

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::{FORWARDED, HeaderName};
use ipnet::IpNet;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::watch::Seldom;
use forwarded::Node;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// How often the log says at most that a proxy is not set up as it should be.
const WARN_EVERY: Duration = Duration::from_secs(60 * 60);

/// Who is behind a trusted proxy that doesn't say who it is. All of them count
/// as one address, which is neither the proxy's nor anybody else's.
const UNKNOWN: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// The proxies that are believed.
pub(crate) struct Proxies {
    networks: Vec<IpNet>,
    /// Whether they begin each connection with a PROXY protocol header.
    protocol: bool,
    unset: Seldom,
    contradicted: Seldom,
    refused: Seldom,
}

impl Proxies {
    pub(crate) fn new(networks: Vec<IpNet>, protocol: bool) -> Self {
        let [unset, contradicted, refused] = [(); 3].map(|()| Seldom::every(WARN_EVERY));
        Self { networks, protocol, unset, contradicted, refused }
    }

    /// Whether what this peer says of others is believed.
    pub(crate) fn trusts(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.networks.iter().any(|network| network.contains(&peer))
    }

    /// Whether connections begin with a PROXY protocol header.
    pub(crate) const fn introduce(&self) -> bool {
        self.protocol
    }

    /// Reads the header that a connection begins with, and nothing beyond it;
    /// who is at the other end. `None` where it isn't to be served: without a
    /// good header from a trusted proxy nobody knows whom one speaks with.
    pub(crate) async fn introduced(&self, peer: IpAddr, stream: &TcpStream) -> Option<IpAddr> {
        let source = match self.trusts(peer) {
            true => v2::read(stream).await,
            false => Err(v2::ReadError::Untrusted),
        };
        match source {
            Ok(v2::Source::Itself) => Some(peer),
            Ok(v2::Source::Of(client)) => Some(client.to_canonical()),
            Ok(v2::Source::Unknown) => Some(UNKNOWN),
            Err(v2::ReadError::Gone(_)) => None,
            Err(error) => {
                match self.refused.happened(Instant::now()) {
                    Some(times) => tracing::warn!(%error, times, "a connection was refused"),
                    None => tracing::debug!(%error, "a connection was refused"),
                }
                None
            }
        }
    }

    /// Who sent a request that came from `peer`.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.trusts(peer) {
            self.look_for_a_proxy(peer, headers);
            return peer;
        }
        let nodes = |name: HeaderName, parse: fn(&str) -> Vec<Node>| {
            // What the nearest proxy wrote stands last.
            let lines = headers.get_all(name).iter().rev();
            lines.flat_map(move |line| {
                let nodes = line.to_str().map_or_else(|_| vec![None], parse);
                nodes.into_iter().rev()
            })
        };
        let forwarded = self.farthest(nodes(FORWARDED, forwarded::nodes));
        let x_forwarded_for = self.farthest(nodes(X_FORWARDED_FOR, forwarded::x_nodes));
        match (forwarded, x_forwarded_for) {
            (Some(one), Some(other)) if one != other => {
                if let Some(times) = self.contradicted.happened(Instant::now()) {
                    tracing::warn!(
                        times,
                        "a request's Forwarded and X-Forwarded-For name different clients, so \
                         neither is believed: have the proxy set one and remove the other"
                    );
                }
                UNKNOWN
            }
            (Some(client), _) | (None, Some(client)) => client,
            (None, None) => peer,
        }
    }

    /// The first from the right that isn't trusted itself, or else the leftmost;
    /// `None` of no nodes. What stands left of one that isn't known was written
    /// by nobody knows whom.
    fn farthest(&self, nodes: impl Iterator<Item = Node>) -> Option<IpAddr> {
        let mut farthest = None;
        for node in nodes {
            let Some(address) = node else { return Some(UNKNOWN) };
            farthest = Some(address);
            if !self.trusts(address) {
                break;
            }
        }
        farthest
    }

    /// Says that a proxy is there that nobody told us of.
    fn look_for_a_proxy(&self, peer: IpAddr, headers: &HeaderMap) {
        let is_near = match peer.to_canonical() {
            IpAddr::V4(peer) => peer.is_loopback() || peer.is_private(),
            IpAddr::V6(peer) => peer.is_loopback() || peer.is_unique_local(),
        };
        let speaks_for_others =
            || [FORWARDED, X_FORWARDED_FOR].iter().any(|name| headers.contains_key(name));
        if self.networks.is_empty()
            && is_near
            && speaks_for_others()
            && let Some(times) = self.unset.happened(Instant::now())
        {
            tracing::warn!(
                times,
                "requests carry X-Forwarded-For or Forwarded, which is believed only from \
                 --trusted-proxy networks: without that flag all limits by address count the \
                 proxy as one person"
            );
        }
    }
}

#[cfg(test)]
mod tests;
