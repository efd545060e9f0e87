//! The values that independent implementations agree on.

use chat_core::SealedToken;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::code::{PersonCode, RoomCode};
use crate::derive::RoomKeys;
use crate::open::{OpenError, Opened, Opener};
use crate::seal::{Sealer, Turn};
use crate::sealed::{Kind, Sealed, associated, nonce};
use crate::weak::is_weak;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../tests/vectors/seal-v1.json")).unwrap()
}

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap().as_bytes();
    let digit = |b: &u8| char::from(*b).to_digit(16).unwrap() as u8;
    text.chunks(2).map(|pair| digit(&pair[0]) << 4 | digit(&pair[1])).collect()
}

fn b64(value: &Value) -> Vec<u8> {
    const SYMBOLS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut have, mut out) = (0_u32, 0, Vec::new());
    for symbol in value.as_str().unwrap().bytes() {
        let six = SYMBOLS.iter().position(|s| *s == symbol).unwrap() as u32;
        (bits, have) = (bits << 6 | six, have + 6);
        if have >= 8 {
            have -= 8;
            out.push((bits >> have) as u8);
        }
    }
    out
}

fn array<const N: usize>(bytes: Vec<u8>) -> [u8; N] {
    bytes.try_into().unwrap()
}

fn keys(vectors: &Value) -> RoomKeys {
    RoomKeys::derive(&vectors["token"].as_str().unwrap().parse().unwrap())
}

fn kind(value: &Value) -> Kind {
    match value["kind"].as_u64() {
        Some(1) => Kind::Message,
        Some(2) => Kind::Profile,
        other => panic!("{other:?}"),
    }
}

fn sealed(value: &Value) -> Sealed {
    Sealed {
        n: value["n"].as_u64().unwrap(),
        ct: b64(&value["ct"]),
        sig: array(b64(&value["sig"])),
    }
}

/// Whether it opens, in a room where nothing was seen yet.
fn opens(keys: &RoomKeys, kind: Kind, spk: [u8; 32], sealed: &Sealed) -> Result<(), OpenError> {
    let mut opener = Opener::new(keys.clone());
    match kind {
        Kind::Message => match opener.open_message(spk, sealed) {
            Opened::Message { .. } => Ok(()),
            Opened::Unverifiable(error) => Err(error),
            Opened::Repeat => panic!("nothing was seen yet"),
        },
        Kind::Profile => opener.open_profile(spk, sealed).map(|_| ()),
    }
}

