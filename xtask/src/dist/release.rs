//! The programs, as they are given on.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{binaries, command::said, shipped::Package};

/// Both programs, built.
pub(super) struct Release {
    /// The server, which needs no library and so runs on any Linux, and the
    /// terminal client: names of hosts are looked up by what the system's C
    /// library loads for it, so it has to be the system's.
    pub(super) programs: [PathBuf; 2],
    /// What they are compiled for.
    pub(super) target: String,
    /// When the newest commit was made, in seconds since 1970: what is made of
    /// the same commit shall be the same.
    pub(super) epoch: String,
    rustc: String,
    libc: String,
}

impl Release {
    /// Builds them; this takes minutes.
    ///
    /// # Errors
    ///
    /// A sentence with what failed.
    pub(super) fn build(root: &Path) -> Result<Self, String> {
        let rustc = said(Command::new("rustc").arg("-vV"))?;
        let value = |name: &str| rustc.lines().find_map(|line| line.strip_prefix(name));
        let target = value("host: ").ok_or("`rustc -vV` names no host")?.to_owned();
        let version = value("release: ").ok_or("`rustc -vV` names no release")?.to_owned();
        let epoch =
            said(Command::new("git").current_dir(root).args(["log", "-1", "--format=%ct"]))?;
        let libc = said(Command::new("getconf").arg("GNU_LIBC_VERSION"))?;
        let server = build(root, "chat-server", &target, "-C target-feature=+crt-static")?;
        let cli = build(root, "chat-cli", &target, "")?;
        Ok(Self {
            programs: [server, cli],
            target,
            epoch: epoch.trim().into(),
            rustc: version,
            libc: libc.trim().rsplit(' ').next().unwrap_or_default().into(),
        })
    }

    /// What is in a program besides packages.
    pub(super) fn beside(&self, program: &str) -> Vec<Package> {
        let package = |name: &str, version: &str, licence: &str| Package {
            name: name.into(),
            version: version.into(),
            licence: licence.into(),
            checksum: None,
        };
        let mut beside = vec![package("rust-std", &self.rustc, "MIT OR Apache-2.0")];
        if program == "chat-server" {
            beside.push(package("glibc", &self.libc, "LGPL-2.1-or-later"));
        }
        beside
    }

    /// What Debian calls the processor.
    pub(super) fn architecture(&self) -> &str {
        match self.target.split('-').next().unwrap_or_default() {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        }
    }
}

fn build(root: &Path, program: &str, target: &str, flags: &str) -> Result<PathBuf, String> {
    let home = env::var("CARGO_HOME").or_else(|_| env::var("HOME").map(|home| home + "/.cargo"));
    // Where it was built is nobody's concern, and differs from machine to machine.
    let flags = format!(
        "{flags} --remap-path-prefix={}=/cargo --remap-path-prefix={}=/chat",
        home.unwrap_or_else(|_| "/cargo".into()),
        root.display()
    );
    let what =
        ["--release", "--locked", "--package", program, "--bin", program, "--target", target];
    let [built] = binaries::build_with(root, &what, [program], &[("RUSTFLAGS", flags.trim())])?;
    let bytes = fs::read(&built).map_err(|why| format!("{}: {why}", built.display()))?;
    let here = root.display().to_string();
    if bytes.windows(here.len()).any(|part| part == here.as_bytes()) {
        return Err(format!("{program} names {here}, the folder that it was built in"));
    }
    Ok(built)
}
