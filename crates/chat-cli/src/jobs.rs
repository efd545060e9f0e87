//! Being stopped by the shell, and going on.

/// What the shell does with a program in the foreground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    /// It is to stop.
    Stop,
    /// It goes on.
    GoOn,
}

#[cfg(unix)]
pub(crate) use unix::{Jobs, can_stop, stop};

#[cfg(not(unix))]
pub(crate) use elsewhere::{Jobs, can_stop, stop};

#[cfg(unix)]
mod unix {
    use super::Job;
    use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
    use tokio::signal::unix::{self, SignalKind};

    pub(crate) struct Jobs {
        stop: unix::Signal,
        go_on: unix::Signal,
    }

    impl Jobs {
        pub(crate) fn new() -> std::io::Result<Self> {
            let on = |signal: Signal| unix::signal(SignalKind::from_raw(signal.as_raw()));
            Ok(Self { stop: on(Signal::TSTP)?, go_on: on(Signal::CONT)? })
        }

        pub(crate) async fn next(&mut self) -> Option<Job> {
            tokio::select! {
                got = self.stop.recv() => got.map(|()| Job::Stop),
                got = self.go_on.recv() => got.map(|()| Job::GoOn),
            }
        }
    }

    /// Whether there is a shell that would let it go on: not where it is the session's first program.
    pub(crate) fn can_stop() -> bool {
        getsid(None).is_ok_and(|session| session != getpgrp())
    }

    /// Stops here, with all of the job, until the shell lets it go on.
    pub(crate) fn stop() {
        // Who can't be stopped just goes on.
        let _ = kill_current_process_group(Signal::STOP);
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use super::Job;

    pub(crate) struct Jobs;

    impl Jobs {
        pub(crate) fn new() -> std::io::Result<Self> {
            Ok(Self)
        }

        pub(crate) async fn next(&mut self) -> Option<Job> {
            std::future::pending().await
        }
    }

    pub(crate) fn can_stop() -> bool {
        false
    }

    pub(crate) fn stop() {}
}
