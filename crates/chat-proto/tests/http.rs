//! The bodies of the HTTP answers.

use chat_proto::{
    DecodeError,
    http::{ApiError, Bounds, CreateAnswer, Info, OptsInfo},
    server::{Limits, Rate},
};

const MAX: usize = 4096;

#[test]
fn create_answers_with_a_token_that_debug_hides() {
    let body = r#"{"token":"x3wd-6103-mqkm-0a9z"}"#;
    let answer = CreateAnswer::decode(body, MAX).unwrap();
    assert_eq!(answer.token.as_str(), "x3wd-6103-mqkm-0a9z");
    assert_eq!(answer.encode(), body);
    assert!(!format!("{answer:?}").contains("x3wd"));
}

#[test]
fn info_says_limits_and_bounds() {
    let bounds = |min, max, default| Bounds { min, max, default };
    let info = Info {
        limits: Limits {
            frame: 65536,
            text: 16384,
            nick: 32,
            rate: Rate { per_s: 20, burst: 40 },
            ping_ms: 20000,
            grace_ms: 60000,
        },
        opts: OptsInfo {
            ttl_s: bounds(60, 86400, 86400),
            max: bounds(1, 256, 256),
            history: bounds(0, 512, 100),
        },
        create_key: false,
    };
    let body = concat!(
        r#"{"limits":{"frame":65536,"text":16384,"nick":32,"rate":{"per_s":20,"burst":40},"#,
        r#""ping_ms":20000,"grace_ms":60000},"opts":{"ttl_s":{"min":60,"max":86400,"default":86400},"#,
        r#""max":{"min":1,"max":256,"default":256},"history":{"min":0,"max":512,"default":100}}}"#
    );
    assert_eq!(info.encode(), body);
    assert_eq!(Info::decode(body, MAX), Ok(info));
    let keyed = body.replace("}}}", r#"}},"create_key":true}"#);
    assert_eq!(Info { create_key: true, ..info }.encode(), keyed);
    assert_eq!(Info::decode(&keyed, MAX), Ok(Info { create_key: true, ..info }));
}

#[test]
fn errors_say_what_to_do() {
    let body = r#"{"error":"rate","message":"wait 3 s"}"#;
    let error = ApiError::decode(body, MAX).unwrap();
    assert_eq!((error.error.as_ref(), error.message.as_ref()), ("rate", "wait 3 s"));
    assert_eq!(error.encode(), body);
}

#[test]
fn a_body_is_bounded_and_an_object() {
    let body = r#"{"token":"x"}"#;
    assert!(matches!(CreateAnswer::decode(body, 5), Err(DecodeError::TooBig { .. })));
    for bad in ["", "<html>", r#"["x"]"#, r#"{"token":1}"#, "{}"] {
        assert!(matches!(CreateAnswer::decode(bad, MAX), Err(DecodeError::Malformed(_))), "{bad}");
    }
}
