//! The program's log, on standard error.

use std::io::{self, IsTerminal};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::flags::LogFormat;

/// The one whose lines are said, at any level: what others might say of a
/// request, a frame or a key nobody here has looked through.
const OURS: &str = "chat_server";

pub(crate) fn start(level: LevelFilter, format: LogFormat) {
    let ours = tracing_subscriber::registry().with(Targets::new().with_target(OURS, level));
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    match format {
        LogFormat::Text => ours.with(lines.with_target(false)).init(),
        LogFormat::Json => ours.with(lines.json().flatten_event(true)).init(),
    }
}
