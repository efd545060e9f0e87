//! `cargo xtask tidy`: the house's rules that no compiler checks.

use std::{io, path::Path, process::ExitCode};

use finding::Finding;

mod dependencies;
mod finding;
#[cfg(test)]
mod fixture;
mod heading;
mod html;
mod length;
mod links;
mod package;
mod page;
mod shipped;
mod tree;
mod urls;
mod waiting;

/// A rule looks at the workspace in a folder and says what breaks it.
type Rule = fn(&Path) -> io::Result<Vec<Finding>>;

const RULES: [Rule; 11] = [
    dependencies::directions,
    dependencies::core_externals,
    dependencies::core_is_no_std,
    heading::first_lines,
    page::sinks,
    page::inline_code,
    urls::foreign_hosts,
    length::long_files,
    waiting::sleeping_tests,
    links::dead_links,
    shipped::shipped,
];

/// Writes down what the programs hold, so that what comes later is seen.
pub(crate) fn record(root: &Path) -> ExitCode {
    match shipped::record(root) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask tidy: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints a line for each finding; fails where there is one.
pub(crate) fn run(root: &Path) -> ExitCode {
    let mut count = 0;
    for rule in RULES {
        match rule(root) {
            Ok(findings) => {
                count += findings.len();
                for finding in findings {
                    println!("{finding}");
                }
            }
            Err(error) => {
                eprintln!("xtask tidy: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    if count > 0 {
        eprintln!("xtask tidy: {count} to put right");
        return ExitCode::FAILURE;
    }
    println!("xtask tidy: all in order");
    ExitCode::SUCCESS
}
