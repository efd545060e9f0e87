//! The HTTP side: what is asked for, and who answers (docs/protocol.md,
//! section 2).

mod answer;
mod create;
pub(crate) mod page;
mod query;

use std::convert::Infallible;
use std::sync::Arc;

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
    let address = peer.address;
    let read = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut answer = match request.uri().path() {
        "/create" => create::answer(&server, peer.address, &request),
        "/ws" => ws::answer(&server, peer, request),
        _ if !read => answer::not_allowed("GET, HEAD"),
        "/info" => json(StatusCode::OK, convert::info(&server.config).encode()),
        "/healthz" => answer::text(StatusCode::OK, "ok\n"),
        "/readyz" => match server.is_ready() {
            true => answer::text(StatusCode::OK, "ready\n"),
            false => answer::text(StatusCode::SERVICE_UNAVAILABLE, "draining\n"),
        },
        path => server.page.answer(path, request.headers()).await,
    };
    if let Some(answer::Refused(code)) = answer.extensions_mut().remove() {
        server.refused(address, &code);
    }
    answer::harden(answer.headers_mut());
    Ok(answer)
}
