//! Plain mode: text in, `nick: text` out, for any WebSocket client
//! (docs/protocol.md, section 3).

use std::net::IpAddr;
use std::sync::Arc;

use chat_core::{Face, Nick, ParseTokenError, PlainToken, RoomId};
use chat_proto::{CloseCode, ErrorCode};
use hyper::Request;
use hyper::upgrade::OnUpgrade;

use super::connection::{self, Flow, Speaker};
use super::reader::Reader;
use crate::Server;
use crate::accept::Peer;
use crate::convert::Refusal;
use crate::http::Query;
use crate::hub::{Payload, Seat};

/// Comes into the room that the query names: the client is a member before it
/// sees the 101, so that it misses nothing after it.
pub(super) fn enter<B>(
    server: &Server,
    peer: IpAddr,
    request: &Request<B>,
) -> Result<Seat, Refusal> {
    let query = Query::of(request.uri());
    let missing = |name| {
        let message = format!("the parameter {name} is missing: /ws?token=<token>&nick=<nick>");
        Refusal::fatal(ErrorCode::from("bad_request"), message)
    };
    let token = query.find("token").ok_or_else(|| missing("token"))?;
    let nick = query.find("nick").ok_or_else(|| missing("nick"))?;
    let token: PlainToken = token.parse().map_err(|e: ParseTokenError| Refusal::from(e))?;
    let nick = Nick::parse(&nick)?;
    let id = RoomId::Plain(token);
    let shard = super::find(server, peer, id)?;
    Ok(Seat::join(shard, id, Face::Nick(nick))?)
}

/// Carries the connection on once the handshake is over. Where it never is,
/// the seat is given back.
pub(super) async fn run(server: Arc<Server>, seat: Seat, upgrade: OnUpgrade, peer: Peer) {
    let Some((socket, ahead)) = super::socket(upgrade).await else { return };
    let reader = Reader::new(ahead, server.config.max_frame);
    let speaker = Plain { max_text: server.config.max_text };
    connection::start(server, peer, seat, socket, reader, speaker);
}

struct Plain {
    max_text: usize,
}

impl Speaker for Plain {
    fn hear(&mut self, seat: &mut Seat, text: &str) -> Flow {
        if text.len() > self.max_text {
            return Flow::close(CloseCode::TOO_BIG, "the text is too long");
        }
        // A room that ended closes the connection by itself.
        let _ = seat.post(None, Payload::Text(text.into()));
        Flow::Go
    }

    fn mode(&self) -> &'static str {
        "plain"
    }
}
