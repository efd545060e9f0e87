//! The connection of a session, as it comes and goes.

use std::{pin::Pin, sync::Arc, time::Duration};

use chat_proto::CloseCode;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::{
    connector::{ConnectError, Connector},
    server_url::ServerUrl,
    session::Action,
    socket::{Incoming, Socket},
};

/// How long the last frames may take to leave.
const FLUSH_WITHIN: Duration = Duration::from_secs(2);

/// How a connection is opened, time and again.
pub(crate) struct Way {
    connector: Arc<Connector>,
    server: ServerUrl,
    agent: String,
}

impl Way {
    pub(crate) fn new(connector: Arc<Connector>, server: ServerUrl, agent: String) -> Self {
        Self { connector, server, agent }
    }

    pub(crate) async fn open(&self) -> Result<Socket, ConnectError> {
        Socket::open(&self.connector, &self.server, &self.agent).await
    }
}

type Opening = Pin<Box<dyn Future<Output = Result<Socket, ConnectError>> + Send>>;

enum State {
    /// Open, and nobody has asked for it yet.
    Ready(Socket),
    Down,
    Opening(Opening),
    /// Open, and nobody has been told.
    New(Socket),
    Open(Socket),
}

/// At most one connection at a time; what is heard is always of the newest.
pub(crate) struct Line {
    way: Arc<Way>,
    state: State,
}

/// What happened to the connection.
pub(crate) enum Happened {
    Opened,
    Text(Utf8Bytes),
    Binary,
    /// A ping or a pong; the answer is on its way.
    Activity,
    /// It is closed, or could not be opened.
    Closed(Option<CloseCode>),
}

impl Line {
    /// Begins with a connection that is open already: it is the first that is asked for.
    pub(crate) fn new(way: Way, first: Socket) -> Self {
        Self { way: Arc::new(way), state: State::Ready(first) }
    }

    pub(crate) fn perform(&mut self, action: Action) {
        match (action, &mut self.state) {
            (Action::Connect, _) => {
                self.state = match std::mem::replace(&mut self.state, State::Down) {
                    State::Ready(socket) => State::New(socket),
                    _ => {
                        let way = Arc::clone(&self.way);
                        State::Opening(Box::pin(async move { way.open().await }))
                    }
                };
            }
            (Action::Transmit(frame), State::Open(socket)) => socket.transmit(frame),
            (Action::Close(code), State::Open(socket)) => socket.close(code),
            (Action::Drop | Action::Close(_), state) => *state = State::Down,
            (Action::Transmit(_), _) => {}
        }
    }

    /// What happens next; never anything, while there is no connection. Nothing is lost when it is
    /// dropped midway.
    pub(crate) async fn next(&mut self) -> Happened {
        if let State::Opening(opening) = &mut self.state {
            self.state = match opening.await {
                Ok(socket) => State::New(socket),
                Err(_) => {
                    self.state = State::Down;
                    return Happened::Closed(None);
                }
            };
        }
        self.state = match std::mem::replace(&mut self.state, State::Down) {
            State::New(socket) => {
                self.state = State::Open(socket);
                return Happened::Opened;
            }
            other => other,
        };
        let State::Open(socket) = &mut self.state else { return std::future::pending().await };
        match socket.next().await {
            Incoming::Text(text) => Happened::Text(text),
            Incoming::Binary => Happened::Binary,
            Incoming::Activity => Happened::Activity,
            Incoming::Closed(code) => {
                self.state = State::Down;
                Happened::Closed(code)
            }
        }
    }

    /// Lets the last frames leave.
    pub(crate) async fn part(&mut self) {
        if let State::Open(socket) = &mut self.state {
            // A peer that takes nothing is not waited for.
            let _ = timeout(FLUSH_WITHIN, socket.flush()).await;
        }
    }
}
