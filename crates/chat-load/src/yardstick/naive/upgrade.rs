//! The naive server's HTTP: rooms by hand, WebSockets by tungstenite.

use std::io;

use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode, header};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

use super::super::request;
use super::room::Rooms;

/// Who comes in.
pub(super) enum Entry {
    Plain {
        token: String,
        nick: String,
    },
    /// Whoever its hello says.
    V1,
}

/// Answers until a connection is a WebSocket; `None` where it never is.
pub(super) async fn accept(
    rooms: &Rooms,
    stream: TcpStream,
) -> Option<(WebSocketStream<TcpStream>, Entry)> {
    const CREATE: &[u8] = b"GET /create";
    let mut first = [0; CREATE.len()];
    stream.peek(&mut first).await.ok()?;
    if first == CREATE {
        // Whatever goes wrong ends the connection.
        let _ = create(rooms, &stream).await;
        return None;
    }
    let mut entry = Entry::V1;
    #[allow(clippy::result_large_err, reason = "tungstenite asks for this type")]
    let callback =
        |request: &Request, response: Response| upgrade(rooms, request, response, &mut entry);
    let socket = accept_hdr_async(stream, callback).await.ok()?;
    Some((socket, entry))
}

#[allow(clippy::result_large_err, reason = "tungstenite asks for this type")]
fn upgrade(
    rooms: &Rooms,
    request: &Request,
    mut response: Response,
    entry: &mut Entry,
) -> Result<Response, ErrorResponse> {
    if request.headers().contains_key(header::SEC_WEBSOCKET_PROTOCOL) {
        let protocol = HeaderValue::from_static(chat_proto::SUBPROTOCOL);
        response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
        return Ok(response);
    }
    match request::place(request.uri().query().unwrap_or_default()) {
        Some((token, nick)) if rooms.has(&token) => {
            *entry = Entry::Plain { token, nick };
            Ok(response)
        }
        _ => {
            let mut refusal = ErrorResponse::new(None);
            *refusal.status_mut() = StatusCode::NOT_FOUND;
            Err(refusal)
        }
    }
}

/// Opens rooms, as many as are asked for on this connection.
async fn create(rooms: &Rooms, stream: &TcpStream) -> io::Result<()> {
    let mut bytes = Vec::new();
    loop {
        stream.readable().await?;
        let mut some = [0; 1024];
        match stream.try_read(&mut some) {
            Ok(0) => return Ok(()),
            Ok(read) => bytes.extend_from_slice(&some[..read]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error),
        }
        while let Some((asked, len)) = request::read(&bytes) {
            bytes.drain(..len);
            let answer = match asked {
                request::Request::Create => request::created(&rooms.create()),
                _ => request::UNKNOWN.to_owned(),
            };
            // A few bytes on a socket that has taken all before.
            stream.writable().await?;
            stream.try_write(answer.as_bytes())?;
        }
        if bytes.len() > request::HEAD_MAX {
            return Ok(());
        }
    }
}
