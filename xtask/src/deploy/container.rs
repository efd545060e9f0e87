//! The Containerfile's steps, gone without an engine: each stage is a folder,
//! and what comes of the last one runs in it as its root.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::containerfile::{Stage, Step, parse};
use crate::{
    command::{output, run as run_command, said},
    lookup::on_path,
};

/// Builds the image's root, and sees that what is in it runs alone, as nobody,
/// and says that it is well.
///
/// # Errors
///
/// A sentence with the step that fails.
pub(super) fn check(root: &Path) -> Result<(), String> {
    if output(Command::new("id").arg("-u")).is_none_or(|id| id.trim() != "0") {
        return Err("the Containerfile's steps need root, for chroot and another user".into());
    }
    let text = fs::read_to_string(root.join("deploy/Containerfile"))
        .map_err(|why| format!("deploy/Containerfile: {why}"))?;
    let stages = parse(&text)?;
    let places = root.join("target").join("container");
    let mut built: Vec<(String, PathBuf)> = Vec::new();
    for stage in &stages {
        let name = stage.from.rsplit_once(" AS ").map_or(stage.from.as_str(), |(_, name)| name);
        let place = places.join(name);
        if name == "scratch" && place.exists() {
            fs::remove_dir_all(&place).map_err(|why| format!("{}: {why}", place.display()))?;
        }
        go(root, stage, &place, &built)?;
        built.push((name.into(), place));
    }
    let (Some(image), Some((_, place))) = (stages.last(), built.last()) else {
        return Err("deploy/Containerfile has no stage".into());
    };
    Image::new(image, place)?.runs()
}

/// Goes a stage's steps in its folder.
fn go(root: &Path, stage: &Stage, place: &Path, built: &[(String, PathBuf)]) -> Result<(), String> {
    let mut inside = String::from("/");
    let mut env = Vec::new();
    let at = |path: &str, inside: &str| match path.strip_prefix('/') {
        Some(path) => place.join(path),
        None => place.join(inside.trim_start_matches('/')).join(path),
    };
    for step in &stage.steps {
        let here = place.join(inside.trim_start_matches('/'));
        fs::create_dir_all(&here).map_err(|why| format!("{}: {why}", here.display()))?;
        match step {
            Step::Workdir(path) => inside.clone_from(path),
            Step::Env(name, value) => env.push((name, value)),
            Step::Copy { from, paths } => {
                let source = match from {
                    Some(name) => built.iter().find(|(stage, _)| stage == name).map(|(_, at)| at),
                    None => None,
                };
                let source = source.map_or(root, PathBuf::as_path);
                copy(source, paths, |path| at(path, &inside))?;
            }
            Step::Run(script) => {
                // There is no root of its own here: what is to be at the top is in the folder.
                let script = script
                    .replace(" /chat-server", &format!(" {}", at("/chat-server", "").display()));
                let mut shell = Command::new("sh");
                shell.current_dir(&here).args(["-ec", &script]);
                // An image knows nothing of where this task builds.
                shell.env_remove("CARGO_TARGET_DIR");
                run_command(shell.envs(env.iter().copied()))?;
            }
            Step::User(_) | Step::Expose(_) | Step::Healthcheck(_) | Step::Entrypoint(_) => {}
        }
    }
    Ok(())
}

/// Copies what is not in git's way: `cp` keeps times, so that a second run
/// builds only what has changed.
fn copy(source: &Path, paths: &[String], at: impl Fn(&str) -> PathBuf) -> Result<(), String> {
    let Some((to, from)) = paths.split_last() else { return Ok(()) };
    let to = at(to);
    for path in from {
        let path = source.join(path.trim_start_matches('/'));
        let mut cp = Command::new("cp");
        cp.args(["--recursive", "--preserve=mode,timestamps", "--no-target-directory"]);
        // A file goes into a folder that is named, a folder's content into the one that is.
        let into = if path.is_file() && to.is_dir() {
            to.join(path.file_name().unwrap_or_default())
        } else {
            to.clone()
        };
        // What has gone from the repository shall not stay.
        if into.is_dir() {
            fs::remove_dir_all(&into).map_err(|why| format!("{}: {why}", into.display()))?;
        }
        run_command(cp.arg(path).arg(into))?;
    }
    Ok(())
}

