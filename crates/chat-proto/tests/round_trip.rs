//! Whatever can be said can be read again, and whatever comes in is read or refused in peace.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::borrow::Cow;

use chat_proto::{
    B64, Blob, ClientFrame, DecodeError, ErrorCode, MAX_INT, MsgId, Sealed, ServerFrame, Text,
    client::{self, Body, Hello, Identity, Opts, Resume, Send, Target},
    server::{
        Ack, Content, End, EndWhy, ErrorFrame, Gap, GapWhy, Join, Leave, LeaveWhy, Limits, Live,
        Mode, Msg, Peer, Pong, Profile, Rate, RoomInfo, RoomKind, Welcome, Whereabouts,
    },
};
use proptest::{array::uniform16, array::uniform32, collection::vec, option, prelude::*};

const MAX: usize = 1 << 20;

fn text() -> impl Strategy<Value = Text<'static>> {
    prop_oneof![
        any::<String>(),
        "[\\x00-\\x20\"\\\\{}\\[\\]\u{7f}\u{85}\u{2028}\u{fffd}\u{10ffff}]{0,40}"
    ]
    .prop_map(Text::from)
}

fn int() -> impl Strategy<Value = u64> {
    prop_oneof![0..=MAX_INT, Just(0), Just(MAX_INT)]
}

fn id() -> impl Strategy<Value = MsgId> {
    "[A-Za-z0-9_-]{1,32}".prop_map(|id| id.parse().unwrap())
}

fn word() -> impl Strategy<Value = String> {
    "[a-z_]{0,12}"
}

fn sealed() -> impl Strategy<Value = Sealed> {
    (int(), vec(any::<u8>(), 0..300), vec(any::<u8>(), 64)).prop_map(|(n, ct, sig)| Sealed {
        n,
        ct: Blob(ct),
        sig: B64(sig.try_into().unwrap()),
    })
}

fn identity() -> impl Strategy<Value = Identity<'static>> {
    prop_oneof![
        text().prop_map(|nick| Identity::Plain { nick }),
        (uniform32(any::<u8>()), sealed())
            .prop_map(|(spk, profile)| Identity::Sealed { spk: B64(spk), profile }),
    ]
}

fn hello() -> impl Strategy<Value = Hello<'static>> {
    let room = prop_oneof![
        uniform16(any::<u8>()).prop_map(|id| Target::Room(B64(id))),
        text().prop_map(Target::Token)
    ];
    let opts = (option::of(int()), option::of(int()), option::of(int()))
        .prop_map(|(ttl_s, max, history)| Opts { ttl_s, max, history });
    let resume =
        (uniform16(any::<u8>()), int()).prop_map(|(inst, last)| Resume { inst: B64(inst), last });
    (
        room,
        uniform16(any::<u8>()),
        int(),
        identity(),
        (any::<bool>(), any::<bool>()),
        option::of(text()),
        opts,
        option::of(resume),
        option::of(text()),
    )
        .prop_map(
            |(room, key, attempt, who, (create, pace), create_key, opts, resume, agent)| Hello {
                v: 1,
                room,
                key: B64(key),
                attempt,
                who,
                create,
                pace,
                create_key,
                opts,
                resume,
                agent,
            },
        )
}

fn client_frame() -> impl Strategy<Value = ClientFrame<'static>> {
    let body = prop_oneof![text().prop_map(Body::Text), sealed().prop_map(Body::Sealed)];
    prop_oneof![
        hello().prop_map(|hello| ClientFrame::Hello(Box::new(hello))),
        (id(), body).prop_map(|(id, body)| ClientFrame::Send(Send { id, body })),
        text().prop_map(|nick| ClientFrame::Profile(client::Profile::Nick(nick))),
        sealed().prop_map(|profile| ClientFrame::Profile(client::Profile::Sealed(profile))),
        any::<bool>().prop_map(|on| ClientFrame::Typing(client::Typing { on })),
        any::<bool>().prop_map(|on| ClientFrame::Away(client::Away { on })),
        int().prop_map(|n| ClientFrame::Ping(client::Ping { n })),
        Just(ClientFrame::Bye),
    ]
}

