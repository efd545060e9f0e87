//! Coming in: the handshake of HTTP, and the hello of chat.v1.

use std::io;

use chat_proto::client::{Hello, Identity, Opts, Target as Place};
use chat_proto::{B64, ClientFrame, MAX_SERVER_FRAME, SUBPROTOCOL, ServerFrame, VERSION};
use form_urlencoded::Serializer;
use mio::{Interest, Token};

use super::Engine;
use crate::clock;
use crate::failure::Failure;
use crate::form::Mode;
use crate::frame::{self, Next};
use crate::http;
use crate::member::{Phase, Role};
use crate::socket;

/// Handshakes at once.
const HANDSHAKES: usize = 64;

impl Engine {
    /// Has these members come in by and by.
    pub(crate) fn invite(&mut self, members: impl IntoIterator<Item = usize>) {
        self.queue.extend(members);
    }

    /// Whether everybody who was invited is in.
    pub(crate) fn is_assembled(&self) -> bool {
        self.queue.is_empty() && self.in_flight == 0
    }

    /// Takes turns until everybody who was invited is in.
    pub(crate) fn assemble(&mut self, timeout: std::time::Duration) -> Result<(), Failure> {
        let end = self.clock.after(timeout);
        while !self.is_assembled() {
            if self.clock.now() >= end {
                return Err(Failure::new(format!(
                    "{} connections were not in after {}: give it more time with --timeout",
                    self.queue.len() + self.in_flight,
                    humantime::format_duration(timeout)
                )));
            }
            self.turn(end)?;
        }
        Ok(())
    }

    pub(super) fn start_handshakes(&mut self) -> Result<(), Failure> {
        while self.in_flight < HANDSHAKES {
            let Some(index) = self.queue.pop_front() else { break };
            let source = self.source.as_mut().map(crate::source::Source::next);
            let mut stream =
                socket::connect(self.address, source).map_err(|error| self.unreachable(&error))?;
            self.poll
                .registry()
                .register(&mut stream, Token(index), Interest::READABLE | Interest::WRITABLE)
                .map_err(|error| self.unreachable(&error))?;
            let member = &mut self.members[index];
            (member.stream, member.phase) = (Some(stream), Phase::Connecting);
            self.in_flight += 1;
        }
        Ok(())
    }

    fn unreachable(&self, error: &io::Error) -> Failure {
        let inside = self.members.iter().filter(|member| member.phase == Phase::Here).count();
        let hint = match error.kind() {
            io::ErrorKind::AddrNotAvailable if self.source.is_none() => {
                "; one address has no more ports, spread the load with --source 127.0.0.0/8"
            }
            io::ErrorKind::AddrNotAvailable => "; is --source a network of this machine?",
            _ => "",
        };
        Failure::new(format!(
            "the server at {} can't be connected to any more, after {inside} connections: \
             {error}{hint}",
            self.target.url
        ))
    }

    /// Asks for the WebSocket, once the socket is connected.
    pub(super) fn connected(&mut self, index: usize) -> Result<(), Failure> {
        let Some(stream) = &self.members[index].stream else { return Ok(()) };
        if let Ok(Some(error)) | Err(error) = stream.take_error() {
            return Err(self.unreachable(&error));
        }
        if stream.peer_addr().is_err() {
            // Of a connection that this member had before.
            return Ok(());
        }
        let request = self.request(index);
        let member = &mut self.members[index];
        member.phase = Phase::Asked;
        member.out().extend_from_slice(request.as_bytes());
        self.flush(index)
    }

    fn nick(&mut self) -> String {
        self.nicks += 1;
        format!("m{}", self.nicks)
    }

    fn request(&mut self, index: usize) -> String {
        let nick = self.nick();
        let (prefix, host) = (&self.target.prefix, &self.target.host);
        let room = &self.rooms[self.members[index].room];
        let key = ClientKey(rand::random());
        let head = format!(
            "Host: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
        );
        match self.mode {
            Mode::Plain => {
                let query = Serializer::new(String::new())
                    .append_pair("token", &room.token)
                    .append_pair("nick", &nick)
                    .finish();
                format!("GET {prefix}/ws?{query} HTTP/1.1\r\n{head}\r\n")
            }
            Mode::V1 => format!(
                "GET {prefix}/ws HTTP/1.1\r\n{head}Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n\r\n"
            ),
        }
    }

