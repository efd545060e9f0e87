//! Files with something in them, read beside a command line.

use std::fs;

use chat_server::Config;

use super::{Settings, read};

fn with(text: &str, words: &[&str]) -> Result<Settings, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("chat.toml");
    fs::write(&file, text).unwrap();
    let file = file.display().to_string();
    let all = ["chat-server", "--config", &file].into_iter().chain(words.iter().copied());
    read(all.map(Into::into)).map_err(|error| {
        assert_eq!(error.exit_code(), 2);
        let said = error.render().to_string();
        said.replace(folder.path().to_str().unwrap(), "").trim_end().to_owned()
    })
}

fn config(text: &str, words: &[&str]) -> Config {
    with(text, words).unwrap().flags.into_config()
}

#[test]
fn what_the_file_says_counts_before_the_default_and_after_the_command_line() {
    let text = "# mine\nroom-max = 3\nroom-ttl = \"2h\"\nexempt-loopback = true\nhistory = 0\n";
    let set = config(text, &["--history", "7"]);
    assert_eq!(set.limits.room_max.map(u32::from), Some(3));
    assert_eq!(set.limits.room_ttl.as_secs(), 7200);
    assert!(set.exempt_loopback);
    assert_eq!(set.limits.history, 7);
    assert_eq!(set.max_text, Config::default().max_text);
    assert!(!config("exempt-loopback = false", &[]).exempt_loopback);
}

#[test]
fn a_list_is_taken_whole_from_one_place() {
    let text = "listen = [\"127.0.0.1:1\", \"[::1]:2\"]";
    let listen = |words| with(text, words).unwrap().flags.serving.listen;
    assert_eq!(listen(&[]).len(), 2);
    let typed = listen(&["--listen", "127.0.0.1:3"]);
    assert_eq!(typed, ["127.0.0.1:3".parse().unwrap()]);
    let words = with("listen = \"127.0.0.1:1,127.0.0.1:2\"", &[]).unwrap();
    assert_eq!(words.flags.serving.listen.len(), 2);
}

#[test]
fn who_set_what_is_told() {
    let set = with("room-max = 3\nhistory = 1\nexempt-loopback = true", &["--history", "7"]);
    let set = set.unwrap().set;
    assert_eq!(set, ["room-max = 3 (file)", "history = 7 (flag)", "exempt-loopback = true (file)"]);
}

#[test]
fn a_mistake_is_named_with_its_line() {
    for (text, said) in [
        (
            "\nroom-max = \"lots\"",
            "error: /chat.toml, line 2: invalid value 'lots' for '--room-max <N>': invalid digit \
             found in string",
        ),
        (
            "rom-max = 3",
            "error: /chat.toml, line 1: there is no setting `rom-max`; `room-max` is one",
        ),
        ("\n\nroom-max 3", "error: /chat.toml, line 3: "),
        ("room-max = 1\nroom-max = 2", "error: /chat.toml, line 2: duplicate key"),
        ("room-ttl = 24", "error: /chat.toml, line 1: invalid value '24' for '--room-ttl <TIME>'"),
        ("exempt-loopback = 1", "error: /chat.toml, line 1: exempt-loopback is either true or"),
        ("room-max = [1, 2]", "error: /chat.toml, line 1: the argument '--room-max <N>' cannot"),
        ("[room-max]\nx = 1", "error: /chat.toml, line 1: room-max takes a number, a text in"),
        ("[rooms]\nmax = 1", "error: /chat.toml, line 1: there is no setting `rooms`"),
        ("config = \"other.toml\"", "error: /chat.toml, line 1: there is no setting `config`"),
        ("check-config = true", "error: /chat.toml, line 1: there is no setting `check-config`"),
        ("help = true", "error: /chat.toml, line 1: there is no setting `help`"),
    ] {
        let error = with(text, &[]).err().unwrap();
        assert!(error.starts_with(said), "{text}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn a_mistake_on_the_command_line_is_not_the_files() {
    let error = with("room-max = 3", &["--room-max", "lots"]).err().unwrap();
    assert!(error.starts_with("error: invalid value 'lots' for '--room-max <N>'"), "{error}");
    // What the command line says is the file's matter no more, as wrong as it may be there.
    assert_eq!(
        config("room-max = \"lots\"", &["--room-max", "4"]).limits.room_max.unwrap().get(),
        4
    );
}

#[test]
fn a_file_that_is_not_there_is_said() {
    let words = ["chat-server", "--config", "/nowhere/chat.toml"];
    let error = read(words.map(Into::into)).err().unwrap();
    assert_eq!(error.exit_code(), 2);
    let said = error.render().to_string();
    assert!(said.contains("/nowhere/chat.toml can't be read: No such file"), "{said}");
}

#[test]
fn the_example_holds_every_setting_with_its_default() {
    let example = include_str!("../../../../deploy/chat-server.toml");
    let made = super::example(&<crate::flags::Flags as clap::CommandFactory>::command());
    assert!(
        made == example,
        "write it anew: cargo run -p chat-server -- --example-config > deploy/chat-server.toml"
    );
    let settings: Vec<_> = made
        .lines()
        .filter_map(|line| line.strip_prefix('#'))
        .filter(|line| !line.starts_with([' ', '#']) && !line.is_empty())
        // Those without a default show what is to stand there.
        .filter(|line| !line.ends_with(['"', ']']) || line.chars().any(|c| c.is_ascii_digit()))
        .collect();
    assert!(settings.len() > 20 && settings.contains(&"room-max = 256"), "{settings:?}");
    let set = config(&settings.join("\n"), &[]);
    assert_eq!(format!("{set:?}"), format!("{:?}", Config::default()));
}