/// What an engine would run.
struct Image<'a> {
    place: &'a Path,
    user: &'a str,
    env: Vec<(&'a str, &'a str)>,
    entrypoint: &'a [String],
    healthcheck: &'a [String],
}

impl<'a> Image<'a> {
    fn new(stage: &'a Stage, place: &'a Path) -> Result<Self, String> {
        let mut image = Self { place, user: "", env: vec![], entrypoint: &[], healthcheck: &[] };
        for step in &stage.steps {
            match step {
                Step::User(user) => image.user = user,
                Step::Env(name, value) => image.env.push((name, value)),
                Step::Entrypoint(words) => image.entrypoint = words,
                Step::Healthcheck(words) => image.healthcheck = words,
                _ => {}
            }
        }
        if image.user.is_empty() || image.entrypoint.is_empty() || image.healthcheck.is_empty() {
            return Err("the image needs a USER, an ENTRYPOINT and a HEALTHCHECK".into());
        }
        Ok(image)
    }

    /// A command in the image, as its user, with nothing else around it.
    fn command(&self, words: &[String]) -> Command {
        // By its path: there is no PATH around it.
        let chroot = on_path("chroot").unwrap_or_else(|| "/usr/sbin/chroot".into());
        let mut command = Command::new(chroot);
        command.arg(format!("--userspec={}", self.user)).arg("--groups=").arg(self.place);
        command.args(words).env_clear().envs(self.env.iter().copied());
        command
    }

    fn runs(&self) -> Result<(), String> {
        let files = said(Command::new("find").arg(self.place).args(["-type", "f"]))?;
        if files.lines().count() != 1 {
            return Err(format!("there is more in the image than the server:\n{files}"));
        }
        let static_ = said(Command::new("ldd").arg(files.trim()));
        if !static_.as_ref().is_ok_and(|said| said.contains("statically linked"))
            && !static_.as_ref().is_err_and(|said| said.contains("not a dynamic executable"))
        {
            return Err(format!("the image's program is not static: {static_:?}"));
        }
        let mut server = self.command(self.entrypoint);
        // As `podman run --env` would, so that it takes a port that is free.
        server.env("CHAT_LISTEN", "127.0.0.1:0").stdin(Stdio::null()).stdout(Stdio::piped());
        let mut server = Running(server.spawn().map_err(|why| format!("chroot: {why}"))?);
        let address = server.address()?;
        let check: Vec<_> =
            self.healthcheck.iter().map(|word| word.replace("127.0.0.1:8080", &address)).collect();
        run_command(&mut self.command(&check))?;
        server.is_user(self.user)?;
        eprintln!("xtask deploy: the image's server runs as {} and is well", self.user);
        server.stop()
    }
}

/// A server that is killed where nothing else ends it.
struct Running(Child);

impl Running {
    /// Where it says that it is.
    fn address(&mut self) -> Result<String, String> {
        let mut line = String::new();
        let Some(output) = self.0.stdout.as_mut() else { return Err("it has no output".into()) };
        BufReader::new(output.take(1 << 10)).read_line(&mut line).map_err(|why| why.to_string())?;
        let address = line.trim().rsplit_once("http://").map(|(_, address)| address.to_owned());
        address.ok_or_else(|| format!("the image's server says `{line}`"))
    }

    /// That it is nobody but that user.
    fn is_user(&self, user: &str) -> Result<(), String> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))
            .map_err(|why| why.to_string())?;
        let uid = user.split(':').next().unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("Uid:")).unwrap_or_default();
        match line.split_whitespace().skip(1).all(|id| id == uid) {
            true => Ok(()),
            false => Err(format!("the image's server should run as {user}, and has {line}")),
        }
    }

    fn stop(mut self) -> Result<(), String> {
        run_command(Command::new("kill").arg(self.0.id().to_string()))?;
        match self.0.wait() {
            Ok(status) if status.success() => Ok(()),
            ended => Err(format!("the image's server ended with {ended:?}")),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Where it has ended there is nothing to kill.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
