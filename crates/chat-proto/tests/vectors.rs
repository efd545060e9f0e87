//! The golden frames, which the page's tests read too.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, fs, path::Path};

use chat_proto::{
    B64, ClientFrame, DecodeError, MAX_SERVER_FRAME, ServerFrame,
    client::{Body, Hello, Identity, Send, Target},
    server::{Content, Msg},
};
use serde::Deserialize;

const MAX: usize = 64 * 1024;

#[derive(Deserialize)]
struct Vectors {
    client: Vec<Good>,
    server: Vec<Good>,
    bad_client: Vec<Refused>,
    bad_server: Vec<Good>,
    tolerated: Vec<Tolerated>,
    ignored_server: Vec<Good>,
}

#[derive(Deserialize)]
struct Good {
    name: String,
    wire: String,
}

#[derive(Deserialize)]
struct Refused {
    name: String,
    wire: String,
    code: String,
}

#[derive(Deserialize)]
struct Tolerated {
    side: String,
    name: String,
    wire: String,
    same_as: String,
}

fn vectors() -> Vectors {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/frames.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn tags(frames: &[Good]) -> BTreeSet<String> {
    let tag = |wire: &str| wire.split('"').nth(3).unwrap().to_owned();
    frames.iter().map(|frame| tag(&frame.wire)).collect()
}

#[test]
fn client_frames_come_back_byte_for_byte() {
    for Good { name, wire } in vectors().client {
        let frame = ClientFrame::decode(&wire, MAX).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(frame.encode(), wire, "{name}");
    }
}

#[test]
fn server_frames_come_back_byte_for_byte_by_both_ways_of_writing() {
    for Good { name, wire } in vectors().server {
        let frame = ServerFrame::decode(&wire, MAX).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(frame.encode(), wire, "{name}");
        let mut out = b"before".to_vec();
        frame.write(&mut out);
        assert_eq!(out, format!("before{wire}").as_bytes(), "{name}");
    }
}

#[test]
fn every_frame_has_a_vector() {
    let all = |names: &str| names.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    let vectors = vectors();
    assert_eq!(tags(&vectors.client), all("hello send profile typing away ping bye"));
    assert_eq!(
        tags(&vectors.server),
        all("welcome msg ack join leave profile typing state count gap live pong end error")
    );
}

#[test]
fn what_a_client_must_not_send_has_its_code() {
    for Refused { name, wire, code } in vectors().bad_client {
        let error = ClientFrame::decode(&wire, MAX).expect_err(&name);
        assert_eq!(error.code().as_str(), code, "{name}: {error}");
    }
}

#[test]
fn what_a_server_must_not_send_is_malformed() {
    for Good { name, wire } in vectors().bad_server {
        let error = ServerFrame::decode(&wire, MAX).expect_err(&name);
        assert!(matches!(error, DecodeError::Malformed(_)), "{name}: {error}");
    }
}

#[test]
fn what_is_new_is_read_over() {
    for Tolerated { side, name, wire, same_as } in vectors().tolerated {
        let again = match side.as_str() {
            "client" => ClientFrame::decode(&wire, MAX).map(|frame| frame.encode()),
            "server" => ServerFrame::decode(&wire, MAX).map(|frame| frame.encode()),
            other => panic!("{name}: no such side: {other}"),
        };
        assert_eq!(again.as_deref(), Ok(same_as.as_str()), "{name}");
    }
    for Good { name, wire } in vectors().ignored_server {
        assert_eq!(
            ServerFrame::decode(&wire, MAX_SERVER_FRAME),
            Err(DecodeError::UnknownType),
            "{name}"
        );
    }
}

#[test]
fn a_frame_is_measured_in_bytes() {
    let wire = r#"{"t":"send","id":"a","text":"é"}"#;
    assert!(ClientFrame::decode(wire, wire.len()).is_ok());
    assert_eq!(
        ClientFrame::decode(wire, wire.len() - 1),
        Err(DecodeError::TooBig { len: wire.len(), max: wire.len() - 1 })
    );
    let wire = r#"{"t":"live","seq":1}"#;
    assert!(ServerFrame::decode(wire, wire.len()).is_ok());
    assert!(ServerFrame::decode(wire, wire.len() - 1).is_err());
}

#[test]
fn members_mean_what_they_are_called() {
    let vectors = vectors();
    let wire = |frames: &[Good], name: &str| {
        let found = frames.iter().find(|frame| frame.name == name);
        found.unwrap_or_else(|| panic!("{name}")).wire.clone()
    };

    let hello = wire(&vectors.client, "hello with a token");
    let ClientFrame::Hello(hello) = ClientFrame::decode(&hello, MAX).unwrap() else { panic!() };
    let key = std::array::from_fn(|i| u8::try_from(i * 7).unwrap());
    assert_eq!(
        *hello,
        Hello {
            v: 1,
            room: Target::Token("x3wd-6103-mqkm-0a9z".into()),
            key: B64(key),
            attempt: 1,
            who: Identity::Plain { nick: "Ann".into() },
            create: false,
            pace: false,
            create_key: None,
            opts: chat_proto::client::Opts::default(),
            resume: None,
            agent: None,
        }
    );

    let send = wire(&vectors.client, "send a text");
    let body = Body::Text("hi".into());
    let send = (ClientFrame::decode(&send, MAX).unwrap(), "m1".parse().unwrap());
    assert_eq!(send.0, ClientFrame::Send(Send { id: send.1, body }));

    let msg = wire(&vectors.server, "msg");
    let content = Content::Plain { nick: "Ann".into(), text: "hi".into() };
    let id = Some("m1".parse().unwrap());
    assert_eq!(
        ServerFrame::decode(&msg, MAX).unwrap(),
        ServerFrame::Msg(Msg { seq: 3, ts: 1_750_000_000_000, from: 1, id, content })
    );
}

#[test]
fn a_text_without_escapes_is_borrowed() {
    let wire = r#"{"t":"send","id":"a","text":"no escape, é"}"#;
    let ClientFrame::Send(Send { body: Body::Text(text), .. }) =
        ClientFrame::decode(wire, MAX).unwrap()
    else {
        panic!()
    };
    assert!(matches!(text.into_cow(), std::borrow::Cow::Borrowed(_)));
}
