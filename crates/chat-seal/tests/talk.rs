//! Members who seal and open for each other, and somebody between them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use chat_core::{Nick, SealedToken};
use chat_seal::{OpenError, Opened, Opener, Order, RoomKeys, Sealed, Sealer, Words};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

struct Talk {
    rng: StdRng,
    keys: RoomKeys,
    opener: Opener,
}

fn talk(seed: u64) -> Talk {
    let mut rng = StdRng::seed_from_u64(seed);
    let keys = RoomKeys::derive(&SealedToken::generate(&mut rng));
    let opener = Opener::new(keys.clone());
    Talk { rng, keys, opener }
}

fn nick(text: &str) -> Nick {
    Nick::parse(text).unwrap()
}

fn text(sealer: &mut Sealer, text: &str) -> Sealed {
    sealer.seal_text(&nick("ann"), 1, text).unwrap()
}

fn order(opened: Opened) -> Order {
    match opened {
        Opened::Message { order, .. } => order,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_missing_doubled_or_late_is_seen() {
    let Talk { mut rng, keys, mut opener } = talk(1);
    let mut ann = Sealer::generate(keys, &mut rng);
    let all: Vec<_> = (0..8).map(|n| text(&mut ann, &n.to_string())).collect();
    let spk = ann.spk();
    // A newcomer's first is where counting starts.
    assert_eq!(order(opener.open_message(spk, &all[1])), Order::First);
    assert_eq!(order(opener.open_message(spk, &all[2])), Order::Next);
    assert!(matches!(opener.open_message(spk, &all[2]), Opened::Repeat));
    assert!(matches!(opener.open_message(spk, &all[0]), Opened::Repeat));
    assert_eq!(order(opener.open_message(spk, &all[4])), Order::After(1));
    // A gap that everybody is told of is no hole, but no way back either.
    opener.interrupt();
    assert!(matches!(opener.open_message(spk, &all[3]), Opened::Repeat));
    assert_eq!(order(opener.open_message(spk, &all[6])), Order::First);
    assert_eq!(order(opener.open_message(spk, &all[7])), Order::Next);
}

#[test]
fn nobody_speaks_for_somebody_else() {
    let Talk { mut rng, keys, mut opener } = talk(2);
    let mut ann = Sealer::generate(keys.clone(), &mut rng);
    let bob = Sealer::generate(keys, &mut rng);
    let sealed = text(&mut ann, "hi");
    let opened = opener.open_message(bob.spk(), &sealed);
    assert!(matches!(opened, Opened::Unverifiable(OpenError::Signature)), "{opened:?}");
    // That did not make Ann's count.
    assert_eq!(order(opener.open_message(ann.spk(), &sealed)), Order::First);
}

#[test]
fn the_newest_profile_wins_and_the_rest_changes_nothing() {
    let Talk { mut rng, keys, mut opener } = talk(3);
    let mut ann = Sealer::generate(keys, &mut rng);
    let (old, new) =
        (ann.seal_profile(&nick("Ann")).unwrap(), ann.seal_profile(&nick("Anna")).unwrap());
    assert_eq!(opener.open_profile(ann.spk(), &new).unwrap(), Some(Some(nick("Anna"))));
    assert_eq!(opener.open_profile(ann.spk(), &old).unwrap(), None);
    assert_eq!(opener.open_profile(ann.spk(), &new).unwrap(), None);
    assert!(new.ct.len() <= 272, "{}", new.ct.len());
}

#[test]
fn the_longest_nickname_fits_a_profile() {
    let Talk { mut rng, keys, .. } = talk(4);
    let mut ann = Sealer::generate(keys, &mut rng);
    let sealed = ann.seal_profile(&nick(&"\\".repeat(32))).unwrap();
    assert!(sealed.ct.len() <= 272, "{}", sealed.ct.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_sealed_opens_for_members_alone(seed: u64, said in "\\PC{0,300}", ts in 0..1_u64 << 53) {
        let Talk { mut rng, keys, mut opener } = talk(seed);
        let mut ann = Sealer::generate(keys, &mut rng);
        let sealed = ann.seal_text(&nick("Анна"), ts, &said).unwrap();
        let mut outsider = Opener::new(RoomKeys::derive(&SealedToken::generate(&mut rng)));
        prop_assert!(matches!(outsider.open_message(ann.spk(), &sealed), Opened::Unverifiable(_)));
        match opener.open_message(ann.spk(), &sealed) {
            Opened::Message { words: Words::Text { nick: by, ts: at, text }, order } => {
                prop_assert_eq!((by, at, text, order), (Some(nick("Анна")), ts, said, Order::First));
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn any_bit_that_is_changed_is_seen(seed: u64, place: prop::sample::Index, bit in 0..8_u32) {
        let Talk { mut rng, keys, mut opener } = talk(seed);
        let mut ann = Sealer::generate(keys, &mut rng);
        let mut sealed = text(&mut ann, "hi");
        let place = place.index(sealed.ct.len() + 64);
        match place.checked_sub(64) {
            Some(place) => sealed.ct[place] ^= 1_u8 << bit,
            None => sealed.sig[place] ^= 1_u8 << bit,
        }
        prop_assert!(matches!(opener.open_message(ann.spk(), &sealed), Opened::Unverifiable(_)));
    }

    #[test]
    fn anything_at_all_is_refused_without_a_panic(
        seed: u64,
        spk: [u8; 32],
        n: u64,
        ct in prop::collection::vec(any::<u8>(), 0..400),
        sig in prop::collection::vec(any::<u8>(), 64),
    ) {
        let Talk { mut opener, .. } = talk(seed);
        let sealed = Sealed { n, ct, sig: sig.try_into().unwrap() };
        prop_assert!(matches!(opener.open_message(spk, &sealed), Opened::Unverifiable(_)));
        prop_assert!(opener.open_profile(spk, &sealed).is_err());
    }
}
