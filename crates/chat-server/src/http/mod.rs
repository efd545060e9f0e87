//! The HTTP side: what is asked for, and who answers (docs/protocol.md,
//! section 2).

mod answer;
mod caller;
mod create;
pub(crate) mod names;
pub(crate) mod page;
mod query;
mod redirect;

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::{Method, Request, Response, StatusCode};

pub(crate) use answer::{json, problem, refusal};
pub(crate) use caller::Caller;
pub(crate) use query::Query;

use names::NotHere;

use crate::accept::Peer;
use crate::host::Authority;
use crate::{Server, convert, ws};

/// An answer whose body is at hand.
pub(crate) type Answer = Response<Full<Bytes>>;

/// Answers one request.
pub(crate) async fn answer(
    server: Arc<Server>,
    peer: Peer,
    request: Request<Incoming>,
) -> Result<Answer, Infallible> {
    let hsts = server.config.tls.as_ref().is_some_and(|tls| !tls.is_self_signed());
    let mut address = peer.address;
    let answer = match peer.asks(&server, &request) {
        Err(too_much) => answer::last(&too_much),
        Ok(peer) => {
            address = peer.address;
            named(&server, peer, request).await
        }
    };
    let mut answer = finished(&server, address, answer);
    if hsts {
        answer::insist_on_tls(answer.headers_mut());
    }
    Ok(answer)
}

/// Leads a request to `port`, over TLS; whoever watches the server is answered
/// here as well.
pub(crate) fn lead<B>(server: &Server, peer: Peer, request: &Request<B>, port: u16) -> Answer {
    let mut address = peer.address;
    let answer = match peer.asks(server, request) {
        Err(too_much) => answer::last(&too_much),
        Ok(peer) => {
            address = peer.address;
            health(server, request.uri().path())
                .unwrap_or_else(|| redirect::lead(server, request, port))
        }
    };
    finished(server, address, answer)
}

/// What all answers have; and what was refused is counted.
pub(crate) fn finished(server: &Server, address: IpAddr, mut answer: Answer) -> Answer {
    if let Some(answer::Refused(code)) = answer.extensions_mut().remove() {
        server.refused(address, &code);
    }
    answer::harden(answer.headers_mut());
    answer
}

/// What whoever watches the server is told.
fn health(server: &Server, path: &str) -> Option<Answer> {
    match path {
        "/healthz" => Some(answer::text(StatusCode::OK, "ok\n")),
        "/readyz" if server.is_ready() => Some(answer::text(StatusCode::OK, "ready\n")),
        "/readyz" => Some(answer::text(StatusCode::SERVICE_UNAVAILABLE, "draining\n")),
        _ => None,
    }
}

/// Answers a request by whatever name it calls the server, if that is one of
/// its own.
async fn named(server: &Arc<Server>, peer: Peer, request: Request<Incoming>) -> Answer {
    match place(server, &request) {
        Err(error) => error.answer(),
        Ok(place) => {
            let caller = Caller::of(&server.config, place.as_ref(), request.headers());
            serve(server, peer, caller, request).await
        }
    }
}

/// What a request is answered that goes to a name that isn't this server's.
pub(crate) fn misdirected<B>(server: &Server, request: &Request<B>) -> Option<Answer> {
    place(server, request).err().map(NotHere::answer)
}

fn place<B>(server: &Server, request: &Request<B>) -> Result<Option<Authority>, NotHere> {
    match request.uri().path() {
        // Whoever looks after servers asks by whatever name.
        "/healthz" | "/readyz" => Ok(None),
        _ => names::check(server, request),
    }
}

/// Answers a request that is for this server.
async fn serve(
    server: &Arc<Server>,
    peer: Peer,
    caller: Caller,
    request: Request<Incoming>,
) -> Answer {
    let read = matches!(*request.method(), Method::GET | Method::HEAD);
    match request.uri().path() {
        "/create" => create::answer(server, peer.address, &caller, &request),
        "/ws" => ws::answer(server, peer, &caller, request),
        _ if !read => answer::not_allowed("GET, HEAD"),
        "/info" => {
            let mut answer = json(StatusCode::OK, convert::info(&server.config).encode());
            caller.share(&server.config, answer.headers_mut());
            answer
        }
        path => match health(server, path) {
            Some(answer) => answer,
            None => server.page.answer(path, request.headers()).await,
        },
    }
}
