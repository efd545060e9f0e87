//! systemd's units, as systemd itself judges them.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::lookup::on_path;

const UNITS: [&str; 2] = ["chat-server.service", "chat-server.socket"];

/// The most that systemd-analyze may call exposed, of 100.
const EXPOSED: &str = "15";

/// Checks the units in `deploy/`, or says why not where there is no systemd.
///
/// # Errors
///
/// A sentence, where a unit is wrong or guards the server less than it did.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let Some(analyze) = on_path("systemd-analyze") else {
        eprintln!("xtask: systemd's units are not checked: install systemd, for systemd-analyze");
        return Ok(());
    };
    let folder = root.join("target").join("units");
    fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    for unit in UNITS {
        let path = root.join("deploy").join(unit);
        let text = fs::read_to_string(&path).map_err(|why| format!("{unit}: {why}"))?;
        // It looks whether the program is there, which it is once it is installed.
        let text = text.replace("/usr/bin/chat-server", "/bin/true");
        fs::write(folder.join(unit), text).map_err(|why| format!("{unit}: {why}"))?;
    }
    let units = UNITS.map(|unit| format!("./{unit}"));
    let analyze = |words: &[&str]| -> Result<(bool, String), String> {
        let mut command = Command::new(&analyze);
        command.current_dir(&folder).args(words).stdin(Stdio::null());
        let output = command.output().map_err(|why| format!("systemd-analyze: {why}"))?;
        let said = [output.stdout, output.stderr].concat();
        Ok((output.status.success(), String::from_utf8_lossy(&said).trim().to_owned()))
    };
    // What it doesn't know it names, and is content: here it is to say nothing at all.
    let (is_good, said) = analyze(&["verify", "--man=no", &units[0], &units[1]])?;
    if !is_good || !said.is_empty() {
        return Err(format!("systemd's units are not as systemd wants them:\n{said}"));
    }
    let security = ["security", "--offline=yes", "--no-pager", "--threshold", EXPOSED, &units[0]];
    let (is_good, said) = analyze(&security)?;
    match (is_good, said.lines().last()) {
        (true, Some(last)) => eprintln!("xtask: {}", last.trim_start_matches(['→', ' '])),
        _ => {
            let what = "deploy/chat-server.service guards the server less than it did";
            return Err(format!("{what}:\n{said}"));
        }
    }
    Ok(())
}
