//! What all members have seen, put together.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard};

use tokio::sync::watch;

use crate::socket::{number, text};

/// What everybody saw must be one and the same.
pub(crate) struct Ledger {
    state: Mutex<State>,
    newest: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    /// The frame of each number, as a hash.
    frames: HashMap<u64, u64>,
    /// The number of each message, as it was seen or acknowledged.
    said: HashMap<String, u64>,
    /// What must never turn up.
    refused: HashSet<String>,
    counts: [u64; Count::ALL.len()],
}

/// What is counted, to be told at the end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Count {
    Sessions,
    Resumes,
    Windows,
    Late,
    Byes,
    SlowGaps,
    ExpiredGaps,
    Acks,
    Frames,
}

impl Count {
    const ALL: [Self; 9] = [
        Self::Sessions,
        Self::Resumes,
        Self::Windows,
        Self::Late,
        Self::Byes,
        Self::SlowGaps,
        Self::ExpiredGaps,
        Self::Acks,
        Self::Frames,
    ];
}

impl Ledger {
    pub(crate) fn new() -> Self {
        Self { state: Mutex::default(), newest: watch::Sender::new(0) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn count(&self, what: Count) {
        self.state().counts[what as usize] += 1;
    }

    /// Somebody saw a numbered frame.
    pub(crate) fn saw(&self, seq: u64, frame: &str) {
        let mut hasher = DefaultHasher::new();
        frame.hash(&mut hasher);
        let hash = hasher.finish();
        let mut state = self.state();
        state.counts[Count::Frames as usize] += 1;
        match state.frames.get(&seq) {
            Some(known) => assert_eq!(*known, hash, "others saw something else than {frame}"),
            None => {
                state.frames.insert(seq, hash);
                if let (true, Some(id)) = (frame.starts_with(r#"{"t":"msg""#), text(frame, "id")) {
                    assert_eq!(Some(seq), number(frame, "seq"));
                    state.stands(id, seq);
                }
            }
        }
        drop(state);
        self.newest.send_if_modified(|newest| {
            let newer = seq > *newest;
            *newest = seq.max(*newest);
            newer
        });
    }

    /// Somebody was told that a message stands there.
    pub(crate) fn acknowledged(&self, id: &str, seq: u64) {
        self.state().stands(id, seq);
    }

    /// A message was said where it must not be heard.
    pub(crate) fn refuse(&self, id: String) {
        self.state().refused.insert(id);
    }

    /// Waits until the room has come to `seq`, or all is over.
    pub(crate) async fn reached(&self, seq: u64) {
        self.newest.subscribe().wait_for(|newest| *newest >= seq).await.unwrap();
    }

    /// Nobody waits for more to happen.
    pub(crate) fn finish(&self) {
        self.newest.send_replace(u64::MAX);
    }

    /// What can only be told at the end.
    pub(crate) fn check(&self) {
        let state = self.state();
        for id in &state.refused {
            assert_eq!(state.said.get(id), None, "{id} came from a connection that was replaced");
        }
        let places: HashSet<_> = state.said.values().collect();
        assert_eq!(places.len(), state.said.len(), "two messages in one place");
        for what in Count::ALL {
            assert!(state.counts[what as usize] > 0, "nothing was tried of {what:?}");
        }
    }

    pub(crate) fn summary(&self) -> String {
        let state = self.state();
        let counts: Vec<_> =
            Count::ALL.iter().zip(state.counts).map(|(what, n)| format!("{n} {what:?}")).collect();
        format!("{} messages, {}", state.said.len(), counts.join(", "))
    }
}

impl State {
    /// Each message has one place.
    fn stands(&mut self, id: &str, seq: u64) {
        if let Some(known) = self.said.insert(id.to_owned(), seq) {
            assert_eq!(known, seq, "{id} is there twice");
        }
    }
}
