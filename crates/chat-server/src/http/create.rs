//! `/create`: a new plain room.

use std::net::IpAddr;

use chat_proto::Text;
use chat_proto::client::Opts;
use chat_proto::http::CreateAnswer;
use hyper::{Method, Request, StatusCode};

use super::answer::{json, not_allowed, problem, refusal};
use super::{Answer, Query};
use crate::Server;
use crate::convert::{self, Refusal};

/// Opens a room, if the peer may.
pub(super) fn answer<B>(server: &Server, peer: IpAddr, request: &Request<B>) -> Answer {
    if !matches!(*request.method(), Method::GET | Method::POST) {
        return not_allowed("GET, POST");
    }
    // A page elsewhere can't read the answer, but could fill the server.
    if request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
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
