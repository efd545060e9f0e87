//! Tokens that are guessed, and rooms that nobody needs.

use crate::Scene;
use crate::attacker::{ATTACKER, many};
use crate::socket::{Socket, ask};

const SYMBOLS: &[u8] = b"0123456789abcdefghjkmnpqrstvwxyz";

#[tokio::test]
async fn guessed_tokens() {
    let scene = Scene::new("").await;
    let to = scene.address();
    let answers = many(2000, move |_| async move {
        let symbol = |byte: u8| char::from(SYMBOLS[usize::from(byte % 32)]);
        let token: String = rand::random::<[u8; 16]>().into_iter().map(symbol).collect();
        Socket::join(ATTACKER, to, &token, "x").await.err()
    })
    .await;
    let looked_up = answers.iter().filter(|answer| **answer == Some(404)).count();
    assert!(answers.iter().all(Option::is_some), "somebody guessed 80 bits");
    // Twenty at once and one a second.
    assert!((20..200).contains(&looked_up), "{looked_up} were looked up");
    scene.end("guessed tokens").await;
}

#[tokio::test]
async fn a_flood_of_rooms() {
    let scene = Scene::new("").await;
    let to = scene.address();
    let answers = many(2000, move |_| async move { ask(ATTACKER, to, "/create").await.0 }).await;
    let created = answers.iter().filter(|status| **status == 200).count();
    // Twenty at once and twenty a minute.
    assert!((20..100).contains(&created), "{created} were created");
    scene.end("room flood").await;
}
