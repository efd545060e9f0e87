//! `cargo xtask dist`: what is given on, in `target/dist/`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use self::{deb::Deb, pages::Pages, release::Release};
use crate::{command::said, lookup::on_path, shipped};

mod deb;
mod notices;
mod pages;
mod release;
mod sbom;

/// Makes all of it anew.
pub(crate) fn run(root: &Path) -> ExitCode {
    match dist(root) {
        Ok(folder) => {
            eprintln!("xtask dist: all is in {}", folder.display());
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("xtask dist: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn dist(root: &Path) -> Result<PathBuf, String> {
    let folder = root.join("target").join("dist");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    }
    let release = Release::build(root)?;
    for (program, built) in shipped::PROGRAMS.into_iter().zip(&release.programs) {
        copy(built, &folder.join(program))?;
        let packages = shipped::packages(root, program)?;
        let beside = release.beside(program);
        let sbom = sbom::sbom(&packages, &beside);
        write(&folder.join(format!("{program}.cdx.json")), &format!("{sbom:#}\n"))?;
        write(
            &folder.join(format!("{program}.notices.txt")),
            &notices::notices(root, &packages, &beside)?,
        )?;
        let pages = Pages::of(&folder.join(program))?;
        pages.write(&folder)?;
        match on_path("dpkg-deb") {
            Some(_) => {
                let deb = Deb { program, packages: &packages, pages: &pages, release: &release };
                deb.build(root, &folder)?;
            }
            None => eprintln!("xtask dist: no {program}.deb: install dpkg, for dpkg-deb"),
        }
    }
    write(&folder.join("SHA256SUMS"), &sums(&folder)?)?;
    Ok(folder)
}

/// The checksums of all files, as `sha256sum --check` reads them.
fn sums(folder: &Path) -> Result<String, String> {
    let files =
        said(Command::new("find").current_dir(folder).args(["-type", "f", "-printf", "%P\\n"]))?;
    let mut files: Vec<_> = files.lines().collect();
    files.sort_unstable();
    said(Command::new("sha256sum").current_dir(folder).arg("--").args(files))
}

/// Writes a file, and the folders that it is in.
fn write(path: &Path, text: &str) -> Result<(), String> {
    let said = |why| format!("{}: {why}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(path)).map_err(said)?;
    fs::write(path, text).map_err(said)
}

/// Copies a file, and makes the folders that it is to be in.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let said = |why| format!("{}: {why}", to.display());
    fs::create_dir_all(to.parent().unwrap_or(to)).map_err(said)?;
    fs::copy(from, to).map_err(said).map(drop)
}
