//! Reading: where nearly all of the loop's time goes.

use std::io::{self, Read};

use chat_proto::{MAX_SERVER_FRAME, ServerFrame};

use super::Engine;
use crate::failure::Failure;
use crate::form::Spotter;
use crate::frame::{self, Next};
use crate::member::{Member, Phase, Role};
use crate::pace::Pace;
use crate::tally::Tally;

/// What a piece of a stream held.
struct Heard {
    /// How many of its bytes are done with.
    used: usize,
    /// How many of the member's own messages came back.
    own: u32,
    /// What the server said besides messages, for a person.
    remark: Option<String>,
    /// Why the connection is over.
    end: Option<String>,
}

impl Engine {
    /// Reads what a socket has, to its end where there is one.
    pub(super) fn read(&mut self, index: usize, ends: bool) -> Result<(), Failure> {
        loop {
            let member = &mut self.members[index];
            let Some(stream) = &mut member.stream else { return Ok(()) };
            let kept = member.rest.len();
            if kept > self.scratch.len() / 2 {
                // Bounded by the longest frame that is taken.
                self.scratch.resize(self.scratch.len() * 2, 0);
            }
            self.scratch[..kept].copy_from_slice(&member.rest);
            let read = match stream.read(&mut self.scratch[kept..]) {
                Ok(0) => return self.ended(index, "the server ended a connection without a close"),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::NotConnected => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return self.ended(index, &format!("a connection broke: {error}")),
            };
            let now = self.clock.now();
            self.heard = now;
            self.tally.read(read);
            self.take(index, kept + read, now)?;
            // A stream that gave less than it might is empty; the next bytes are a new event.
            if kept + read < self.scratch.len() && !ends {
                return Ok(());
            }
        }
    }

    /// Takes the first bytes of the scratch, which are those of a member.
    fn take(&mut self, index: usize, len: usize, now: u64) -> Result<(), Failure> {
        let mut used = 0;
        if matches!(self.members[index].phase, Phase::Asked | Phase::Greeted) {
            let scratch = std::mem::take(&mut self.scratch);
            let shaken = self.shake(index, &scratch[..len]);
            self.scratch = scratch;
            used = shaken?;
        }
        let member = &mut self.members[index];
        let (mut own, mut end) = (0, None);
        if matches!(member.phase, Phase::Here | Phase::Leaving) {
            let heard = hear(member, &mut self.tally, &self.spotter, &self.scratch[used..len], now);
            used += heard.used;
            (own, end) = (heard.own, heard.end);
            if self.remark.is_none() {
                self.remark = heard.remark;
            }
        }
        member.rest.clear();
        if used < len && member.stream.is_some() {
            member.rest.extend_from_slice(&self.scratch[used..len]);
        }
        if own > 0
            && let Some(Pace::Window(_)) = self.pace
        {
            let said = member.say(own, now);
            self.tally.sent(said.into());
        }
        if member.has_more_to_write() {
            self.flush(index)?;
        }
        match end {
            Some(why) => self.ended(index, &why),
            None => Ok(()),
        }
    }
}

/// Reads all whole frames; the answer to a ping goes to what is to be written.
fn hear(
    member: &mut Member,
    tally: &mut Tally,
    spotter: &Spotter,
    bytes: &[u8],
    now: u64,
) -> Heard {
    let mut heard = Heard { used: 0, own: 0, remark: None, end: None };
    let number = member.voice.as_ref().map(|voice| voice.number);
    let audited = member.role == Role::Stays;
    loop {
        match frame::next(bytes, heard.used) {
            Next::Frame { kind: frame::TEXT, start, end } => {
                let payload = &bytes[start..end];
                match spotter.find(payload) {
                    Some(stamp) => {
                        if audited {
                            member.ledger.enter(stamp.sender, stamp.seq);
                        }
                        tally.delivered(stamp.due, now);
                        heard.own += u32::from(number == Some(stamp.sender));
                    }
                    None => heard.remark = heard.remark.or_else(|| refusal(payload)),
                }
                heard.used = end;
            }
            Next::Frame { kind, start, end } => {
                match kind {
                    frame::PING => frame::put(member.out(), frame::PONG, &bytes[start..end]),
                    frame::CLOSE => {
                        let reason = super::leave::reason(&bytes[start..end]);
                        heard.end = Some(format!("the server closed a connection: {reason}"));
                    }
                    _ => {}
                }
                heard.used = end;
            }
            Next::Part => return heard,
            Next::Bad(what) => {
                heard.end = Some(what.to_owned());
                heard.used = bytes.len();
            }
        }
        if heard.end.is_some() {
            return heard;
        }
    }
}

/// What an error of chat.v1 says to people.
#[cold]
fn refusal(payload: &[u8]) -> Option<String> {
    const ERROR: &[u8] = br#"{"t":"error""#;
    let text = std::str::from_utf8(payload).ok().filter(|_| payload.starts_with(ERROR))?;
    match ServerFrame::decode(text, MAX_SERVER_FRAME) {
        Ok(ServerFrame::Error(error)) => Some(format!("the server refused: {}", error.message)),
        _ => None,
    }
}