#[test]
fn tokens_and_what_is_derived_from_them() {
    let vectors = vectors();
    let token: SealedToken = vectors["token"].as_str().unwrap().parse().unwrap();
    assert_eq!(token.secret()[..], hex(&vectors["secret"]));
    assert_eq!(token.to_string(), vectors["token"].as_str().unwrap());
    let keys = keys(&vectors);
    assert_eq!(keys.room_id()[..], b64(&vectors["room_id"]));
    assert_eq!(keys.commit()[..], hex(&vectors["commit"]));
    let sealer = Sealer::from_seed(keys.clone(), &array(hex(&vectors["seed"])));
    assert_eq!(sealer.spk()[..], b64(&vectors["spk"]));
    assert_eq!(keys.sender_key(&sealer.spk())[..], hex(&vectors["sender_key"]));
    let code = PersonCode::of(&keys, &sealer.spk());
    assert_eq!(code.to_string(), vectors["person_code"].as_str().unwrap());
    let mut members: Vec<[u8; 32]> = vectors["room_code"]["spks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|spk| array(b64(spk)))
        .collect();
    let code = vectors["room_code"]["code"].as_str().unwrap();
    assert_eq!(RoomCode::of(&keys, members.clone()).to_string(), code);
    members.reverse();
    members.push(members[0]);
    assert_eq!(RoomCode::of(&keys, members).to_string(), code);
}

#[test]
fn what_others_sealed_is_sealed_the_same_and_opens() {
    let vectors = vectors();
    let keys = keys(&vectors);
    let sealer = Sealer::from_seed(keys.clone(), &array(hex(&vectors["seed"])));
    for vector in vectors["seals"].as_array().unwrap() {
        let (kind, theirs) = (kind(vector), sealed(vector));
        let aad = associated(&keys, kind, &sealer.spk(), theirs.n);
        assert_eq!(aad, hex(&vector["aad"]));
        assert_eq!(nonce(kind, theirs.n)[..], hex(&vector["nonce"]));
        assert_eq!(Sha256::digest(&theirs.ct)[..], hex(&vector["ct_sha256"]));
        let inside = vector["pt"].as_str().unwrap().as_bytes().to_vec();
        let ours = sealer.seal(kind, Turn(theirs.n), inside).unwrap();
        assert_eq!(ours.ct, theirs.ct);
        for one in [&ours, &theirs] {
            assert_eq!(opens(&keys, kind, sealer.spk(), one), Ok(()));
        }
    }
}

#[test]
fn every_change_is_seen() {
    let vectors = vectors();
    let keys = keys(&vectors);
    let spk: [u8; 32] = array(b64(&vectors["spk"]));
    let another = RoomKeys::derive(&SealedToken::generate(&mut rand::rng()));
    for vector in vectors["seals"].as_array().unwrap() {
        for change in vectors["must_fail_after"].as_array().unwrap() {
            let change = change["change"].as_str().unwrap();
            let (mut sealed, mut kind, mut spk) = (sealed(vector), kind(vector), spk);
            let mut keys = &keys;
            match change {
                "n + 1" => sealed.n += 1,
                "kind 1 <-> 2" => {
                    kind = if kind == Kind::Message { Kind::Profile } else { Kind::Message };
                }
                "first bit of ct" => sealed.ct[0] ^= 0x80,
                "last bit of ct" => *sealed.ct.last_mut().unwrap() ^= 1,
                "first bit of sig" => sealed.sig[0] ^= 0x80,
                "bit of spk" => spk[0] ^= 1,
                "another room" => keys = &another,
                "ct cut to 15 bytes" => sealed.ct.truncate(15),
                other => panic!("a change that this test doesn't know: {other}"),
            }
            assert!(opens(keys, kind, spk, &sealed).is_err(), "{change}");
        }
    }
}

#[test]
fn what_is_signed_and_still_wrong_is_refused() {
    let vectors = vectors();
    let keys = keys(&vectors);
    let spk = array(b64(&vectors["spk"]));
    for vector in vectors["must_fail"].as_array().unwrap() {
        let why = vector["why"].as_str().unwrap();
        let result = opens(&keys, kind(vector), spk, &sealed(vector));
        let expected = match why {
            "R of small order" => OpenError::Weak,
            _ => OpenError::Malformed,
        };
        assert_eq!(result, Err(expected), "{why}");
    }
}

#[test]
fn weak_keys_are_known_by_name() {
    let vectors = vectors();
    let keys = keys(&vectors);
    let weak = vectors["weak_spks"].as_array().unwrap();
    assert_eq!(weak.len(), 14);
    for spk in weak {
        let spk = array(hex(spk));
        assert!(is_weak(&spk), "{spk:x?}");
        let sealed = sealed(&vectors["seals"][0]);
        assert_eq!(opens(&keys, Kind::Message, spk, &sealed), Err(OpenError::Weak));
    }
    assert!(!is_weak(&array(b64(&vectors["spk"]))));
}

#[test]
fn tokens_are_read_as_others_read_them() {
    let vectors = vectors();
    let token: SealedToken = vectors["token"].as_str().unwrap().parse().unwrap();
    for same in vectors["same_token"].as_array().unwrap() {
        let same = same.as_str().unwrap();
        // Links are taken apart by clients, not here.
        if !same.contains("://") {
            assert!(same.parse::<SealedToken>() == Ok(token.clone()), "{same}");
        }
    }
    for bad in vectors["bad_tokens"].as_array().unwrap() {
        use chat_core::ParseSealedTokenError::{Character, Checksum, Length};
        let (text, why) = (bad["token"].as_str().unwrap(), bad["why"].as_str().unwrap());
        let found = match text.parse::<SealedToken>() {
            Ok(_) => "nothing",
            Err(Length { .. }) => "length",
            Err(Character { .. }) => "character",
            Err(Checksum) => "checksum",
        };
        assert_eq!(found, why, "{text}");
    }
}
