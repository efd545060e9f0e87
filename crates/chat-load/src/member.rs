//! One member of a room: a connection, what it says and what it got.

use std::io::{self, Write};

use mio::net::TcpStream;

use crate::failure::Failure;
use crate::form::{Mode, Template};
use crate::ledger::Ledger;

/// What a member is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Stays, and must miss nothing.
    Stays,
    /// Stays and never reads.
    Stalls,
    /// Comes and leaves again, as often as it can.
    Comes,
}

/// How far a member's connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// There is none.
    Away,
    Connecting,
    /// The request for the WebSocket is on its way.
    Asked,
    /// The hello is on its way, or what it is answered with.
    Greeted,
    Here,
    /// The close is on its way.
    Leaving,
}

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) room: usize,
    pub(crate) role: Role,
    pub(crate) phase: Phase,
    pub(crate) stream: Option<TcpStream>,
    /// The beginning of a frame whose end hasn't come.
    pub(crate) rest: Vec<u8>,
    /// What the socket hasn't taken yet.
    out: Vec<u8>,
    pub(crate) ledger: Ledger,
    pub(crate) voice: Option<Voice>,
    /// Whether the server ended the connection.
    pub(crate) closed: bool,
}

/// The voice of a member that sends.
#[derive(Debug)]
pub(crate) struct Voice {
    pub(crate) number: u32,
    pub(crate) sent: u32,
    template: Template,
}

impl Voice {
    pub(crate) fn new(mode: Mode, number: u32, size: usize) -> Result<Self, Failure> {
        Ok(Self { number, sent: 0, template: Template::new(mode, number, size)? })
    }
}

impl Member {
    pub(crate) const fn new(room: usize, role: Role, ledger: Ledger, voice: Option<Voice>) -> Self {
        Self {
            room,
            role,
            phase: Phase::Away,
            stream: None,
            rest: Vec::new(),
            out: Vec::new(),
            ledger,
            voice,
            closed: false,
        }
    }

    /// Whether it must get all that is said.
    pub(crate) fn is_owed(&self) -> bool {
        self.role == Role::Stays && !self.closed
    }

    /// Puts messages into what is to be written, all due at the same time; how many, which is none
    /// where the member isn't there.
    pub(crate) fn say(&mut self, messages: u32, due: u64) -> u32 {
        let Some(voice) = self.voice.as_mut().filter(|_| self.phase == Phase::Here) else {
            return 0;
        };
        for _ in 0..messages {
            voice.template.append(&mut self.out, voice.sent, due);
            voice.sent += 1;
        }
        messages
    }

    /// What is to be written, to put something else there.
    pub(crate) const fn out(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }

    pub(crate) const fn has_more_to_write(&self) -> bool {
        !self.out.is_empty()
    }

    /// Writes as much as the socket takes; the rest goes once it is writable.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        let Some(stream) = &mut self.stream else { return Ok(()) };
        let mut done = 0;
        let result = loop {
            if done == self.out.len() {
                break Ok(());
            }
            match stream.write(&self.out[done..]) {
                Ok(0) => break Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => done += written,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        self.out.drain(..done);
        result
    }

    /// Lets go of the connection.
    pub(crate) fn drop_connection(&mut self) {
        self.stream = None;
        self.phase = Phase::Away;
        (self.rest, self.out) = (Vec::new(), Vec::new());
    }
}
