//! Rooms on a server that opens them for whoever has its key.

use chat_client::{Client, CreateKey, Event, Nick, Opts};
use chat_server::Config;

use crate::{
    bench::{Member, Running, Server, command, run},
    pty::{Pty, client},
};

const KEY: &str = "quercus-robur";

fn config() -> Config {
    Config { create_key: Some(key()), ..Config::default() }
}

fn key() -> CreateKey {
    KEY.parse().unwrap()
}

fn file(content: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), content).unwrap();
    file
}

#[tokio::test]
async fn a_room_is_opened_by_the_key_of_a_file_or_of_the_environment() {
    let server = Server::with(config()).await;
    let url = server.url.to_string();
    let file = file(&format!("{KEY}\n"));
    let path = file.path().to_str().unwrap();
    for plain in [None, Some("--plain")] {
        let args: Vec<_> =
            ["create", "--json", "--server", &url].into_iter().chain(plain).collect();
        let with_file = [&args[..], &["--create-key-file", path]].concat();
        let mut with_environment = command(&args);
        with_environment.env("CHAT_CREATE_KEY", KEY);
        for create in [command(&with_file), with_environment] {
            let (code, out, said) = run(create, b"").await;
            assert_eq!((code, said.as_str()), (0, ""));
            assert!(out.contains("\"token\"") && !out.contains(KEY), "{out}");
        }
    }
}

#[tokio::test]
async fn without_it_or_with_another_one_it_is_exit_4_and_says_how_to_give_it() {
    let server = Server::with(config()).await;
    let url = server.url.to_string();
    let lost = "000g-40r4-0m30-e209-185g-r38e-1wpn";
    for args in [
        &["create", "--server", &url][..],
        &["create", "--plain", "--server", &url],
        &["join", "--open", "--server", &url, lost, "Ann"],
    ] {
        let mut wrong = command(args);
        wrong.env("CHAT_CREATE_KEY", "fagus-sylvatica");
        for (command, words) in [
            (command(args), "only who has this server's key may open rooms"),
            (wrong, "this is not the server's key"),
        ] {
            let (code, out, said) = run(command, b"").await;
            assert_eq!((code, out.as_str()), (4, ""), "{said}");
            assert_eq!(said.lines().count(), 1, "{said}");
            assert!(said.contains(words) && said.contains("--create-key-file FILE"), "{said}");
            assert!(!said.contains("fagus"), "{said}");
        }
    }
}

#[tokio::test]
async fn a_file_without_a_key_is_a_mistake() {
    let empty = file("");
    for (path, said) in [
        ("/nowhere/at/all".to_owned(), "No such file"),
        (empty.path().to_str().unwrap().to_owned(), "there is no key"),
    ] {
        let (code, out, err) = run(command(&["create", "--create-key-file", &path]), b"").await;
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.starts_with("chat-cli: --create-key-file ") && err.contains(said), "{err}");
    }
}

#[tokio::test]
async fn on_a_terminal_it_is_asked_for_and_not_shown() {
    let server = Server::with(config()).await;
    let url = server.url.to_string();
    for (plain, keys, code, said) in [
        (None, format!("{KEY}\r"), 0, "#"),
        (Some("--plain"), format!("x\u{7f}{KEY}\r"), 0, "#"),
        (None, "fagus\r".into(), 4, "this is not the server's key"),
        (None, "\r".into(), 4, "there is no key in it"),
        (None, "fagus\u{3}".into(), 4, "no key was given"),
    ] {
        let args: Vec<_> = ["create", "--server", &url].into_iter().chain(plain).collect();
        let mut ann = Pty::start(client(&args), 80, 60);
        ann.wait_for("The server's key, which is not shown:").await;
        ann.press(&keys);
        let bytes = ann.bytes();
        let (found, left) = ann.end().await;
        assert_eq!(found, code, "{left}");
        assert!(left.contains(said), "{left}");
        let bytes = String::from_utf8_lossy(&bytes.lock().unwrap()).into_owned();
        assert!(!bytes.contains(KEY) && !bytes.contains("fagus"), "{left}");
    }
    // Where the server wants none, nobody is asked.
    let other = Server::start().await;
    let ann = Pty::start(client(&["create", "--server", &other.url.to_string()]), 80, 60);
    let (code, left) = ann.end().await;
    assert!(code == 0 && !left.contains("key"), "{left}");
}

#[tokio::test]
async fn after_a_restart_whoever_has_the_key_brings_the_others_back() {
    let server = Server::with(config()).await;
    let token = chat_client::draw_token();
    let opener = Client::new("test").with_create_key(key());
    let ann = Nick::parse("Ann").unwrap();
    let (handle, events) = opener.open(&server.url, &token, ann, Opts::default()).await.unwrap();
    let mut ann = Member { handle, events };
    ann.wait_for(|event| matches!(event, Event::Live { .. })).await;
    let url = server.url.to_string();
    let mut ben = Running::start(command(&["join", "--server", &url, &token.to_string(), "Ben"]));
    ann.wait_for(|event| matches!(event, Event::Joined { person, .. } if &*person.nick == "Ben"))
        .await;

    let _next = server.restart_with(config()).await;
    ann.wait_for(|event| matches!(event, Event::Waiting { .. })).await;
    ann.wait_for(|event| matches!(event, Event::Live { .. })).await;
    ben.type_in("back\n").await;
    assert_eq!(ann.hear().await, "Ben: back");
    ben.end_input();
    let (code, out, said) = ben.end().await;
    assert_eq!((code, said.contains(KEY) || out.contains(KEY)), (0, false), "{said}");
}
