//! Waiting until a time that is no whole number of milliseconds away, as the system's wait for
//! sockets would have it.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::Duration;

use mio::unix::SourceFd;
use mio::{Interest, Registry, Token};
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};

/// What the alarm's events carry; no member has it.
pub(super) const TOKEN: Token = Token(usize::MAX);

/// Ends the wait for sockets at a time.
#[derive(Debug)]
pub(super) struct Alarm {
    timer: OwnedFd,
    /// What it is set to.
    at: u64,
}

impl Alarm {
    pub(super) fn new(registry: &Registry) -> io::Result<Self> {
        let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK)?;
        registry.register(&mut SourceFd(&timer.as_raw_fd()), TOKEN, Interest::READABLE)?;
        Ok(Self { timer, at: 0 })
    }

    /// Sets it to `at`; how long there is to wait for at most: no time if that has come, any time
    /// if it has not, since the alarm will end the wait.
    pub(super) fn set(&mut self, at: u64, now: u64) -> io::Result<Option<Duration>> {
        if at <= now {
            return Ok(Some(Duration::ZERO));
        }
        if at != self.at {
            let span = Duration::from_nanos(at - now);
            let value = Timespec::try_from(span).map_err(io::Error::other)?;
            let once = Itimerspec { it_interval: Timespec::default(), it_value: value };
            timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &once)?;
            self.at = at;
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use mio::{Events, Poll};

    #[test]
    fn it_ends_a_wait_of_less_than_a_millisecond_and_of_more() {
        let mut poll = Poll::new().unwrap();
        let mut alarm = Alarm::new(poll.registry()).unwrap();
        let mut events = Events::with_capacity(8);
        let clock = Clock::start();
        for microseconds in [200, 2500] {
            let at = clock.after(Duration::from_micros(microseconds));
            let wait = alarm.set(at, clock.now()).unwrap();
            poll.poll(&mut events, wait).unwrap();
            assert!(clock.now() >= at);
            assert!(events.iter().all(|event| event.token() == TOKEN));
            assert_eq!(alarm.set(at, clock.now()).unwrap(), Some(Duration::ZERO));
        }
    }
}