fn whereabouts() -> impl Strategy<Value = Whereabouts> {
    prop_oneof![
        Just(Whereabouts::Here),
        Just(Whereabouts::Away),
        word().prop_map(|word| Whereabouts::from(word.as_str())),
    ]
}

fn peer() -> impl Strategy<Value = Peer<'static>> {
    (int(), word(), int(), identity(), whereabouts()).prop_map(|(sid, mode, since, who, is)| Peer {
        sid,
        mode: Mode::from(mode.as_str()),
        since,
        who,
        is,
    })
}

fn welcome() -> impl Strategy<Value = Welcome<'static>> {
    (
        uniform16(any::<u8>()),
        any::<bool>(),
        vec(peer(), 0..4),
        proptest::array::uniform14(int()),
        word(),
    )
        .prop_map(|(inst, resumed, peers, n, kind)| Welcome {
            v: n[0],
            inst: B64(inst),
            sid: n[1],
            resumed,
            room: RoomInfo {
                kind: RoomKind::from(kind.as_str()),
                created: n[2],
                expires: n[3],
                history: n[4],
                max: n[5],
            },
            peers,
            seq: n[6],
            now: n[7],
            limits: Limits {
                frame: n[8],
                text: n[9],
                nick: n[10],
                rate: Rate { per_s: n[11], burst: n[12] },
                ping_ms: n[13],
                grace_ms: n[0],
            },
        })
}

fn server_frame() -> impl Strategy<Value = ServerFrame<'static>> {
    let content = prop_oneof![
        (text(), text()).prop_map(|(nick, text)| Content::Plain { nick, text }),
        (uniform32(any::<u8>()), sealed())
            .prop_map(|(spk, m)| Content::Sealed { spk: B64(spk), m: Cow::Owned(m) }),
    ];
    prop_oneof![
        welcome().prop_map(|welcome| ServerFrame::Welcome(Box::new(welcome))),
        (int(), int(), int(), option::of(id()), content).prop_map(
            |(seq, ts, from, id, content)| ServerFrame::Msg(Msg { seq, ts, from, id, content })
        ),
        (id(), int()).prop_map(|(id, seq)| ServerFrame::Ack(Ack { id, seq })),
        (int(), int(), peer()).prop_map(|(seq, ts, peer)| ServerFrame::Join(Join {
            seq,
            ts,
            peer
        })),
        (int(), int(), int(), word()).prop_map(|(seq, ts, sid, why)| {
            ServerFrame::Leave(Leave { seq, ts, sid, why: LeaveWhy::from(why.as_str()) })
        }),
        (int(), int(), int(), identity())
            .prop_map(|(seq, ts, sid, who)| ServerFrame::Profile(Profile { seq, ts, sid, who })),
        (int(), any::<bool>())
            .prop_map(|(sid, on)| ServerFrame::Typing(chat_proto::server::Typing { sid, on })),
        (int(), whereabouts())
            .prop_map(|(sid, is)| ServerFrame::State(chat_proto::server::State { sid, is })),
        int().prop_map(|n| ServerFrame::Count(chat_proto::server::Count { n })),
        (int(), int(), word()).prop_map(|(from, to, why)| {
            ServerFrame::Gap(Gap { from, to, why: GapWhy::from(why.as_str()) })
        }),
        int().prop_map(|seq| ServerFrame::Live(Live { seq })),
        (int(), int()).prop_map(|(n, now)| ServerFrame::Pong(Pong { n, now })),
        (word(), int()).prop_map(|(why, in_ms)| ServerFrame::End(End {
            why: EndWhy::from(why.as_str()),
            in_ms
        })),
        (word(), any::<String>(), option::of(id()), option::of(int()), any::<bool>()).prop_map(
            |(code, message, re, retry_ms, fatal)| {
                ServerFrame::Error(ErrorFrame {
                    code: ErrorCode::from(code.as_str()),
                    message: message.into(),
                    re,
                    retry_ms,
                    fatal,
                })
            }
        ),
    ]
}

