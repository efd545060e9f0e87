//! Frames that are giant, or too many.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;

use crate::Scene;
use crate::attacker::{ATTACKER, VILLAIN, many};
use crate::socket::{Socket, create, soon};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// The head of a masked text frame that announces so many bytes (RFC 6455,
/// section 5.2), with a mask of zeros.
fn head(bytes: u64) -> Vec<u8> {
    let mut head = vec![0x81, 0xff];
    head.extend(bytes.to_be_bytes());
    head.extend([0; 4]);
    head
}

#[tokio::test]
async fn giant_frames() {
    let scene = Scene::new("").await;
    let to = scene.place.clone();
    let token = create(HERE, &to).await;
    let before = scene.resident_kib();
    let codes = many(100, move |n| {
        let (to, token) = (to.clone(), token.clone());
        async move {
            let nick = format!("{VILLAIN}{n}");
            let mut socket = Socket::join(ATTACKER, &to, &token, &nick).await.unwrap();
            let size = if n % 2 == 0 { 1 << 62 } else { 4 << 20 };
            let _ = socket.raw().write_all(&head(size)).await;
            // It may be closed before all of it was taken.
            let _ = soon("a giant frame", socket.raw().write_all(&vec![b'x'; 4 << 20])).await;
            socket.closed().await
        }
    })
    .await;
    // Who is still writing may see a reset instead of the code.
    assert!(codes.iter().flatten().all(|code| *code == 1009), "{codes:?}");
    let grown = scene.resident_kib().saturating_sub(before);
    assert!(grown < 16 << 10, "{grown} KiB");
    scene.end("giant frames").await;
}

/// The head of a masked ping without a payload, and its mask.
const PING: [u8; 6] = [0x89, 0x80, 0, 0, 0, 0];

/// Ten in a room, who are to ping without an end.
async fn pingers(scene: &Scene) -> Vec<Socket> {
    let token = create(HERE, &scene.place).await;
    let mut sockets = Vec::new();
    for n in 0..10 {
        let nick = format!("{VILLAIN}{n}");
        sockets.push(Socket::join(ATTACKER, &scene.place, &token, &nick).await.unwrap());
    }
    sockets
}

/// They are read no faster than a member may speak, and the rest stays in the
/// sockets, for as long as there is somebody who writes.
#[tokio::test]
async fn pings_without_an_end() {
    let mut scene = Scene::new("").await;
    let before = scene.resident_kib();
    let taken = Arc::new(AtomicUsize::new(0));
    let mut flood = JoinSet::new();
    for mut socket in pingers(&scene).await {
        let (pings, taken) = (PING.repeat(10_000), taken.clone());
        flood.spawn(async move {
            loop {
                let Ok(n) = socket.raw().write(&pings).await else { return };
                taken.fetch_add(n, Ordering::Relaxed);
            }
        });
    }
    // Four hear what four say, ten times a second: for three seconds.
    scene.calm.goes_on(3 * 160).await;
    assert_eq!(flood.len(), 10, "who pings is slowed down and not closed");
    assert!(flood.try_join_next().is_none(), "who pings is slowed down and not closed");
    let taken = taken.load(Ordering::Relaxed);
    assert!(taken > 1 << 20, "only {taken} bytes of pings");
    let grown = scene.resident_kib().saturating_sub(before);
    assert!(grown < 8 << 10, "{grown} KiB");
    flood.shutdown().await;
    scene.end("pings without an end").await;
}

/// All of them are read, where nothing limits how fast.
#[tokio::test]
async fn pings_by_the_million() {
    let scene = Scene::new("--message-rate 0 --address-messages 0").await;
    let before = scene.resident_kib();
    let mut flood = JoinSet::new();
    for mut socket in pingers(&scene).await {
        flood.spawn(async move {
            let pings = PING.repeat(100_000);
            let (mut reads, mut writes) = tokio::io::split(socket.raw());
            // The last one asks for a pong of its own.
            let last = b"\x89\x84\0\0\0\0last";
            let writing = async {
                writes.write_all(&pings).await.unwrap();
                writes.write_all(last).await.unwrap();
            };
            let reading = async {
                let mut seen = Vec::new();
                while !seen.ends_with(b"last") {
                    seen.drain(..seen.len().saturating_sub(8));
                    assert_ne!(reads.read_buf(&mut seen).await.unwrap(), 0, "it was closed");
                }
            };
            tokio::join!(writing, reading);
        });
    }
    soon("the last pong", flood.join_all()).await;
    let grown = scene.resident_kib().saturating_sub(before);
    assert!(grown < 8 << 10, "{grown} KiB");
    scene.end("a million pings").await;
}
