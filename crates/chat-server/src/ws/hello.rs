//! The beginning of chat.v1: a `hello` that says which room and who comes.

use std::net::IpAddr;
use std::sync::Arc;

use chat_core::{FindError, ParseTokenError, PlainToken, RoomId};
use chat_proto::client::{Hello, Target};
use chat_proto::{ClientFrame, CloseCode, ErrorCode};
use hyper::upgrade::OnUpgrade;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::connection::{self, dismiss};
use super::reader::{Input, Reader};
use super::structured::Structured;
use crate::Server;
use crate::accept::Peer;
use crate::convert::{self, Refusal};
use crate::hub::{Closing, Seat, welcome};
use crate::socket::Socket;

/// How many pings and pongs may come before it, answers included: they are
/// counted against nobody.
const BEFORE: usize = 32;

/// Waits for the `hello`, takes a seat, and hands the socket to the room's
/// thread.
pub(super) async fn run(server: Arc<Server>, peer: Peer, upgrade: OnUpgrade) {
    let Some((socket, ahead)) = super::socket(upgrade).await else { return };
    if let Some(refusal) = &peer.refusal {
        server.refused(peer.address, refusal.code.as_str());
        return turn_away(&server, peer.address, &socket, &refusal.closing()).await;
    }
    let mut reader = Reader::new(ahead, server.config.max_frame);
    let waiting = server.crowd.wait();
    let mut stop = server.stop.subscribe();
    let restart = || Closing::with(CloseCode::RESTART, "the server stops");
    let first = tokio::select! {
        biased;
        () = crate::stopped(&mut stop) => Ok(Err(restart())),
        () = waiting.turned_out() => {
            // Somebody else needs the place now, so nothing is waited for.
            let closing = Refusal::crowded().closing();
            let _ = socket.try_write(&closing.frames);
            return server.dismissed(peer.address, closing.ending);
        }
        first = timeout(server.config.timers.hello, first(&socket, &mut reader)) => first,
    };
    drop(waiting);
    let first =
        first.unwrap_or_else(|_| Err(Closing::with(CloseCode::NO_HELLO, "no hello came in time")));
    let entered = first.and_then(|text| {
        let entered = enter(&server, peer.address, &text);
        entered.map(|seat| (seat, text.len())).map_err(|refusal| match server.refusal() {
            // A room that ended with the server can be opened in the next one.
            Some(_) => restart(),
            None => {
                server.refused(peer.address, refusal.code.as_str());
                refusal.closing()
            }
        })
    });
    match entered {
        Ok((seat, len)) => {
            seat.received(len);
            let speaker = Structured::new(&server.config);
            connection::start(server, peer, seat, socket, reader, speaker);
        }
        Err(closing) => turn_away(&server, peer.address, &socket, &closing).await,
    }
}

/// Says goodbye to somebody who came to no room.
async fn turn_away(server: &Server, peer: IpAddr, socket: &Socket, closing: &Closing) {
    server.dismissed(peer, closing.ending);
    dismiss(socket, &closing.frames, server.config.timers.close).await;
}

/// The first text; `Err` is how to end instead of going on.
async fn first(socket: &Socket, reader: &mut Reader) -> Result<String, Closing> {
    let mut parted = None;
    for _ in 0..BEFORE {
        match reader.next(socket).await {
            Ok(Input::Message(Message::Text(text))) => return Ok(text.as_str().to_owned()),
            Ok(Input::Message(Message::Binary(_))) => {
                return Err(Closing::with(CloseCode::UNSUPPORTED, "binary frames are reserved"));
            }
            Ok(Input::Message(Message::Close(frame))) => parted = connection::code(frame.as_ref()),
            Ok(Input::Message(_)) => {}
            // Pongs are small and the socket is fresh; one that takes nothing
            // runs into the time for the hello.
            Ok(Input::Replies(frames)) => drop(socket.try_write(&frames)),
            Err(error) => return Err(connection::farewell(reader, &error, parted)),
        }
    }
    Err(Refusal::fatal(ErrorCode::BadHello, "say hello before anything else").closing())
}

fn enter(server: &Server, peer: IpAddr, text: &str) -> Result<Seat, Refusal> {
    let hello = match ClientFrame::decode(text, server.config.max_frame).map_err(Refusal::from) {
        Ok(ClientFrame::Hello(hello)) => *hello,
        Err(refusal) if refusal.code == ErrorCode::UnsupportedVersion => return Err(refusal),
        Err(refusal) if refusal.code == ErrorCode::BadHello => return Err(refusal),
        Err(refusal) if refusal.code == ErrorCode::BadFrame => return Err(refusal),
        Ok(_) | Err(_) => {
            let message = "the first frame must be a hello";
            return Err(Refusal::fatal(ErrorCode::BadHello, message));
        }
    };
    let id = match &hello.room {
        Target::Token(token) => RoomId::Plain(
            token
                .parse::<PlainToken>()
                .map_err(|e: ParseTokenError| Refusal::fatal(ErrorCode::BadHello, e.to_string()))?,
        ),
        Target::Room(id) => RoomId::Sealed(id.0),
    };
    if matches!(id, RoomId::Sealed(_)) && hello.create {
        open(server, peer, id, &hello)?;
    }
    let pace = hello.pace;
    let entry = convert::entry(hello)?;
    let shard = super::find(server, peer, id)?;
    let greet = |room: &chat_core::Room<_>, joined: &chat_core::Joined| {
        welcome(room, joined, server.clock.now(), &server.config)
    };
    let mut seat = Seat::enter(shard, id, entry, greet)?;
    if pace {
        seat.pace();
    }
    Ok(seat)
}

/// Opens a sealed room, where it isn't open and the peer may.
fn open(server: &Server, peer: IpAddr, id: RoomId, hello: &Hello<'_>) -> Result<(), Refusal> {
    match server.hub.find(id) {
        Ok(_) => Ok(()),
        Err(FindError::Ended) => Err(FindError::Ended.into()),
        Err(FindError::NoRoom) => {
            server.may_open(peer, hello.create_key.as_deref())?;
            server.creates.take(peer, server.clock.now()).map_err(Refusal::rate)?;
            Ok(server.hub.open(id, &convert::wishes(&hello.opts))?)
        }
    }
}