/// Pieces that frames are made of, in any order, so that much of it is nearly a frame.
fn nearly_a_frame() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\",
        "\\u00",
        "\"t\":",
        "\"send\"",
        "\"hello\"",
        "\"id\":\"a\"",
        "\"text\":\"b\"",
        "\"m\":{",
        "\"n\":1",
        "\"ct\":\"\"",
        "\"v\":1",
        "null",
        "-1",
        "1e999",
        "9007199254740992",
        "{\"t\":\"send\",",
        "\u{7f}",
        "é",
        " ",
    ];
    vec(proptest::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn client_frames(frame in client_frame()) {
        let wire = frame.encode();
        prop_assert_eq!(ClientFrame::decode(&wire, MAX), Ok(frame));
    }

    #[test]
    fn server_frames(frame in server_frame()) {
        let wire = frame.encode();
        let mut out = Vec::new();
        frame.write(&mut out);
        prop_assert_eq!(out, wire.as_bytes());
        prop_assert_eq!(ServerFrame::decode(&wire, MAX), Ok(frame));
    }

    #[test]
    fn what_is_cut_off_is_refused(frame in client_frame(), at in any::<prop::sample::Index>()) {
        let wire = frame.encode();
        let ends: Vec<usize> = wire.char_indices().map(|(i, _)| i).collect();
        prop_assert!(ClientFrame::decode(&wire[..ends[at.index(ends.len())]], MAX).is_err());
    }

    #[test]
    fn anything_is_read_or_refused(input in prop_oneof![any::<String>(), nearly_a_frame()]) {
        if let Ok(frame) = ClientFrame::decode(&input, MAX) {
            let again = frame.encode();
            prop_assert_eq!(ClientFrame::decode(&again, MAX), Ok(frame));
        }
        if let Ok(frame) = ServerFrame::decode(&input, MAX) {
            let again = frame.encode();
            prop_assert_eq!(ServerFrame::decode(&again, MAX), Ok(frame));
        }
    }

    #[test]
    fn no_error_says_what_was_sent(
        secret in "[g-z]{12}(, expected )?[g-z]{12}",
        shape in 0..8usize,
    ) {
        let wire = [
            format!(r#"{{"t":"send","id":"{secret} ","text":"x"}}"#),
            format!(r#"{{"t":"send","id":["{secret}"],"text":"x"}}"#),
            format!(r#"{{"t":"typing","on":"{secret}"}}"#),
            format!(r#"{{"t":"{secret}"}}"#),
            format!(r#"{{"t":"hello","v":1,"token":{{"{secret}":1}}}}"#),
            format!(r#"{{"t":"hello","v":1,"token":"{secret}","key":"{secret}"}}"#),
            format!(r#"{{"t":"ping","n":"{secret}"}}"#),
            secret.clone(),
        ][shape].clone();
        let error: DecodeError = ClientFrame::decode(&wire, MAX).unwrap_err();
        let said = format!("{error} {error:?}");
        prop_assert!(!secret.split(", expected ").any(|part| said.contains(part)), "{said}");
    }

    #[test]
    fn debug_shows_nothing_that_people_wrote(secret in "[g-z]{20}") {
        let text = || Text::from(secret.clone());
        let send = Send { id: "a".parse().unwrap(), body: Body::Text(text()) };
        let content = Content::Plain { nick: text(), text: text() };
        let shown = format!(
            "{:?} {:?} {:?} {:?}",
            ClientFrame::Send(send),
            ClientFrame::Profile(client::Profile::Nick(text())),
            Target::Token(text()),
            ServerFrame::Msg(Msg { seq: 1, ts: 1, from: 1, id: None, content }),
        );
        prop_assert!(!shown.contains(&secret), "{shown}");
        let key = B64([0xabu8; 16]);
        prop_assert_eq!(format!("{key:?} {:?}", Blob(vec![0xab; 16])), "B64<16>(..) Blob(..)");
    }
}
