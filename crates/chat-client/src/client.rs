//! A session with its connection: join, send, and events as they come.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use chat_core::{Nick, PlainToken, SealedToken, Timestamp, Token};
use chat_proto::{B64, CloseCode, MsgId, client::Opts, http::Info};
use tokio::{
    sync::{Notify, mpsc},
    time::{sleep_until, timeout},
};

use crate::{
    api::{self, RequestError},
    connector::{ConnectError, Connector},
    server_url::ServerUrl,
    session::{Action, Event, Joining, Outcome, Person, Room, SendError, Session},
    socket::{Incoming, Socket},
};

/// How many events wait for a program that is slow to take them; then the connection is read no further.
const EVENTS: usize = 256;

/// How long the last frames may take to leave.
const FLUSH_WITHIN: Duration = Duration::from_secs(2);

/// Makes rooms and joins them.
pub struct Client {
    connector: Connector,
    agent: String,
}

/// Why a room was not joined.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// The server was not reached, or is none.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// Nothing can be sealed.
    #[error(transparent)]
    Seal(#[from] chat_seal::SealError),
    /// The server refused us, or the connection ended before we were in.
    #[error("{}", .0.sentence())]
    Ended(Outcome),
}

impl Client {
    /// A client that calls itself `agent` (name and version; visible ASCII) towards servers.
    #[must_use]
    pub fn new(agent: impl Into<String>) -> Self {
        Self { connector: Connector::default(), agent: agent.into() }
    }

    /// Opens a new plain room, with these wishes.
    ///
    /// # Errors
    ///
    /// A [`RequestError`] that says what to do.
    pub async fn create(
        &self,
        server: &ServerUrl,
        opts: &Opts,
    ) -> Result<PlainToken, RequestError> {
        api::create(&self.connector, server, &self.agent, opts).await
    }

    /// What the server allows.
    ///
    /// # Errors
    ///
    /// A [`RequestError`] that says what to do.
    pub async fn info(&self, server: &ServerUrl) -> Result<Info, RequestError> {
        api::info(&self.connector, server, &self.agent).await
    }

    /// Opens a sealed room, or finds it open, and joins it. The token never leaves this program.
    ///
    /// # Errors
    ///
    /// As [`join`](Self::join).
    pub async fn open(
        &self,
        server: &ServerUrl,
        token: &SealedToken,
        nick: Nick,
        opts: Opts,
    ) -> Result<(Handle, Events), JoinError> {
        self.enter(server, sealed(token, Some(opts)), nick).await
    }

    /// Joins a room; ready once the server has let us in. [`Event::Welcomed`] comes first.
    ///
    /// The connection lives in a task of its own, so this needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    ///
    /// [`JoinError`], where the server can't be reached or doesn't let us in.
    pub async fn join(
        &self,
        server: &ServerUrl,
        token: impl Into<Token>,
        nick: Nick,
    ) -> Result<(Handle, Events), JoinError> {
        let room = match token.into() {
            Token::Plain(token) => Room::Plain(token),
            Token::Sealed(token) => sealed(&token, None),
        };
        self.enter(server, room, nick).await
    }

    async fn enter(
        &self,
        server: &ServerUrl,
        room: Room,
        nick: Nick,
    ) -> Result<(Handle, Events), JoinError> {
        let socket = Socket::open(&self.connector, server, &self.agent).await?;
        let key = B64(rand::random());
        let session = Session::new(Joining { room, nick, key, agent: self.agent.clone() })?;
        let shared = Arc::new(Shared {
            session: Mutex::new(session),
            clock: Clock::start(),
            wake: Notify::new(),
            room: Notify::new(),
        });
        let (sender, receiver) = mpsc::channel(EVENTS);
        tokio::spawn(drive(Arc::clone(&shared), socket, sender));
        let mut events = Events { receiver, first: None };
        match events.next().await {
            Some(Event::Ended(outcome)) => Err(JoinError::Ended(outcome)),
            None => Err(JoinError::Ended(Outcome::Closed(CloseCode::ABNORMAL))),
            first => {
                events.first = first;
                Ok((Handle { shared }, events))
            }
        }
    }
}

/// The events of a session. Dropping it leaves the room at once.
pub struct Events {
    receiver: mpsc::Receiver<Event>,
    first: Option<Event>,
}

impl Events {
    /// The next event; `None` after [`Event::Ended`].
    ///
    /// A program that takes too long over one is a slow reader: it is told of a [`Event::Gap`] in the end.
    pub async fn next(&mut self) -> Option<Event> {
        match self.first.take() {
            Some(event) => Some(event),
            None => self.receiver.recv().await,
        }
    }
}

/// What a person does in a room. Clones do it in the same session.
#[derive(Clone)]
pub struct Handle {
    shared: Arc<Shared>,
}

