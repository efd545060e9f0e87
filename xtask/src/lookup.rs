//! Finding a program as a shell does.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
};

/// A program by its name, as a shell finds it.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    find(OsStr::new(name), &folders())
}

/// Where a shell looks for programs.
pub(crate) fn folders() -> Vec<PathBuf> {
    env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default()
}

/// A program by its path, or by its name in one of the folders.
pub(crate) fn find(name: &OsStr, folders: &[PathBuf]) -> Option<PathBuf> {
    let path = Path::new(name);
    if path.components().count() > 1 {
        return path.is_file().then(|| path.to_path_buf());
    }
    folders.iter().map(|folder| folder.join(path)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_program_is_found_by_name_and_by_path() {
        let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let program = b.path().join("chromium");
        fs::write(&program, "").unwrap();
        fs::create_dir(a.path().join("chromium")).unwrap();
        let folders = [a.path().to_path_buf(), b.path().to_path_buf()];
        assert_eq!(find(OsStr::new("chromium"), &folders), Some(program.clone()));
        assert_eq!(find(program.as_os_str(), &[]), Some(program));
        assert_eq!(find(OsStr::new("chrome"), &folders), None);
        assert_eq!(find(a.path().join("none").as_os_str(), &folders), None);
    }
}
