//! What may be said, and how fast.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use chat_core::Rate;
use chat_server::Config;
use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "Messages")]
pub(crate) struct Messages {
    /// Frames that a session may send a second, and is read no faster; 0 for no
    /// limit.
    #[arg(long, env = "CHAT_MESSAGE_RATE", value_name = "N", default_value = "20")]
    message_rate: u32,
    /// Frames that it may send at once.
    #[arg(long, env = "CHAT_MESSAGE_BURST", value_name = "N", default_value = "40")]
    message_burst: NonZeroU32,
    /// The longest text, in bytes of UTF-8.
    #[arg(long, env = "CHAT_MAX_TEXT", value_name = "BYTES", default_value = "16384")]
    max_text: NonZeroUsize,
    /// The longest frame, in bytes.
    #[arg(long, env = "CHAT_MAX_FRAME", value_name = "BYTES", default_value = "65536")]
    max_frame: NonZeroUsize,
}

impl Messages {
    pub(super) fn set(self, config: &mut Config) {
        config.limits.message_rate = (self.message_rate > 0).then_some(Rate {
            tokens: self.message_rate,
            per: Duration::from_secs(1),
            burst: self.message_burst.get(),
        });
        config.max_text = self.max_text.get();
        config.max_frame = self.max_frame.get();
    }
}
