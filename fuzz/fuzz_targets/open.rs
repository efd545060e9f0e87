//! Opening: arbitrary bytes never open, and arbitrary insides, properly sealed, are read without a panic.
#![no_main]

use std::sync::LazyLock;

use chat_core::SealedToken;
use chat_seal::{Kind, OpenError, Opened, Opener, RoomKeys, Sealed, fuzzing};
use libfuzzer_sys::fuzz_target;

static KEYS: LazyLock<RoomKeys> = LazyLock::new(|| {
    let token: SealedToken = "000g-40r4-0m30-e209-185g-r38e-1wpn".parse().unwrap();
    RoomKeys::derive(&token)
});

fuzz_target!(|data: &[u8]| {
    let mut opener = Opener::new(KEYS.clone());
    if let Some((head, ct)) = data.split_at_checked(104) {
        let sealed = Sealed {
            n: u64::from_be_bytes(head[..8].try_into().unwrap()),
            ct: ct.to_vec(),
            sig: head[40..].try_into().unwrap(),
        };
        let spk = head[8..40].try_into().unwrap();
        assert!(matches!(opener.open_message(spk, &sealed), Opened::Unverifiable(_)));
        assert!(opener.open_profile(spk, &sealed).is_err());
    }
    let (spk, sealed) = fuzzing::seal_inside(&KEYS, Kind::Message, data);
    match opener.open_message(spk, &sealed) {
        Opened::Message { .. } | Opened::Unverifiable(OpenError::Malformed) => {}
        other => panic!("{other:?}"),
    }
    let (spk, sealed) = fuzzing::seal_inside(&KEYS, Kind::Profile, data);
    assert!(matches!(opener.open_profile(spk, &sealed), Ok(Some(_)) | Err(OpenError::Malformed)));
});
