//! The whole screen: joining, talking, scrolling, sizes, and a connection that is lost.

use chat_client::{Event, Opts};

use crate::{
    bench::{Member, Server},
    pty::{Pty, client},
    wire::Wire,
};

/// Ann on a screen of this size, in a room with Ben.
async fn room(server: &Server, columns: u16, rows: u16) -> (Pty, Member) {
    let token = server.create().await;
    let ben = server.join(&token, "Ben").await;
    let mut ann = Pty::start(client(&["join", &server.invite(&token), "Ann"]), columns, rows);
    ann.wait_for(" connected ·").await;
    (ann, ben)
}

#[tokio::test]
async fn two_talk_and_the_screen_shows_them() {
    let server = Server::start().await;
    let (mut ann, mut ben) = room(&server, 80, 24).await;
    ann.press("Привет, 日本語 👍\r");
    assert_eq!(ben.hear().await, "Ann: Привет, 日本語 👍");
    ann.wait_for("Ann: Привет, 日本語 👍").await;
    let long =
        "Here is a longer text, which takes more than one row, and whose second row is indented.";
    ben.handle.send(&format!("{long}\nAnn: forged")).await.unwrap();
    ann.wait_for("Ann: forged").await;
    // A nick is completed, and a command.
    ann.press("be\t");
    ann.wait_for("> Ben:").await;
    ann.press("hello\r");
    assert_eq!(
        ben.hear().await,
        "Ben: Here is a longer text, which takes more than one row, and whose second row is indented.\nAnn: forged"
    );
    assert_eq!(ben.hear().await, "Ann: Ben: hello");
    ann.wait_for("Ann: Ben: hello").await;
    ann.wait_until("the arrival", |screen| !screen.contains("on its way")).await;
    ann.press("/he\t\r");
    ann.wait_for("Begin a message with //").await;
    ann.press("being wri\u{1b}[D");
    ann.wait_until("the text", |screen| {
        screen.contains("> being wri") && !screen.contains("on its way")
    })
    .await;
    ann.compare("talk-80x24").await;
    ann.press("\u{5}\u{15}/leave\r");
    let (code, _) = ann.end().await;
    assert_eq!(code, 0);
    ben.wait_for(|event| matches!(event, Event::Left { .. })).await;
}

#[tokio::test]
async fn a_paste_of_several_lines_is_one_message() {
    let server = Server::start().await;
    let (mut ann, mut ben) = room(&server, 60, 12).await;
    ann.paste("one\rtwo\r\nthree\n");
    ann.wait_for("  three").await;
    ann.compare("paste-60x12").await;
    ann.press("end\r");
    assert_eq!(ben.hear().await, "Ann: one\ntwo\nthree\nend");
    // And what was said comes back.
    ann.wait_for("Ann: one").await;
    ann.press("\u{1b}[A\u{17}\u{17}fin\r");
    assert_eq!(ben.hear().await, "Ann: one\ntwo\nfin");
    ann.press("\u{3}");
    assert_eq!(ann.end().await.0, 0);
}

#[tokio::test]
async fn one_scrolls_back_and_sees_what_is_new() {
    let server = Server::start().await;
    let (mut ann, ben) = room(&server, 80, 12).await;
    for n in 0..30 {
        ben.handle.send(&format!("line {n}")).await.unwrap();
    }
    ann.wait_for("Ben: line 29").await;
    ann.press("\u{1b}[5~");
    ann.wait_for("Ben: line 11").await;
    // The wheel.
    ann.press("\u{1b}[<64;5;5M");
    ann.wait_for("Ben: line 8").await;
    ben.handle.send("news").await.unwrap();
    ann.wait_for("1 new below: Esc").await;
    ann.compare("scrolled-80x12").await;
    ann.press("\u{1b}[<65;5;5M\u{1b}[6~\u{1b}[6~");
    ann.wait_for("new since you looked").await;
    ann.compare("unread-80x12").await;
    ann.press("\u{4}");
    assert_eq!(ann.end().await.0, 0);
}

#[tokio::test]
async fn every_size_is_good_to_talk_in() {
    let server = Server::start().await;
    let (mut ann, mut ben) = room(&server, 80, 24).await;
    let text = "A text that has to be broken where the screen is small: 日本語の文章もあります.";
    ben.handle.send(text).await.unwrap();
    ann.wait_for("日本語").await;
    ann.press("written before the change");
    ann.wait_for("change").await;
    ann.resize(40, 10);
    ann.wait_until("the small screen", |screen| !screen.contains('│') && screen.contains("change"))
        .await;
    ann.compare("small-40x10").await;
    ann.resize(200, 60);
    ann.wait_for("│ Ann (you)").await;
    ann.compare("large-200x60").await;
    ann.press("\r");
    assert_eq!(ben.hear().await, format!("Ben: {text}"));
    assert_eq!(ben.hear().await, "Ann: written before the change");
    ann.press("\u{3}");
    assert_eq!(ann.end().await.0, 0);
}

