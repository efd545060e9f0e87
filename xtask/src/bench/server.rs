//! The server of a run.

use std::{
    env, fs,
    net::TcpStream,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use super::{
    arguments::Against,
    child::Running,
    cores::{Pins, Role},
    row::Program,
};
use crate::binaries;

/// How long a server may take to say where it listens.
const START: Duration = Duration::from_secs(10);

/// No limit may stand between the load and what is measured.
const SERVER_FLAGS: &str = "--listen 127.0.0.1:0 --log-level warn --message-rate 0 --room-max 0 \
                            --max-rooms 0 --address-creates 0 --address-failed-joins 0";

/// The programs, as they are released.
pub(super) struct Programs {
    server: PathBuf,
    load: PathBuf,
}

/// A server that takes connections.
pub(super) struct Serving {
    pub(super) url: String,
    /// Its process, where that is known.
    pub(super) pid: Option<u32>,
    /// From its start until it took a connection.
    pub(super) start: Option<Duration>,
    /// Ended with this; none of a server that ran before.
    _running: Option<Running>,
}

impl Programs {
    /// Builds them one by one: built together each would have the features that
    /// the other asks of what both use.
    ///
    /// # Errors
    ///
    /// A sentence, where that fails.
    pub(super) fn build(root: &Path) -> Result<Self, String> {
        Ok(Self { server: released(root, "chat-server")?, load: released(root, "chat-load")? })
    }

    /// The load's program.
    pub(super) fn load(&self) -> &Path {
        &self.load
    }

    /// The size of the server's program.
    pub(super) fn server_bytes(&self) -> Option<u64> {
        Some(fs::metadata(&self.server).ok()?.len())
    }

    /// Starts what serves, on a port of the system's choice, and waits until it
    /// takes connections.
    ///
    /// # Errors
    ///
    /// A sentence, where it doesn't.
    pub(super) fn serve(
        &self,
        program: &Program,
        against: Option<&Against>,
        pins: Option<&Pins>,
    ) -> Result<Serving, String> {
        let Some((path, words)) = self.words(program) else {
            let against = against.ok_or("no other server was named")?;
            let (url, pid) = (against.url.clone(), against.pid);
            return Ok(Serving { url, pid, start: None, _running: None });
        };
        let mut command = command(path, Role::Server, pins);
        command.args(words);
        Serving::start(command)
    }

    /// The program and its arguments; `None` of one that isn't ours to start.
    fn words(&self, program: &Program) -> Option<(&Path, Vec<String>)> {
        let split = |words: &str| words.split_whitespace().map(str::to_string).collect();
        Some(match program {
            Program::Server { shards, log } => {
                let mut words: Vec<String> = split(SERVER_FLAGS);
                for (flag, value) in [("--shards", shards), ("--log-events", log)] {
                    words.extend(value.iter().flat_map(|n| [flag.into(), n.to_string()]));
                }
                (&self.server, words)
            }
            Program::Page => (&self.server, split(&format!("{SERVER_FLAGS} --log-events 4096"))),
            Program::Pipe(_) => (&self.server, split(SERVER_FLAGS)),
            Program::Floor => (&self.load, split("floor")),
            Program::BatchedFloor => (&self.load, split("floor --batched")),
            Program::Naive => (&self.load, split("naive")),
            Program::Against => return None,
        })
    }
}

/// A program of the workspace, as it is released.
///
/// # Errors
///
/// A sentence, where it can't be built.
pub(super) fn released(root: &Path, name: &str) -> Result<PathBuf, String> {
    let what = ["--release", "--package", name, "--bin", name];
    binaries::build(root, &what, [name]).map(|[program]| program)
}

impl Serving {
    /// Starts a server and waits until it takes connections.
    fn start(command: Command) -> Result<Self, String> {
        let since = Instant::now();
        let mut running = Running::start(command)?;
        let line = running.line(START)?;
        let url = url(&line).ok_or_else(|| format!("says no address in `{}`", line.trim()))?;
        let address = url.trim_start_matches("http://");
        TcpStream::connect(address)
            .map_err(|error| format!("takes no connection at {address}: {error}"))?;
        let start = Some(since.elapsed());
        let (url, pid) = (url.to_string(), Some(running.id()));
        Ok(Self { url, pid, start, _running: Some(running) })
    }
}

/// A program on the core of its role, where there are pins, and without the
/// settings that somebody has for a server of their own.
pub(super) fn command(program: &Path, role: Role, pins: Option<&Pins>) -> Command {
    let mut command = match pins {
        Some(pins) => pins.command(program, role),
        None => Command::new(program),
    };
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("CHAT_") {
            command.env_remove(name);
        }
    }
    command
}

/// The address in what a server says at its start.
fn url(line: &str) -> Option<&str> {
    let from = line.find("http://")?;
    line[from..].split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::super::row::Kind;
    use super::*;
    use std::net::TcpListener;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn programs() -> Programs {
        Programs { server: "chat-server".into(), load: "chat-load".into() }
    }

    #[test]
    fn a_server_is_there_once_it_takes_a_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let says = format!("echo \"chat-server 0.1.0: open {url}\"; exec sleep 60");
        let serving = Serving::start(shell(&says)).unwrap();
        assert_eq!(serving.url, url);
        assert!(serving.pid.is_some() && serving.start.is_some());
        drop(listener);
        let error = Serving::start(shell(&says)).err().unwrap();
        assert!(error.starts_with("takes no connection"), "{error}");
    }

    #[test]
    fn a_server_that_does_not_come_up_is_a_sentence() {
        let error = |script| Serving::start(shell(script)).err().unwrap();
        assert_eq!(error("exit 1"), "ended without a word");
        assert_eq!(error("echo hello"), "says no address in `hello`");
    }

    #[test]
    fn a_server_of_others_is_not_started() {
        let programs = programs();
        let against = Against { url: "http://127.0.0.1:1".into(), pid: Some(7) };
        let serving = programs.serve(&Program::Against, Some(&against), None).unwrap();
        assert_eq!((serving.url.as_str(), serving.pid), ("http://127.0.0.1:1", Some(7)));
        assert!(programs.serve(&Program::Against, None, None).is_err());
    }

    #[test]
    fn what_runs_is_said_on_its_command_line() {
        let programs = programs();
        let words = |program| programs.words(&program).unwrap().1.join(" ");
        let server = |shards, log| words(Program::Server { shards, log });
        assert!(server(Some(2), Some(64)).ends_with(" --shards 2 --log-events 64"));
        assert_eq!(server(None, None), SERVER_FLAGS);
        assert_eq!(words(Program::Page), server(None, Some(4096)));
        assert_eq!(words(Program::Pipe(Kind::Sealed)), SERVER_FLAGS);
        assert_eq!(words(Program::BatchedFloor), "floor --batched");
    }

    #[test]
    fn the_address_is_found_in_what_is_said() {
        let says = "chat-server 0.1.0: open http://127.0.0.1:7 or http://[::1]:7\n";
        assert_eq!(url(says), Some("http://127.0.0.1:7"));
        assert_eq!(url("listening on http://127.0.0.1:7\n"), Some("http://127.0.0.1:7"));
        assert_eq!(url("hello\n"), None);
    }
}
