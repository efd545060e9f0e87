//! Joining, talking and leaving over a real socket.

use crate::double::{Double, LIVE, Peer, echo};
use chat_client::{
    Arrival, Client, CloseCode, ConnectError, ErrorCode, Event, Events, Handle, JoinError, Nick,
    Outcome, SendError, ServerUrl, Token,
};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;

async fn join(server: &ServerUrl) -> Result<(Handle, Events), JoinError> {
    let token = "01ab-0101-wxyz-0000".parse::<Token>().unwrap();
    Client::new("test/1").join(server, token, Nick::parse("Ann").unwrap()).await
}

/// A client that is live, and the other end of its connection.
async fn pair() -> (Handle, Events, Peer) {
    let double = Double::start().await;
    let server = double.url("");
    let (joined, peer) = tokio::join!(join(&server), double.welcome());
    let (handle, mut events) = joined.unwrap();
    assert!(matches!(events.next().await, Some(Event::Welcomed(w)) if w.people.len() == 1));
    assert_eq!(events.next().await, Some(Event::Live { seq: 1 }));
    (handle, events, peer)
}

#[tokio::test]
async fn a_message_goes_out_comes_back_and_is_acknowledged_before_leaving() {
    let (handle, mut events, mut peer) = pair().await;
    let id = handle.send("hi").await.unwrap();
    let send = peer.hear().await;
    assert_eq!(send, format!(r#"{{"t":"send","id":"{id}","text":"hi"}}"#));
    handle.leave();
    peer.say(&echo(2, &send)).await;
    assert_eq!(peer.hear().await, r#"{"t":"bye"}"#);
    assert_eq!(peer.hear_close().await, Some(1000));
    assert!(matches!(events.next().await, Some(Event::Message(m)) if m.own && *m.text == *"hi"));
    assert_eq!(events.next().await, Some(Event::Acknowledged { id, seq: 2 }));
    // The double answers the close while it looks for more.
    drop(peer);
    assert_eq!(events.next().await, Some(Event::Ended(Outcome::Left)));
    assert_eq!(events.next().await, None);
    assert_eq!(handle.try_send("late"), Err(SendError::Over));
}

#[tokio::test]
async fn the_socket_is_below_the_servers_prefix() {
    for (prefix, path) in [("", "/ws"), ("/", "/ws"), ("/a/b", "/a/b/ws")] {
        let double = Double::start().await;
        let server = double.url(prefix);
        tokio::select! {
            _ = join(&server) => panic!("nobody said welcome"),
            (_, asked) = double.accept() => assert_eq!(asked, path),
        }
    }
}

#[tokio::test]
async fn a_refusal_is_the_answer_to_joining() {
    let double = Double::start().await;
    let server = double.url("");
    let refuse = async {
        let (mut peer, _) = double.accept().await;
        peer.hear().await;
        peer.say(r#"{"t":"error","code":"room_full","message":"full","fatal":true}"#).await;
        peer.close(4423).await;
    };
    let (joined, ()) = tokio::join!(join(&server), refuse);
    let Err(JoinError::Ended(Outcome::Refused { code, .. })) = joined else { panic!() };
    assert_eq!(code, ErrorCode::RoomFull);
}

#[tokio::test]
async fn a_close_without_a_word_is_told_with_its_code() {
    let (_handle, mut events, peer) = pair().await;
    let (event, ()) = tokio::join!(events.next(), peer.close(4404));
    assert_eq!(event, Some(Event::Ended(Outcome::Closed(CloseCode(4404)))));
}

#[tokio::test]
async fn a_connection_that_is_lost_comes_back_and_says_again_what_was_not_seen() {
    let double = Double::start().await;
    let server = double.url("");
    let (joined, mut peer) = tokio::join!(join(&server), double.welcome());
    let (handle, mut events) = joined.unwrap();
    assert!(matches!(events.next().await, Some(Event::Welcomed(w)) if w.arrival == Arrival::First));
    events.next().await;
    let id = handle.send("hi").await.unwrap();
    let sent = peer.hear().await;
    drop(peer);
    let waiting = events.next().await;
    let abnormal = Outcome::Closed(CloseCode::ABNORMAL);
    assert!(matches!(waiting, Some(Event::Waiting { why, .. }) if why == abnormal));
    // What is said meanwhile goes after it.
    let later = handle.send("later").await.unwrap();

    let mut peer = double.welcome().await;
    assert!(
        matches!(events.next().await, Some(Event::Welcomed(w)) if w.arrival == Arrival::Resumed)
    );
    assert_eq!(events.next().await, Some(Event::Live { seq: 1 }));
    assert_eq!(peer.hear().await, sent, "to the letter");
    assert!(peer.hear().await.contains(later.as_str()));
    peer.say(&echo(2, &sent)).await;
    assert!(matches!(events.next().await, Some(Event::Message(m)) if m.own));
    assert_eq!(events.next().await, Some(Event::Acknowledged { id, seq: 2 }));
}

#[tokio::test]
async fn a_welcome_that_is_lost_is_asked_for_again() {
    let double = Double::start().await;
    let server = double.url("");
    let answer = async {
        let (mut peer, _) = double.accept().await;
        let first = peer.hear().await;
        drop(peer);
        let (mut peer, _) = double.accept().await;
        let second = peer.hear().await;
        peer.say(r#"{"t":"error","code":"room_full","message":"full","fatal":true}"#).await;
        peer.close(4423).await;
        (first, second)
    };
    let (joined, (first, second)) = tokio::join!(join(&server), answer);
    assert!(joined.is_err());
    let member = |hello: &str, name: &str| -> serde_json::Value {
        serde_json::from_str::<serde_json::Value>(hello).unwrap()[name].take()
    };
    assert_eq!(member(&first, "key"), member(&second, "key"));
    assert!(member(&first, "try").as_u64() < member(&second, "try").as_u64());
}

#[tokio::test]
async fn a_binary_frame_ends_it() {
    let (_handle, mut events, mut peer) = pair().await;
    peer.send(Message::binary(vec![1, 2])).await;
    assert!(matches!(events.next().await, Some(Event::Ended(Outcome::Protocol(_)))));
    assert_eq!(peer.hear_close().await, Some(4400));
}

#[tokio::test]
async fn it_reads_while_it_can_not_write() {
    let (handle, mut events, mut peer) = pair().await;
    // Far more than sockets hold, both ways: the double reads nothing before it has said all.
    let text = "x".repeat(200_000);
    for _ in 0..60 {
        handle.try_send(&text).unwrap();
    }
    let talk = async {
        for seq in 2..62 {
            let send = format!(r#"{{"t":"send","text":"{text}"}}"#);
            peer.say(&echo(seq, &send)).await;
        }
        for _ in 0..60 {
            peer.hear().await;
        }
    };
    let listen = async {
        for seq in 2..62 {
            assert!(matches!(events.next().await, Some(Event::Message(m)) if m.seq == seq));
        }
    };
    tokio::join!(talk, listen);
}

#[tokio::test]
async fn sending_waits_for_a_place_and_goes_on() {
    let (handle, mut events, mut peer) = pair().await;
    for _ in 0..64 {
        handle.try_send("x").unwrap();
    }
    assert_eq!(handle.try_send("y"), Err(SendError::Busy));
    let first = peer.hear().await;
    let more = async {
        peer.say(&echo(2, &first)).await;
        for _ in 0..63 {
            peer.hear().await;
        }
        peer.hear().await
    };
    let (sent, last) = tokio::join!(handle.send("y"), more);
    assert!(last.contains(&format!(r#""id":"{}""#, sent.unwrap())));
    assert!(matches!(events.next().await, Some(Event::Message(_))));
}

#[tokio::test]
async fn who_waits_to_send_is_told_of_the_end() {
    let (handle, _events, peer) = pair().await;
    for _ in 0..64 {
        handle.try_send("x").unwrap();
    }
    let (sent, ()) = tokio::join!(handle.send("y"), peer.close(4410));
    assert_eq!(sent, Err(SendError::Over));
}

#[tokio::test]
async fn dropping_the_events_leaves() {
    let (handle, events, mut peer) = pair().await;
    drop(events);
    assert_eq!(peer.hear_close().await, Some(1000));
    drop(peer);
    for _ in 0..65 {
        // After the session's end, never a wait for a place that nobody makes.
        if handle.send("x").await == Err(SendError::Over) {
            return;
        }
    }
    panic!("the session goes on without anybody");
}

#[tokio::test]
async fn a_websocket_ping_is_answered() {
    let (_handle, _events, mut peer) = pair().await;
    peer.send(Message::Ping("are you there".into())).await;
    peer.say(LIVE).await;
    assert_eq!(peer.hear_pong().await, "are you there");
}

#[tokio::test]
async fn http_refusals_and_other_servers_are_told_apart() {
    let refused = "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 43\r\n\r\n\
                   {\"error\":\"rate\",\"message\":\"wait 3 seconds\"}";
    let page = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
    for (answer, wanted) in
        [(refused, "wait 3 seconds"), (page, "200"), ("220 smtp\r\n\r\n", "no chat")]
    {
        let double = Double::start().await;
        let server = double.url("");
        let (joined, _) = tokio::join!(join(&server), double.answer(answer));
        let error = joined.err().unwrap().to_string();
        assert!(error.contains(wanted), "{error}");
    }
}

#[tokio::test]
async fn nobody_there_is_said_with_the_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server: ServerUrl = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let error = join(&server).await.err().unwrap();
    assert!(matches!(error, JoinError::Connect(ConnectError::Unreachable { .. })));
    assert!(error.to_string().contains(&server.to_string()), "{error}");
}
