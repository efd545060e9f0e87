//! One connection to the floor.

use std::io::{self, Write};

use mio::net::TcpStream;

/// How much is kept for a socket that doesn't take it; one that falls behind further is closed.
const KEPT: usize = 4 << 20;

pub(super) struct Connection {
    pub(super) stream: TcpStream,
    pub(super) state: State,
    /// The beginning of a request or a frame whose end hasn't come.
    pub(super) rest: Vec<u8>,
    /// What the socket hasn't taken yet.
    out: Vec<u8>,
}

/// How far it is.
pub(super) enum State {
    Http,
    /// It speaks chat.v1, and its hello hasn't come.
    Greeting,
    Member {
        room: usize,
        /// As its messages begin with, or as JSON writes it.
        nick: String,
        v1: bool,
    },
}

impl Connection {
    pub(super) const fn new(stream: TcpStream) -> Self {
        Self { stream, state: State::Http, rest: Vec::new(), out: Vec::new() }
    }

    /// Writes bytes at once, and keeps what the socket doesn't take; false where it is over.
    pub(super) fn offer(&mut self, bytes: &[u8]) -> bool {
        let written = match self.out.is_empty() {
            true => match write(&mut self.stream, bytes) {
                Ok(written) => written,
                Err(_) => return false,
            },
            false => 0,
        };
        self.out.extend_from_slice(&bytes[written..]);
        self.out.len() <= KEPT
    }

    /// Writes what was kept; false where it is over.
    pub(super) fn flush(&mut self) -> bool {
        if self.out.is_empty() {
            return true;
        }
        match write(&mut self.stream, &self.out) {
            Ok(written) => {
                self.out.drain(..written);
                true
            }
            Err(_) => false,
        }
    }
}

fn write(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<usize> {
    let mut done = 0;
    while done < bytes.len() {
        match stream.write(&bytes[done..]) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => done += written,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}
