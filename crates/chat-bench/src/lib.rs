//! The hot paths of the chat, each ready to be gone again and again.
//!
//! `cargo bench -p chat-bench` says how long each takes. How many instructions
//! each takes is what `cargo xtask count` watches, with the program `chat-count`
//! under callgrind: so everything here is the same in every run, without a
//! clock, a random number or a hash that is seeded at random.

use std::error::Error;

mod cpu;
mod room;
mod sealing;
mod wire;

pub use cpu::features;

/// Does once what its path is about; `false` where it didn't go well, and what
/// was measured is something else.
pub type Operation = Box<dyn FnMut() -> bool>;

/// What makes a path ready, or why that can't be.
pub type Ready = Result<Operation, Box<dyn Error>>;

/// One hot path.
#[derive(Clone, Copy, Debug)]
pub struct HotPath {
    /// What it is called in benches and in the record of counts.
    pub name: &'static str,
    /// How many operations are counted, and then twice as many.
    pub counted: u64,
    /// How many operations there are before it must be made ready anew, at
    /// least twice the number that are counted.
    pub lasts: u64,
    /// Makes it ready, the same for any number of operations.
    pub ready: fn() -> Ready,
}

const fn endless(name: &'static str, counted: u64, ready: fn() -> Ready) -> HotPath {
    HotPath { name, counted, lasts: u64::MAX, ready }
}

/// All of them.
pub const PATHS: [HotPath; 13] = [
    HotPath { name: "post", counted: room::FITTING / 2, lasts: room::FITTING, ready: room::post },
    endless("post-full", 1000, room::post_full),
    endless("read-1", 1000, || room::read(1)),
    endless("read-64", 1000, || room::read(64)),
    endless("read-512", 200, || room::read(512)),
    endless("encode", 1000, wire::encode),
    endless("encode-sealed", 200, wire::encode_sealed),
    endless("decode", 1000, wire::decode),
    endless("decode-sealed", 200, wire::decode_sealed),
    endless("seal-128", 20, || sealing::seal(128)),
    endless("seal-4k", 20, || sealing::seal(4096)),
    HotPath {
        name: "open-128",
        counted: sealing::SEALED / 2,
        lasts: sealing::SEALED,
        ready: || sealing::open(128),
    },
    HotPath {
        name: "open-4k",
        counted: sealing::SEALED / 2,
        lasts: sealing::SEALED,
        ready: || sealing::open(4096),
    },
];

/// The path of this name.
#[must_use]
pub fn path(name: &str) -> Option<&'static HotPath> {
    PATHS.iter().find(|path| path.name == name)
}

/// A text of so many bytes.
fn text(bytes: usize) -> String {
    "Whoever has the token joins with a nickname and talks. ".chars().cycle().take(bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_goes_well_for_as_long_as_it_is_counted() {
        for path in PATHS {
            let mut operation = (path.ready)().unwrap();
            for i in 0..2 * path.counted {
                assert!(operation(), "{} at operation {i}", path.name);
            }
            assert!(2 * path.counted <= path.lasts, "{}", path.name);
        }
    }

    #[test]
    fn a_path_that_lasts_no_longer_says_so() {
        for path in PATHS.iter().filter(|path| path.lasts < u64::MAX) {
            let mut operation = (path.ready)().unwrap();
            let good = (0..=path.lasts).filter(|_| operation()).count();
            assert_eq!(good as u64, path.lasts, "{}", path.name);
        }
    }

    #[test]
    fn paths_are_found_by_names_of_their_own() {
        for known in PATHS {
            assert_eq!(PATHS.iter().filter(|path| path.name == known.name).count(), 1);
            assert_eq!(path(known.name).unwrap().counted, known.counted);
        }
        assert!(path("").is_none());
    }
}
