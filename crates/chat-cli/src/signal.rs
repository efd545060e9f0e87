//! Signals that end the program in good order.

use chat_client::Handle;

use crate::exit::Exit;

/// Leaves at the first signal from now on; a second one ends the program at once.
pub(crate) fn leave_on_signal(handle: Handle) {
    let Ok(mut signals) = Signals::new() else {
        // Where signals can't be caught they end the program, and that leaves the room as well.
        return;
    };
    tokio::spawn(async move {
        let mut left = false;
        while signals.next().await.is_some() {
            if left {
                std::process::exit(Exit::Error as i32);
            }
            handle.leave();
            left = true;
        }
    });
}

/// The signals that end a program.
#[cfg(unix)]
pub(crate) struct Signals([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Signals {
    pub(crate) fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ]))
    }

    pub(crate) async fn next(&mut self) -> Option<()> {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            signal = interrupt.recv() => signal,
            signal = terminate.recv() => signal,
            signal = hangup.recv() => signal,
        }
    }
}

/// The signals that end a program.
#[cfg(not(unix))]
pub(crate) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    pub(crate) async fn next(&mut self) -> Option<()> {
        tokio::signal::ctrl_c().await.ok()
    }
}
