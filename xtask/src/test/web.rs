//! The page's tests: its modules in Node.js, and the whole in a browser against
//! the real server.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    binaries,
    command::{cargo, run as run_command},
    program,
};

/// Where the tests stand, each in a file that ends with `.test.js`.
const FOLDERS: [&str; 2] = ["unit", "e2e"];

/// A file of tests that takes longer, in milliseconds, waits for something that never comes: the slowest takes two
/// minutes on two cores.
const PATIENCE: &str = "--test-timeout=600000";

/// The server, the terminal client, and the sealing that the page's must agree with.
const BUILD: [&str; 9] = [
    "--package",
    "chat-server",
    "--package",
    "chat-cli",
    "--package",
    "chat-seal",
    "--bins",
    "--example",
    "agree",
];

/// Fetches what the tests need and runs them all.
pub(super) fn run(root: &Path) -> Result<(), String> {
    let folder = root.join("web").join("tests");
    let files = test_files(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let node = program::node()?;
    let chromium = program::chromium()?;
    let (nginx, caddy) = (program::nginx()?, program::caddy()?);
    program::openssl()?;
    let [server, cli, agree] = binaries::build(root, &BUILD, ["chat-server", "chat-cli", "agree"])?;

    let schedules = write_schedules(root)?;

    node.fetch(&folder)?;
    run_command(
        Command::new(&node.node)
            .current_dir(&folder)
            .env("CHAT_SERVER_BIN", server)
            .env("CHAT_CLI_BIN", cli)
            .env("SEAL_AGREE_BIN", agree)
            .env("CHROMIUM", chromium)
            .env("NGINX_BIN", nginx)
            .env("CADDY_BIN", caddy)
            .env("CHAT_SCHEDULES", schedules)
            .args(["--test", "--test-reporter=spec", PATIENCE])
            .args(files),
    )
}

/// Random schedules that the client library went through, for the page's machine to go through as well.
fn write_schedules(root: &Path) -> Result<PathBuf, String> {
    let folder = root.join("target");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let file = folder.join("schedules.jsonl");
    run_command(cargo().current_dir(root).env("CHAT_SCHEDULES", &file).args([
        "test",
        "--package",
        "chat-client",
        "--test",
        "machine",
        "written_down",
    ]))?;
    Ok(file)
}

/// The test files, below `folder` and in the order of their names: node 20
/// takes no patterns. An empty half is an error, as it would pass unseen.
fn test_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for half in FOLDERS {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder.join(half))? {
            let name = entry?.file_name();
            if name.to_string_lossy().ends_with(".test.js") {
                found.push(Path::new(half).join(name));
            }
        }
        if found.is_empty() {
            let sentence = format!("there is no test in {half}: a test's name ends with .test.js");
            return Err(io::Error::new(io::ErrorKind::NotFound, sentence));
        }
        found.sort();
        files.append(&mut found);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for half in FOLDERS {
            fs::create_dir(folder.path().join(half)).unwrap();
        }
        for file in files {
            fs::write(folder.path().join(file), "").unwrap();
        }
        folder
    }

    #[test]
    fn test_files_are_listed_in_order() {
        let folder =
            folder(&["unit/b.test.js", "unit/a.test.js", "unit/server.js", "e2e/talk.test.js"]);
        let files = test_files(folder.path()).unwrap();
        let expected = ["unit/a.test.js", "unit/b.test.js", "e2e/talk.test.js"];
        assert_eq!(files, expected.map(PathBuf::from));
    }

    #[test]
    fn a_half_without_tests_does_not_pass() {
        let folder = folder(&["unit/a.test.js"]);
        assert!(test_files(folder.path()).unwrap_err().to_string().contains("no test in e2e"));
    }
}
