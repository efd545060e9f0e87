//! The floor: one thread that writes the bytes of each message to each member's socket, and does
//! nothing else. No server that sends the same bytes over sockets of its own can be far below it.

mod connection;
mod masked;
mod room;
mod splice;

use std::collections::HashMap;
use std::io::{self, Read, Write};

use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token};

use self::connection::{Connection, State};
use self::room::Room;
use super::request::{self, Request};
use crate::args;
use crate::clock;
use crate::failure::Failure;

/// How much is read at once.
const READ: usize = 256 << 10;

const LISTENER: Token = Token(usize::MAX);

/// Serves until the process is ended.
pub(crate) fn run(args: &args::Floor) -> Result<(), Failure> {
    let mut floor = Floor::listen(args)
        .map_err(|error| Failure::new(format!("{} can't be listened on: {error}", args.listen)))?;
    let mut events = Events::with_capacity(1024);
    loop {
        match floor.poll.poll(&mut events, None) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed(&error)),
        }
        floor.now = clock::wall_ms();
        for event in &events {
            match event.token() {
                LISTENER => floor.accept().map_err(|error| failed(&error))?,
                Token(index) => floor.serve(index, event.is_writable(), event.is_read_closed()),
            }
        }
        floor.finish_turn();
    }
}

fn failed(error: &io::Error) -> Failure {
    Failure::new(format!("sockets can't be had or waited for any more: {error}"))
}

struct Floor {
    poll: Poll,
    listener: TcpListener,
    batched: bool,
    connections: Vec<Option<Connection>>,
    free: Vec<usize>,
    rooms: Vec<Room>,
    tokens: HashMap<String, usize>,
    scratch: Vec<u8>,
    /// Rooms with something to write, and connections that have ended.
    dirty: Vec<usize>,
    gone: Vec<usize>,
    /// Milliseconds since 1970, once a turn.
    now: u64,
}

impl Floor {
    fn listen(args: &args::Floor) -> io::Result<Self> {
        rlimit::increase_nofile_limit(u64::MAX)?;
        let mut listener = TcpListener::bind(args.listen)?;
        let poll = Poll::new()?;
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        let mut out = io::stdout().lock();
        writeln!(out, "listening on http://{}", listener.local_addr()?)?;
        out.flush()?;
        Ok(Self {
            poll,
            listener,
            batched: args.batched,
            connections: Vec::new(),
            free: Vec::new(),
            rooms: Vec::new(),
            tokens: HashMap::new(),
            scratch: vec![0; READ],
            dirty: Vec::new(),
            gone: Vec::new(),
            now: 0,
        })
    }

    fn accept(&mut self) -> io::Result<()> {
        loop {
            let mut stream = match self.listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
                Err(error) => return Err(error),
            };
            stream.set_nodelay(true)?;
            let index = self.free.pop().unwrap_or(self.connections.len());
            let interest = Interest::READABLE | Interest::WRITABLE;
            self.poll.registry().register(&mut stream, Token(index), interest)?;
            if index == self.connections.len() {
                self.connections.push(None);
            }
            self.connections[index] = Some(Connection::new(stream));
        }
    }

    fn serve(&mut self, index: usize, writable: bool, ends: bool) {
        if let Some(connection) = self.connections.get_mut(index).and_then(Option::as_mut)
            && writable
            && !connection.flush()
        {
            self.gone.push(index);
        }
        // Taken, so that others can be written to while it is read.
        let mut scratch = std::mem::take(&mut self.scratch);
        while let Some(connection) = self.connections.get_mut(index).and_then(Option::as_mut) {
            let kept = connection.rest.len();
            if kept == scratch.len() {
                // Longer than any message of a chat.
                self.gone.push(index);
                break;
            }
            scratch[..kept].copy_from_slice(&connection.rest);
            match connection.stream.read(&mut scratch[kept..]) {
                Ok(read) if read > 0 => {
                    let len = kept + read;
                    let used = self.take(index, &mut scratch[..len]);
                    if let Some(connection) = &mut self.connections[index] {
                        connection.rest.clear();
                        connection.rest.extend_from_slice(&scratch[used..len]);
                    }
                    // A stream that gave less than it might is empty.
                    if len < scratch.len() && !ends {
                        break;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Ok(_) | Err(_) => {
                    self.gone.push(index);
                    break;
                }
            }
        }
        self.scratch = scratch;
    }

    /// Takes what was read; how much of it is done with.
    fn take(&mut self, index: usize, bytes: &mut [u8]) -> usize {
        let mut used = 0;
        while let Some(connection) = &mut self.connections[index]
            && matches!(connection.state, State::Http)
        {
            let Some((request, len)) = request::read(&bytes[used..]) else { return used };
            used += len;
            self.answer(index, request);
        }
        while let Some((kind, payload, end)) = masked::next(bytes, used) {
            used = end;
            self.hear(index, kind, &mut bytes[payload]);
        }
        used
    }

    fn answer(&mut self, index: usize, request: Request) {
        let (answer, state) = match request {
            Request::Create => {
                let token = request::new_token();
                self.tokens.insert(token.clone(), self.rooms.len());
                self.rooms.push(Room::default());
                (request::created(&token), State::Http)
            }
            Request::V1 { key } => (request::upgraded(&key, true), State::Greeting),
            Request::Plain { token, nick, key } => match self.tokens.get(&token) {
                Some(&room) if self.rooms[room].enter(index, false) => {
                    (request::upgraded(&key, false), State::Member { room, nick, v1: false })
                }
                _ => (request::UNKNOWN.to_owned(), State::Http),
            },
            Request::Other => (request::UNKNOWN.to_owned(), State::Http),
        };
        let Some(connection) = &mut self.connections[index] else { return };
        connection.state = state;
        if !connection.offer(answer.as_bytes()) {
            self.gone.push(index);
        }
    }

    /// Ends a turn: writes what is joined, and lets go of who has ended.
    fn finish_turn(&mut self) {
        for room in std::mem::take(&mut self.dirty) {
            let chunk = std::mem::take(&mut self.rooms[room].chunk);
            self.write_to_all(room, &chunk);
            self.rooms[room].recycle(chunk);
        }
        for index in std::mem::take(&mut self.gone) {
            let Some(connection) = self.connections[index].take() else { continue };
            if let State::Member { room, .. } = connection.state {
                self.rooms[room].leave(index);
            }
            self.free.push(index);
        }
    }

    fn write_to_all(&mut self, room: usize, bytes: &[u8]) {
        for &member in &self.rooms[room].members {
            if let Some(connection) = &mut self.connections[member]
                && !connection.offer(bytes)
            {
                self.gone.push(member);
            }
        }
    }
}
