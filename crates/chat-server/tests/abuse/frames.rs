//! Frames that are giant, or too many.

use std::net::{IpAddr, Ipv4Addr};

use tokio::io::AsyncWriteExt;

use crate::Scene;
use crate::attacker::{ATTACKER, many};
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
    let to = scene.address();
    let token = create(HERE, to).await;
    let before = scene.resident_kib();
    let codes = many(100, move |n| {
        let token = token.clone();
        async move {
            let nick = format!("giant{n}");
            let mut socket = Socket::join(ATTACKER, to, &token, &nick).await.unwrap();
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

#[tokio::test]
async fn pings_by_the_million() {
    const EACH: usize = 100_000;
    let scene = Scene::new("").await;
    let to = scene.address();
    let token = create(HERE, to).await;
    let before = scene.resident_kib();
    let mut sockets = Vec::new();
    for n in 0..10 {
        let nick = format!("ping{n}");
        sockets.push(Socket::join(ATTACKER, to, &token, &nick).await.unwrap());
    }
    // The head of a masked ping without a payload, and its mask.
    let pings = [0x89, 0x80, 0, 0, 0, 0].repeat(EACH);
    let flood = sockets.into_iter().map(|mut socket| {
        let pings = pings.clone();
        tokio::spawn(async move {
            // They are read no faster than a member may speak; what the kernel takes of a
            // million is enough.
            let mut rest = &*pings;
            while !rest.is_empty() {
                match socket.raw().try_write(rest) {
                    Ok(n) => rest = &rest[n..],
                    Err(_) => break,
                }
            }
            pings.len() - rest.len()
        })
    });
    let mut taken = 0;
    for written in flood.collect::<Vec<_>>() {
        taken += written.await.unwrap();
    }
    assert!(taken > 1 << 20, "only {taken} bytes of pings");
    let grown = scene.resident_kib().saturating_sub(before);
    assert!(grown < 8 << 10, "{grown} KiB");
    scene.end("pings").await;
}
