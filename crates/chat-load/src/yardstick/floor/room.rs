//! The floor's rooms: who is in them, and what is said.

use super::super::talk;
use super::Floor;
use super::connection::State;
use super::splice;
use crate::frame::{CLOSE, PING, PONG, TEXT, server_head};

/// A room. It lives as long as the process, as a run's rooms may.
#[derive(Default)]
pub(super) struct Room {
    pub(super) members: Vec<usize>,
    /// Whether its members speak chat.v1; all of them do or none.
    v1: bool,
    seq: u64,
    /// What is to be written to all.
    pub(super) chunk: Vec<u8>,
    json: Vec<u8>,
}

impl Room {
    /// Lets somebody in, who speaks as the others do.
    pub(super) fn enter(&mut self, index: usize, v1: bool) -> bool {
        if self.members.is_empty() {
            self.v1 = v1;
        }
        if self.v1 != v1 {
            return false;
        }
        self.seq += 1;
        self.members.push(index);
        true
    }

    pub(super) fn leave(&mut self, index: usize) {
        self.members.retain(|member| *member != index);
    }

    /// Takes a chunk back, for the next one.
    pub(super) fn recycle(&mut self, mut chunk: Vec<u8>) {
        chunk.clear();
        self.chunk = chunk;
    }

    fn put_plain(&mut self, nick: &str, text: &[u8]) {
        server_head(&mut self.chunk, TEXT, nick.len() + 2 + text.len());
        for part in [nick.as_bytes(), b": ", text] {
            self.chunk.extend_from_slice(part);
        }
    }

    fn put_v1(&mut self, ts: u64, from: u64, nick: &str, send: &[u8]) {
        self.json.clear();
        if !splice::put(&mut self.json, (self.seq + 1, ts, from), nick, send) {
            return;
        }
        self.seq += 1;
        server_head(&mut self.chunk, TEXT, self.json.len());
        self.chunk.extend_from_slice(&self.json);
    }
}

impl Floor {
    /// Takes a frame; its payload is unmasked.
    pub(super) fn hear(&mut self, index: usize, kind: u8, payload: &mut [u8]) {
        let Some(connection) = &mut self.connections[index] else { return };
        match (kind, &connection.state) {
            (TEXT, State::Greeting) => self.greet(index, payload),
            (TEXT, &State::Member { room, ref nick, v1 }) => {
                let crowd = &mut self.rooms[room];
                let first = crowd.chunk.is_empty();
                if v1 {
                    crowd.put_v1(self.now, index as u64, nick, payload);
                } else {
                    crowd.put_plain(nick, payload);
                }
                self.said(room, first);
            }
            (PING | CLOSE, _) => {
                let mut answer = Vec::new();
                server_head(&mut answer, if kind == PING { PONG } else { CLOSE }, payload.len());
                answer.extend_from_slice(payload);
                if !connection.offer(&answer) || kind == CLOSE {
                    self.gone.push(index);
                }
            }
            _ => {}
        }
    }

    /// Something was added to a room's chunk: it goes out now, or with all of this turn.
    fn said(&mut self, room: usize, first: bool) {
        if !self.batched {
            let chunk = std::mem::take(&mut self.rooms[room].chunk);
            self.write_to_all(room, &chunk);
            self.rooms[room].recycle(chunk);
        } else if first {
            self.dirty.push(room);
        }
    }

    fn greet(&mut self, index: usize, payload: &[u8]) {
        let hello = std::str::from_utf8(payload).ok().and_then(talk::hello);
        let entered = hello.and_then(|(token, nick)| {
            let room = self.tokens.get(&token).copied();
            room.filter(|room| self.rooms[*room].enter(index, true)).zip(Some(nick))
        });
        let (Some((room, nick)), Some(connection)) = (entered, &mut self.connections[index]) else {
            return self.gone.push(index);
        };
        let mut welcome = Vec::new();
        for json in talk::welcome(index as u64, &nick, self.rooms[room].seq, self.now) {
            server_head(&mut welcome, TEXT, json.len());
            welcome.extend_from_slice(json.as_bytes());
        }
        connection.state = State::Member { room, nick: splice::quoted(&nick), v1: true };
        if !connection.offer(&welcome) {
            self.gone.push(index);
        }
    }
}
