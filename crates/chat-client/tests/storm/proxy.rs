//! A network between clients and server that breaks when it is told to.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use socket2::SockRef;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
};

/// What is done to a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// Both ends hear that it broke.
    Reset,
    /// Both ends hear that it ended.
    End,
    /// So many bytes still pass, and then it breaks.
    Truncate(usize),
    /// Nothing passes until the proxy is told to go on, and then it breaks or doesn't.
    Stall { breaks: bool },
}

/// Forwards to a server.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    lines: Arc<Mutex<Vec<mpsc::UnboundedSender<Fault>>>>,
    stalled: watch::Sender<bool>,
}

impl Proxy {
    pub(crate) async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let lines: Arc<Mutex<Vec<mpsc::UnboundedSender<Fault>>>> = Arc::default();
        let stalled = watch::Sender::new(false);
        let (known, stall) = (Arc::clone(&lines), stalled.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (fault, faults) = mpsc::unbounded_channel();
                known.lock().unwrap().push(fault);
                tokio::spawn(line(client, server, faults, stall.subscribe()));
            }
        });
        Self { address, lines, stalled }
    }

    /// Does this to one of the connections, or to all; whether there was one.
    pub(crate) fn strike(&self, fault: Fault, one: Option<usize>) -> bool {
        let mut lines = self.lines.lock().unwrap();
        lines.retain(|line| !line.is_closed());
        if matches!(fault, Fault::Stall { .. }) {
            self.stalled.send_replace(true);
        }
        let hit: Vec<_> = match one {
            Some(n) => lines.get(n % lines.len().max(1)).into_iter().collect(),
            None => lines.iter().collect(),
        };
        // One that has ended meanwhile can't be hit.
        hit.iter().filter(|line| line.send(fault).is_ok()).count() > 0
    }

    /// What is stalled goes on, or breaks.
    pub(crate) fn go_on(&self) {
        self.stalled.send_replace(false);
    }
}

async fn line(
    mut client: TcpStream,
    server: SocketAddr,
    mut faults: mpsc::UnboundedReceiver<Fault>,
    mut stalled: watch::Receiver<bool>,
) {
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    let (mut up, mut down) = (vec![0; 4096], vec![0; 4096]);
    let mut left = usize::MAX;
    loop {
        let (to, bytes) = tokio::select! {
            biased;
            fault = faults.recv() => {
                match fault {
                    Some(Fault::Reset) | None => break,
                    Some(Fault::End) => return,
                    Some(Fault::Truncate(bytes)) => left = bytes,
                    Some(Fault::Stall { breaks }) => {
                        // A proxy that is gone stalls nobody.
                        let _ = stalled.wait_for(|stalled| !stalled).await;
                        if breaks {
                            break;
                        }
                    }
                }
                continue;
            }
            read = client.read(&mut up) => match read {
                Ok(n @ 1..) => (&mut server, &up[..n]),
                _ => return,
            },
            read = server.read(&mut down) => match read {
                Ok(n @ 1..) => (&mut client, &down[..n]),
                _ => return,
            },
        };
        let passes = bytes.len().min(left);
        if to.write_all(&bytes[..passes]).await.is_err() {
            return;
        }
        left -= passes;
        if left == 0 {
            break;
        }
    }
    for end in [&client, &server] {
        // Without a time to linger an end that is dropped is reset.
        SockRef::from(end).set_linger(Some(std::time::Duration::ZERO)).unwrap();
    }
}
