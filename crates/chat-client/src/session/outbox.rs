//! Messages of one's own that were not seen back yet.

use std::collections::VecDeque;

use chat_proto::{B64, MsgId, Text, client::Body, server::Content};

/// The most messages that are outstanding (protocol, section 4.1).
const MAX_OUTSTANDING: usize = 64;

/// A session of the server's: a room instance, and a number in it.
pub(super) type Home = (B64<16>, u64);

/// One message, as it goes over the wire: the same bytes whenever it does.
pub(super) struct Outgoing {
    pub(super) id: MsgId,
    pub(super) text: Text<'static>,
    pub(super) body: Body<'static>,
    pub(super) frame: String,
    /// Which session transmitted it last; `None` where it never was.
    pub(super) home: Option<Home>,
}

/// The outstanding messages in their order.
#[derive(Default)]
pub(super) struct Outbox {
    messages: VecDeque<Outgoing>,
    named: u64,
}

impl Outbox {
    pub(super) fn is_full(&self) -> bool {
        self.messages.len() >= MAX_OUTSTANDING
    }

    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// A name that no message of this client has had.
    pub(super) fn next_id(&mut self) -> MsgId {
        self.named += 1;
        match format!("m{}", self.named).parse() {
            Ok(id) => id,
            Err(error) => unreachable!("a letter and at most 20 digits: {error}"),
        }
    }

    pub(super) fn push(&mut self, message: Outgoing) {
        self.messages.push_back(message);
    }

    /// All frames, oldest first, which now are transmitted by this session.
    pub(super) fn transmit(&mut self, home: Home) -> impl Iterator<Item = String> + '_ {
        self.messages.iter_mut().map(move |message| {
            message.home = Some(home);
            message.frame.clone()
        })
    }

    /// Whether what `from` said under this name is what was sent: in a sealed room to the letter,
    /// in a plain one by the session that sent it.
    pub(super) fn is_ours(&self, id: MsgId, from: Home, own: bool, content: &Content<'_>) -> bool {
        let sent = self.messages.iter().find(|message| message.id == id);
        sent.is_some_and(|sent| match (&sent.body, content) {
            (Body::Sealed(body), Content::Sealed { m, .. }) => own && *body == **m,
            (Body::Text(_), Content::Plain { .. }) => sent.home == Some(from),
            _ => false,
        })
    }

    /// Takes out what was delivered or refused; whether it was there.
    pub(super) fn settle(&mut self, id: MsgId) -> bool {
        let place = self.messages.iter().position(|message| message.id == id);
        place.is_some_and(|place| self.messages.remove(place).is_some())
    }

    /// Takes out what another session than this one transmitted.
    pub(super) fn abandon(&mut self, home: Home) -> Vec<Outgoing> {
        let (gone, kept) = std::mem::take(&mut self.messages)
            .into_iter()
            .partition(|message| message.home.is_some_and(|other| other != home));
        self.messages = kept;
        VecDeque::into(gone)
    }

    pub(super) fn drain(&mut self) -> impl Iterator<Item = Outgoing> {
        self.messages.drain(..)
    }
}
