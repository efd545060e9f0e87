//! What was counted once, and with what.

use std::{fmt, str::FromStr};

use super::compiler::Compiler;

/// The record, as it stands in its file: a line for each thing, `name: value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) compiler: Compiler,
    /// What the processor could do that the program saw.
    pub(super) cpu: String,
    /// Each path with the instructions of one operation.
    pub(super) counts: Vec<(String, u64)>,
}

impl Record {
    /// Why it says nothing of what this compiler makes, if it doesn't.
    pub(super) fn is_of_another(&self, compiler: &Compiler) -> Option<String> {
        let Compiler { rustc, target } = &self.compiler;
        differs("", rustc, &compiler.rustc).or_else(|| differs("", target, &compiler.target))
    }

    /// Why it says nothing of what runs on this processor, if it doesn't.
    pub(super) fn is_of_other_features(&self, cpu: &str) -> Option<String> {
        differs("a processor with ", &self.cpu, cpu)
    }
}

fn differs(what: &str, recorded: &str, here: &str) -> Option<String> {
    (recorded != here).then(|| {
        format!(
            "the record is of {what}{recorded}, and this is {what}{here}: record anew what is to \
             be watched here, with `cargo xtask count --record`"
        )
    })
}

impl FromStr for Record {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (mut rustc, mut target, mut cpu, mut counts) = (None, None, None, Vec::new());
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line
                .split_once(':')
                .map(|(name, value)| (name, value.trim()))
                .ok_or_else(|| format!("`{line}` is no `name: value`"))?;
            match name {
                "rustc" => rustc = Some(value.to_string()),
                "target" => target = Some(value.to_string()),
                "cpu" => cpu = Some(value.to_string()),
                path => match value.parse() {
                    Ok(count) => counts.push((path.to_string(), count)),
                    Err(_) => return Err(format!("`{value}` is no number of instructions")),
                },
            }
        }
        let missing = |name: &str| format!("it has no line `{name}: …`");
        Ok(Self {
            compiler: Compiler {
                rustc: rustc.ok_or_else(|| missing("rustc"))?,
                target: target.ok_or_else(|| missing("target"))?,
            },
            cpu: cpu.ok_or_else(|| missing("cpu"))?,
            counts,
        })
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { compiler, cpu, counts } = self;
        writeln!(
            f,
            "# Instructions of one operation on each hot path, and where they were counted."
        )?;
        writeln!(f, "# Written by `cargo xtask count --record`, watched by `cargo xtask count`.")?;
        writeln!(f, "rustc: {}\ntarget: {}\ncpu: {cpu}", compiler.rustc, compiler.target)?;
        counts.iter().try_for_each(|(path, count)| writeln!(f, "{path}: {count}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record {
            compiler: Compiler {
                rustc: "rustc 1.95.0 (59807616e 2026-04-14)".into(),
                target: "x86_64-unknown-linux-gnu".into(),
            },
            cpu: "aes avx2".into(),
            counts: vec![("post".into(), 780), ("read-1".into(), 164)],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for cpu in ["aes avx2", ""] {
            let record = Record { cpu: cpu.into(), ..record() };
            assert_eq!(record.to_string().parse(), Ok(record));
        }
    }

    #[test]
    fn what_is_missing_or_malformed_is_named() {
        let text = record().to_string();
        for (line, named) in
            [("rustc: ", "rustc"), ("target: ", "target"), ("cpu: ", "cpu"), ("780", "780x")]
        {
            let broken = match line {
                "780" => text.replace("780", "780x"),
                key => text
                    .lines()
                    .filter(|one| !one.starts_with(key))
                    .fold(String::new(), |all, one| all + one + "\n"),
            };
            let why = broken.parse::<Record>().unwrap_err();
            assert!(why.contains(named), "{why}");
        }
        assert!("post 780".parse::<Record>().unwrap_err().contains("`post 780`"));
    }

    #[test]
    fn it_holds_for_the_compiler_that_it_names_alone() {
        let Record { compiler, .. } = record();
        assert_eq!(record().is_of_another(&compiler), None);
        let later = Compiler { rustc: "rustc 1.96.0".into(), ..compiler.clone() };
        let why = record().is_of_another(&later).unwrap();
        assert!(
            why.contains("is of rustc 1.95.0 (") && why.contains("this is rustc 1.96.0"),
            "{why}"
        );
        let arm = Compiler { target: "aarch64-unknown-linux-gnu".into(), ..compiler };
        assert!(record().is_of_another(&arm).unwrap().contains("aarch64"));
    }

    #[test]
    fn it_holds_for_processors_that_can_do_the_same() {
        assert_eq!(record().is_of_other_features("aes avx2"), None);
        let why = record().is_of_other_features("aes").unwrap();
        assert!(why.contains("processor with aes avx2") && why.contains("--record"), "{why}");
    }
}
