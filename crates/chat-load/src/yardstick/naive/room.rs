//! The naive server's rooms: a lock, and a queue for each member.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::Sender;
use tokio_tungstenite::tungstenite::Message;

use super::super::{request, talk};
use crate::clock;

/// All rooms. They live as long as the process, as a run's rooms may.
#[derive(Default)]
pub(super) struct Rooms(Mutex<HashMap<String, Arc<Mutex<Room>>>>);

#[derive(Default)]
struct Room {
    queues: HashMap<u64, Sender<Message>>,
    /// Whether its members speak chat.v1; all of them do or none.
    v1: bool,
    members: u64,
    seq: u64,
}

/// A place in a room, which ends with it.
pub(super) struct Member {
    room: Arc<Mutex<Room>>,
    pub(super) number: u64,
    pub(super) nick: String,
    pub(super) v1: bool,
    /// The room's newest number when it came.
    pub(super) seq: u64,
}

impl Rooms {
    /// Opens a room; its token.
    pub(super) fn create(&self) -> String {
        let token = request::new_token();
        lock(&self.0).insert(token.clone(), Arc::default());
        token
    }

    pub(super) fn has(&self, token: &str) -> bool {
        lock(&self.0).contains_key(token)
    }

    /// Lets somebody in, who speaks as the others do.
    pub(super) fn enter(
        &self,
        token: &str,
        nick: String,
        v1: bool,
        queue: Sender<Message>,
    ) -> Option<Member> {
        let shared = lock(&self.0).get(token)?.clone();
        let mut room = lock(&shared);
        if room.queues.is_empty() {
            room.v1 = v1;
        }
        if room.v1 != v1 {
            return None;
        }
        room.members += 1;
        room.seq += 1;
        let (number, seq) = (room.members, room.seq);
        room.queues.insert(number, queue);
        drop(room);
        Some(Member { room: shared, number, nick, v1, seq })
    }
}

impl Member {
    /// Says something to all, in one order.
    pub(super) fn say(&self, text: &str) {
        let mut room = lock(&self.room);
        let message = if self.v1 {
            let Some((id, text)) = talk::message(text) else { return };
            room.seq += 1;
            let mut json = Vec::with_capacity(256);
            let numbers = (room.seq, clock::wall_ms(), self.number);
            talk::put_message(&mut json, numbers, id, &self.nick, &text);
            match String::from_utf8(json) {
                Ok(json) => Message::text(json),
                Err(_) => return,
            }
        } else {
            Message::text(format!("{}: {text}", self.nick))
        };
        // One whose queue is full is too slow, and is closed by losing it.
        room.queues.retain(|_, queue| queue.try_send(message.clone()).is_ok());
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        lock(&self.room).queues.remove(&self.number);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
