//! Connections that ask for nothing, or for too much.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{interval, timeout};

use crate::Scene;
use crate::attacker::{ATTACKER, many};
use crate::socket::{connect, soon};

/// A thousand that begin a request and never come to its end.
#[tokio::test]
async fn slow_handshakes_by_the_thousand() {
    let scene = Scene::new("--head-timeout 2s").await;
    let to = scene.address();
    let mut streams = Vec::new();
    for _ in 0..1000 {
        if let Ok(mut stream) = connect(ATTACKER, to).await {
            let _ = stream.write_all(b"GET /ws HTTP/1.1\r\n").await;
            streams.push(stream);
        }
    }
    // A header line each, now and then, so that nobody is silent.
    let mut ticks = interval(Duration::from_millis(500));
    for _ in 0..3 {
        ticks.tick().await;
        for stream in &mut streams {
            let _ = stream.write_all(b"X-Slow: 1\r\n").await;
        }
    }
    for mut stream in streams {
        let mut rest = Vec::new();
        // Whether by an answer or a reset, it is over.
        let _ = soon("the end of a slow handshake", stream.read_to_end(&mut rest)).await;
    }
    scene.end("slow handshakes").await;
}

#[tokio::test]
async fn a_flood_of_connections() {
    let scene = Scene::new("").await;
    let to = scene.address();
    many(4000, move |_| async move { drop(connect(ATTACKER, to).await) }).await;
    scene.end("connection flood").await;
}

#[tokio::test]
async fn heads_that_never_end() {
    let scene = Scene::new("").await;
    let to = scene.address();
    let before = scene.resident_kib();
    many(200, move |_| async move {
        let Ok(mut stream) = connect(ATTACKER, to).await else { return };
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nX-Long: ").await;
        let giant = vec![b'x'; 1 << 20];
        let _ = soon("the end of a giant head", stream.write_all(&giant)).await;
        let mut answer = Vec::new();
        let _ = soon("its answer", stream.read_to_end(&mut answer)).await;
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"));
    })
    .await;
    let grown = scene.resident_kib().saturating_sub(before);
    // Sixty-four at once, with 16 KiB of a head each, and what the allocator keeps of that.
    assert!(grown < 16 << 10, "{grown} KiB");
    scene.end("giant heads").await;
}

/// Who asks for more than a socket holds, and takes nothing of it.
#[tokio::test]
async fn answers_that_nobody_takes() {
    let scene = Scene::new("--stall-timeout 500ms --exempt-loopback").await;
    let to = scene.address();
    let before = scene.open_files();
    let asks = format!("GET / HTTP/1.1\r\nHost: {to}\r\n\r\n").repeat(2000);
    let mut streams = Vec::new();
    for _ in 0..20 {
        let mut stream = connect(ATTACKER, to).await.unwrap();
        // The server takes no more once its answers aren't taken.
        let _ = timeout(Duration::from_millis(100), stream.write_all(asks.as_bytes())).await;
        streams.push(stream);
    }
    let mut ticks = interval(Duration::from_millis(50));
    soon("the end of those who take nothing", async {
        while scene.open_files() > before {
            ticks.tick().await;
        }
    })
    .await;
    drop(streams);
    scene.end("answers that nobody takes").await;
}
