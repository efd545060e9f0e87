//! Rooms full of members who mean no good.

use std::net::{IpAddr, Ipv4Addr};

use crate::attacker::{ATTACKER, VILLAIN, many};
use crate::socket::{Socket, create, try_create};
use crate::{MARK, Scene};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[tokio::test]
async fn rooms_that_never_read() {
    let scene = Scene::new("--message-rate 0").await;
    let to = scene.place.clone();
    let before = scene.resident_kib();
    let mut deaf = Vec::new();
    let mut loud = Vec::new();
    for _ in 0..5 {
        let token = create(HERE, &to).await;
        for n in 0..20 {
            deaf.push(Socket::join(ATTACKER, &to, &token, &format!("{VILLAIN}{n}")).await.unwrap());
        }
        loud.push(Socket::join(ATTACKER, &to, &token, VILLAIN).await.unwrap());
    }
    let shouting = loud.into_iter().map(|mut loud| {
        tokio::spawn(async move {
            for _ in 0..1000 {
                loud.say(MARK.repeat((8 << 10) / MARK.len())).await.unwrap();
                loud.hear().await.unwrap();
            }
        })
    });
    for shouted in shouting.collect::<Vec<_>>() {
        shouted.await.unwrap();
    }
    let grown = scene.resident_kib().saturating_sub(before);
    // 40 MB were said. A room holds 1 MiB, and who is behind an encoded run of 64 KiB.
    assert!(grown < 24 << 10, "{grown} KiB");
    scene.end("rooms that never read").await;
}

#[tokio::test]
async fn a_storm_of_who_comes_and_goes() {
    let scene = Scene::new("").await;
    let to = scene.place.clone();
    let token = create(HERE, &to).await;
    let mut witness = Socket::join(HERE, &to, &token, "witness").await.unwrap();
    let came = many(3000, move |n| {
        let (to, token) = (to.clone(), token.clone());
        async move { Socket::join(ATTACKER, &to, &token, &format!("{VILLAIN}{n}")).await.err() }
    })
    .await;
    assert!(came.iter().any(Option::is_none), "nobody came in");
    // The room itself has not suffered either.
    witness.say("still here".into()).await.unwrap();
    assert_eq!(witness.hear().await.as_deref(), Some("witness: still here"));
    scene.end("presence storm").await;
}

#[tokio::test]
async fn rooms_that_are_filled_to_the_brim() {
    const BOUND_KIB: u64 = 32 << 10;
    let bytes = BOUND_KIB << 10;
    let scene =
        Scene::new(&format!("--message-rate 0 --max-memory {bytes} --exempt-loopback")).await;
    let to = scene.place.clone();
    let before = scene.resident_kib();
    // Twice what the bound has place for, where each room is filled.
    let filled = many(64, move |_| {
        let to = to.clone();
        async move {
            let token = match try_create(ATTACKER, &to).await {
                Ok(token) => token,
                Err(status) => {
                    assert_eq!(status, 503);
                    return false;
                }
            };
            let mut loud = Socket::join(ATTACKER, &to, &token, VILLAIN).await.unwrap();
            for _ in 0..150 {
                loud.say(MARK.repeat((16 << 10) / MARK.len())).await.unwrap();
                loud.hear().await.unwrap();
            }
            true
        }
    })
    .await;
    assert!(filled.iter().any(|filled| *filled), "no room was opened");
    let grown = scene.resident_kib().saturating_sub(before);
    // What is read into, what is encoded, and what the allocator keeps of both.
    assert!(grown < BOUND_KIB + (12 << 10), "{grown} KiB with a bound of {BOUND_KIB}");
    scene.end("full rooms").await;
}
