//! What a channel takes and gives, over a network that takes little.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, RootCertStore, SupportedProtocolVersion, version,
};
use tokio_rustls::{TlsConnector, client};

use super::*;
use crate::tls::{Greeting, Tls};

pub(crate) type Client = client::TlsStream<TcpStream>;

/// Two ends of a connection, both with small buffers.
pub(crate) async fn pair(version: &'static SupportedProtocolVersion) -> (Channel, Client) {
    let folder = tempfile::tempdir().unwrap();
    let tls = Tls::self_signed(folder.path(), &[], &[]).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(tls.0.shown.now().cert[0].clone()).unwrap();
    let config = ClientConfig::builder_with_protocol_versions(&[version])
        .with_root_certificates(roots)
        .with_no_client_auth();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 << 10).unwrap();
    let tcp = socket.connect(listener.local_addr().unwrap()).await.unwrap();
    let (accepted, _) = listener.accept().await.unwrap();
    socket2::SockRef::from(&accepted).set_send_buffer_size(8 << 10).unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    let (greeting, client) = tokio::join!(tls.greet(accepted), connector.connect(name, tcp));
    let Greeting::Secure(stream) = greeting.unwrap() else { panic!("it speaks TLS") };
    (Channel::new(*stream), client.unwrap())
}

fn bytes(from: usize, count: usize) -> Vec<u8> {
    (from..from + count).map(|n| (n / 7 % 251) as u8).collect()
}

/// Writes until the network takes nothing; how much was taken.
fn fill(channel: &Channel, mut from: usize) -> usize {
    let start = from;
    loop {
        match channel.try_write(&bytes(from, 100_000)) {
            Ok(Wrote::Some(n)) => from += n,
            Ok(Wrote::All) => from += 100_000,
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => return from - start,
            Err(e) => panic!("{e}"),
        }
    }
}

#[tokio::test]
async fn one_that_takes_nothing_costs_a_record_and_gets_everything_once() {
    for version in [&version::TLS13, &version::TLS12] {
        let (channel, mut client) = pair(version).await;
        let mut taken = 0;
        let mut read = Vec::new();
        for _ in 0..20 {
            taken += fill(&channel, taken);
            assert!(channel.owes());
            let held = channel.lock().process_new_packets().unwrap().tls_bytes_to_write();
            assert!(held <= (16 << 10) + 64, "{held} bytes wait");
            // A little room, often less than a record needs.
            loop {
                let mut some = [0; 1_000];
                tokio::select! {
                    biased;
                    ready = channel.tcp().writable() => break ready.unwrap(),
                    n = client.read(&mut some) => read.extend(&some[..n.unwrap()]),
                }
            }
        }
        let rest = async {
            while channel.owes() {
                channel.tcp().writable().await.unwrap();
                match channel.try_write(&[]) {
                    Ok(_) => {}
                    Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                    Err(e) => panic!("{e}"),
                }
            }
        };
        let mut left = vec![0; taken - read.len()];
        let ((), all) = tokio::join!(rest, client.read_exact(&mut left));
        all.unwrap();
        read.extend(left);
        assert!(read == bytes(0, taken), "{taken} bytes, changed on the way");
    }
}

#[tokio::test]
async fn who_only_reads_sends_what_is_owed() {
    let (channel, mut client) = pair(&version::TLS13).await;
    let taken = fill(&channel, 0);
    assert!(channel.owes());
    let mut all = vec![0; taken];
    let wait = std::future::poll_fn(|cx| channel.poll_read_ready(cx));
    tokio::select! {
        _ = wait => panic!("the client says nothing"),
        read = client.read_exact(&mut all) => assert_eq!(read.unwrap(), taken),
    }
    assert!(!channel.owes() && all == bytes(0, taken));
}

#[tokio::test]
async fn reading_takes_what_was_deciphered_before_it_waits() {
    for version in [&version::TLS13, &version::TLS12] {
        let (channel, mut client) = pair(version).await;
        let sent = bytes(0, 200_000);
        let speak = async {
            client.write_all(&sent).await.unwrap();
            client.shutdown().await.unwrap();
        };
        let hear = async {
            let mut all = Vec::new();
            loop {
                std::future::poll_fn(|cx| channel.poll_read_ready(cx)).await.unwrap();
                // Less than a record holds.
                let mut some = Vec::with_capacity(1_000);
                match channel.try_read_buf(&mut some) {
                    Ok(0) => return all,
                    Ok(_) => all.extend(some),
                    Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                    Err(e) => panic!("{e}"),
                }
            }
        };
        let ((), heard) = tokio::join!(speak, hear);
        assert!(heard == sent, "{} bytes of {}", heard.len(), sent.len());
    }
}

/// Hands what the client's TLS has to say to the network.
async fn flush(tcp: &mut TcpStream, tls: &mut ClientConnection) {
    let mut bytes = Vec::new();
    while tls.wants_write() {
        tls.write_tls(&mut bytes).unwrap();
    }
    tcp.write_all(&bytes).await.unwrap();
}

#[tokio::test]
async fn keys_may_be_changed_on_the_way() {
    let (channel, client) = pair(&version::TLS13).await;
    let (mut tcp, mut tls) = client.into_inner();
    for n in 0..5 {
        tls.refresh_traffic_keys().unwrap();
        tls.writer().write_all(&[n]).unwrap();
        flush(&mut tcp, &mut tls).await;
        let mut heard = Vec::with_capacity(10);
        while heard.is_empty() {
            std::future::poll_fn(|cx| channel.poll_read_ready(cx)).await.unwrap();
            let _ = channel.try_read_buf(&mut heard);
        }
        assert_eq!(heard, [n]);
        assert_eq!(channel.try_write(&[n]).unwrap(), Wrote::All);
        let mut answer = [0];
        while tls.reader().read(&mut answer).is_err() {
            tcp.readable().await.unwrap();
            match tls.read_tls(&mut Line(&tcp)) {
                Ok(n) => assert!(n > 0, "it ended"),
                Err(e) => assert_eq!(e.kind(), io::ErrorKind::WouldBlock),
            }
            tls.process_new_packets().unwrap();
        }
        assert_eq!(answer, [n]);
    }
}

#[tokio::test]
async fn what_is_no_tls_any_more_ends_it() {
    let (channel, client) = pair(&version::TLS13).await;
    let (mut tcp, _) = client.into_inner();
    tcp.write_all(b"\x17\x03\x03\x00\x05hello").await.unwrap();
    let error = loop {
        std::future::poll_fn(|cx| channel.poll_read_ready(cx)).await.unwrap();
        match channel.try_read_buf(&mut Vec::with_capacity(10)) {
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
            other => break other.unwrap_err(),
        }
    };
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
}

#[tokio::test]
async fn what_was_deciphered_moves_along() {
    let (channel, client) = pair(&version::TLS13).await;
    let (mut tcp, mut tls) = client.into_inner();
    // Two records that arrive at once.
    for word in [b"one", b"two"] {
        tls.writer().write_all(word).unwrap();
    }
    flush(&mut tcp, &mut tls).await;
    let mut channel = channel;
    for word in [b"one", b"two"] {
        let mut heard = Vec::with_capacity(10);
        while heard.is_empty() {
            let ready = std::future::poll_fn(|cx| channel.poll_read_ready(cx));
            tokio::time::timeout(std::time::Duration::from_secs(30), ready).await.unwrap().unwrap();
            let _ = channel.try_read_buf(&mut heard);
        }
        assert_eq!(heard, word);
        let adopt = |tcp: TcpStream| TcpStream::from_std(tcp.into_std()?);
        channel = channel.moved(adopt).unwrap();
    }
}
