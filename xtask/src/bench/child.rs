//! A program that is waited for with a bound, and ends with its guard.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
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

impl Running {
    /// Starts it, without input; what it says on standard error goes where ours
    /// goes.
    ///
    /// # Errors
    ///
    /// A sentence, where it can't be started.
    pub(super) fn start(mut command: Command) -> Result<Self, String> {
        let mut child = command
            .stdin(Stdio::null())
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

    /// Its next line, waited for so long.
    ///
    /// # Errors
    ///
    /// A sentence, where there is none in that time.
    pub(super) fn line(&mut self, within: Duration) -> Result<String, String> {
        let (line, stdout) = self.read(within, |stdout| {
            let mut line = String::new();
            stdout.read_line(&mut line).map(|_| line)
        })?;
        self.stdout = Some(stdout);
        if line.is_empty() { Err("ended without a word".into()) } else { Ok(line) }
    }

    /// Everything it writes from here, and how it ended, waited for so long.
    ///
    /// # Errors
    ///
    /// A sentence, where it doesn't end in that time.
    pub(super) fn end(mut self, within: Duration) -> Result<(String, ExitStatus), String> {
        let (text, _) = self.read(within, |stdout| {
            let mut text = String::new();
            stdout.read_to_string(&mut text).map(|_| text)
        })?;
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

    /// Reads from its output in a thread of its own, which ends with it at the
    /// latest.
    fn read<F>(
        &mut self,
        within: Duration,
        read: F,
    ) -> Result<(String, BufReader<ChildStdout>), String>
    where
        F: FnOnce(&mut BufReader<ChildStdout>) -> std::io::Result<String> + Send + 'static,
    {
        let mut stdout = self.stdout.take().ok_or("its output is taken already")?;
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let result = read(&mut stdout);
            // Whoever waited may have gone.
            let _ = sender.send((result, stdout));
        });
        match receiver.recv_timeout(within) {
            Ok((Ok(text), stdout)) => Ok((text, stdout)),
            Ok((Err(error), _)) => Err(format!("its output can't be read: {error}")),
            Err(_) => Err(format!("took more than {} s", within.as_secs_f32())),
        }
    }
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
    use std::path::Path;

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
