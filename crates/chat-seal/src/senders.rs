//! Who has sent, and how much: so that nothing is taken twice, and what is
//! missing is seen.

use std::collections::BTreeMap;

use aes_gcm::Aes256Gcm;

use crate::derive::RoomKeys;

/// How many senders are remembered. A room has 256 people by default; the one
/// that was heard the longest ago is forgotten first.
const SENDERS: usize = 4096;

/// How a message stands to the one before it of the same sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The first that was seen of this sender, or after something was lost
    /// that everybody was told of.
    First,
    /// The next.
    Next,
    /// So many are missing between it and the one before, and nobody said so.
    After(u64),
}

/// What is known of one sender.
pub(crate) struct Sender {
    pub(crate) cipher: Aes256Gcm,
    /// The next message's number; `None` before the first.
    next: Option<u64>,
    /// Whether something was lost since, so that numbers may jump.
    may_jump: bool,
    /// The newest profile's number.
    profile: Option<u64>,
    heard: u64,
}

impl Sender {
    /// Counts a message that is its sender's; `None` for one that was seen.
    pub(crate) fn count(&mut self, n: u64) -> Option<Order> {
        let order = match self.next {
            Some(next) if n < next => return None,
            Some(next) if n == next => Order::Next,
            Some(next) if !self.may_jump => Order::After(n - next),
            Some(_) | None => Order::First,
        };
        self.next = Some(n + 1);
        self.may_jump = false;
        Some(order)
    }

    /// Whether a profile that is its sender's is news.
    pub(crate) fn is_newer(&mut self, n: u64) -> bool {
        let newer = self.profile.is_none_or(|known| n > known);
        if newer {
            self.profile = Some(n);
        }
        newer
    }
}

/// All senders that are remembered.
#[derive(Default)]
pub(crate) struct Senders {
    known: BTreeMap<[u8; 32], Sender>,
    clock: u64,
}

impl Senders {
    /// A sender's cipher, from memory or derived.
    pub(crate) fn cipher(&self, keys: &RoomKeys, spk: &[u8; 32]) -> Aes256Gcm {
        self.known.get(spk).map_or_else(|| keys.cipher(spk), |sender| sender.cipher.clone())
    }

    /// A sender that was heard. Only what is authentic may come so far, or
    /// anybody could make others forgotten.
    pub(crate) fn heard(&mut self, spk: [u8; 32], cipher: Aes256Gcm) -> &mut Sender {
        self.clock += 1;
        if self.known.len() >= SENDERS && !self.known.contains_key(&spk) {
            let oldest = self.known.iter().min_by_key(|(_, sender)| sender.heard);
            if let Some(oldest) = oldest.map(|(spk, _)| *spk) {
                self.known.remove(&oldest);
            }
        }
        let sender = self.known.entry(spk).or_insert_with(|| Sender {
            cipher,
            next: None,
            may_jump: false,
            profile: None,
            heard: 0,
        });
        sender.heard = self.clock;
        sender
    }

    /// Something was lost that everybody is told of.
    pub(crate) fn interrupt(&mut self) {
        for sender in self.known.values_mut() {
            sender.may_jump = true;
        }
    }
}
