//! Leaving, and being left.

use std::time::Duration;

use super::Engine;
use crate::failure::Failure;
use crate::frame;
use crate::member::{Member, Phase, Role};

/// A close that means it.
const NORMAL: u16 = 1000;

impl Engine {
    /// Says goodbye; the server closes then.
    pub(super) fn leave(&mut self, index: usize) -> Result<(), Failure> {
        let member = &mut self.members[index];
        member.phase = Phase::Leaving;
        frame::close(member.out(), NORMAL);
        self.flush(index)
    }

    /// Has everybody leave, and waits for the server to close, for a while at most.
    pub(crate) fn dismiss(&mut self, timeout: Duration) -> Result<(), Failure> {
        self.churning = false;
        for index in 0..self.members.len() {
            match (self.members[index].phase, self.members[index].role) {
                (Phase::Here, Role::Stalls) => self.members[index].drop_connection(),
                (Phase::Here, _) => self.leave(index)?,
                _ => {}
            }
        }
        let end = self.clock.after(timeout);
        while self.members.iter().any(|member| member.phase == Phase::Leaving) {
            if self.clock.now() >= end {
                break;
            }
            self.turn(end)?;
        }
        self.members.iter_mut().for_each(Member::drop_connection);
        self.queue.clear();
        self.in_flight = 0;
        Ok(())
    }

    /// A connection is over, by the server's will.
    pub(super) fn ended(&mut self, index: usize, why: &str) -> Result<(), Failure> {
        let member = &mut self.members[index];
        let phase = member.phase;
        member.drop_connection();
        match phase {
            Phase::Away => {}
            Phase::Leaving => {
                if member.role == Role::Comes && self.churning {
                    self.queue.push_back(index);
                }
            }
            Phase::Here => {
                member.closed = true;
                self.remark.get_or_insert_with(|| why.to_owned());
            }
            Phase::Connecting | Phase::Asked | Phase::Greeted => {
                return Err(Failure::new(format!(
                    "a handshake with {} came to nothing: {why}",
                    self.target.url
                )));
            }
        }
        Ok(())
    }
}

/// A close frame's code and reason.
pub(super) fn reason(payload: &[u8]) -> String {
    match payload.split_first_chunk() {
        Some((code, reason)) => {
            let reason = String::from_utf8_lossy(reason);
            format!("{} {reason}", u16::from_be_bytes(*code)).trim_end().to_owned()
        }
        None => "without a code".to_owned(),
    }
}
