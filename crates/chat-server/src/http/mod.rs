//! The HTTP side: what is asked for, and who answers (docs/protocol.md,
//! section 2).

mod answer;
mod create;
pub(crate) mod page;
mod query;
pub(crate) mod redirect;

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::{Method, Request, Response, StatusCode};

pub(crate) use answer::{json, problem, refusal};
pub(crate) use query::Query;

use crate::accept::Peer;
use crate::{Server, convert, ws};

/// An answer whose body is at hand.
pub(crate) type Answer = Response<Full<Bytes>>;

/// Answers one request.
pub(crate) async fn answer(
    server: Arc<Server>,
    peer: Peer,
    request: Request<Incoming>,
) -> Result<Answer, Infallible> {
    let read = matches!(*request.method(), Method::GET | Method::HEAD);
    let hsts = server.config.tls.as_ref().is_some_and(|tls| !tls.is_self_signed());
    let mut answer = match request.uri().path() {
        "/create" => create::answer(&server, peer.address, &request),
        "/ws" => ws::answer(server, peer, request),
        _ if !read => answer::not_allowed("GET, HEAD"),
        "/info" => json(StatusCode::OK, convert::info(&server.config).encode()),
        "/healthz" => answer::text(StatusCode::OK, "ok\n"),
        "/readyz" => match server.draining.load(Ordering::Relaxed) {
            false => answer::text(StatusCode::OK, "ready\n"),
            true => answer::text(StatusCode::SERVICE_UNAVAILABLE, "draining\n"),
        },
        path => server.page.answer(path, request.headers()).await,
    };
    answer::harden(answer.headers_mut());
    if hsts {
        answer::insist_on_tls(answer.headers_mut());
    }
    Ok(answer)
}
