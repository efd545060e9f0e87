//! Small workspaces that break the table, and one that doesn't.

use super::super::fixture::Tree;
use super::*;

const WORKSPACE: &str = "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n";

/// A workspace of crates, each given with the lines below its `[package]`.
fn workspace(crates: &[(&str, &str)]) -> Tree {
    let mut files = vec![("Cargo.toml".to_string(), WORKSPACE.to_string())];
    for (name, lines) in crates {
        let package =
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        files.push((format!("crates/{name}/Cargo.toml"), package + lines));
        files.push((format!("crates/{name}/src/lib.rs"), "//! A crate.\n#![no_std]\n".into()));
    }
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Tree::new(&files)
}

fn uses(section: &str, name: &str) -> String {
    format!("[{section}]\n{name} = {{ path = \"../{name}\" }}\n")
}

#[test]
fn the_core_must_not_depend_on_the_wire() {
    let tree = workspace(&[("chat-core", &uses("dependencies", "chat-proto")), ("chat-proto", "")]);
    assert_eq!(
        tree.findings(directions),
        ["crates/chat-core/Cargo.toml:6: chat-core must not depend on chat-proto: move what it \
          needs to where it may look, see ARCHITECTURE.md"]
    );
}

#[test]
fn a_build_dependency_and_an_optional_one_are_dependencies() {
    let optional = "[dependencies]\nchat-core = { path = \"../chat-core\", optional = true }\n";
    let tree = workspace(&[
        ("chat-core", &uses("build-dependencies", "chat-proto")),
        ("chat-proto", optional),
    ]);
    assert_eq!(
        tree.places(directions),
        ["crates/chat-core/Cargo.toml:6", "crates/chat-proto/Cargo.toml:6"]
    );
}

#[test]
fn tests_may_use_what_the_table_says_besides() {
    let server = &uses("dev-dependencies", "chat-server");
    let tree = workspace(&[
        ("chat-client", server),
        ("chat-cli", server),
        ("chat-load", server),
        ("chat-seal", server),
        ("chat-server", ""),
    ]);
    assert_eq!(tree.places(directions), ["crates/chat-seal/Cargo.toml:6"]);
}

#[test]
fn what_only_tests_may_use_the_program_may_not() {
    let tree =
        workspace(&[("chat-cli", &uses("dependencies", "chat-server")), ("chat-server", "")]);
    assert_eq!(tree.places(directions), ["crates/chat-cli/Cargo.toml:6"]);
}

#[test]
fn the_server_gets_what_opens_messages_by_no_way() {
    let tree = workspace(&[
        ("chat-server", &uses("dependencies", "chat-core")),
        ("chat-core", &uses("dependencies", "chat-seal")),
        ("chat-seal", ""),
    ]);
    let findings = tree.findings(directions);
    assert!(
        findings.iter().any(|finding| finding.contains("chat-server gets chat-seal by way of")),
        "{findings:?}"
    );
}

#[test]
fn a_crate_that_the_table_does_not_know_is_found() {
    let tree = workspace(&[("chat-other", "")]);
    assert_eq!(tree.places(directions), ["crates/chat-other/Cargo.toml:2"]);
}

#[test]
fn the_houses_directions_are_in_order() {
    let path = "[dependencies]\nchat-core = { path = \"../chat-core\" }\n";
    let tree = workspace(&[
        ("chat-core", ""),
        ("chat-proto", ""),
        ("chat-seal", path),
        ("chat-server", &format!("{path}chat-proto = {{ path = \"../chat-proto\" }}\n")),
        ("chat-client", &format!("{path}chat-seal = {{ path = \"../chat-seal\" }}\n")),
    ]);
    assert!(tree.findings(directions).is_empty());
}

#[test]
fn the_core_uses_few_crates_of_others() {
    let tree = workspace(&[(
        "chat-core",
        "[dependencies]\nthiserror = \"2\"\ntokio = \"1\"\n[dev-dependencies]\nproptest = \"1\"\n",
    )]);
    assert_eq!(
        tree.findings(core_externals),
        [
            "crates/chat-core/Cargo.toml:7: chat-core must not use tokio: it does no I/O and reads no \
          clock, and uses rand_core, sha2, thiserror, unicase, unicode-normalization, zeroize only"
        ]
    );
}

#[test]
fn the_core_keeps_its_promise_in_the_first_line_of_code() {
    let path = "crates/chat-core/src/lib.rs";
    let good = "//! Docs.\n//!\n//! More.\n#![no_std]\n\nextern crate alloc;\n";
    assert!(Tree::new(&[(path, good)]).findings(core_is_no_std).is_empty());
    for bad in ["//! Docs.\nextern crate alloc;\n", "//! Docs.\n#![cfg_attr(not(test), no_std)]\n"]
    {
        assert_eq!(Tree::new(&[(path, bad)]).places(core_is_no_std), [format!("{path}:2")]);
    }
    assert_eq!(Tree::new(&[(path, "//! Docs.\n")]).places(core_is_no_std), [format!("{path}:1")]);
}
