//! All that reaches the server, and all that it logs: of a sealed room neither token nor secret nor name nor text is in it. The
//! same search finds them in the bytes of a plain room, and still not in its log.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use chat_client::{Client, Event, Nick, Opts, ServerUrl, Token, draw_token};
use chat_server::Config;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    time::timeout,
};

const NICK: &str = "Zebulon-Ω";
const TEXT: &str = "the treasure is buried under the oak";

/// What was written, by whomever.
#[derive(Clone, Default)]
struct Record(Arc<Mutex<Vec<u8>>>);

impl Record {
    fn add(&self, bytes: &[u8]) {
        self.0.lock().unwrap().extend_from_slice(bytes);
    }

    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl io::Write for Record {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Stands before the server and records both directions, the client's without its masks.
async fn recorder(server: SocketAddr, record: Record) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let record = record.clone();
            tokio::spawn(async move {
                let server = TcpStream::connect(server).await.unwrap();
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_server, mut to_server) = server.into_split();
                let (sent, answered) = (record.clone(), record);
                let up = async move {
                    let (mut all, mut bytes) = (Vec::new(), vec![0; 4096]);
                    while let Ok(n @ 1..) = from_client.read(&mut bytes).await {
                        all.extend_from_slice(&bytes[..n]);
                        if to_server.write_all(&bytes[..n]).await.is_err() {
                            break;
                        }
                    }
                    sent.add(&unmasked(&all));
                };
                let down = async move {
                    let mut bytes = vec![0; 4096];
                    while let Ok(n @ 1..) = from_server.read(&mut bytes).await {
                        answered.add(&bytes[..n]);
                        if to_client.write_all(&bytes[..n]).await.is_err() {
                            break;
                        }
                    }
                };
                tokio::join!(up, down);
            });
        }
    });
    address
}

/// A client's bytes: the head of its request, and its frames without their masks (RFC 6455, section 5.2).
fn unmasked(bytes: &[u8]) -> Vec<u8> {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").map_or(bytes.len(), |at| at + 4);
    let (head, mut frames) = bytes.split_at(end);
    let mut out = head.to_vec();
    while let [_, len, ..] = *frames {
        let (len, at) = match len & 0x7f {
            126 => (usize::from(u16::from_be_bytes([frames[2], frames[3]])), 4),
            127 => (u64::from_be_bytes(frames[2..10].try_into().unwrap()) as usize, 10),
            short => (usize::from(short), 2),
        };
        let mask = &frames[at..at + 4];
        let payload = &frames[at + 4..at + 4 + len];
        out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        frames = &frames[at + 4 + len..];
    }
    out
}

/// A word in the writings that its bytes may turn up in.
fn spellings(word: &[u8]) -> Vec<Vec<u8>> {
    const SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let hex: String = word.iter().map(|b| format!("{b:02x}")).collect();
    let percent: String = word
        .iter()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => char::from(*b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect();
    let mut base64 = Vec::new();
    for chunk in word.chunks_exact(3) {
        let bits = u32::from_be_bytes([0, chunk[0], chunk[1], chunk[2]]);
        base64.extend((0..4).rev().map(|n| SYMBOLS[(bits >> (6 * n)) as usize & 63]));
    }
    let url = base64.iter().map(|b| match b {
        b'+' => b'-',
        b'/' => b'_',
        b => *b,
    });
    let without: Vec<u8> = word.iter().copied().filter(|b| *b != b'-').collect();
    vec![word.to_vec(), without, hex.into_bytes(), percent.into_bytes(), url.collect(), base64]
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    spellings(word).iter().any(|spelling| bytes.windows(spelling.len()).any(|w| w == &spelling[..]))
}

/// One comes in, says something, changes the nickname, and leaves.
async fn visit(server: &ServerUrl, token: &Token) {
    let client = Client::new("test/1");
    let nick = Nick::parse(NICK).unwrap();
    let (handle, mut events) = match token {
        Token::Sealed(token) => client.open(server, token, nick, Opts::default()).await.unwrap(),
        token => client.join(server, token.clone(), nick).await.unwrap(),
    };
    handle.send(TEXT).await.unwrap();
    handle.rename(Nick::parse("Patroclus").unwrap());
    while let Some(event) = events.next().await {
        match event {
            Event::Renamed { .. } => handle.leave(),
            Event::Ended(_) => return,
            _ => {}
        }
    }
}

#[tokio::test]
async fn nothing_secret_reaches_the_server_or_its_log() {
    let log = Record::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .init();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(chat_server::serve(Config::default(), vec![listener], async {
        drop(stopped.await);
    }));
    let record = Record::default();
    let proxy = recorder(address, record.clone()).await;
    let server: ServerUrl = format!("http://{proxy}").parse().unwrap();

    let sealed = draw_token();
    let plain = Client::new("test/1").create(&server, &Opts::default()).await.unwrap();
    record.take();
    let patience = Duration::from_secs(30);
    timeout(patience, visit(&server, &Token::Sealed(sealed.clone()))).await.unwrap();
    let of_sealed = record.take();
    timeout(patience, visit(&server, &Token::Plain(plain))).await.unwrap();
    drop(stop);
    timeout(patience, served).await.unwrap().unwrap().unwrap();
    let of_plain = record.take();

    let log = log.take();
    assert!(!log.is_empty(), "a log that holds nothing shows nothing");
    let names = [NICK.as_bytes(), b"Patroclus", TEXT.as_bytes()];
    for word in names {
        assert!(holds(&of_plain, word), "the search would not find it");
        assert!(!holds(&of_sealed, word) && !holds(&log, word));
    }
    assert!(holds(&of_plain, plain.to_string().as_bytes()));
    for secret in [sealed.to_string().into_bytes(), sealed.secret().to_vec()] {
        assert!(!holds(&of_sealed, &secret) && !holds(&log, &secret));
    }
    assert!(!holds(&log, plain.to_string().as_bytes()));
}
