//! Tokens that are guessed, and rooms that nobody needs.

use crate::attacker::{ATTACKER, VILLAIN, many};
use crate::socket::{Socket, try_create};
use crate::{MARK, Scene};

const SYMBOLS: &[u8] = b"0123456789abcdefghjkmnpqrstvwxyz";

#[tokio::test]
async fn guessed_tokens() {
    let scene = Scene::new("").await;
    let to = scene.place.clone();
    let answers = many(2000, move |_| {
        let to = to.clone();
        async move {
            let symbol = |byte: u8| char::from(SYMBOLS[usize::from(byte % 32)]);
            let random: String = rand::random::<[u8; 7]>().into_iter().map(symbol).collect();
            Socket::join(ATTACKER, &to, &format!("{MARK}{random}"), VILLAIN).await.err()
        }
    })
    .await;
    let looked_up = answers.iter().filter(|answer| **answer == Some(404)).count();
    assert!(answers.iter().all(Option::is_some), "somebody guessed a token");
    // Twenty at once and one a second.
    assert!((20..200).contains(&looked_up), "{looked_up} were looked up");
    scene.end("guessed tokens").await;
}

#[tokio::test]
async fn a_flood_of_rooms() {
    let scene = Scene::new("").await;
    let to = scene.place.clone();
    let answers = many(2000, move |_| {
        let to = to.clone();
        async move { try_create(ATTACKER, &to).await.is_ok() }
    })
    .await;
    let created = answers.iter().filter(|created| **created).count();
    // Twenty at once and twenty a minute.
    assert!((20..100).contains(&created), "{created} were created");
    scene.end("room flood").await;
}
