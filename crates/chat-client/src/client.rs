//! A session with its connection: join, send, and events as they come.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chat_core::{Nick, PlainToken, SealedToken, Timestamp, Token};
use chat_proto::{B64, CloseCode, CreateKey, MsgId, client::Opts, http::Info};
use tokio::{
    sync::{Notify, mpsc},
    time::sleep_until,
};

use crate::{
    api::{self, RequestError},
    clock::Clock,
    connector::{ConnectError, Connector, TrustError},
    line::{Happened, Line, Way},
    server_url::ServerUrl,
    session::{Action, Event, Joining, Outcome, Person, Room, SendError, Session},
};

/// How many events wait for a program that is slow to take them; then the connection is read no further.
const EVENTS: usize = 256;

/// Makes rooms and joins them.
pub struct Client {
    connector: Arc<Connector>,
    agent: String,
    pace: bool,
    create_key: Option<CreateKey>,
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
        Self { connector: Arc::default(), agent: agent.into(), pace: false, create_key: None }
    }

    /// Reaches servers through the proxies that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY name,
    /// but those on this machine.
    #[must_use]
    pub fn with_env_proxies(self) -> Self {
        let settings = self.connector.settings.clone().with_env_proxies();
        Self { connector: Arc::new(Connector::new(settings)), ..self }
    }

    /// Trusts these certificates (PEM) too, besides the system's.
    ///
    /// # Errors
    ///
    /// [`TrustError`], where there is none in it.
    pub fn trusting(self, pem: &[u8]) -> Result<Self, TrustError> {
        let settings = self.connector.settings.clone().trusting(pem)?;
        Ok(Self { connector: Arc::new(Connector::new(settings)), ..self })
    }

    /// Whoever joins by it is read no faster than the slowest in the room takes what is said: for
    /// programs that say much at once, so that nobody misses any of it.
    #[must_use]
    pub fn paced(self) -> Self {
        Self { pace: true, ..self }
    }

    /// Shows this key to servers that want one from whoever opens a room, as [`Info::create_key`] says.
    /// It is sent where a room is opened, and nowhere else.
    #[must_use]
    pub fn with_create_key(self, key: CreateKey) -> Self {
        Self { create_key: Some(key), ..self }
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
        api::create(&self.connector, server, &self.agent, self.create_key.as_ref(), opts).await
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
    /// A connection that is lost comes back by itself: [`Event::Waiting`] and another
    /// [`Event::Welcomed`] tell of it, and nothing that was sent is lost or comes twice.
    ///
    /// The session lives in a task of its own, so this needs a tokio runtime with I/O and time.
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
        let way = Way::new(Arc::clone(&self.connector), server.clone(), self.agent.clone());
        let first = way.open().await?;
        let key = B64(rand::random());
        let (agent, create_key) = (self.agent.clone(), self.create_key.clone());
        let joining = Joining { room, nick, key, pace: self.pace, agent, create_key };
        let shared = Arc::new(Shared {
            session: Mutex::new(Session::new(joining, rand::random::<f64>)?),
            clock: Clock::start(),
            wake: Notify::new(),
            room: Notify::new(),
        });
        let (sender, receiver) = mpsc::channel(EVENTS);
        tokio::spawn(drive(Arc::clone(&shared), Line::new(way, first), sender));
        let mut events = Events { receiver, first: None };
        loop {
            match events.next().await {
                Some(Event::Ended(outcome)) => return Err(JoinError::Ended(outcome)),
                None => return Err(JoinError::Ended(Outcome::Closed(CloseCode::ABNORMAL))),
                // It is tried again, and that is not yet anybody's concern.
                Some(Event::Waiting { .. }) => {}
                first => {
                    events.first = first;
                    return Ok((Handle { shared }, events));
                }
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

    /// Says whether the person looks elsewhere; the others see it.
    pub fn set_away(&self, away: bool) {
        self.shared.change(|session, _| session.set_away(away));
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

/// Carries between the session, its connection and its events until the session has ended.
async fn drive(shared: Arc<Shared>, mut line: Line, events: mpsc::Sender<Event>) {
    shared.change(|session, now| session.start(now, None));
    loop {
        let (told, deadline) = {
            let mut session = shared.session();
            while let Some(action) = session.poll_action() {
                line.perform(action);
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
            if matches!(event, Event::Stopped(_)) {
                // Nobody here decides to go on; leaving says what did not arrive, and why.
                shared.change(Session::leave);
            } else if events.send(event).await.is_err() {
                break;
            }
        }
        if ended {
            line.part().await;
            return;
        }
        let due = shared.clock.due(deadline);
        tokio::select! {
            happened = line.next() => {
                let mut session = shared.session();
                let now = shared.clock.now();
                match happened {
                    Happened::Opened => session.handle_opened(now),
                    Happened::Text(frame) => session.handle_frame(now, &frame),
                    Happened::Binary => session.handle_binary(),
                    Happened::Activity => session.handle_activity(now),
                    Happened::Closed(code) => session.handle_closed(now, code),
                }
            }
            () = sleep_until(due.into()) => {
                let mut session = shared.session();
                if shared.clock.catch_up() {
                    session.handle_wake(shared.clock.now());
                }
                session.handle_timeout(shared.clock.now());
            }
            () = shared.wake.notified() => {}
            () = events.closed() => {
                line.perform(Action::Close(CloseCode::NORMAL));
                line.part().await;
                shared.session().abandon();
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
