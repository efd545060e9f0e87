//! Servers that are good, each on a port of its own.

use std::process::Stdio;

use chat_server::Config;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::Child;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::program::{PATIENCE, command};

/// A server that is stopped when it is dropped.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) url: String,
    running: Running,
}

enum Running {
    Child(Child),
    Task(JoinHandle<std::io::Result<()>>),
}

impl Server {
    /// A yardstick by its words.
    pub(crate) async fn yardstick(name: &'static str) -> Self {
        let mut child = command(name).stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        timeout(PATIENCE, out.read_line(&mut line)).await.expect("its address").unwrap();
        let url = line.trim_end().strip_prefix("listening on ").expect(&line).to_owned();
        Self { name, url, running: Running::Child(child) }
    }

    /// The chat's own server, without limits.
    pub(crate) async fn own() -> Self {
        let mut config = Config {
            max_memory: None,
            address_connections: None,
            address_handshakes: None,
            address_messages: None,
            address_creates: None,
            address_failed_joins: None,
            ..Config::default()
        };
        config.limits.rooms = None;
        config.limits.room_max = None;
        config.limits.message_rate = None;
        Self::with(config).await
    }

    /// The same as it is told to be.
    pub(crate) async fn with(config: Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serve = chat_server::serve(config, vec![listener], std::future::pending());
        Self { name: "chat-server", url, running: Running::Task(tokio::spawn(serve)) }
    }

    /// All that are good.
    pub(crate) async fn all() -> Vec<Self> {
        vec![
            Self::own().await,
            Self::yardstick("floor").await,
            Self::yardstick("floor --batched").await,
            Self::yardstick("naive").await,
        ]
    }

    /// Its process, where it has one of its own.
    pub(crate) fn pid(&self) -> Option<u32> {
        match &self.running {
            Running::Child(child) => child.id(),
            Running::Task(_) => None,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A child is ended by its handle.
        if let Running::Task(task) = &self.running {
            task.abort();
        }
    }
}
