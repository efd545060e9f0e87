//! The server's key, which some servers want from whoever opens a room: from a file, the environment or the person.

use std::{
    fs::File,
    io::{self, IsTerminal, Read},
};

use chat_client::{Client, CreateKey, ParseCreateKeyError, ServerUrl};
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::{
    args::KeyArgs,
    entrance::environment,
    exit::{Exit, Failure},
    terminal::Hidden,
};

/// How much of a file is read: the longest key, and white space around it.
const FILE_MAX: u64 = 4096;

/// A client that shows the key, where one is given. Where the server wants one from whoever `opens` a room and none
/// is, it is asked for, if there is somebody at a terminal.
pub(crate) async fn equip(
    client: Client,
    args: &KeyArgs,
    server: &ServerUrl,
    opens: bool,
) -> Result<Client, Failure> {
    if let Some(key) = given(args)? {
        return Ok(client.with_create_key(key));
    }
    let somebody = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !opens || !somebody || !client.info(server).await?.create_key {
        return Ok(client);
    }
    Ok(client.with_create_key(ask()?))
}

fn given(args: &KeyArgs) -> Result<Option<CreateKey>, Failure> {
    if let Some(path) = &args.create_key_file {
        let mistake = |what: String| {
            Failure::new(Exit::Usage, format!("--create-key-file {}: {what}", path.display()))
        };
        let mut text = String::new();
        let read = File::open(path).and_then(|file| file.take(FILE_MAX).read_to_string(&mut text));
        read.map_err(|error| mistake(error.to_string()))?;
        return text
            .parse()
            .map(Some)
            .map_err(|error: ParseCreateKeyError| mistake(error.to_string()));
    }
    let key = environment("CHAT_CREATE_KEY").map(|key| key.parse()).transpose();
    key.map_err(|error| Failure::new(Exit::Usage, format!("CHAT_CREATE_KEY: {error}")))
}

/// Asks for it, on standard error and without showing what is typed.
fn ask() -> Result<CreateKey, Failure> {
    // Hidden first: who types as soon as they are asked is not shown either.
    let typed = Hidden::take().and_then(|_hidden| {
        eprint!("The server's key, which is not shown: ");
        read(event::read)
    });
    eprintln!();
    let failure = |what: String| Failure::new(Exit::Refused, what);
    let none =
        || failure("no key was given, and this server opens rooms for whoever has it".into());
    let typed = typed.map_err(|error| failure(format!("the key can't be read: {error}")))?;
    typed.ok_or_else(none)?.parse().map_err(|error| failure(format!("{error}")))
}

/// A line, key by key; `None` where the person would rather not.
fn read(mut next: impl FnMut() -> io::Result<Event>) -> io::Result<Option<String>> {
    let mut line = String::new();
    loop {
        let Event::Key(KeyEvent { code, modifiers, kind, .. }) = next()? else { continue };
        if kind == KeyEventKind::Release {
            continue;
        }
        let control = modifiers.contains(KeyModifiers::CONTROL);
        match code {
            KeyCode::Enter => return Ok(Some(line)),
            KeyCode::Esc => return Ok(None),
            KeyCode::Char('c' | 'd') if control => return Ok(None),
            KeyCode::Char('j' | 'm') if control => return Ok(Some(line)),
            KeyCode::Char('u') if control => line.clear(),
            KeyCode::Backspace => drop(line.pop()),
            // One more than there may be, so that it is seen to be too long.
            KeyCode::Char(c) if !control && line.len() <= CreateKey::MAX => line.push(c),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[(KeyCode, KeyModifiers)]) -> Option<String> {
        let mut keys = keys.iter();
        let next = || {
            let (code, modifiers) = *keys.next().ok_or(io::ErrorKind::UnexpectedEof)?;
            Ok(Event::Key(KeyEvent::new(code, modifiers)))
        };
        read(next).unwrap()
    }

    #[test]
    fn a_line_is_typed_and_corrected() {
        let plain = |code| (code, KeyModifiers::NONE);
        let char = |c| plain(KeyCode::Char(c));
        let control = |c| (KeyCode::Char(c), KeyModifiers::CONTROL);
        let enter = plain(KeyCode::Enter);
        let back = plain(KeyCode::Backspace);
        let big = (KeyCode::Char('B'), KeyModifiers::SHIFT);
        assert_eq!(typed(&[char('a'), back, back, char('b'), big, enter]).unwrap(), "bB");
        assert_eq!(typed(&[char('a'), control('u'), char('b'), control('x'), enter]).unwrap(), "b");
        assert_eq!(typed(&[char('a'), control('j')]).unwrap(), "a");
        for end in [control('c'), control('d'), plain(KeyCode::Esc)] {
            assert_eq!(typed(&[char('a'), end]), None);
        }
        let many = [vec![char('k'); 9000], vec![enter]].concat();
        assert_eq!(typed(&many).unwrap().len(), CreateKey::MAX + 1);
    }
}
