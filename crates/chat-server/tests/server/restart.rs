//! People talk in a sealed room while the program is restarted below them, on a
//! socket that stays (sd_listen_fds(3)): the real client, the real program.

use std::collections::HashSet;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chat_client::{Arrival, Client, Event, Events, Handle, Nick, Opts, ServerUrl, draw_token};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::process::Running;
use crate::secrets::{Log, Secrets};
use crate::support::TestServer;
use crate::takeover::{handed, socket};

const RESTARTS: usize = 3;

const NAMES: [&str; 3] = ["Ann", "Ben", "Cem"];

/// How many of its own messages a member has on their way at the most.
const AT_ONCE: usize = 5;

/// How much is heard from one restart to the next.
const TALK: u64 = 300;

/// Nothing takes this long: who waits longer waits for what never comes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Nobody is slowed down, and the log holds all that is said while somebody is
/// on the way back.
const FLAGS: [&str; 7] =
    ["--message-rate", "0", "--history", "100000", "--log-events", "100000", "--exempt-loopback"];

#[tokio::test]
async fn who_talks_while_the_program_restarts_is_not_refused_and_loses_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let log = Log::new();
    let start = || {
        let mut program = handed(socket(&listener), &FLAGS);
        log.takes(&mut program);
        tokio::task::spawn_blocking(|| Running::start(program))
    };
    let mut server = start().await.unwrap();

    let (talked, over) = (watch::Sender::new(Talked::default()), Arc::new(AtomicBool::new(false)));
    let url: ServerUrl = format!("http://{address}").parse().unwrap();
    let (client, token) = (Client::new("restart/1"), draw_token());
    let mut members = Vec::new();
    for name in NAMES {
        let nick = Nick::parse(name).unwrap();
        let (handle, events) = client.open(&url, &token, nick, Opts::default()).await.unwrap();
        let member = talk(name, handle, events, talked.clone(), over.clone());
        members.push(tokio::spawn(member));
    }
    let asking = tokio::spawn(ask(address, over.clone()));

    let mut ears = talked.subscribe();
    for restarts in 0..RESTARTS {
        talk_of_all(&mut ears, restarts).await;
        server.signal("-TERM");
        let ended = tokio::task::spawn_blocking(|| server.wait());
        assert_eq!(timeout(PATIENCE, ended).await.unwrap().unwrap(), Some(0));
        // Only now, as systemd does: between the two nobody takes connections.
        server = start().await.unwrap();
    }
    talk_of_all(&mut ears, RESTARTS).await;
    over.store(true, Ordering::Relaxed);

    let mut screens = Vec::new();
    for member in members {
        let (screen, restarts) = timeout(PATIENCE, member).await.unwrap().unwrap();
        assert!(restarts >= RESTARTS, "a member saw {restarts} restarts only");
        screens.push(screen);
    }
    let answers = timeout(PATIENCE, asking).await.unwrap().unwrap();
    assert!(answers > RESTARTS, "only {answers} connections were tried");
    let all: HashSet<&String> = screens[0].iter().collect();
    for (screen, name) in screens.iter().zip(NAMES) {
        let seen: HashSet<&String> = screen.iter().collect();
        assert_eq!(seen.len(), screen.len(), "{name} sees something twice");
        assert!(seen == all, "{name} sees what {} doesn't, or the other way round", NAMES[0]);
        let said = all.iter().filter(|text| text.starts_with(&format!("{name}."))).count();
        // Texts are numbered from 0, and the last says how many there were.
        assert!(all.contains(&format!("{name}.last {}", said - 1)), "{name} said more");
    }
    server.signal("-TERM");
    assert_eq!(server.wait(), Some(0));
    let log = log.read();
    assert_eq!(log.matches("listening").count(), RESTARTS + 1, "{log}");
    let mut secrets = Secrets::default();
    secrets.keep(&[&token.to_string(), "restart/1", "Ann.", "Ben.last"]);
    secrets.assert_unsaid(&log);
}

/// What the members tell.
#[derive(Default)]
struct Talked {
    heard: u64,
    /// How often somebody was in a server's room for the first time.
    live: usize,
}

/// Waits until everybody is back after so many restarts, and then until much
/// was said: what only those who were back say is for nobody else to have, once
/// that server is gone, too.
async fn talk_of_all(ears: &mut watch::Receiver<Talked>, restarts: usize) {
    let all_are_back = |talked: &Talked| talked.live >= NAMES.len() * (restarts + 1);
    timeout(PATIENCE, ears.wait_for(all_are_back)).await.unwrap().unwrap();
    let wanted = ears.borrow().heard + TALK;
    timeout(PATIENCE, ears.wait_for(|talked| talked.heard >= wanted)).await.unwrap().unwrap();
}

/// Connects and asks, again and again: each connection is taken and answered,
/// however long that takes.
async fn ask(address: SocketAddr, over: Arc<AtomicBool>) -> usize {
    let server = TestServer::at(address);
    let mut answers = 0;
    while !over.load(Ordering::Relaxed) {
        assert_eq!(server.get("/healthz").await.0, 200, "after {answers}");
        answers += 1;
    }
    answers
}

/// Says one thing after the other until it is over, and hears all; the texts as
/// they were seen, and how often the server was another one.
async fn talk(
    name: &'static str,
    handle: Handle,
    mut events: Events,
    talked: watch::Sender<Talked>,
    over: Arc<AtomicBool>,
) -> (Vec<String>, usize) {
    let (mut seen, mut servers, mut is_new) = (Vec::new(), 0, false);
    let (mut said, mut open, mut last) = (0, 0, false);
    while open > 0 || !last || !everybody_is_done(&seen) {
        while open < AT_ONCE && !last {
            last = over.load(Ordering::Relaxed);
            let text = if last { format!("{name}.last {said}") } else { format!("{name}.{said}") };
            handle.try_send(&text).unwrap();
            said += 1;
            open += 1;
        }
        match events.next().await {
            Some(Event::Message(message)) => {
                seen.push(message.text.to_string());
                talked.send_modify(|talked| talked.heard += 1);
            }
            Some(Event::Live { .. }) => {
                talked.send_modify(|talked| talked.live += usize::from(is_new))
            }
            Some(Event::Acknowledged { .. }) => open -= 1,
            Some(Event::Welcomed(welcomed)) => {
                is_new = welcomed.arrival != Arrival::Resumed;
                servers += usize::from(is_new);
            }
            Some(
                Event::Waiting { .. }
                | Event::Ending { .. }
                | Event::Joined { .. }
                | Event::State { .. },
            ) => {}
            // A gap, a message that fails, an end: nothing of it may be.
            other => panic!("{name} is told of {other:?}"),
        }
    }
    (seen, servers - 1)
}

fn everybody_is_done(seen: &[String]) -> bool {
    NAMES.iter().all(|name| seen.iter().any(|text| text.starts_with(&format!("{name}.last "))))
}
