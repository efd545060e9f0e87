//! Finding the programs that aren't cargo's.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    apt,
    command::{output, run},
    lookup::{find, folders, on_path},
};

/// The oldest Node.js whose test runner is good enough.
const NODE_MAJOR: u32 = 20;

const BROWSERS: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Node.js with its npm.
pub(crate) struct Node {
    pub(crate) node: PathBuf,
    pub(crate) npm: PathBuf,
}

impl Node {
    /// Fetches the packages that the lock file in `folder` names.
    ///
    /// # Errors
    ///
    /// A sentence, where npm can't.
    pub(crate) fn fetch(&self, folder: &Path) -> Result<(), String> {
        run(Command::new(&self.npm).current_dir(folder).args([
            "ci",
            "--prefer-offline",
            "--no-audit",
            "--no-fund",
        ]))
    }
}

/// Node.js and npm, installed where they are missing and can be.
///
/// # Errors
///
/// A sentence that says what to install.
pub(crate) fn node() -> Result<Node, String> {
    let missing = || format!("install Node.js {NODE_MAJOR} or newer with its npm");
    let find = || Some(Node { node: on_path("node")?, npm: on_path("npm")? });
    let found = match find() {
        Some(found) => found,
        None => {
            apt::install(&["nodejs", "npm"]).map_err(|why| format!("{}: {why}", missing()))?;
            find().ok_or_else(missing)?
        }
    };
    let version = output(Command::new(&found.node).arg("--version")).unwrap_or_default();
    match major(&version) {
        Some(major) if major >= NODE_MAJOR => Ok(found),
        _ => Err(format!("{}: `node --version` says `{}`", missing(), version.trim())),
    }
}

/// A Chromium, the one that `CHROMIUM` names before all others, installed where
/// it is missing and can be.
///
/// # Errors
///
/// A sentence that says what to install.
pub(crate) fn chromium() -> Result<PathBuf, String> {
    if let Some(named) = env::var_os("CHROMIUM").filter(|named| !named.is_empty()) {
        return find(&named, &folders()).ok_or_else(|| {
            format!(
                "CHROMIUM names `{}`, which is no program: correct or unset it",
                named.to_string_lossy()
            )
        });
    }
    let missing = "install Chromium, or name one in the environment variable CHROMIUM";
    find_or_install(&BROWSERS, "chromium", missing)
}

/// Valgrind, installed where it is missing and can be.
///
/// # Errors
///
/// A sentence that says what to install.
pub(crate) fn valgrind() -> Result<PathBuf, String> {
    find_or_install(&["valgrind"], "valgrind", "install valgrind, which counts instructions")
}

/// nginx, installed where it is missing and can be.
///
/// # Errors
///
/// A sentence that says what to install.
pub(crate) fn nginx() -> Result<PathBuf, String> {
    service("nginx", "nginx-light")
}

/// Caddy, installed where it is missing and can be.
///
/// # Errors
///
/// A sentence that says what to install.
pub(crate) fn caddy() -> Result<PathBuf, String> {
    service("caddy", "caddy")
}

/// OpenSSL's program, which makes the certificates of the page's tests.
///
/// # Errors
///
/// A sentence that says what to install.
pub(crate) fn openssl() -> Result<PathBuf, String> {
    find_or_install(&["openssl"], "openssl", "install openssl, which makes certificates")
}

/// A server of others, by its name or where Debian puts it. It is not installed
/// where systemd runs: that would start it, for everybody to reach.
fn service(name: &str, package: &str) -> Result<PathBuf, String> {
    let sbin = Path::new("/usr/sbin").join(name);
    if let Some(found) = on_path(name).or_else(|| sbin.is_file().then_some(sbin.clone())) {
        return Ok(found);
    }
    let missing = format!("install {name}, which the page's tests put before the server");
    if Path::new("/run/systemd/system").exists() {
        return Err(format!("{missing} (`apt-get install {package}`; it need not run)"));
    }
    apt::install(&[package]).map_err(|why| format!("{missing}: {why}"))?;
    on_path(name).or_else(|| sbin.is_file().then_some(sbin)).ok_or(missing)
}

/// The first of these programs that is there once the package is, if need be.
fn find_or_install(names: &[&str], package: &str, missing: &str) -> Result<PathBuf, String> {
    let find = || names.iter().find_map(|name| on_path(name));
    match find() {
        Some(found) => Ok(found),
        None => {
            apt::install(&[package]).map_err(|why| format!("{missing}: {why}"))?;
            find().ok_or_else(|| missing.to_string())
        }
    }
}

/// The first number of a version like `v20.19.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v20.19.2\n"), Some(20));
        assert_eq!(major("18.0.0"), Some(18));
        assert_eq!(major(""), None);
    }
}
