//! A server, a program and another person to test them with.

use std::{process::Stdio, time::Duration};

use chat_client::{
    Client, Event, Events, Handle, Invite, Nick, Opts, PlainToken, ServerUrl, Token,
};
use chat_server::Config;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines},
    net::TcpListener,
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

/// Nothing in these tests takes this long: who waits longer waits for what never comes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Server {
    pub(crate) url: ServerUrl,
    /// Kept, so that nobody else gets the port in between.
    listener: std::net::TcpListener,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self::on(config, listener)
    }

    fn on(config: Config, listener: std::net::TcpListener) -> Self {
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let (stop, stopped) = oneshot::channel();
        let own = TcpListener::from_std(listener.try_clone().unwrap()).unwrap();
        let task = tokio::spawn(chat_server::serve(config, vec![own], async {
            // A test that is over needs no server.
            let _ = stopped.await;
        }));
        Self { url, listener, stop, task }
    }

    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap();
    }

    /// Another server in the place of this one, which knows nothing of it.
    pub(crate) async fn restart(self) -> Self {
        self.restart_with(Config::default()).await
    }

    pub(crate) async fn restart_with(self, config: Config) -> Self {
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap();
        Self::on(config, self.listener)
    }

    pub(crate) async fn create(&self) -> PlainToken {
        Client::new("test").create(&self.url, &Opts::default()).await.unwrap()
    }

    pub(crate) fn invite(&self, token: &PlainToken) -> String {
        Invite::url(&self.url, token)
    }

    pub(crate) async fn join(&self, token: &(impl Clone + Into<Token>), nick: &str) -> Member {
        let nick = Nick::parse(nick).unwrap();
        let joined = Client::new("test").join(&self.url, token.clone(), nick).await;
        let (handle, events) = joined.unwrap();
        let mut member = Member { handle, events };
        member.wait_for(|event| matches!(event, Event::Live { .. })).await;
        member
    }
}

/// Another person in the room.
pub(crate) struct Member {
    pub(crate) handle: Handle,
    pub(crate) events: Events,
}

impl Member {
    /// Skips events up to one that fits.
    pub(crate) async fn wait_for(&mut self, fits: impl Fn(&Event) -> bool) -> Event {
        let search = async {
            loop {
                let event = self.events.next().await.expect("the session is over");
                if fits(&event) {
                    return event;
                }
            }
        };
        timeout(PATIENCE, search).await.expect("no such event")
    }

    pub(crate) async fn hear(&mut self) -> String {
        match self.wait_for(|event| matches!(event, Event::Message(_))).await {
            Event::Message(message) => format!("{}: {}", &*message.nick, &*message.text),
            _ => unreachable!(),
        }
    }
}

/// What the program looks at in its environment.
pub(crate) const ENVIRONMENT: [&str; 15] = [
    "CHAT_CREATE_KEY",
    "CHAT_SERVER",
    "CHAT_TOKEN",
    "CHAT_NICK",
    "NO_COLOR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
];

/// The program, with none of the environment's own settings.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat-cli"));
    command.args(args).kill_on_drop(true);
    for name in ENVIRONMENT {
        command.env_remove(name);
    }
    command.env("XDG_CONFIG_HOME", "/nowhere");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// How it ended: exit code, standard output and standard error.
pub(crate) type End = (i32, String, String);

/// Runs the program to its end with this input.
pub(crate) async fn run(mut command: Command, input: &[u8]) -> End {
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A program that fails early reads nothing of it.
    let _ = stdin.write_all(input).await;
    drop(stdin);
    let output = timeout(PATIENCE, child.wait_with_output()).await.expect("no end").unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The program while it runs.
pub(crate) struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Option<Lines<BufReader<ChildStdout>>>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().map(|stdout| BufReader::new(stdout).lines());
        Self { child, stdin, stdout }
    }

    pub(crate) async fn type_in(&mut self, text: &str) {
        self.stdin.as_mut().unwrap().write_all(text.as_bytes()).await.unwrap();
    }

    pub(crate) fn end_input(&mut self) {
        self.stdin = None;
    }

    /// The most memory that it has taken so far, in KiB.
    pub(crate) fn peak(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id().unwrap());
        let status = std::fs::read_to_string(path).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// What it reads, to be written to by somebody else.
    pub(crate) fn stdin(&mut self) -> ChildStdin {
        self.stdin.take().unwrap()
    }

    pub(crate) fn stop_reading(&mut self) {
        self.stdout = None;
    }

    pub(crate) async fn line(&mut self) -> String {
        let line = timeout(PATIENCE, self.stdout.as_mut().unwrap().next_line()).await;
        line.expect("no line").unwrap().expect("no more lines")
    }

    /// Skips lines up to this one.
    pub(crate) async fn wait_for(&mut self, wanted: &str) {
        while self.line().await != wanted {}
    }

    pub(crate) async fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().await.unwrap().success());
    }

    /// The exit code, what is left of standard output, and standard error.
    pub(crate) async fn end(mut self) -> End {
        let mut out = String::new();
        if let Some(stdout) = &mut self.stdout {
            let rest = timeout(PATIENCE, stdout.get_mut().read_to_string(&mut out)).await;
            rest.expect("no end").unwrap();
        }
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).await.unwrap();
        let status = timeout(PATIENCE, self.child.wait()).await.expect("no end").unwrap();
        (status.code().expect("ended by a signal"), out, said)
    }
}
