//! Goes one hot path so many times, for whoever counts its instructions.

use std::env;
use std::process::ExitCode;

use chat_bench::{PATHS, features, path};

const HELP: &str = "\
Usage: chat-count <path> <n>   go a hot path n times
       chat-count paths        name the paths, each with the n that is counted
       chat-count cpu          name what the processor can do, as far as it matters";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["paths"] => {
            for path in PATHS {
                println!("{} {}", path.name, path.counted);
            }
        }
        ["cpu"] => println!("{}", features().join(" ")),
        [name, n] => {
            if let Err(sentence) = go(name, n) {
                eprintln!("chat-count: {sentence}");
                return ExitCode::FAILURE;
            }
        }
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn go(name: &str, n: &str) -> Result<(), String> {
    let path =
        path(name).ok_or(format!("there is no path `{name}`: `chat-count paths` names them"))?;
    let n: u64 = n.parse().map_err(|_| format!("`{n}` is no number of operations"))?;
    if n > path.lasts {
        return Err(format!("{name} can be gone {} times and no more", path.lasts));
    }
    let mut operation = (path.ready)().map_err(|error| format!("{name} can't begin: {error}"))?;
    match (0..n).find(|_| !operation()) {
        Some(done) => Err(format!("{name} went wrong after {done} operations")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::go;

    #[test]
    fn a_path_is_gone_as_often_as_it_lasts_and_no_more() {
        assert_eq!(go("post", "400"), Ok(()));
        assert!(go("post", "401").unwrap_err().contains("400 times"));
    }

    #[test]
    fn what_is_not_there_is_named() {
        assert!(go("pots", "1").unwrap_err().contains("`pots`"));
        assert!(go("post", "many").unwrap_err().contains("`many`"));
    }
}
