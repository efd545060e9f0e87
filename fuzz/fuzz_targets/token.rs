//! Tokens and nicknames: whatever is read is written so that it reads the same.
#![no_main]

use chat_core::{Nick, PlainToken, Token};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(token) = text.parse::<Token>() {
        assert!(token.to_string().parse::<Token>() == Ok(token));
    }
    if let Ok(token) = text.parse::<PlainToken>() {
        assert!(matches!(text.parse::<Token>(), Ok(Token::Plain(same)) if same == token));
    }
    if let Ok(nick) = Nick::parse(text) {
        assert_eq!(Nick::parse(nick.as_str()).as_ref(), Ok(&nick));
        assert!(nick.as_str().len() <= Nick::MAX_BYTES);
        assert_eq!(nick.folded(), Nick::parse(nick.as_str()).unwrap().folded());
    }
});
