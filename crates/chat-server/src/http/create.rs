//! `/create`: a new plain room.

use std::net::IpAddr;

use chat_proto::Text;
use chat_proto::client::Opts;
use chat_proto::http::CreateAnswer;
use hyper::header::{AUTHORIZATION, HeaderMap};
use hyper::{Method, Request, StatusCode};

use super::answer::{json, not_allowed, problem, refusal};
use super::caller::{Caller, preflight};
use super::{Answer, Query};
use crate::Server;
use crate::convert::{self, Refusal};

const METHODS: &str = "GET, POST";

/// Opens a room, if the peer may.
pub(super) fn answer<B>(
    server: &Server,
    peer: IpAddr,
    caller: &Caller,
    request: &Request<B>,
) -> Answer {
    let mut answer = match (request.method(), caller) {
        (&Method::GET | &Method::POST, _) => create(server, peer, caller, request),
        (&Method::OPTIONS, Caller::Allowed(_)) => preflight(METHODS),
        _ => not_allowed(METHODS),
    };
    caller.share(&server.config, answer.headers_mut());
    answer
}

fn create<B>(server: &Server, peer: IpAddr, caller: &Caller, request: &Request<B>) -> Answer {
    // A page elsewhere can't read the answer, but could fill the server.
    if !caller.may_act(request.headers()) {
        let message = "a page of another site can't open a room here; open this server's own page";
        return problem(StatusCode::FORBIDDEN, "forbidden", message);
    }
    let query = Query::of(request.uri());
    let number = |name| query.number(name);
    let (Ok(ttl_s), Ok(max), Ok(history)) = (number("ttl_s"), number("max"), number("history"))
    else {
        let message = "ttl_s, max and history are whole numbers";
        return problem(StatusCode::BAD_REQUEST, "bad_request", message);
    };
    if let Some(stopping) = server.refusal() {
        return refusal(&stopping);
    }
    if let Err(error) = server.may_open(peer, key(request.headers())) {
        return refusal(&error);
    }
    if let Err(retry) = server.creates.take(peer, server.clock.now()) {
        return refusal(&Refusal::rate(retry));
    }
    match server.hub.create(&convert::wishes(&Opts { ttl_s, max, history })) {
        Ok(token) => {
            let token = token.to_string();
            let body = CreateAnswer { token: Text::from(token.as_str()) };
            json(StatusCode::OK, body.encode())
        }
        Err(error) => refusal(&error.into()),
    }
}

/// The server's key, where it is shown (RFC 6750, section 2.1).
fn key(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}