    fn hello(&mut self, index: usize) -> String {
        let nick = self.nick();
        let room = &self.rooms[self.members[index].room];
        ClientFrame::Hello(Box::new(Hello {
            v: VERSION,
            room: Place::Token(room.token.as_str().into()),
            key: B64(rand::random()),
            attempt: clock::wall_ms(),
            who: Identity::Plain { nick: nick.into() },
            create: false,
            pace: false,
            create_key: None,
            opts: Opts::default(),
            resume: None,
            agent: None,
        }))
        .encode()
    }

    /// Goes on with a handshake; how many of the bytes are done with.
    pub(super) fn shake(&mut self, index: usize, bytes: &[u8]) -> Result<usize, Failure> {
        let mut used = 0;
        if self.members[index].phase == Phase::Asked {
            let Some(head) = self.answer(bytes)? else { return Ok(0) };
            used = head;
            match self.mode {
                Mode::Plain => self.arrive(index)?,
                Mode::V1 => {
                    let hello = self.hello(index);
                    let member = &mut self.members[index];
                    member.phase = Phase::Greeted;
                    frame::put(member.out(), frame::TEXT, hello.as_bytes());
                    self.flush(index)?;
                }
            }
        }
        while self.members[index].phase == Phase::Greeted {
            let Next::Frame { kind, start, end } = self.whole(bytes, used)? else { break };
            self.greeting(index, kind, &bytes[start..end])?;
            used = end;
        }
        Ok(used)
    }

    fn whole(&self, bytes: &[u8], at: usize) -> Result<Next, Failure> {
        match frame::next(bytes, at) {
            Next::Bad(what) => Err(Failure::new(format!("{} is no chat: {what}", self.target.url))),
            next => Ok(next),
        }
    }

    /// The length of the answer's head, once it is whole.
    fn answer(&self, bytes: &[u8]) -> Result<Option<usize>, Failure> {
        let url = &self.target.url;
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut response = httparse::Response::new(&mut headers);
        match (response.parse(bytes), response.code) {
            (Ok(httparse::Status::Complete(head)), Some(101)) => Ok(Some(head)),
            (Ok(httparse::Status::Complete(head)), Some(status)) => {
                let body = String::from_utf8_lossy(&bytes[head..]);
                let refusal = http::refusal(status, &body);
                Err(Failure::new(format!("{url}/ws {refusal}")))
            }
            (Ok(_), _) => Ok(None),
            (Err(_), _) => {
                Err(Failure::new(format!("{url}/ws answers with something else than HTTP")))
            }
        }
    }

    /// One frame between the hello and the end of the replay, which itself is of no interest.
    fn greeting(&mut self, index: usize, kind: u8, payload: &[u8]) -> Result<(), Failure> {
        let refused = |said: &str| Failure::new(format!("the server refuses a member: {said}"));
        match kind {
            frame::TEXT => {
                let text = std::str::from_utf8(payload).map_err(|_| refused("it isn't UTF-8"))?;
                match ServerFrame::decode(text, MAX_SERVER_FRAME) {
                    Ok(ServerFrame::Live(_)) => self.arrive(index),
                    Ok(ServerFrame::Error(error)) => Err(refused(&error.message)),
                    _ => Ok(()),
                }
            }
            frame::PING => {
                frame::put(self.members[index].out(), frame::PONG, payload);
                self.flush(index)
            }
            frame::CLOSE => Err(refused(&super::leave::reason(payload))),
            _ => Ok(()),
        }
    }

    fn arrive(&mut self, index: usize) -> Result<(), Failure> {
        self.in_flight -= 1;
        self.joins += 1;
        let member = &mut self.members[index];
        member.phase = Phase::Here;
        match (member.role, &mut member.stream) {
            (Role::Stalls, Some(stream)) => {
                self.poll.registry().deregister(stream).map_err(|error| self.unreachable(&error))
            }
            (Role::Comes, _) => self.leave(index),
            _ => Ok(()),
        }
    }
}

/// The key of a handshake, 16 bytes in base64 with its padding: chat-proto's own has none.
struct ClientKey([u8; 16]);

impl std::fmt::Display for ClientKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const DIGITS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let number = u128::from_be_bytes(self.0);
        for at in 0..22_u32 {
            // 22 digits are 132 bits: four zeros follow on the 128.
            let digit = match 122_u32.checked_sub(6 * at) {
                Some(shift) => number >> shift,
                None => number << 4,
            };
            write!(f, "{}", char::from(DIGITS[(digit & 63) as usize]))?;
        }
        f.write_str("==")
    }
}
