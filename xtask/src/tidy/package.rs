//! The workspace's packages, as `cargo metadata` tells them.

use std::{
    env, fs, io,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

use super::finding::Finding;

/// A package of the workspace.
pub(crate) struct Package {
    pub(crate) name: String,
    /// Of its Cargo.toml, below the workspace's folder.
    pub(crate) path: String,
    manifest: String,
    pub(crate) dependencies: Vec<Dependency>,
}

/// What a package says that it uses.
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// A dev-dependency.
    pub(crate) tests_only: bool,
}

impl Package {
    /// A finding at the line of the manifest that begins with `key`.
    pub(crate) fn finding(&self, key: &str, what: String) -> Finding {
        let named = |line: &str| {
            line.trim_start()
                .strip_prefix(key)
                .is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
        };
        let line = self.manifest.lines().position(named).map_or(1, |before| before + 1);
        Finding::new(&self.path, line, what)
    }
}

/// The workspace's packages with their own dependencies, by `cargo metadata`.
pub(crate) fn packages(root: &Path) -> io::Result<Vec<Package>> {
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--no-deps", "--manifest-path"])
        .arg(root.join("Cargo.toml"))
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other("cargo metadata failed: see what it says above"));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    list(&metadata["packages"]).map(|package| read_package(root, package)).collect()
}

fn read_package(root: &Path, package: &Value) -> io::Result<Package> {
    let manifest_path = Path::new(text(&package["manifest_path"]));
    let root = root.canonicalize()?;
    let path = manifest_path.strip_prefix(&root).unwrap_or(manifest_path);
    Ok(Package {
        name: text(&package["name"]).into(),
        path: path.to_string_lossy().replace('\\', "/"),
        manifest: fs::read_to_string(manifest_path)?,
        dependencies: list(&package["dependencies"])
            .map(|dependency| Dependency {
                name: text(&dependency["name"]).into(),
                tests_only: dependency["kind"] == "dev",
            })
            .collect(),
    })
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
