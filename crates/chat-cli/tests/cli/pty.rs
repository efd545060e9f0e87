//! The program in a pseudo-terminal, and what a person sees of it.

use std::{
    fs,
    io::{Read, Write},
    path::Path,
    sync::{Arc, Mutex},
    thread,
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtyPair, PtySize, native_pty_system};
use tokio::{sync::watch, time::timeout};

use crate::bench::{ENVIRONMENT, PATIENCE};

/// Set to anything, the pictures are written anew.
const WRITE: &str = "CHAT_SNAPSHOTS_WRITE";

/// A terminal with a program in it.
pub(crate) struct Pty {
    pair: PtyPair,
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    seen: Arc<Mutex<Seen>>,
    /// How often something was written.
    written: watch::Receiver<u64>,
    before: String,
}

struct Seen {
    parser: vt100::Parser,
    bytes: Arc<Mutex<Vec<u8>>>,
}

/// The program with these arguments, in a terminal's usual environment.
pub(crate) fn client(args: &[&str]) -> CommandBuilder {
    program(env!("CARGO_BIN_EXE_chat-cli"), args)
}

pub(crate) fn program(path: impl AsRef<Path>, args: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(path.as_ref());
    command.args(args);
    for name in ENVIRONMENT {
        command.env_remove(name);
    }
    command.env("TERM", "xterm-256color");
    // A panic says where it was in more lines than the screen has.
    command.env("RUST_BACKTRACE", "0");
    command.env("TZ", "UTC");
    command.env("XDG_CONFIG_HOME", "/nowhere");
    command
}

impl Pty {
    pub(crate) fn start(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let before = modes(&*pair.master);
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let parser = vt100::Parser::new(rows, columns, 0);
        let seen = Arc::new(Mutex::new(Seen { parser, bytes: Arc::default() }));
        let (tell, written) = watch::channel(0);
        let sees = Arc::clone(&seen);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            // The end is an error where the program's side is closed.
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                let mut seen = sees.lock().unwrap();
                seen.parser.process(&buffer[..n]);
                seen.bytes.lock().unwrap().extend_from_slice(&buffer[..n]);
                drop(seen);
                tell.send_modify(|written| *written += 1);
            }
        });
        Self { pair, child, writer, seen, written, before }
    }

    /// Keys, as a terminal sends them.
    pub(crate) fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// A paste, as a terminal sends it.
    pub(crate) fn paste(&mut self, text: &str) {
        self.press(&format!("\u{1b}[200~{text}\u{1b}[201~"));
    }

    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        self.seen.lock().unwrap().parser.screen_mut().set_size(rows, columns);
        self.pair.master.resize(size(columns, rows)).unwrap();
    }

    /// What is seen, a line a row.
    pub(crate) fn screen(&self) -> String {
        let seen = self.seen.lock().unwrap();
        let screen = seen.parser.screen();
        let (_, columns) = screen.size();
        screen.rows(0, columns).fold(String::new(), |all, row| all + row.trim_end() + "\n")
    }

    /// All that is written, up to the end.
    pub(crate) fn bytes(&self) -> Arc<Mutex<Vec<u8>>> {
        Arc::clone(&self.seen.lock().unwrap().bytes)
    }

    /// Waits until this is seen.
    pub(crate) async fn wait_for(&mut self, text: &str) {
        self.wait_until(text, |screen| screen.contains(text)).await;
    }

    pub(crate) async fn wait_until(&mut self, what: &str, fits: impl Fn(&str) -> bool) {
        let mut written = self.written.clone();
        let search = async {
            loop {
                written.mark_unchanged();
                if fits(&self.screen()) || written.changed().await.is_err() {
                    return;
                }
            }
        };
        let _ = timeout(PATIENCE, search).await;
        assert!(fits(&self.screen()), "{what} is not seen:\n{}", self.screen());
    }

    pub(crate) async fn signal(&self, name: &str) {
        let id = self.child.process_id().unwrap().to_string();
        let kill = tokio::process::Command::new("kill").args(["-s", name, &id]).status();
        assert!(kill.await.unwrap().success());
    }

    /// Waits for the end: the exit code, what is left on the screen, and whether the terminal is as it was.
    pub(crate) async fn end(self) -> (u32, String) {
        let Self { pair, mut child, writer, seen, mut written, before } = self;
        let mut killer = child.clone_killer();
        let ended = tokio::task::spawn_blocking(move || child.wait().unwrap());
        let Ok(status) = timeout(PATIENCE, ended).await else {
            // Else the test would wait for it as well.
            killer.kill().unwrap();
            panic!("no end:\n{}", seen.lock().unwrap().parser.screen().contents());
        };
        let status = status.unwrap();
        assert_eq!(modes(&*pair.master), before, "the modes are other than before");
        // With the last who could write, all that was written is read.
        drop(pair.slave);
        let rest = async { while written.changed().await.is_ok() {} };
        timeout(PATIENCE, rest).await.expect("no end of the output");
        drop(writer);
        let seen = seen.lock().unwrap();
        let screen = seen.parser.screen();
        let modes = (screen.alternate_screen(), screen.bracketed_paste(), screen.hide_cursor());
        assert_eq!(modes, (false, false, false), "alternate screen, bracketed paste, no cursor");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        (status.exit_code(), screen.contents())
    }

    /// Waits until what is seen is what was seen when somebody looked at it.
    pub(crate) async fn compare(&mut self, name: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
        let path = path.join(format!("{name}.txt"));
        if std::env::var_os(WRITE).is_some() {
            fs::write(&path, without_times(&self.screen())).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        let what =
            format!("{} ({WRITE}=1 writes it anew)\n{expected}instead of it", path.display());
        self.wait_until(&what, |screen| without_times(screen) == expected).await;
    }
}

/// Times, days and addresses are others each time.
fn without_times(screen: &str) -> String {
    let line = |line: &str| {
        let time = line.get(..5).filter(|time| time.as_bytes()[2] == b':');
        let line = match time {
            Some(time) if time.bytes().filter(u8::is_ascii_digit).count() == 4 => {
                format!("hh:mm{}", &line[5..])
            }
            _ => line.to_owned(),
        };
        if line.starts_with("── ") && line.contains("day, ") {
            // As long as it is, whatever the day is called.
            let (rule, side) = line.split_at(line.find('│').unwrap_or(line.len()));
            let rest = rule.trim_end().chars().count() - 7;
            let space = if side.is_empty() { "" } else { " " };
            return format!("── day {}{space}{side}\n", "─".repeat(rest));
        }
        match line.find("│ ends in") {
            Some(at) => format!("{}│ ends in …\n", &line[..at]),
            None => line + "\n",
        }
    };
    screen.lines().map(line).collect()
}

fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

const fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}
