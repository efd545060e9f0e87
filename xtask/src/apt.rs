//! Installing Debian's packages where that is possible.

use std::{path::Path, process::Command};

use crate::{
    command::{output, run},
    lookup::on_path,
};

/// Installs packages by apt-get.
///
/// # Errors
///
/// Why it can't be done here, or which command failed.
pub(crate) fn install(packages: &[&str]) -> Result<(), String> {
    let apt = on_path("apt-get").ok_or("there is no apt-get here that could do it")?;
    let is_root = output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if !is_root && output(Command::new("sudo").args(["-n", "true"])).is_none() {
        return Err(format!("apt-get needs root: run `apt-get install {}`", packages.join(" ")));
    }
    run(apt_get(&apt, is_root).arg("update").arg("--quiet"))?;
    run(apt_get(&apt, is_root)
        .args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .args(packages))
}

fn apt_get(apt: &Path, is_root: bool) -> Command {
    let mut command = if is_root {
        Command::new("env")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "env"]);
        sudo
    };
    command.arg("DEBIAN_FRONTEND=noninteractive").arg(apt);
    command
}
