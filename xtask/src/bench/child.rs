//! A program that is waited for with a bound, and ends with its guard.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read},
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

/// How long a program may take to end once it has closed its output.
const END: Duration = Duration::from_secs(5);

/// A running program, killed and waited for when this is dropped.
pub(super) struct Running {
    child: Child,
    /// Kept open: a program whose output nobody takes may end.
    stdout: Option<BufReader<ChildStdout>>,
}

/// What a thread of its own reads from a program's output meanwhile; it ends with
/// that output at the latest.
pub(super) struct Reading<T>(mpsc::Receiver<(io::Result<T>, BufReader<ChildStdout>)>);

impl Running {
    /// Starts it, without input; what it says on standard error goes where ours
    /// goes.
    ///
    /// # Errors
    ///
    /// A sentence, where it can't be started.
    pub(super) fn start(command: Command) -> Result<Self, String> {
        Self::spawn(command, Stdio::null())
    }

    /// The same, and what it reads.
    ///
    /// # Errors
    ///
    /// A sentence, where it can't be started.
    pub(super) fn fed(command: Command) -> Result<(Self, ChildStdin), String> {
        let mut running = Self::spawn(command, Stdio::piped())?;
        let stdin = running.child.stdin.take().ok_or("has no input")?;
        Ok((running, stdin))
    }

    fn spawn(mut command: Command, stdin: Stdio) -> Result<Self, String> {
        let mut child = command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("can't be started: {error}"))?;
        let stdout = child.stdout.take().map(BufReader::new);
        Ok(Self { child, stdout })
    }

    /// Its process.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The most memory that it has held so far, in KiB, while it runs.
    pub(super) fn peak_kib(&self) -> Option<u64> {
        peak_kib(&fs::read_to_string(format!("/proc/{}/status", self.id())).ok()?)
    }

    /// Its next line, waited for so long.
    ///
    /// # Errors
    ///
    /// A sentence, where there is none in that time.
    pub(super) fn line(&mut self, within: Duration) -> Result<String, String> {
        let reading = self.read(|stdout| {
            let mut line = String::new();
            stdout.read_line(&mut line).map(|_| line)
        })?;
        let line = self.has_read(&reading, within)?;
        if line.is_empty() { Err("ended without a word".into()) } else { Ok(line) }
    }

    /// Everything it writes from here, and how it ended, waited for so long.
    ///
    /// # Errors
    ///
    /// A sentence, where it doesn't end in that time.
    pub(super) fn end(mut self, within: Duration) -> Result<(String, ExitStatus), String> {
        let reading = self.read(|stdout| {
            let mut text = String::new();
            stdout.read_to_string(&mut text).map(|_| text)
        })?;
        let text = self.has_read(&reading, within)?;
        let until = Instant::now() + END;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Ok((text, status)),
                Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(1)),
                Ok(None) => return Err("closed its output and didn't end".into()),
                Err(error) => return Err(format!("can't be waited for: {error}")),
            }
        }
    }

    /// Begins to read from its output.
    ///
    /// # Errors
    ///
    /// A sentence, where that is done already.
    pub(super) fn read<T, F>(&mut self, read: F) -> Result<Reading<T>, String>
    where
        T: Send + 'static,
        F: FnOnce(&mut BufReader<ChildStdout>) -> io::Result<T> + Send + 'static,
    {
        let mut stdout = self.stdout.take().ok_or("its output is taken already")?;
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let result = read(&mut stdout);
            // Whoever waited may have gone.
            let _ = sender.send((result, stdout));
        });
        Ok(Reading(receiver))
    }

    /// What was read, waited for so long.
    ///
    /// # Errors
    ///
    /// A sentence, where it isn't there in that time.
    pub(super) fn has_read<T>(
        &mut self,
        reading: &Reading<T>,
        within: Duration,
    ) -> Result<T, String> {
        let Ok((result, stdout)) = reading.0.recv_timeout(within) else {
            return Err(format!("took more than {} s", within.as_secs_f32()));
        };
        self.stdout = Some(stdout);
        result.map_err(|error| format!("its output can't be read: {error}"))
    }
}

/// From the line `VmHWM:` of a process's status.
fn peak_kib(status: &str) -> Option<u64> {
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.trim().strip_suffix(" kB")?.parse().ok()
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where it has ended and been waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{io::Write, path::Path};

    const PATIENCE: Duration = Duration::from_secs(20);

    fn shell(script: &str) -> Running {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Running::start(command).unwrap()
    }

    #[test]
    fn lines_come_first_and_the_rest_at_the_end() {
        let mut running = shell("echo a; echo b; echo c; exit 3");
        assert_eq!(running.line(PATIENCE).unwrap(), "a\n");
        assert_eq!(running.line(PATIENCE).unwrap(), "b\n");
        let (rest, status) = running.end(PATIENCE).unwrap();
        assert_eq!((rest.as_str(), status.code()), ("c\n", Some(3)));
    }

    #[test]
    fn whoever_says_nothing_is_not_waited_for_without_end() {
        assert_eq!(shell("exit 1").line(PATIENCE).unwrap_err(), "ended without a word");
        let patience = Duration::from_millis(10);
        assert!(shell("exec sleep 60").line(patience).unwrap_err().starts_with("took more"));
        assert!(shell("exec sleep 60").end(patience).unwrap_err().starts_with("took more"));
    }

    #[test]
    fn what_is_fed_is_read() {
        let mut command = Command::new("cat");
        command.arg("-");
        let (mut running, mut input) = Running::fed(command).unwrap();
        input.write_all(b"a\nb\n").unwrap();
        assert_eq!(running.line(PATIENCE).unwrap(), "a\n");
        assert!(running.peak_kib().unwrap() > 0);
        drop(input);
        assert_eq!(running.end(PATIENCE).unwrap().0, "b\n");
    }

    #[test]
    fn the_peak_is_in_a_processs_status() {
        assert_eq!(
            peak_kib("VmPeak:\t  9000 kB\nVmHWM:\t    1234 kB\nVmRSS:\t 7 kB\n"),
            Some(1234)
        );
        assert_eq!(peak_kib("VmPeak:\t  9000 kB\n"), None);
    }

    #[test]
    fn a_program_ends_with_its_guard() {
        let since = Instant::now();
        let running = shell("exec sleep 60");
        let process = format!("/proc/{}", running.id());
        assert!(Path::new(&process).exists());
        drop(running);
        assert!(since.elapsed() < PATIENCE, "it was not ended but waited for");
        assert!(!Path::new(&process).exists());
    }

    #[test]
    fn a_program_that_is_not_there_is_a_sentence() {
        let error = Running::start(Command::new("/nowhere/nothing")).err().unwrap();
        assert!(error.starts_with("can't be started"), "{error}");
    }
}
