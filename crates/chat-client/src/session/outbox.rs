//! Messages of one's own that were not seen back yet.

use std::collections::VecDeque;

use chat_proto::{MsgId, Text, client::Body, server::Content};

/// The most messages that are outstanding (protocol, section 4.1).
const MAX_OUTSTANDING: usize = 64;

/// One message, as it goes over the wire.
pub(super) struct Outgoing {
    pub(super) id: MsgId,
    pub(super) text: Text<'static>,
    pub(super) body: Body<'static>,
    pub(super) frame: String,
}

/// The outstanding messages in their order; the first `sent` of them are on their way.
#[derive(Default)]
pub(super) struct Outbox {
    messages: VecDeque<Outgoing>,
    sent: usize,
    named: u64,
}

impl Outbox {
    pub(super) fn is_full(&self) -> bool {
        self.messages.len() >= MAX_OUTSTANDING
    }

    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// A name that no message of this session has had.
    pub(super) fn next_id(&mut self) -> MsgId {
        self.named += 1;
        match format!("m{}", self.named).parse() {
            Ok(id) => id,
            Err(error) => unreachable!("a letter and at most 20 digits: {error}"),
        }
    }

    /// Whether what came back under this name is what was sent, to the letter where it is sealed.
    pub(super) fn is_same(&self, id: MsgId, content: &Content<'_>) -> bool {
        let sent = self.messages.iter().find(|message| message.id == id);
        match (sent.map(|message| &message.body), content) {
            (Some(Body::Sealed(sent)), Content::Sealed { m, .. }) => sent == m,
            (Some(Body::Text(_)), Content::Plain { .. }) => true,
            _ => false,
        }
    }

    pub(super) fn push(&mut self, message: Outgoing) {
        self.messages.push_back(message);
    }

    /// The next frame that is not on its way yet.
    pub(super) fn poll_unsent(&mut self) -> Option<String> {
        let message = self.messages.get(self.sent)?;
        self.sent += 1;
        Some(message.frame.clone())
    }

    /// Takes out what was delivered or refused; whether it was there.
    pub(super) fn settle(&mut self, id: MsgId) -> bool {
        let Some(at) = self.messages.iter().position(|message| message.id == id) else {
            return false;
        };
        self.messages.remove(at);
        self.sent -= usize::from(at < self.sent);
        true
    }

    pub(super) fn drain(&mut self) -> impl Iterator<Item = Outgoing> {
        self.sent = 0;
        self.messages.drain(..)
    }
}
