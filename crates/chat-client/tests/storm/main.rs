//! Four members talk over real sockets while a proxy cuts, stalls and truncates their connections.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod proxy;

use std::{
    collections::HashSet,
    env,
    num::{NonZeroU32, NonZeroUsize},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chat_client::{Client, Event, Events, Handle, Nick, Opts, ServerUrl, Token, draw_token};
use chat_core::Limits;
use chat_server::Config;
use proxy::{Fault, Proxy};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::{
    net::TcpListener,
    sync::{oneshot, watch},
    task::JoinHandle,
    time::timeout,
};

const FAULTS: usize = 200;

const NAMES: [&str; 4] = ["Ann", "Ben", "Cem", "Dana"];

/// How many of its own messages a member has on their way at the most.
const AT_ONCE: usize = 5;

/// Nothing takes this long: who waits longer waits for what never comes.
const PATIENCE: Duration = Duration::from_secs(120);

/// A fault comes when something was heard, or at the latest after this: a stall may have stopped all.
const NEXT_FAULT: Duration = Duration::from_millis(700);

#[tokio::test]
async fn a_sealed_room_loses_nothing_and_doubles_nothing() {
    let token = draw_token();
    storm(Token::Sealed(token)).await;
}

#[tokio::test]
async fn a_plain_room_loses_nothing_and_doubles_nothing() {
    storm(Token::Plain("0000-0000-0000-0000".parse().unwrap())).await;
}

/// What the members tell the storm: how much was heard.
type Heard = watch::Sender<u64>;

async fn storm(token: Token) {
    let seed = env::var("STORM_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(rand::random::<u64>);
    // Shown where the test fails.
    eprintln!("STORM_SEED={seed}");
    let mut rng = StdRng::seed_from_u64(seed);

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(chat_server::serve(config(), vec![listener], async {
        drop(stopped.await);
    }));
    let proxy = Proxy::start(address).await;
    let server: ServerUrl = format!("http://{}", proxy.address).parse().unwrap();
    let client = Client::new("storm/1");
    let token = match token {
        Token::Plain(_) => Token::Plain(client.create(&server, &Opts::default()).await.unwrap()),
        sealed => sealed,
    };

    let heard = Heard::new(0);
    let over = Arc::new(AtomicBool::new(false));
    let (begin, begun) = watch::channel(false);
    let mut members = Vec::new();
    for name in NAMES {
        let nick = Nick::parse(name).unwrap();
        let joined = match &token {
            Token::Sealed(token) => client.open(&server, token, nick, Opts::default()).await,
            token => client.join(&server, token.clone(), nick).await,
        };
        let (handle, mut events) = joined.unwrap();
        while !matches!(events.next().await, Some(Event::Live { .. })) {}
        let member = talk(name, handle, events, heard.clone(), Arc::clone(&over), begun.clone());
        members.push(tokio::spawn(member));
    }
    begin.send_replace(true);
    let ears = heard.subscribe();
    drop(heard);
    rage(&proxy, ears, &mut rng).await;
    over.store(true, Ordering::Relaxed);

    let (mut screens, mut losses) = (Vec::new(), 0);
    for member in members {
        let (screen, lost) = seen(member, seed).await;
        screens.push(screen);
        losses += lost;
    }
    assert!(losses > FAULTS / 2, "only {losses} connections were lost");
    for (screen, name) in screens.iter().zip(NAMES) {
        let texts: HashSet<&String> = screen.iter().collect();
        assert_eq!(texts.len(), screen.len(), "{name} sees something twice");
        assert!(screen == &screens[0], "{name} sees another order than {}", NAMES[0]);
    }
    for name in NAMES {
        let said = screens[0].iter().filter(|text| text.starts_with(&format!("{name}."))).count();
        // Texts are numbered from 0, and the last says how many there were.
        assert!(screens[0].contains(&format!("{name}.last {}", said - 1)), "{name} said more");
        assert!(said > 10, "{name} hardly spoke: {said}");
    }
    drop(stop);
    timeout(PATIENCE, served).await.unwrap().unwrap().unwrap();
}

/// Nothing may fall out of the log, and nobody is slowed down or turned away.
fn config() -> Config {
    let limits = Limits {
        log_events: NonZeroU32::MAX,
        log_bytes: NonZeroUsize::new(64 << 20).unwrap(),
        message_rate: None,
        ..Limits::default()
    };
    Config { limits, address_handshakes: None, address_messages: None, ..Config::default() }
}

/// Strikes, until it has done so often enough.
async fn rage(proxy: &Proxy, mut heard: watch::Receiver<u64>, rng: &mut StdRng) {
    let mut faults = 0;
    while faults < FAULTS {
        let wanted = *heard.borrow() + rng.random_range(1..40);
        // Whether much or nothing was heard: the next one comes. Not where nobody is left.
        if matches!(timeout(NEXT_FAULT, heard.wait_for(|heard| *heard >= wanted)).await, Ok(Err(_)))
        {
            break;
        }
        proxy.go_on();
        let fault = match rng.random_range(0..10) {
            0..3 => Fault::Reset,
            3..5 => Fault::End,
            5..8 => Fault::Truncate(rng.random_range(1..2000)),
            _ => Fault::Stall { breaks: rng.random() },
        };
        let one = rng.random_bool(0.7).then(|| rng.random_range(0..NAMES.len()));
        faults += usize::from(proxy.strike(fault, one));
    }
    proxy.go_on();
}

/// Says one thing after the other until the storm is over, and hears all; the texts in the order in
/// which they were seen, and how often the connection was lost.
async fn talk(
    name: &'static str,
    handle: Handle,
    mut events: Events,
    heard: Heard,
    over: Arc<AtomicBool>,
    mut begun: watch::Receiver<bool>,
) -> (Vec<String>, usize) {
    begun.wait_for(|begun| *begun).await.unwrap();
    let (mut seen, mut lost) = (Vec::new(), 0);
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
                heard.send_modify(|heard| *heard += 1);
            }
            Some(Event::Acknowledged { .. }) => open -= 1,
            Some(Event::Waiting { .. }) => lost += 1,
            Some(
                Event::Welcomed(_)
                | Event::Live { .. }
                | Event::Joined { .. }
                | Event::Typing { .. }
                | Event::State { .. },
            ) => {}
            // A gap, somebody who leaves, a message that fails: nothing of it may be.
            other => panic!("{name} is told of {other:?}"),
        }
    }
    (seen, lost)
}

fn everybody_is_done(seen: &[String]) -> bool {
    NAMES.iter().all(|name| seen.iter().any(|text| text.starts_with(&format!("{name}.last "))))
}

async fn seen(member: JoinHandle<(Vec<String>, usize)>, seed: u64) -> (Vec<String>, usize) {
    match timeout(PATIENCE, member).await {
        Ok(seen) => seen.unwrap(),
        Err(_) => panic!("a member waits for what never comes: STORM_SEED={seed}"),
    }
}
