//! Telling the service manager how the server is (sd_notify(3)): that it is
//! ready, that it lives, and that it stops.

use std::env;
use std::ffi::OsStr;
#[cfg(unix)]
use std::os::unix::net::UnixDatagram;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chat_server::Heartbeat;

/// How often the number of rooms is told where nothing asks for a sign of life.
const STATUS: Duration = Duration::from_secs(30);

/// The manager that started the program and wants to hear of it.
pub(crate) struct Notifier {
    socket: Arc<Socket>,
    /// How long it waits for a sign of life before it kills.
    watchdog: Option<Duration>,
}

impl Notifier {
    /// Finds the manager, where there is one, in the environment.
    pub(crate) fn from_env() -> Option<Self> {
        let name = env::var_os("NOTIFY_SOCKET").filter(|name| !name.is_empty())?;
        let socket = match Socket::open(&name) {
            Ok(socket) => Arc::new(socket),
            Err(error) => {
                tracing::warn!(%error, "NOTIFY_SOCKET names nothing that can be told");
                return None;
            }
        };
        let text = |name| env::var(name).ok();
        let watchdog = watchdog(text("WATCHDOG_USEC"), text("WATCHDOG_PID"), std::process::id());
        Some(Self { socket, watchdog })
    }

    /// Tells with its first beat that the server is ready.
    pub(crate) fn heartbeat(&self) -> Heartbeat {
        let (socket, is_watched) = (self.socket.clone(), self.watchdog.is_some());
        let is_ready = AtomicBool::new(false);
        Heartbeat::new(self.watchdog.map_or(STATUS, |time| time / 2), move |pulse| {
            let ready = if is_ready.swap(true, Ordering::Relaxed) { "" } else { "READY=1\n" };
            let alive = if is_watched { "WATCHDOG=1\n" } else { "" };
            socket.say(&format!("{ready}{alive}STATUS=Rooms: {}\n", pulse.rooms));
        })
    }

    pub(crate) fn stopping(&self) {
        self.socket.say("STOPPING=1\nSTATUS=Rooms end, and their members are told\n");
    }
}

/// How long a sign of life may take, where this process is asked for one
/// (sd_watchdog_enabled(3)).
fn watchdog(usec: Option<String>, pid: Option<String>, ours: u32) -> Option<Duration> {
    let usec = usec?.parse().ok().filter(|usec| *usec > 0)?;
    let is_ours = pid.is_none_or(|pid| pid.parse() == Ok(ours));
    is_ours.then(|| Duration::from_micros(usec))
}

#[cfg(unix)]
struct Socket(UnixDatagram);

#[cfg(unix)]
impl Socket {
    fn open(name: &OsStr) -> std::io::Result<Self> {
        let socket = UnixDatagram::unbound()?;
        match name.as_encoded_bytes() {
            #[cfg(target_os = "linux")]
            [b'@', name @ ..] => {
                use std::os::linux::net::SocketAddrExt;
                use std::os::unix::net::SocketAddr;
                socket.connect_addr(&SocketAddr::from_abstract_name(name)?)?;
            }
            _ => socket.connect(name)?,
        }
        // A manager that doesn't listen shall not stop the server.
        socket.set_nonblocking(true)?;
        Ok(Self(socket))
    }

    fn say(&self, what: &str) {
        if let Err(error) = self.0.send(what.as_bytes()) {
            tracing::warn!(%error, "the service manager can't be told how the server is");
        }
    }
}

#[cfg(not(unix))]
struct Socket;

#[cfg(not(unix))]
impl Socket {
    fn open(_: &OsStr) -> std::io::Result<Self> {
        Err(std::io::ErrorKind::Unsupported.into())
    }

    fn say(&self, _: &str) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_watchdog_is_for_this_process() {
        let time = |usec: &str, pid: Option<&str>| {
            watchdog(Some(usec.into()), pid.map(Into::into), 7).map(|time| time.as_millis())
        };
        assert_eq!(time("30000000", None), Some(30_000));
        assert_eq!(time("1000", Some("7")), Some(1));
        assert_eq!(time("1000", Some("8")), None);
        assert_eq!(time("1000", Some("me")), None);
        assert_eq!(time("0", None), None);
        assert_eq!(time("soon", None), None);
        assert_eq!(watchdog(None, Some("7".into()), 7), None);
    }
}
