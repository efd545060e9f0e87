//! Lines through a room: what `chat-cli send` reads and `chat-cli tail` writes.

use std::{
    io::{self, BufRead, BufWriter, Write},
    ops::Range,
    path::{Path, PathBuf},
    process::{ChildStdin, Command},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    child::Running,
    cores::Role,
    row::Kind,
    server::{command, released},
};

#[cfg(test)]
mod tests;

/// How many lines are measured: 100 MB of them.
const LINES: u32 = 1_000_000;

/// What follows the number of a line.
const REST: &str = " abcdefghijabcdefghijabcdefghijabcdefghijabcdefghij\
                    abcdefghijabcdefghijabcdefghijabcdefghij";

/// The bytes of a line with its end.
const LENGTH: usize = 8 + REST.len() + 1;

/// The program that sends and receives.
pub(super) struct Pipe {
    client: PathBuf,
}

impl Pipe {
    /// Builds it.
    ///
    /// # Errors
    ///
    /// A sentence, where that fails.
    pub(super) fn prepare(root: &Path) -> Result<Self, String> {
        Ok(Self { client: released(root, "chat-cli")? })
    }

    /// Sends the lines through a new room of the server at this address.
    ///
    /// # Errors
    ///
    /// A sentence, where they don't arrive as they were sent.
    pub(super) fn run(&self, kind: Kind, url: &str, within: Duration) -> Result<Value, String> {
        let until = Instant::now() + within;
        let mut create = self.client(&["create", "--server", url]);
        if kind == Kind::Plain {
            create.arg("--plain");
        }
        let (said, status) = Running::start(create).and_then(|create| create.end(within))?;
        let link = said.lines().nth(1).filter(|_| status.success());
        let link = link.ok_or_else(|| format!("create ended with {status}"))?;
        // One to begin with, and one to end with.
        let count = (LINES + 2).to_string();
        let send = self.client(&["send", link, "--nick", "mouth"]);
        // With what was said before, whoever of the two comes first.
        let tail = ["--raw", "--history", "1", "--count", &count];
        let mut tail_command = self.client(&["tail", link, "--nick", "ear"]);
        tail_command.args(tail);
        poured(send, tail_command, LINES, until)
    }

    fn client(&self, words: &[&str]) -> Command {
        let mut command = command(&self.client, Role::Load, None);
        command.args(words);
        command
    }
}

/// Pours so many lines into one program, takes them from the other, and says how
/// fast they came and how much memory the two have held, both still running.
fn poured(send: Command, tail: Command, lines: u32, until: Instant) -> Result<Value, String> {
    let (send, input) = Running::fed(send).map_err(|why| format!("send {why}"))?;
    let tail = Running::start(tail).map_err(|why| format!("tail {why}"))?;
    let mut flow = Flow { send, tail, until };
    // Once this one is through, both are in the room.
    let input = flow.pass(input, 0..1)?;
    let since = Instant::now();
    let input = flow.pass(input, 1..lines + 1)?;
    let seconds = since.elapsed().as_secs_f64();
    let found = json!({
        "mb_per_s": f64::from(lines) * LENGTH as f64 / 1e6 / seconds,
        "send_peak_kib": flow.send.peak_kib(),
        "tail_peak_kib": flow.tail.peak_kib(),
    });
    drop(flow.pass(input, lines + 1..lines + 2)?);
    flow.end()?;
    Ok(found)
}

/// Both ends, and when all has to be through.
struct Flow {
    send: Running,
    tail: Running,
    until: Instant,
}

impl Flow {
    /// These lines, into one end and out of the other.
    fn pass(&mut self, mut input: ChildStdin, lines: Range<u32>) -> Result<ChildStdin, String> {
        let expected = lines.clone();
        let reading = self.tail.read(|output| differing(output, expected));
        let reading = reading.map_err(|why| format!("tail: {why}"))?;
        let (done, writing) = mpsc::channel();
        thread::spawn(move || {
            let result = write(&mut input, lines).map(|()| input);
            // Whoever waited may have gone.
            let _ = done.send(result);
        });
        let input = match writing.recv_timeout(left(self.until)) {
            Ok(Ok(input)) => input,
            Ok(Err(error)) => return Err(format!("send takes no more: {error}")),
            Err(_) => return Err("send didn't take all in time".into()),
        };
        let different = self.tail.has_read(&reading, left(self.until));
        match different.map_err(|why| format!("tail: {why}"))? {
            None => Ok(input),
            Some(sentence) => Err(format!("tail: {sentence}")),
        }
    }

    /// Both end by themselves, and well.
    fn end(self) -> Result<(), String> {
        for (name, running) in [("send", self.send), ("tail", self.tail)] {
            let ended = running.end(left(self.until)).map_err(|why| format!("{name}: {why}"))?;
            match ended {
                (rest, status) if status.success() && rest.is_empty() => {}
                (rest, status) => {
                    let bytes = rest.len();
                    return Err(format!("{name} wrote {bytes} bytes more and ended with {status}"));
                }
            }
        }
        Ok(())
    }
}

fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}

/// Writes these lines, each with its number.
fn write(output: &mut impl Write, lines: Range<u32>) -> io::Result<()> {
    let mut output = BufWriter::new(output);
    for n in lines {
        writeln!(output, "{n:08}{REST}")?;
    }
    output.flush()
}

/// Compares what comes with these lines, one at a time; says what the first is
/// that differs.
fn differing(input: &mut impl BufRead, lines: Range<u32>) -> io::Result<Option<String>> {
    let (mut expected, mut line) = (Vec::with_capacity(LENGTH), Vec::with_capacity(LENGTH));
    for n in lines {
        expected.clear();
        write(&mut expected, n..n + 1)?;
        line.clear();
        input.read_until(b'\n', &mut line)?;
        if line != expected {
            let came = String::from_utf8_lossy(&line);
            return Ok(Some(format!("line {n} did not come, but `{}`", came.trim_end())));
        }
    }
    Ok(None)
}
