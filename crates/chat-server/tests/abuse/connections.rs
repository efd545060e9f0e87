//! Connections that ask for nothing, or for too much.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{interval, timeout};

use crate::attacker::{ATTACKER, many};
use crate::socket::{connect, soon};
use crate::{MARK, Scene};

/// A thousand that begin a request and never come to its end.
#[tokio::test]
async fn slow_handshakes_by_the_thousand() {
    let scene = Scene::new("--head-timeout 2s").await;
    begin_and_go_on(&scene, b"GET /ws HTTP/1.1\r\n", b"X-Slow: th3rs1t3s\r\n").await;
    scene.end("slow handshakes").await;
}

/// The same, a layer below: a byte now and then of a ClientHello that announces
/// 512 (RFC 8446, sections 4 and 5.1).
#[tokio::test]
async fn slow_handshakes_of_tls_by_the_thousand() {
    let scene = Scene::over_tls("--head-timeout 2s").await;
    begin_and_go_on(&scene, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"T").await;
    scene.end("slow handshakes of TLS").await;
}

async fn begin_and_go_on(scene: &Scene, begin: &[u8], line: &[u8]) {
    let to = scene.place.clone();
    let mut streams = Vec::new();
    for _ in 0..1000 {
        if let Ok(mut stream) = connect(ATTACKER, &to).await {
            let _ = stream.write_all(begin).await;
            streams.push(stream);
        }
    }
    // A little of each, now and then, so that nobody is silent.
    let mut ticks = interval(Duration::from_millis(500));
    for _ in 0..3 {
        ticks.tick().await;
        for stream in &mut streams {
            let _ = stream.write_all(line).await;
        }
    }
    for mut stream in streams {
        let mut rest = Vec::new();
        // Whether by an answer or a reset, it is over.
        let _ = soon("the end of a slow handshake", stream.read_to_end(&mut rest)).await;
    }
}

#[tokio::test]
async fn a_flood_of_connections() {
    let scene = Scene::new("").await;
    let to = scene.place.clone();
    many(4000, move |_| {
        let to = to.clone();
        async move { drop(connect(ATTACKER, &to).await) }
    })
    .await;
    scene.end("connection flood").await;
}

#[tokio::test]
async fn heads_that_never_end() {
    let scene = Scene::new("").await;
    let to = scene.place.clone();
    let before = scene.resident_kib();
    many(200, move |_| {
        let to = to.clone();
        async move {
            let Ok(mut stream) = connect(ATTACKER, &to).await else { return };
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nX-Long: ").await;
            let giant = MARK.repeat((1 << 20) / MARK.len());
            let _ = soon("the end of a giant head", stream.write_all(giant.as_bytes())).await;
            let mut answer = Vec::new();
            let _ = soon("its answer", stream.read_to_end(&mut answer)).await;
            assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"));
        }
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
    let to = scene.place.clone();
    let before = scene.open_files();
    let asks = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", to.address).repeat(2000);
    let mut streams = Vec::new();
    for _ in 0..20 {
        let mut stream = connect(ATTACKER, &to).await.unwrap();
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
