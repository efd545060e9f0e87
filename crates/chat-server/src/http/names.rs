//! By which names this server is asked: a page elsewhere may have its own name
//! point here (DNS rebinding), and would then be taken for ours.

use std::collections::HashSet;
use std::time::Duration;

use hyper::header::HOST;
use hyper::{Request, StatusCode, Version};
use tokio::time::Instant;

use super::{Answer, answer};
use crate::Server;
use crate::config::Config;
use crate::host::{Authority, Host};
use crate::tls::Tls;
use crate::watch::Seldom;

/// How often the log says at most that somebody asked by another name.
const WARN_EVERY: Duration = Duration::from_secs(60);

/// Why a request isn't for this server.
pub(super) enum NotHere {
    /// It doesn't say in one way where it goes.
    Unclear,
    /// It goes to a name that isn't ours.
    Unknown,
}

impl NotHere {
    pub(super) fn answer(self) -> Answer {
        let (status, code, message) = match self {
            Self::Unclear => (
                StatusCode::BAD_REQUEST,
                "bad_host",
                "a request has one header Host, with the name that it is sent to",
            ),
            Self::Unknown => (
                StatusCode::MISDIRECTED_REQUEST,
                "misdirected",
                "this server isn't known by the name that you asked for; ask whoever runs it for \
                 its address",
            ),
        };
        answer::problem(status, code, message)
    }
}

/// The names that count as this server's, besides `localhost` and addresses.
pub(crate) struct Names {
    known: HashSet<Host>,
    unknown: Seldom,
}

impl Names {
    pub(crate) fn new(config: &Config) -> Self {
        // Those of a certificate that the server made itself are no stranger's.
        let own = config.tls.iter().flat_map(Tls::names);
        let known = config.names().cloned().chain(own).collect();
        Self { known, unknown: Seldom::every(WARN_EVERY) }
    }

    fn are_of(&self, host: &Host) -> bool {
        host.is_address() || host.is_localhost() || self.known.contains(host)
    }

    /// Tells whoever runs the server. The name is that of a machine or a site,
    /// and no visitor's secret: without it nobody could tell what to allow. What
    /// is no name by its letters and its length is not here.
    fn warn(&self, host: &Host) {
        let Some(times) = self.unknown.happened(Instant::now()) else { return };
        tracing::warn!(
            name = %host,
            times,
            "a request by a name that isn't known was refused; if the name is this server's, start \
             it with --allow-host NAME, or --public-url URL behind a proxy"
        );
    }
}

/// Where a request goes. `None` in HTTP/1.0 alone, which need not say it.
///
/// # Errors
/// Where the request doesn't say it well, or it isn't here.
pub(super) fn check<B>(
    server: &Server,
    request: &Request<B>,
) -> Result<Option<Authority>, NotHere> {
    let Some(place) = place(request)? else { return Ok(None) };
    if server.names.are_of(&place.host) {
        return Ok(Some(place));
    }
    server.names.warn(&place.host);
    Err(NotHere::Unknown)
}

/// What `Host` says, or the address in the request's first line, which counts
/// more (RFC 9112, section 3.2.2).
fn place<B>(request: &Request<B>) -> Result<Option<Authority>, NotHere> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let place = match (hosts.next(), hosts.next()) {
        (Some(host), None) => Authority::parse(host.to_str().unwrap_or_default()),
        (None, _) if request.version() <= Version::HTTP_10 => return Ok(None),
        _ => None,
    };
    let place = match request.uri().authority() {
        Some(authority) => place.and_then(|_| Authority::parse(authority.as_str())),
        None => place,
    };
    place.map(Some).ok_or(NotHere::Unclear)
}
