//! How many rooms, and what they hold.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use chat_core::Limits;
use chat_server::Config;
use clap::Args;

use super::value::duration;

#[derive(Debug, Args)]
#[command(next_help_heading = "Rooms")]
pub(crate) struct Rooms {
    /// Rooms at once; 0 for no limit.
    #[arg(long, env = "CHAT_MAX_ROOMS", value_name = "N", default_value = "100000")]
    max_rooms: usize,
    /// Bytes that all that rooms hold may have together; 0 for no limit. Where
    /// they are used up no room is opened, and what is new in a room pushes out
    /// what is old.
    #[arg(long, env = "CHAT_MAX_MEMORY", value_name = "BYTES", default_value = "1073741824")]
    max_memory: usize,
    /// People in a room; 0 for no limit.
    #[arg(long, env = "CHAT_ROOM_MAX", value_name = "N", default_value = "256")]
    room_max: u32,
    /// How long a room lives at most.
    #[arg(long, env = "CHAT_ROOM_TTL", value_name = "TIME", default_value = "24h")]
    #[arg(value_parser = duration)]
    room_ttl: Duration,
    /// How long an empty room waits for somebody (1 h before its first message,
    /// where that is longer).
    #[arg(long, env = "CHAT_EMPTY_TTL", value_name = "TIME", default_value = "10m")]
    #[arg(value_parser = duration)]
    empty_ttl: Duration,
    /// How long somebody whose connection is lost stays in the list, with
    /// nickname and place (10 s at most where a page was closed or reloaded).
    #[arg(long, env = "CHAT_GRACE", value_name = "TIME", default_value = "60s")]
    #[arg(value_parser = duration)]
    grace: Duration,
    /// How long after that whoever comes back is still known.
    #[arg(long, env = "CHAT_REMEMBER", value_name = "TIME", default_value = "1h")]
    #[arg(value_parser = duration)]
    remember: Duration,
    /// Earlier events that a newcomer is shown; 0 for none.
    #[arg(long, env = "CHAT_HISTORY", value_name = "N", default_value = "100")]
    history: u32,
    /// Events that a room holds for newcomers and slow readers.
    #[arg(long, env = "CHAT_LOG_EVENTS", value_name = "N", default_value = "512")]
    log_events: NonZeroU32,
    /// Bytes of them at most.
    #[arg(long, env = "CHAT_LOG_BYTES", value_name = "N", default_value = "1048576")]
    log_bytes: NonZeroUsize,
}

impl Rooms {
    pub(super) fn set(self, config: &mut Config) {
        config.max_memory = NonZeroUsize::new(self.max_memory);
        config.limits = Limits {
            rooms: NonZeroUsize::new(self.max_rooms),
            room_max: NonZeroU32::new(self.room_max),
            room_ttl: self.room_ttl,
            empty_ttl: self.empty_ttl,
            grace: self.grace,
            remember: self.remember,
            history: self.history,
            log_events: self.log_events,
            log_bytes: self.log_bytes,
            ..config.limits.clone()
        };
    }
}
