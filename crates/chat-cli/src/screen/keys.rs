//! What keys, the mouse and the window do.

use chat_client::Nick;
use ratatui::{
    crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEventKind},
    layout::Size,
};

use super::{
    app::{App, Effect},
    completion::Completion,
    editor::Reach,
    layout,
    log::Window,
};
use crate::commands::{self, Deed, Written};

/// Rows that one click of the wheel scrolls.
const WHEEL: isize = 3;

impl App {
    /// Something was typed, pasted or done with the window.
    pub(super) fn handle_input(&mut self, event: Event, now: u64) {
        self.now = now;
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.key(key),
            Event::Paste(text) => self.insert(&text),
            Event::Resize(width, height) => {
                self.size = Size { width, height };
                self.effect(Effect::Redraw);
            }
            Event::FocusGained => self.focus = Some(true),
            Event::FocusLost => {
                self.focus = Some(false);
                // What comes now is what was not seen.
                self.log.clear_unread();
            }
            Event::Mouse(mouse) => match mouse.kind {
                MouseEventKind::ScrollUp => self.scroll(-WHEEL),
                MouseEventKind::ScrollDown => self.scroll(WHEEL),
                _ => {}
            },
            Event::Key(_) => {}
        }
    }

    fn key(&mut self, key: KeyEvent) {
        if key.code == KeyCode::Tab {
            return self.complete();
        }
        self.completion = None;
        let with = |modifier| key.modifiers.contains(modifier);
        if with(KeyModifiers::CONTROL) {
            self.control(key.code);
        } else if with(KeyModifiers::ALT) {
            self.alt(key.code);
        } else {
            self.plain(key.code, with(KeyModifiers::SHIFT));
        }
    }

    fn plain(&mut self, code: KeyCode, shift: bool) {
        let page = isize::try_from(layout::of(self).log.height).unwrap_or(0).max(2) - 1;
        match code {
            KeyCode::Enter if shift => self.insert("\n"),
            KeyCode::Enter => self.submit(),
            KeyCode::Char(c) => self.insert(c.encode_utf8(&mut [0; 4])),
            KeyCode::Backspace => self.delete(Reach::Left),
            KeyCode::Delete => self.delete(Reach::Right),
            KeyCode::Left => self.editor.go(Reach::Left),
            KeyCode::Right => self.editor.go(Reach::Right),
            KeyCode::Home => self.editor.go(Reach::LineStart),
            KeyCode::End => self.editor.go(Reach::LineEnd),
            KeyCode::Up if shift => self.scroll(-1),
            KeyCode::Down if shift => self.scroll(1),
            KeyCode::Up => self.up(),
            KeyCode::Down => self.down(),
            KeyCode::PageUp => self.scroll(-page),
            KeyCode::PageDown => self.scroll(page),
            KeyCode::Esc => {
                self.log.follow();
                self.log.clear_unread();
            }
            _ => {}
        }
    }

    fn control(&mut self, code: KeyCode) {
        match code {
            KeyCode::Char('a') => self.editor.go(Reach::LineStart),
            KeyCode::Char('e') => self.editor.go(Reach::LineEnd),
            KeyCode::Char('b') => self.editor.go(Reach::Left),
            KeyCode::Char('f') => self.editor.go(Reach::Right),
            KeyCode::Left => self.editor.go(Reach::WordLeft),
            KeyCode::Right => self.editor.go(Reach::WordRight),
            KeyCode::Char('h') => self.delete(Reach::Left),
            KeyCode::Char('u') => self.delete(Reach::LineStart),
            KeyCode::Char('k') => self.delete(Reach::LineEnd),
            KeyCode::Char('w') | KeyCode::Backspace => self.delete(Reach::WordLeft),
            KeyCode::Char('y') => {
                self.editor.bring_back();
                self.edited();
            }
            KeyCode::Char('j') | KeyCode::Enter => self.insert("\n"),
            KeyCode::Char('p') => self.up(),
            KeyCode::Char('n') => self.down(),
            KeyCode::Char('l') => self.effect(Effect::Redraw),
            KeyCode::Char('z') => self.effect(Effect::Suspend),
            KeyCode::Char('d') if !self.editor.is_empty() => self.delete(Reach::Right),
            KeyCode::Char('c' | 'd') => self.leave(),
            _ => {}
        }
    }

    fn alt(&mut self, code: KeyCode) {
        match code {
            KeyCode::Enter => self.insert("\n"),
            KeyCode::Char('b') | KeyCode::Left => self.editor.go(Reach::WordLeft),
            KeyCode::Char('f') | KeyCode::Right => self.editor.go(Reach::WordRight),
            KeyCode::Char('d') => self.delete(Reach::WordRight),
            KeyCode::Backspace => self.delete(Reach::WordLeft),
            _ => {}
        }
    }

    fn insert(&mut self, text: &str) {
        self.completion = None;
        if !self.editor.insert(text) {
            self.tell("this is too long to be written here: send it with chat-cli send");
        }
        self.edited();
    }

    fn delete(&mut self, reach: Reach) {
        self.editor.delete(reach);
        self.edited();
    }

    fn up(&mut self) {
        if !self.editor.go_line(false)
            && let Some(text) = self.history.earlier(self.editor.text())
        {
            self.editor.set(text);
        }
    }

    fn down(&mut self) {
        if !self.editor.go_line(true)
            && let Some(text) = self.history.later()
        {
            self.editor.set(text);
        }
    }

    fn complete(&mut self) {
        if self.completion.is_none() {
            self.completion = Completion::new(self.editor.before_cursor(), &self.nicks());
        }
        if let Some(completion) = &mut self.completion {
            let start = completion.start;
            self.editor.replace_from(start, completion.advance());
            self.edited();
        }
    }

    fn scroll(&mut self, by: isize) {
        let (area, look, tail) = (layout::of(self).log, self.look, self.pending());
        let (columns, rows) = (area.width.into(), area.height.into());
        self.log.scroll(by, &Window { columns, rows, look: &look, tail: &tail });
    }

    /// Leaves; who asks again doesn't want to wait.
    pub(super) fn leave(&mut self) {
        let again = std::mem::replace(&mut self.leaving, true);
        self.effect(if again { Effect::Quit } else { Effect::Leave });
    }

    fn submit(&mut self) {
        if self.editor.text().trim().is_empty() {
            return;
        }
        let text = self.editor.take();
        self.history.add(&text);
        self.stop_typing();
        self.log.follow();
        self.log.clear_unread();
        match commands::read(&text) {
            Written::Say(text) => self.effect(Effect::Say(text)),
            Written::Do(Deed::Leave, _) => self.leave(),
            Written::Do(Deed::Nick, nick) => match Nick::parse(&nick) {
                Ok(nick) => self.effect(Effect::Rename(nick)),
                Err(error) => self.tell(&error.to_string()),
            },
            Written::Do(deed, _) => self.effect(Effect::Answer(deed)),
            Written::Mistake(sentence) => {
                self.tell(&sentence);
                self.editor.set(text);
            }
        }
    }
}
