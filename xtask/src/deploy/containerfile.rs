//! A Containerfile, read as far as ours goes.

use serde_json::Value;

/// An image on its way to be made.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Stage {
    pub(super) from: String,
    pub(super) steps: Vec<Step>,
}

/// One thing that is done for it, or stands in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// What is copied, the last being where to, and of which stage.
    Copy {
        from: Option<String>,
        paths: Vec<String>,
    },
    /// For a shell.
    Run(String),
    Env(String, String),
    Workdir(String),
    User(String),
    Expose(String),
    Healthcheck(Vec<String>),
    Entrypoint(Vec<String>),
}

/// The stages, in their order.
///
/// # Errors
///
/// The line that isn't understood.
pub(super) fn parse(text: &str) -> Result<Vec<Stage>, String> {
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let joined = lines.join("\n").replace("\\\n", "");
    let mut stages: Vec<Stage> = Vec::new();
    for line in joined.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let unknown = || format!("deploy/Containerfile: `{line}` is not known to xtask");
        let (word, rest) = line.split_once(' ').ok_or_else(unknown)?;
        if word == "FROM" {
            stages.push(Stage { from: rest.into(), ..Stage::default() });
            continue;
        }
        let step = step(word, rest.trim()).ok_or_else(unknown)?;
        stages.last_mut().ok_or_else(unknown)?.steps.push(step);
    }
    Ok(stages)
}

fn step(word: &str, rest: &str) -> Option<Step> {
    Some(match word {
        "COPY" => {
            let mut paths: Vec<_> = rest.split_whitespace().map(str::to_owned).collect();
            let from = paths.first()?.strip_prefix("--from=").map(str::to_owned);
            if from.is_some() {
                paths.remove(0);
            }
            (paths.len() > 1).then_some(Step::Copy { from, paths })?
        }
        "RUN" => Step::Run(rest.into()),
        "ENV" => {
            let (name, value) = rest.split_once('=')?;
            Step::Env(name.into(), value.trim_matches('"').into())
        }
        "WORKDIR" => Step::Workdir(rest.into()),
        "USER" => Step::User(rest.into()),
        "EXPOSE" => Step::Expose(rest.into()),
        "HEALTHCHECK" => Step::Healthcheck(words(rest.split_once("CMD ")?.1)?),
        "ENTRYPOINT" => Step::Entrypoint(words(rest)?),
        _ => return None,
    })
}

/// A list of words, as JSON.
fn words(text: &str) -> Option<Vec<String>> {
    let list: Value = serde_json::from_str(text).ok()?;
    list.as_array()?.iter().map(|word| word.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_is_understood_and_ends_in_a_program_alone() {
        let stages = parse(include_str!("../../../deploy/Containerfile")).unwrap();
        let [build, image] = &stages[..] else { panic!("{stages:?}") };
        assert!(build.from.ends_with(" AS build"));
        assert_eq!(image.from, "scratch");
        let copies = |step: &&Step| matches!(step, Step::Copy { .. });
        assert_eq!(image.steps.iter().filter(copies).count(), 1);
        assert!(image.steps.contains(&Step::User("65532:65532".into())));
        assert!(image.steps.contains(&Step::Entrypoint(vec!["/chat-server".into()])));
    }

    #[test]
    fn a_line_that_is_not_understood_is_named() {
        let error = |text| parse(text).unwrap_err();
        assert!(error("FROM a\nSHELL [\"x\"]").contains("`SHELL [\"x\"]`"));
        assert!(error("RUN a").contains("`RUN a`"));
        assert!(error("FROM a\nENTRYPOINT sh -c x").contains("ENTRYPOINT"));
        let stages = parse("FROM a\n# no\nRUN a && \\\n    b\nENV A=\"b c\"").unwrap();
        let env = Step::Env("A".into(), "b c".into());
        assert_eq!(stages[0].steps, [Step::Run("a &&     b".into()), env]);
    }
}
