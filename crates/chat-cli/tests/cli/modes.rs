//! Whatever ends the program, the terminal is as it was. `Pty::end` compares its modes.

use crate::{
    bench::{Member, Server},
    pty::{Pty, client, program},
};

async fn room(server: &Server) -> (Pty, Member, String) {
    let token = server.create().await;
    let ben = server.join(&token, "Ben").await;
    let invite = server.invite(&token);
    let mut ann = Pty::start(client(&["join", &invite, "Ann"]), 80, 12);
    ann.wait_for(" connected ·").await;
    (ann, ben, invite)
}

#[tokio::test]
async fn after_signals_that_end_it() {
    let server = Server::start().await;
    for (signal, code) in [("TERM", 0), ("HUP", 0), ("INT", 0)] {
        let (ann, mut ben, _) = room(&server).await;
        ann.signal(signal).await;
        assert_eq!(ann.end().await.0, code, "{signal}");
        // And the others know at once.
        ben.wait_for(|event| matches!(event, chat_client::Event::Left { .. })).await;
    }
}

#[tokio::test]
async fn after_leaving_without_waiting() {
    let server = Server::start().await;
    let wire = crate::wire::Wire::to(&server).await;
    let token = server.create().await;
    let link = chat_client::Invite::url(&wire.url, &token);
    let mut ann = Pty::start(client(&["join", &link, "Ann"]), 80, 12);
    ann.wait_for(" connected ·").await;
    wire.cut();
    ann.wait_for(" not connected").await;
    ann.press("lost\r");
    ann.wait_for("(on its way)").await;
    ann.press("\u{3}");
    ann.wait_for(" leaving ·").await;
    ann.press("\u{3}");
    let (code, left) = ann.end().await;
    assert!(code == 1 && left.contains("not all that was said may have arrived"), "{left}");
}

#[tokio::test]
async fn after_the_end_an_error_and_a_panic() {
    let examples = std::path::Path::new(env!("CARGO_BIN_EXE_chat-cli")).with_file_name("examples");
    for (end, code, said) in
        [("end", 0, ""), ("error", 1, "as it was told"), ("panic", 101, "as it was told")]
    {
        let mut it = Pty::start(program(examples.join("modes"), &[end]), 80, 12);
        it.wait_for("taken").await;
        it.press("x");
        let (found, left) = it.end().await;
        assert_eq!(found, code, "{end}: {left}");
        assert!(left.contains(said), "{end}: {left}");
    }
}

#[tokio::test]
async fn while_it_is_suspended_and_after_it_has_come_back() {
    let server = Server::start().await;
    let token = server.create().await;
    let ben = server.join(&token, "Ben").await;
    let script = "set -m; stty -g; \"$0\" join \"$1\" Ann; stty -g; echo stopped; read x; fg >/dev/null; echo over";
    let args = ["-c", script, env!("CARGO_BIN_EXE_chat-cli"), &server.invite(&token)];
    let mut shell = Pty::start(program("/bin/sh", &args), 100, 12);
    shell.wait_for(" connected ·").await;
    shell.press("\u{1a}");
    shell.wait_for("stopped").await;
    let screen = shell.screen();
    let modes: Vec<&str> = screen.lines().filter(|line| line.matches(':').count() > 20).collect();
    assert!(modes.len() == 2 && modes[0] == modes[1], "{screen}");
    ben.handle.send("meanwhile").await.unwrap();
    shell.press("\n");
    shell.wait_for("Ben: meanwhile").await;
    shell.press("\u{4}");
    shell.wait_for("over").await;
    assert_eq!(shell.end().await.0, 0);
}

#[tokio::test]
async fn nothing_that_a_hostile_member_writes_reaches_the_terminal() {
    let server = Server::start().await;
    let (mut ann, _ben, invite) = room(&server).await;
    let token: chat_client::Invite = invite.parse().unwrap();
    let eve = server.join(&token.token, "Eve").await;
    let family = "👩\u{200d}👩\u{200d}👧";
    let mut hostile: Vec<String> = (0..=0x9f)
        .filter_map(char::from_u32)
        .filter(|c| c.is_control())
        .map(|c| format!("<{c}>"))
        .collect();
    hostile.extend(
        [
            "\u{1b}]52;c;ZXZpbA==\u{7}", "\u{1b}]0;title\u{1b}\\", "\u{1b}[2J\u{1b}[1;1H", "\u{9b}31m",
            "\u{1b}P+q544e\u{1b}\\", "\u{1b}c", "\u{1b}[?1049l", "\u{1b}[200~",
            "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}",
            "\u{200b}\u{2060}\u{feff}\u{ad}\u{34f}\u{180e}\u{3164}\u{e0041}\u{e007f}",
        ]
        .map(str::to_owned),
    );
    for chunk in hostile.chunks(16) {
        eve.handle.send(&chunk.concat()).await.unwrap();
    }
    eve.handle.send(&format!("{family} ❤\u{fe0f} 🏳\u{fe0f}\u{200d}🌈 the end")).await.unwrap();
    ann.wait_for("the end").await;
    ann.press("\u{3}");
    let bytes = ann.bytes();
    assert_eq!(ann.end().await.0, 0);
    let bytes = bytes.lock().unwrap();
    let text = std::str::from_utf8(&bytes).unwrap();
    let mut sequences = 0;
    for (at, c) in text.char_indices() {
        match c {
            // Ours are all CSI, of the few kinds that drawing takes.
            '\u{1b}' => {
                let rest = text[at + 1..]
                    .strip_prefix('[')
                    .unwrap_or_else(|| panic!("{:?}", text.get(at..at + 9)));
                let end = rest.find(|c: char| ('@'..='~').contains(&c)).unwrap();
                let known = matches!(rest.as_bytes()[end], b'm' | b'H' | b'J' | b'h' | b'l');
                assert!(known, "{:?}", &rest[..=end]);
                assert!(!rest.starts_with("200"), "{:?}", &rest[..=end]);
                sequences += 1;
            }
            '\r' | '\n' => {}
            c => assert!(!c.is_control(), "{c:?}"),
        }
        let hidden = matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}'
            | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{e0000}'..='\u{e00ff}');
        assert!(!hidden, "{c:?}");
    }
    assert!(sequences > 10);
    for whole in [family, "❤\u{fe0f}", "🏳\u{fe0f}\u{200d}🌈"] {
        assert!(text.contains(whole), "{whole}");
    }
}
