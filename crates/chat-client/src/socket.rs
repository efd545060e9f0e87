//! A WebSocket that reads while it writes.

use std::{collections::VecDeque, future::poll_fn, task::Poll};

use chat_proto::{CloseCode, MAX_SERVER_FRAME, SUBPROTOCOL};
use futures_util::{Sink, Stream};
use hyper::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL, USER_AGENT};
use std::pin::Pin;
use tokio::time::timeout;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        self, Message, Utf8Bytes,
        client::IntoClientRequest,
        error::ProtocolError,
        protocol::{CloseFrame, WebSocketConfig},
    },
};

use crate::{
    connector::{CONNECT_WITHIN, ConnectError, Connector, Io},
    server_url::ServerUrl,
};

/// Bytes that are read at once: small, as a client waits for people.
const READ_BUFFER: usize = 16 * 1024;

/// A WebSocket in structured mode.
pub(crate) struct Socket {
    ws: WebSocketStream<Box<dyn Io>>,
    /// What is to be written; the session keeps it short.
    queue: VecDeque<Message>,
    /// Writing failed: what the other end said before that is still to be read.
    deaf: bool,
}

/// What came in.
pub(crate) enum Incoming {
    Text(Utf8Bytes),
    Binary,
    /// A ping or a pong; the answer is on its way.
    Activity,
    Closed(Option<CloseCode>),
}

impl Socket {
    /// Connects and asks for `chat.v1`.
    pub(crate) async fn open(
        connector: &Connector,
        server: &ServerUrl,
        agent: &str,
    ) -> Result<Self, ConnectError> {
        let not_chat = || ConnectError::NotChat { server: server.to_string() };
        let io = connector.open(server).await?;
        // The connection is there already: only host and path of the URL are used from here on.
        let url = format!("ws://{}{}", server.authority(), server.path("ws"));
        let mut request = url.into_client_request().map_err(|_| not_chat())?;
        let headers = request.headers_mut();
        headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
        headers.insert(USER_AGENT, HeaderValue::from_str(agent).map_err(|_| not_chat())?);
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .max_message_size(Some(MAX_SERVER_FRAME))
            .max_frame_size(Some(MAX_SERVER_FRAME));
        let handshake = client_async_with_config(request, io, Some(config));
        match timeout(CONNECT_WITHIN, handshake).await {
            Ok(Ok((ws, _))) => Ok(Self { ws, queue: VecDeque::new(), deaf: false }),
            Ok(Err(error)) => Err(refused(error, server)),
            Err(_) => Err(ConnectError::Timeout { server: server.to_string() }),
        }
    }

    /// Sends a text frame, after what was sent before.
    pub(crate) fn transmit(&mut self, frame: String) {
        self.queue.push_back(Message::text(frame));
    }

    /// Sends a close frame, and nothing after it.
    pub(crate) fn close(&mut self, CloseCode(code): CloseCode) {
        let close = CloseFrame { code: code.into(), reason: Utf8Bytes::default() };
        self.queue.push_back(Message::Close(Some(close)));
    }

    /// Writes what is queued and waits for what comes in; nothing is lost when it is dropped midway.
    pub(crate) async fn next(&mut self) -> Incoming {
        poll_fn(|cx| {
            self.write(cx);
            let message = match Pin::new(&mut self.ws).poll_next(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(message) => message,
            };
            Poll::Ready(match message {
                Some(Ok(Message::Text(text))) => Incoming::Text(text),
                Some(Ok(Message::Binary(_))) => Incoming::Binary,
                Some(Ok(Message::Close(close))) => {
                    Incoming::Closed(close.map(|close| CloseCode(close.code.into())))
                }
                Some(Ok(_)) => Incoming::Activity,
                Some(Err(_)) | None => Incoming::Closed(None),
            })
        })
        .await
    }

    /// Writes what is queued, without waiting for anything to come in.
    pub(crate) async fn flush(&mut self) {
        poll_fn(|cx| if self.write(cx) { Poll::Ready(()) } else { Poll::Pending }).await;
    }

    /// Writes as much as goes; whether nothing is left.
    fn write(&mut self, cx: &mut std::task::Context<'_>) -> bool {
        while !self.deaf {
            let mut ws = Pin::new(&mut self.ws);
            let step = if self.queue.is_empty() {
                ws.poll_flush(cx)
            } else {
                match ws.as_mut().poll_ready(cx) {
                    Poll::Ready(Ok(())) => match self.queue.pop_front() {
                        Some(message) => match ws.start_send(message) {
                            Ok(()) => continue,
                            Err(error) => Poll::Ready(Err(error)),
                        },
                        None => continue,
                    },
                    other => other,
                }
            };
            match step {
                Poll::Pending => return false,
                Poll::Ready(Ok(())) => return true,
                Poll::Ready(Err(_)) => self.deaf = true,
            }
        }
        true
    }
}

fn refused(error: tungstenite::Error, server: &ServerUrl) -> ConnectError {
    let server = server.to_string();
    match error {
        tungstenite::Error::Http(response) => {
            let body = response.body().as_deref().unwrap_or_default();
            let message = std::str::from_utf8(body)
                .ok()
                .and_then(|body| chat_proto::http::ApiError::decode(body, READ_BUFFER).ok())
                .map(|error| error.message.into_owned())
                .unwrap_or_default();
            ConnectError::Refused { status: response.status().as_u16(), message }
        }
        tungstenite::Error::Io(reason) => ConnectError::Unreachable { server, reason },
        tungstenite::Error::Protocol(ProtocolError::HandshakeIncomplete) => {
            ConnectError::Unreachable { server, reason: std::io::ErrorKind::UnexpectedEof.into() }
        }
        _ => ConnectError::NotChat { server },
    }
}
