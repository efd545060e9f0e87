//! Who is at the other end, and what that costs of whose limits.

use std::net::IpAddr;
use std::sync::Arc;

use chat_core::Timestamp;
use chat_proto::ErrorCode;
use hyper::Request;
use tokio::sync::mpsc;

use crate::Server;
use crate::convert::Refusal;
use crate::limits::{Open, Place};
use crate::watch::Roomless;

/// Who is at the other end.
#[derive(Clone)]
pub(crate) struct Peer {
    /// Who counts: whoever it is that a trusted proxy speaks for.
    pub(crate) address: IpAddr,
    pub(crate) stay: Stay,
    /// Why nothing that it asks for is done.
    pub(crate) refusal: Option<Arc<Refusal>>,
    /// Whether the connection is a trusted proxy's, which brings many clients.
    brings: bool,
    /// Counts the connection until it is in a room or gone.
    _roomless: Arc<Roomless>,
    /// When all of these are dropped, all connections are gone.
    _alive: mpsc::Sender<()>,
}

/// A connection's places among all and among those of its address, held as long
/// as it lives.
#[derive(Clone)]
pub(crate) struct Stay {
    _open: Arc<Open>,
    /// `None` where nothing is counted by address.
    place: Option<Arc<Place>>,
}

impl Stay {
    /// Takes one from what the address may say.
    ///
    /// # Errors
    /// The time from which on the next is allowed.
    pub(crate) fn take_turn(&self, now: Timestamp) -> Result<(), Timestamp> {
        self.place.as_ref().map_or(Ok(()), |place| place.take_turn(now))
    }
}

impl Peer {
    /// Somebody who has just connected. `None` where they aren't let in, not
    /// even to be told why.
    pub(super) fn arrives(
        server: &Server,
        address: IpAddr,
        alive: &mpsc::Sender<()>,
    ) -> Option<Self> {
        let Some(open) = server.crowd.enter() else {
            server.refused(address, ErrorCode::Overloaded.as_str());
            return None;
        };
        let refusal = open.too_many.then(|| Arc::new(Refusal::crowded()));
        let stay = Stay { _open: Arc::new(open), place: None };
        let (_roomless, _alive) = (Arc::new(Roomless::begin(&server.meter)), alive.clone());
        let peer = Self { address, stay, refusal, brings: false, _roomless, _alive };
        match server.proxies.introduce() {
            // Who it is stands in what it sends first.
            true => Some(peer),
            false => peer.known(server, address),
        }
    }

    /// The same, once it is known whose connection it is.
    pub(super) fn known(self, server: &Server, address: IpAddr) -> Option<Self> {
        let brings = server.proxies.trusts(address);
        let peer = Self { address, brings, ..self };
        match brings {
            true => Some(peer),
            false => {
                let refused = |refusal: Refusal| server.refused(address, refusal.code.as_str());
                peer.counted(server).map_err(refused).ok()
            }
        }
    }

    /// Whoever sent this request, if that isn't too many from there.
    ///
    /// # Errors
    /// Why it isn't answered.
    pub(crate) fn asks<B>(
        mut self,
        server: &Server,
        request: &Request<B>,
    ) -> Result<Self, Refusal> {
        let path = request.uri().path();
        let client = server.proxies.client(self.address, request.headers());
        if self.brings {
            self.address = client;
        }
        let asked = server.visitors.ask(self.address, server.clock.now());
        // Whoever watches the server is to hear of it, above all when it is full.
        if matches!(path, "/healthz" | "/readyz") {
            return asked.map(|()| self).map_err(Refusal::rate);
        }
        if let Err(retry) = asked {
            self.refusal.get_or_insert_with(|| Arc::new(Refusal::rate(retry)));
        }
        match &self.refusal {
            // It is told in the way that its kind of client understands.
            _ if path == "/ws" => match self.brings {
                true => self.counted(server),
                false => Ok(self),
            },
            Some(refusal) => Err(Refusal::clone(refusal)),
            None => Ok(self),
        }
    }

    /// Counts the connection where it comes from.
    ///
    /// # Errors
    /// When it is one of so many that it isn't to cost anything.
    fn counted(mut self, server: &Server) -> Result<Self, Refusal> {
        let admitted = server.visitors.admit(self.address, server.clock.now());
        let admitted = admitted.map_err(Refusal::rate)?;
        self.stay.place = admitted.place;
        if let Some(refusal) = admitted.refusal {
            self.refusal.get_or_insert_with(|| Arc::new(refusal));
        }
        Ok(self)
    }
}
