//! The terminal's modes: taken for the whole screen, and given back whatever ends the program.

use std::{
    io::{self, Write},
    panic,
    sync::{
        Once,
        atomic::{AtomicBool, Ordering},
    },
};

use ratatui::crossterm::{
    cursor::Show,
    event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange},
    execute, queue,
    style::{Print, ResetColor},
    terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
};

/// Buttons and the wheel, and not every movement.
const MOUSE_ON: &str = "\u{1b}[?1000h\u{1b}[?1006h";
const MOUSE_OFF: &str = "\u{1b}[?1006l\u{1b}[?1000l";

/// Whether the modes are ours now.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The modes of a program that has the whole screen. Dropping it gives the terminal back, and so does
/// a panic, before it is reported.
pub struct Modes {
    mouse: bool,
}

impl Modes {
    /// Takes the terminal, and the mouse's wheel where it is wanted.
    ///
    /// # Errors
    ///
    /// Where standard output is no terminal, or no longer.
    pub fn take(mouse: bool) -> io::Result<Self> {
        give_back_on_panic();
        let modes = Self { mouse };
        modes.take_again()?;
        Ok(modes)
    }

    /// Takes it once more, after [`give_back`].
    ///
    /// # Errors
    ///
    /// As [`take`](Self::take).
    pub fn take_again(&self) -> io::Result<()> {
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        let mut out = io::stdout();
        queue!(out, EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange)?;
        if self.mouse {
            queue!(out, Print(MOUSE_ON))?;
        }
        out.flush()
    }
}

impl Drop for Modes {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back as it was; nothing where it is not ours.
pub fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    // A terminal that is gone needs nothing of it.
    let _ = execute!(
        io::stdout(),
        Print(MOUSE_OFF),
        DisableFocusChange,
        DisableBracketedPaste,
        ResetColor,
        LeaveAlternateScreen,
        Show
    );
    let _ = disable_raw_mode();
}

/// The terminal while a secret is typed: keys come one by one, and none is shown. Dropping it gives
/// the terminal back.
pub(crate) struct Hidden(());

impl Hidden {
    pub(crate) fn take() -> io::Result<Self> {
        enable_raw_mode()?;
        Ok(Self(()))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing of it.
        let _ = disable_raw_mode();
    }
}

fn give_back_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            give_back();
            report(panic);
        }));
    });
}
