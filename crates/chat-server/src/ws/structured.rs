//! chat.v1 after its `hello` (docs/protocol.md, section 4.1).

use std::time::Duration;

use chat_core::{Departure, Face, MessageId, Posted, SenderKey};
use chat_proto::client::{Away, Body, Ping, Profile, Send, Typing};
use chat_proto::server::{Ack, Pong};
use chat_proto::{ClientFrame, ErrorCode, ServerFrame};
use tokio::time::Instant;

use super::connection::{Flow, Speaker};
use crate::config::Config;
use crate::convert::{self, Refusal};
use crate::hub::{self, Payload, Seat};

/// How often `typing` is passed on at most.
const TYPING_EVERY: Duration = Duration::from_secs(1);

pub(super) struct Structured {
    max_frame: usize,
    max_text: usize,
    typing: Option<Instant>,
}

impl Structured {
    pub(super) fn new(config: &Config) -> Self {
        Self { max_frame: config.max_frame, max_text: config.max_text, typing: None }
    }

    fn send(&self, seat: &Seat, send: Send<'_>) -> Result<(), Refusal> {
        let refuse = |code, message| Err(Refusal::fatal(code, message).mild().about(send.id));
        let payload = match send.body {
            Body::Text(text) if text.len() > self.max_text => {
                let message = format!("a text has at most {} bytes", self.max_text);
                return Err(Refusal::fatal(ErrorCode::TooBig, message).mild().about(send.id));
            }
            Body::Text(text) => Payload::Text(text.as_str().into()),
            Body::Sealed(sealed) => Payload::Sealed(sealed.into()),
        };
        if matches!(payload, Payload::Sealed(_)) != seat.is_sealed() {
            return refuse(ErrorCode::WrongKind, "a plain room takes text, a sealed one m");
        }
        // A room that ended closes the connection by itself, and so does a
        // later connection of the session.
        if let Ok(Posted::Repeat(seq)) = seat.post(MessageId::parse(send.id.as_str()), payload) {
            let mut ack = Vec::new();
            hub::put(&mut ack, &ServerFrame::Ack(Ack { id: send.id, seq: seq.get() }));
            seat.aside(&ack);
        }
        Ok(())
    }

    fn profile(seat: &Seat, profile: Profile<'_>) -> Result<(), Refusal> {
        let face = match (profile, seat.face()) {
            (Profile::Sealed(profile), Some(Face::Key { spk: SenderKey(spk), .. })) => {
                convert::sealed_face(SenderKey(spk), profile)?
            }
            (Profile::Nick(nick), Some(Face::Nick(_))) => {
                Face::Nick(chat_core::Nick::parse(&nick)?)
            }
            _ => {
                let message = "a plain room takes nick, a sealed one profile";
                return Err(Refusal::fatal(ErrorCode::WrongKind, message));
            }
        };
        Ok(seat.rename(face)?)
    }

    /// At most once a second; what comes sooner is dropped.
    fn typing(&mut self, seat: &Seat, on: bool) {
        let now = Instant::now();
        if self.typing.is_none_or(|last| now.duration_since(last) >= TYPING_EVERY) {
            self.typing = Some(now);
            seat.type_on(on);
        }
    }
}

impl Speaker for Structured {
    fn hear(&mut self, seat: &mut Seat, text: &str) -> Flow {
        let done = match ClientFrame::decode(text, self.max_frame) {
            Ok(ClientFrame::Send(send)) => self.send(seat, send),
            Ok(ClientFrame::Profile(profile)) => {
                Self::profile(seat, profile).map_err(Refusal::mild)
            }
            Ok(ClientFrame::Typing(Typing { on })) => {
                self.typing(seat, on);
                Ok(())
            }
            Ok(ClientFrame::Away(Away { on })) => {
                seat.set_away(on);
                Ok(())
            }
            Ok(ClientFrame::Ping(Ping { n })) => {
                let mut pong = Vec::new();
                let now = seat.now().as_millis();
                hub::put(&mut pong, &ServerFrame::Pong(Pong { n, now }));
                seat.aside(&pong);
                Ok(())
            }
            Ok(ClientFrame::Bye) => {
                return Flow::close(chat_proto::CloseCode::NORMAL, "bye");
            }
            Ok(ClientFrame::Hello(_)) => {
                Err(Refusal::fatal(ErrorCode::BadFrame, "there was a hello already"))
            }
            // After a good hello everything malformed is a bad frame.
            Err(chat_proto::DecodeError::Hello(_) | chat_proto::DecodeError::Version(_)) => {
                Err(Refusal::fatal(ErrorCode::BadFrame, "there was a hello already"))
            }
            Err(error) => Err(error.into()),
        };
        if let Err(refusal) = &done {
            seat.refused(refusal);
        }
        match done {
            Ok(()) => Flow::Go,
            Err(refusal) if refusal.fatal => Flow::Close(refusal.closing(), Departure::Expelled),
            Err(refusal) => {
                let mut frames = Vec::new();
                hub::error(&mut frames, &refusal);
                seat.aside(&frames);
                Flow::Go
            }
        }
    }
    fn mode(&self) -> &'static str {
        "chat.v1"
    }
}
