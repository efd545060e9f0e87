//! A room in which all is well.

use std::net::{IpAddr, Ipv4Addr};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::socket::{Place, Socket, create, soon};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const MEMBERS: usize = 4;

/// What each of them is called, with a number behind it, and says.
pub(crate) const WORD: &str = "Penelope";

/// How often each of them says something: half of what is allowed.
const EVERY: Duration = Duration::from_millis(100);

/// What each of them says at least, so that 99 of 100 is a number that means
/// something.
const AT_LEAST: u64 = 10;

/// Four people who talk for as long as the attack goes on, on a thread of their
/// own: what they wait for is the server, not the attacker's work in this
/// program.
pub(crate) struct Calm {
    talking: watch::Sender<bool>,
    heard: watch::Receiver<u64>,
    thread: JoinHandle<Vec<Duration>>,
}

impl Calm {
    /// Ready once all four are in the room.
    pub(crate) async fn start(server: &Place) -> Self {
        let server = server.clone();
        let (talking, is_talking) = watch::channel(true);
        let (hears, heard) = watch::channel(0);
        let (ready, is_ready) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(talk(server, ready, is_talking, hears))
        });
        soon("the room beside it", is_ready).await.unwrap();
        Self { talking, heard, thread }
    }

    /// Waits until they have heard so much more.
    pub(crate) async fn goes_on(&mut self, deliveries: u64) {
        let until = *self.heard.borrow() + deliveries;
        let heard = self.heard.wait_for(|heard| *heard >= until);
        soon("what is said in the room beside it", heard).await.unwrap();
    }

    /// They stop, and have heard everything. How long it was on its way, in a
    /// sentence.
    pub(crate) async fn end(self) -> String {
        self.talking.send_replace(false);
        let joined = tokio::task::spawn_blocking(|| self.thread.join());
        let mut delays = joined.await.unwrap().expect("the room beside it has suffered");
        delays.sort();
        let p99 = delays[(delays.len() - 1) * 99 / 100];
        format!("{} deliveries beside it, 99 of 100 within {p99:?}", delays.len())
    }
}

async fn talk(
    server: Place,
    ready: oneshot::Sender<()>,
    talking: watch::Receiver<bool>,
    heard: watch::Sender<u64>,
) -> Vec<Duration> {
    let token = create(HERE, &server).await;
    let mut sockets = Vec::new();
    for n in 0..MEMBERS {
        sockets.push(Socket::join(HERE, &server, &token, &format!("{WORD}{n}")).await.unwrap());
    }
    ready.send(()).unwrap();
    let clock = Instant::now();
    let mut members = JoinSet::new();
    for socket in sockets {
        members.spawn(member(socket, clock, talking.clone(), heard.clone()));
    }
    soon("all that was said", members.join_all()).await.concat()
}

/// Says a number and the time every now and then, and hears those of all in
/// their order; how long each was on its way.
async fn member(
    mut socket: Socket,
    clock: Instant,
    mut talking: watch::Receiver<bool>,
    hears: watch::Sender<u64>,
) -> Vec<Duration> {
    let mut heard = [0_u64; MEMBERS];
    let mut over = [false; MEMBERS];
    let mut delays = Vec::new();
    let mut said = 0_u64;
    let mut done = false;
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !over.iter().all(|over| *over) {
        tokio::select! {
            text = socket.hear() => {
                let text = text.expect("the room beside it was closed");
                let (nick, text) = text.split_once(": ").unwrap();
                let member: usize = nick[WORD.len()..].parse().unwrap();
                if text == "bye" {
                    over[member] = true;
                    continue;
                }
                let (number, at) = text.split_once(WORD).unwrap();
                assert_eq!(number.parse::<u64>().unwrap(), heard[member], "out of order");
                heard[member] += 1;
                let at = Duration::from_nanos(at.parse().unwrap());
                delays.push(clock.elapsed().saturating_sub(at));
                hears.send_modify(|heard| *heard += 1);
            }
            _ = ticks.tick(), if !done => {
                if *talking.borrow_and_update() || said < AT_LEAST {
                    let text = format!("{said}{WORD}{}", clock.elapsed().as_nanos());
                    said += 1;
                    socket.say(text).await.unwrap();
                } else {
                    done = true;
                    socket.say("bye".into()).await.unwrap();
                }
            }
        }
    }
    // What was said by all was heard, oneself included.
    assert!(heard.iter().all(|heard| *heard >= AT_LEAST) && heard.contains(&said));
    delays
}