impl Handle {
    /// Sends a text, and waits while too many are outstanding.
    ///
    /// It must not be awaited by the task that takes the [`Events`]: acknowledgements come through them.
    ///
    /// # Errors
    ///
    /// As [`try_send`](Self::try_send), but never [`SendError::Busy`].
    pub async fn send(&self, text: &str) -> Result<MsgId, SendError> {
        loop {
            let room = self.shared.room.notified();
            match self.try_send(text) {
                Err(SendError::Busy) => room.await,
                result => return result,
            }
        }
    }

    /// Sends a text if not too many are outstanding. [`Event::Acknowledged`] tells that it arrived.
    ///
    /// # Errors
    ///
    /// A [`SendError`]; nothing was sent then.
    pub fn try_send(&self, text: &str) -> Result<MsgId, SendError> {
        self.shared.change(|session, now| session.send(now, text.to_owned()))
    }

    /// Takes another nickname; [`Event::Renamed`] tells when it holds.
    pub fn rename(&self, nick: Nick) {
        self.shared.change(|session, _| session.rename(nick));
    }

    /// Says whether the person is typing.
    pub fn set_typing(&self, on: bool) {
        self.shared.change(|session, now| session.set_typing(now, on));
    }

    /// Leaves, once all that was sent is acknowledged; [`Event::Ended`] follows.
    pub fn leave(&self) {
        self.shared.change(|session, now| session.leave(now));
    }

    /// Who is there now, oneself included, in the order of coming.
    #[must_use]
    pub fn people(&self) -> Vec<Person> {
        self.shared.session().people().collect()
    }

    /// The room code, to be compared over another channel: equal on all screens exactly where all see
    /// the same members. Plain rooms have none.
    #[must_use]
    pub fn room_code(&self) -> Option<String> {
        self.shared.session().room_code()
    }
}

/// The token of a new sealed room. Nobody but those whom it is given can come in, and no server is
/// told of it; [`Client::open`] opens the room.
#[must_use]
pub fn draw_token() -> SealedToken {
    SealedToken::generate(&mut rand::rng())
}

/// A new key pair for one joining of a sealed room.
fn sealed(token: &SealedToken, create: Option<Opts>) -> Room {
    let keys = chat_seal::RoomKeys::derive(token);
    let sealer = Box::new(chat_seal::Sealer::generate(keys, &mut rand::rng()));
    Room::Sealed { sealer, create }
}

/// The session, and what its two users wake each other by.
struct Shared {
    session: Mutex<Session>,
    clock: Clock,
    /// The connection has something to do.
    wake: Notify,
    /// A message was settled: another one may be sent.
    room: Notify,
}

impl Shared {
    fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, change: impl FnOnce(&mut Session, Timestamp) -> T) -> T {
        let result = change(&mut self.session(), self.clock.now());
        self.wake.notify_one();
        result
    }
}

/// Wall time of the start plus monotonic time since: it never goes backwards.
struct Clock {
    instant: Instant,
    wall: Timestamp,
}

impl Clock {
    fn start() -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { instant: Instant::now(), wall: Timestamp::ZERO.after(since) }
    }

    fn now(&self) -> Timestamp {
        self.wall.after(self.instant.elapsed())
    }

    fn instant(&self, at: Timestamp) -> Instant {
        self.instant + at.since(self.wall)
    }
}

/// Carries between the session, its socket and its events until the session has ended.
async fn drive(shared: Arc<Shared>, mut socket: Socket, events: mpsc::Sender<Event>) {
    shared.change(|session, now| session.handle_opened(now));
    loop {
        let (told, deadline) = {
            let mut session = shared.session();
            while let Some(action) = session.poll_action() {
                socket.perform(action);
            }
            let told: Vec<Event> = std::iter::from_fn(|| session.poll_event()).collect();
            (told, session.poll_timeout())
        };
        let settled = told.iter().any(settles);
        let ended = matches!(told.last(), Some(Event::Ended(_)));
        if settled {
            shared.room.notify_waiters();
        }
        for event in told {
            if events.send(event).await.is_err() {
                break;
            }
        }
        if ended {
            let _ = timeout(FLUSH_WITHIN, socket.flush()).await;
            return;
        }
        let sleep = async {
            match deadline {
                Some(at) => sleep_until(shared.clock.instant(at).into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            incoming = socket.next() => {
                let now = shared.clock.now();
                let mut session = shared.session();
                match incoming {
                    Incoming::Text(frame) => session.handle_frame(now, &frame),
                    Incoming::Binary => session.handle_binary(),
                    Incoming::Activity => session.handle_activity(now),
                    Incoming::Closed(code) => session.handle_closed(code),
                }
            }
            () = sleep => shared.session().handle_timeout(shared.clock.now()),
            () = shared.wake.notified() => {}
            () = events.closed() => {
                socket.perform(Action::Close(CloseCode::NORMAL));
                let _ = timeout(FLUSH_WITHIN, socket.flush()).await;
                shared.session().handle_closed(None);
                shared.room.notify_waiters();
                return;
            }
        }
    }
}

/// Whether somebody who waits to send should try again.
fn settles(event: &Event) -> bool {
    matches!(event, Event::Acknowledged { .. } | Event::Refused { .. } | Event::Ended(_))
}
