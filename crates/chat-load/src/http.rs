//! `GET /create`, by a blocking connection that is kept for the next room.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use chat_proto::http::{ApiError, CreateAnswer};
use socket2::{Domain, Protocol, Socket, Type};

use crate::failure::Failure;
use crate::source::Source;
use crate::target::Target;

/// The longest answer that is taken, in bytes.
const ANSWER_MAX: usize = 64 << 10;

/// Opens rooms.
pub(crate) struct Creator<'a> {
    target: &'a Target,
    source: Option<Source>,
    timeout: Duration,
    stream: Option<TcpStream>,
}

/// An answer's status, its body, and whether another may follow on the same connection.
struct Answer {
    status: u16,
    body: Vec<u8>,
    more: bool,
}

impl<'a> Creator<'a> {
    pub(crate) fn new(target: &'a Target, source: Option<Source>, timeout: Duration) -> Self {
        Self { target, source, timeout, stream: None }
    }

    /// Opens a room; its token.
    pub(crate) fn create(&mut self) -> Result<String, Failure> {
        let Target { url, host, prefix } = self.target;
        let failed = |error| Failure::new(format!("{url}/create gave no answer: {error}"));
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.connect().map_err(|error| {
                Failure::new(format!("there is no server at {url}: start one there ({error})"))
            })?,
        };
        let request = format!("GET {prefix}/create HTTP/1.1\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).map_err(failed)?;
        let answer = read(&mut stream).map_err(failed)?;
        // From a network of sources each room comes from the next address.
        self.stream = Some(stream).filter(|_| answer.more && self.source.is_none());
        token(&answer).map_err(|problem| Failure::new(format!("{url}/create {problem}")))
    }

    fn connect(&mut self) -> std::io::Result<TcpStream> {
        let to = self.target.address().map_err(|e| std::io::Error::other(e.to_string()))?;
        let socket = Socket::new(Domain::for_address(to), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_read_timeout(Some(self.timeout))?;
        socket.set_write_timeout(Some(self.timeout))?;
        socket.set_tcp_nodelay(true)?;
        if let Some(source) = &mut self.source {
            socket.bind(&std::net::SocketAddr::new(source.next(), 0).into())?;
        }
        socket.connect_timeout(&to.into(), self.timeout)?;
        Ok(socket.into())
    }
}

fn token(answer: &Answer) -> Result<String, String> {
    let body = String::from_utf8_lossy(&answer.body);
    if answer.status != 200 {
        return Err(refusal(answer.status, &body));
    }
    match CreateAnswer::decode(&body, ANSWER_MAX) {
        Ok(answer) => Ok(answer.token.into_string()),
        Err(_) => Err("answers without a token: is it a chat server of this project?".into()),
    }
}

/// What a server's answer that isn't the hoped one says to people.
pub(crate) fn refusal(status: u16, body: &str) -> String {
    let said = match ApiError::decode(body, ANSWER_MAX) {
        Ok(error) => format!(" ({})", error.message),
        Err(_) => String::new(),
    };
    let hint = match status {
        429 => {
            ": start the server with --address-creates 0 --address-failed-joins 0 \
             --address-connections 0 --address-handshakes 0, or spread the load with --source \
             127.0.0.0/8"
        }
        503 => ": start the server with --max-rooms 0 --max-memory 0",
        409 => ": start the server with --room-max 0",
        _ => "",
    };
    format!("answers {status}{said}{hint}")
}

fn read(stream: &mut TcpStream) -> std::io::Result<Answer> {
    let mut bytes = Vec::new();
    let (status, head, length) = loop {
        let ended = fill(stream, &mut bytes)?;
        if let Some(head) = head(&bytes)? {
            break head;
        }
        if ended {
            return Err(std::io::Error::other("the connection ended"));
        }
    };
    let mut body = bytes.split_off(head);
    loop {
        if length.is_some_and(|length| body.len() >= length) {
            return Ok(Answer { status, body, more: true });
        }
        if fill(stream, &mut body)? {
            return Ok(Answer { status, body, more: false });
        }
    }
}

/// Reads some more; true at the end.
fn fill(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> std::io::Result<bool> {
    let mut some = [0; 4096];
    let read = stream.read(&mut some)?;
    bytes.extend_from_slice(&some[..read]);
    match bytes.len() > ANSWER_MAX {
        true => Err(std::io::Error::other("it is too long")),
        false => Ok(read == 0),
    }
}

/// The status, the length of the head and that of the body, once the head is whole.
fn head(bytes: &[u8]) -> std::io::Result<Option<(u16, usize, Option<usize>)>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let parsed = response.parse(bytes).map_err(|_| std::io::Error::other("it isn't HTTP"))?;
    let httparse::Status::Complete(head) = parsed else { return Ok(None) };
    let length = response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .and_then(|header| std::str::from_utf8(header.value).ok()?.trim().parse().ok());
    Ok(Some((response.code.unwrap_or_default(), head, length)))
}
