//! Sealing and opening messages.

use std::error::Error;
use std::hint::black_box;

use chat_core::{Nick, SealedToken};
use chat_seal::{Opened, Opener, RoomKeys, Sealed, Sealer};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::{Ready, text};

/// So many messages are sealed in advance for an opener, each of which it opens
/// once.
pub(crate) const SEALED: u64 = 32;

const NOW: u64 = 1_767_225_600_000;

/// Somebody in a sealed room.
pub(crate) struct Speaker {
    sealer: Sealer,
    nick: Nick,
}

impl Speaker {
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        let mut rng = StdRng::seed_from_u64(2);
        let keys = RoomKeys::derive(&SealedToken::generate(&mut rng));
        Ok(Self { sealer: Sealer::generate(keys, &mut rng), nick: Nick::parse("alice")? })
    }

    pub(crate) fn spk(&self) -> [u8; 32] {
        self.sealer.spk()
    }

    pub(crate) fn say(&mut self, text: &str) -> Result<Sealed, Box<dyn Error>> {
        Ok(self.sealer.seal_text(&self.nick, NOW, text)?)
    }
}

/// Sealing a text of so many bytes.
pub(crate) fn seal(bytes: usize) -> Ready {
    let (mut speaker, text) = (Speaker::new()?, text(bytes));
    Ok(Box::new(move || black_box(speaker.say(black_box(&text))).is_ok()))
}

/// Opening one, of a sender who was heard before.
pub(crate) fn open(bytes: usize) -> Ready {
    let (mut speaker, text) = (Speaker::new()?, text(bytes));
    let spk = speaker.spk();
    let mut opener = Opener::new(speaker.sealer.keys().clone());
    let first = speaker.say(&text)?;
    if !matches!(opener.open_message(spk, &first), Opened::Message { .. }) {
        return Err("the first message can't be opened".into());
    }
    let sealed = (0..SEALED).map(|_| speaker.say(&text)).collect::<Result<Vec<_>, _>>()?;
    let mut next = 0;
    Ok(Box::new(move || {
        let Some(sealed) = sealed.get(next) else { return false };
        next += 1;
        matches!(black_box(opener.open_message(spk, sealed)), Opened::Message { .. })
    }))
}
