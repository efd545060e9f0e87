//! `/ws`: who may open a WebSocket, and which of the two modes it speaks
//! (docs/protocol.md, sections 3 and 4).

mod connection;
pub(crate) mod frame;
mod hello;
mod plain;
mod reader;
mod structured;

use std::net::IpAddr;
use std::sync::Arc;

use chat_core::{FindError, RoomId};
use chat_proto::SUBPROTOCOL;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use hyper::upgrade::OnUpgrade;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;

use crate::Server;
use crate::accept::Peer;
use crate::convert::Refusal;
use crate::http::{Answer, Caller, problem};
use crate::hub::Shard;
use crate::socket::Socket;

/// Answers a request to `/ws`.
pub(crate) fn answer(
    server: &Arc<Server>,
    peer: Peer,
    caller: &Caller,
    mut request: Request<Incoming>,
) -> Answer {
    if *caller == Caller::Foreign {
        let message = "a page of another site can't talk here; open this server's own page";
        return problem(StatusCode::FORBIDDEN, "forbidden", message);
    }
    let Ok(mut response) = create_response_with_body(&request, Full::default) else {
        let message = "this address speaks WebSocket, version 13; connect with ws:// or wss://";
        let mut answer = problem(StatusCode::UPGRADE_REQUIRED, "upgrade_required", message);
        answer.headers_mut().insert(UPGRADE, HeaderValue::from_static("websocket"));
        return answer;
    };
    let mut offered = request
        .headers()
        .get_all(SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|offer| !offer.is_empty())
        .peekable();
    if offered.peek().is_none() {
        let entered = match &peer.refusal {
            Some(refusal) => Err(Refusal::clone(refusal)),
            None => plain::enter(server, peer.address, &request),
        };
        return match entered {
            Ok(seat) => {
                let upgrade = hyper::upgrade::on(&mut request);
                tokio::spawn(plain::run(server.clone(), seat, upgrade, peer));
                response
            }
            Err(refusal) => crate::http::refusal(&server.refusal().unwrap_or(refusal)),
        };
    }
    if !offered.any(|offer| offer == SUBPROTOCOL) {
        let message = "the subprotocol spoken here is chat.v1; ask for it or for none";
        return problem(StatusCode::BAD_REQUEST, "unknown_subprotocol", message);
    }
    let protocol = HeaderValue::from_static(SUBPROTOCOL);
    response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, protocol);
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(hello::run(server.clone(), peer, upgrade));
    response
}

/// The socket under an upgraded connection, and what was read of it beyond the
/// handshake. `None` where the peer is gone.
async fn socket(upgrade: OnUpgrade) -> Option<(Socket, Vec<u8>)> {
    // What was read ahead is copied, since hyper's buffer keeps 8 KiB alive.
    match upgrade.await.ok()?.downcast::<TokioIo<TcpStream>>() {
        Ok(plain) => Some((plain.io.into_inner().into(), plain.read_buf.to_vec())),
        Err(other) => {
            let secure = other.downcast::<TokioIo<TlsStream<TcpStream>>>().ok()?;
            Some((secure.io.into_inner().into(), secure.read_buf.to_vec()))
        }
    }
}

/// Looks a room up for an address that may not guess too often.
fn find(server: &Server, peer: IpAddr, id: RoomId) -> Result<&Arc<Shard>, Refusal> {
    let now = server.clock.now();
    // Before the look-up: a right guess must not be told from a wrong one.
    server.failed_joins.check(peer, now).map_err(Refusal::rate)?;
    server.hub.find(id).map_err(|error: FindError| {
        // It was checked above; what matters is that it counts.
        let _ = server.failed_joins.take(peer, now);
        error.into()
    })
}
