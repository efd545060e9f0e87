//! A network of connections that are slow, stalled, cut, or only look alive.

use std::{collections::VecDeque, ops::RangeInclusive};

use rand::{RngExt, rngs::StdRng};

use super::plan::Cut;

/// What one end says to the other.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    /// The connection is open; to the client alone.
    Open,
    Text(String),
    Close(u16),
    /// It ended without a word.
    Gone,
}

/// The two directions of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Server,
    Client,
}

/// A connection between a member and the server.
pub(crate) struct Pipe {
    pub(crate) member: usize,
    to_server: Lane,
    to_client: Lane,
}

#[derive(Default)]
struct Lane {
    stalled_until: u64,
    queue: VecDeque<(u64, Said)>,
    last: u64,
    /// Nothing goes in any more.
    closed: bool,
}

/// All connections that there ever were; one is named by its place.
pub(crate) struct Net {
    pub(crate) pipes: Vec<Pipe>,
    latency: RangeInclusive<u64>,
}

impl Net {
    pub(crate) fn new(latency: RangeInclusive<u64>) -> Self {
        Self { pipes: Vec::new(), latency }
    }

    pub(crate) fn open(&mut self, member: usize) -> usize {
        let (to_server, to_client) = (Lane::default(), Lane::default());
        self.pipes.push(Pipe { member, to_server, to_client });
        self.pipes.len() - 1
    }

    /// Says something, which arrives after what was said before.
    pub(crate) fn say(&mut self, now: u64, rng: &mut StdRng, pipe: usize, to: To, said: Said) {
        let delay = rng.random_range(self.latency.clone());
        let lane = self.pipes[pipe].lane(to);
        if lane.closed {
            return;
        }
        lane.closed = matches!(said, Said::Gone);
        lane.push(now + delay, said);
    }

    /// How much is on its way to the client.
    pub(crate) fn held(&self, pipe: usize) -> usize {
        self.pipes[pipe].to_client.queue.len()
    }

    /// Nothing arrives there until then.
    pub(crate) fn stall(&mut self, pipe: usize, to: To, until: u64) {
        let lane = self.pipes[pipe].lane(to);
        lane.stalled_until = lane.stalled_until.max(until);
    }

    /// What is on its way is lost from some place on, and so is all that is said later.
    pub(crate) fn cut(&mut self, now: u64, rng: &mut StdRng, pipe: usize, cut: Cut) {
        for (to, hears) in [(To::Server, cut.server_hears), (To::Client, cut.client_hears)] {
            let lane = self.pipes[pipe].lane(to);
            let kept = rng.random_range(0..=lane.queue.len());
            lane.queue.truncate(kept);
            lane.closed = true;
            if hears {
                lane.push(now + rng.random_range(0..2000), Said::Gone);
            }
        }
    }

    /// All that is lost when a server is killed: its kernel says so to who asks.
    pub(crate) fn kill(&mut self, now: u64, rng: &mut StdRng) {
        for pipe in 0..self.pipes.len() {
            let heard = Cut { client_hears: true, server_hears: false };
            self.cut(now, rng, pipe, heard);
            self.pipes[pipe].to_server.queue.clear();
        }
    }

    /// When the next thing arrives, and where.
    pub(crate) fn next(&self) -> Option<(u64, usize, To)> {
        let arrivals = self.pipes.iter().enumerate().flat_map(|(n, pipe)| {
            let at = |lane: &Lane, to| {
                lane.queue.front().map(|(at, _)| ((*at).max(lane.stalled_until), n, to))
            };
            [at(&pipe.to_server, To::Server), at(&pipe.to_client, To::Client)]
        });
        arrivals.flatten().min_by_key(|(at, ..)| *at)
    }

    pub(crate) fn take(&mut self, pipe: usize, to: To) -> Option<Said> {
        self.pipes[pipe].lane(to).queue.pop_front().map(|(_, said)| said)
    }
}

impl Pipe {
    fn lane(&mut self, to: To) -> &mut Lane {
        match to {
            To::Server => &mut self.to_server,
            To::Client => &mut self.to_client,
        }
    }
}

impl Lane {
    fn push(&mut self, at: u64, said: Said) {
        self.last = self.last.max(at);
        self.queue.push_back((self.last, said));
    }
}
