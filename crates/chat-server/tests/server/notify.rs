//! What the service manager is told (sd_notify(3)).

use std::collections::BTreeMap;
use std::os::unix::net::UnixDatagram;

use crate::process::{Running, chat_server};
use crate::support::PATIENCE;

/// A manager's socket.
struct Manager(UnixDatagram);

impl Manager {
    fn new(socket: UnixDatagram) -> Self {
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(socket)
    }

    /// Starts the server; `watchdog` is how many microseconds it may be silent.
    fn start(name: &str, watchdog: Option<&str>) -> Running {
        let mut command = chat_server(&["--listen", "127.0.0.1:0"]);
        command.env("NOTIFY_SOCKET", name);
        if let Some(usec) = watchdog {
            command.env("WATCHDOG_USEC", usec);
        }
        Running::start(command)
    }

    /// The next that it is told.
    fn hears(&self) -> BTreeMap<String, String> {
        let mut bytes = [0; 4096];
        let n = self.0.recv(&mut bytes).unwrap();
        let text = std::str::from_utf8(&bytes[..n]).unwrap();
        let pair = |line: &str| {
            let (name, value) = line.split_once('=').unwrap();
            (name.to_owned(), value.to_owned())
        };
        text.lines().map(pair).collect()
    }
}

fn get(url: &str) {
    assert!(chat_server(&["--check-health", url]).status().unwrap().success(), "{url}");
}

#[test]
fn it_says_that_it_is_ready_that_it_lives_and_that_it_stops() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let manager = Manager::new(UnixDatagram::bind(&path).unwrap());
    let server = Manager::start(path.to_str().unwrap(), Some("40000"));
    let ready = manager.hears();
    assert_eq!(ready["READY"], "1");
    assert_eq!(ready["STATUS"], "Rooms: 0");
    get(&format!("http://{}/create", server.address()));
    // What was said before the room was there is still to be heard.
    let mut alive = (0..1000).map(|_| manager.hears()).inspect(|alive| {
        assert_eq!(alive["WATCHDOG"], "1");
        assert!(!alive.contains_key("READY"), "it is ready once: {alive:?}");
    });
    assert!(alive.any(|alive| alive["STATUS"] == "Rooms: 1"));
    server.signal("-TERM");
    let stopping = (0..1000).map(|_| manager.hears()).any(|told| told.contains_key("STOPPING"));
    assert!(stopping);
    assert_eq!(server.wait(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_manager_may_have_an_abstract_name_and_want_no_signs_of_life() {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::SocketAddr;

    let name = format!("chat-server-test-{}", std::process::id());
    let address = SocketAddr::from_abstract_name(&name).unwrap();
    let manager = Manager::new(UnixDatagram::bind_addr(&address).unwrap());
    let server = Manager::start(&format!("@{name}"), None);
    let ready = manager.hears();
    assert_eq!(ready["READY"], "1");
    assert!(!ready.contains_key("WATCHDOG"));
    server.signal("-TERM");
    assert_eq!(manager.hears()["STOPPING"], "1");
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn a_manager_that_is_not_there_stops_nobody() {
    let server = Manager::start("/nowhere/notify", Some("40000"));
    get(&format!("http://{}/healthz", server.address()));
    server.signal("-TERM");
    assert_eq!(server.wait(), Some(0));
}