#[tokio::test]
async fn a_lost_connection_is_told_and_what_is_written_meanwhile_arrives() {
    let server = Server::start().await;
    let wire = Wire::to(&server).await;
    let token = server.create().await;
    let mut ben = server.join(&token, "Ben").await;
    let link = chat_client::Invite::url(&wire.url, &token);
    let mut ann = Pty::start(client(&["join", &link, "Ann"]), 80, 12);
    ann.wait_for(" connected ·").await;
    wire.cut();
    ann.wait_for(" not connected, ").await;
    ann.press("still here?\r");
    ann.wait_for("Ann: still here? (on its way)").await;
    ben.handle.send("meanwhile").await.unwrap();
    ben.hear().await;
    wire.mend();
    assert_eq!(ben.hear().await, "Ann: still here?");
    ann.wait_until("the connection", |screen| {
        screen.contains(" connected ·") && !screen.contains("on its way")
    })
    .await;
    ann.compare("lost-80x12").await;
    ann.press("\u{3}");
    assert_eq!(ann.end().await.0, 0);
}

#[tokio::test]
async fn an_encrypted_room_is_created_and_entered_in_one_go() {
    let server = Server::start().await;
    let url = server.url.to_string();
    let mut ann = Pty::start(client(&["create", "--join", "Ann", "--server", &url]), 80, 50);
    ann.wait_for(" connected ·").await;
    ann.wait_for("The invitation to this room").await;
    let screen = ann.screen();
    let at = screen.find(&format!("{url}#")).unwrap();
    let link: String = screen[at..].split_whitespace().next().unwrap().into();
    assert!(screen.contains("█▀▀▀▀▀█") || screen.contains("█ ▄▄▄▄▄ █"), "{screen}");
    assert!(screen.contains("end-to-end encrypted"), "{screen}");
    ann.press("/code\r");
    ann.wait_for("the room's code is").await;
    ann.press("/leave\r");
    let (code, left) = ann.end().await;
    assert_eq!(code, 0);
    assert!(left.starts_with(link.split('#').nth(1).unwrap().get(..20).unwrap()), "{left}");
}

#[tokio::test]
async fn the_line_mode_is_there_where_it_is_asked_for() {
    let server = Server::start().await;
    let token = server.create().await;
    let invite = server.invite(&token);
    let args = ["join", "--plain-output", "--color", "never", &invite, "Ann"];
    let mut ann = Pty::start(client(&args), 100, 24);
    ann.wait_for("* Ann joined").await;
    ann.press("/nick Anna\n/who\n/nik\nhi\n");
    ann.wait_for("* Ann is now Anna").await;
    ann.wait_for("who is here:").await;
    ann.wait_for("there is no command /nik").await;
    ann.wait_for("Anna: hi").await;
    ann.press("/leave\n");
    let bytes = ann.bytes();
    let (code, left) = ann.end().await;
    assert!(!bytes.lock().unwrap().contains(&0x1b), "{left}");
    assert!(code == 0 && left.contains("* you left the room"), "{left}");
}

#[tokio::test]
async fn the_bell_rings_only_where_it_is_wanted() {
    let server = Server::start().await;
    for (bell, rings) in [(Some("--bell"), true), (None, false)] {
        let token = server.create().await;
        let ben = server.join(&token, "Ben").await;
        let invite = server.invite(&token);
        let args: Vec<&str> = ["join", &invite, "Ann"].into_iter().chain(bell).collect();
        let mut ann = Pty::start(client(&args), 80, 12);
        ann.wait_for(" connected ·").await;
        ben.handle.send("ding").await.unwrap();
        ann.wait_for("Ben: ding").await;
        ann.press("\u{3}");
        let bytes = ann.bytes();
        assert_eq!(ann.end().await.0, 0);
        assert_eq!(bytes.lock().unwrap().contains(&7), rings);
    }
}

#[tokio::test]
async fn a_room_that_ends_gives_the_terminal_back_and_says_why() {
    let mut config = chat_server::Config::default();
    config.limits.room_ttl = std::time::Duration::from_secs(2);
    let server = Server::with(config).await;
    let token =
        chat_client::Client::new("test").create(&server.url, &Opts::default()).await.unwrap();
    let mut ann = Pty::start(client(&["join", &server.invite(&token), "Ann"]), 80, 12);
    ann.wait_for("chat-cli: the room ended: its time is over").await;
    assert_eq!(ann.end().await.0, 3);
}
