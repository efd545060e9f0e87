//! The memory that all rooms share.

use std::io;
use std::sync::Arc;

use chat_core::Budget;
use chat_proto::Sealed;

use crate::config::Config;

/// What an entry of a log takes beyond its payload, at the most.
const ENTRY: usize = 1 << 10;

/// What the logs of all shards hold together; `None` for no limit.
///
/// # Errors
/// When there is no place for a single room in it.
pub(super) fn budget(config: &Config) -> io::Result<Option<Arc<Budget>>> {
    let Some(max) = config.max_memory else { return Ok(None) };
    let step = largest(config);
    if max.get() < step {
        let message = format!(
            "--max-memory {max} has no place for a single room: give it {step} bytes or more, or \
             a smaller --max-frame"
        );
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    Ok(Some(Arc::new(Budget::new(max.get(), step))))
}

/// Whether there is one.
///
/// # Errors
/// When there is no place for a single room in it.
pub(crate) fn check(config: &Config) -> io::Result<()> {
    budget(config).map(drop)
}

/// The most that an event takes: a text as it is, what is sealed without its
/// base64.
fn largest(config: &Config) -> usize {
    let text = config.max_text.min(config.max_frame);
    let sealed = size_of::<Sealed>() + config.max_frame / 4 * 3;
    text.max(sealed).saturating_add(ENTRY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::Payload;
    use chat_core::Event;

    #[test]
    fn the_largest_event_fits_in_a_step() {
        assert!(size_of::<Event<Payload>>() + size_of::<u64>() <= ENTRY / 2);
        // A profile is the largest there is beside messages.
        let config = Config { max_text: 1, max_frame: 1, ..Config::default() };
        assert!(largest(&config) >= ENTRY / 2 + size_of::<Sealed>() + 272);
    }
}
