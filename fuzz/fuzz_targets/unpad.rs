//! Padding and strict JSON: what unpads pads back, and what is strictly an object others read too.
#![no_main]

use chat_seal::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some(text) = fuzzing::unpad(data) {
        assert_eq!(fuzzing::pad(text.to_vec()), data);
    }
    assert_eq!(fuzzing::unpad(&fuzzing::pad(data.to_vec())), Some(data));
    if let Ok(text) = std::str::from_utf8(data)
        && fuzzing::is_strict_object(text)
    {
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        assert!(value.is_object());
    }
});
