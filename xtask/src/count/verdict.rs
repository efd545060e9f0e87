//! Whether a path takes what it took.

/// What is to be said, a sentence each.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Judgement {
    /// Paths that take far less than is recorded.
    pub(super) faster: Vec<String>,
    /// Paths that take far more, aren't recorded, or aren't there.
    pub(super) failures: Vec<String>,
}

/// Compares what was recorded with what was counted, path by path.
pub(super) fn judge(recorded: &[(String, u64)], counted: &[(String, u64)]) -> Judgement {
    let mut judgement = Judgement::default();
    for (path, is) in counted {
        match recorded.iter().find(|(known, _)| known == path) {
            Some((_, was)) if is_above(*is, *was) => judgement.failures.push(format!(
                "{path} took {was} instructions and takes {is}: make it as cheap as it was or, \
                 where it is worth that, record it anew: `cargo xtask count --record`"
            )),
            Some((_, was)) if is_below(*is, *was) => judgement.faster.push(format!(
                "{path} took {was} instructions and takes {is}: it got faster; record that, so \
                 that it stays so: `cargo xtask count --record`"
            )),
            Some(_) => {}
            None => judgement.failures.push(format!(
                "{path} takes {is} instructions, and no record says what it took: record it: \
                 `cargo xtask count --record`"
            )),
        }
    }
    for (path, _) in recorded.iter().filter(|(path, _)| !counted.iter().any(|(p, _)| p == path)) {
        judgement.failures.push(format!(
            "{path} is recorded and is no path any more: record without it: \
             `cargo xtask count --record`"
        ));
    }
    judgement
}

/// More than a fifth more: what other code nearby or another C library changes
/// is less.
fn is_above(is: u64, was: u64) -> bool {
    u128::from(is) * 5 > u128::from(was) * 6
}

/// More than a fifth less.
fn is_below(is: u64, was: u64) -> bool {
    u128::from(is) * 5 < u128::from(was) * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts<const N: usize>(counts: [(&str, u64); N]) -> Vec<(String, u64)> {
        counts.map(|(path, count)| (path.to_string(), count)).to_vec()
    }

    fn judged(was: u64, is: u64) -> Judgement {
        judge(&counts([("post", was)]), &counts([("post", is)]))
    }

    #[test]
    fn up_to_a_fifth_more_or_less_is_the_same() {
        for is in [800, 801, 1000, 1199, 1200] {
            assert_eq!(judged(1000, is), Judgement::default(), "{is}");
        }
    }

    #[test]
    fn more_than_a_fifth_above_fails_and_says_what_to_do() {
        let Judgement { faster, failures } = judged(1000, 1201);
        assert!(faster.is_empty());
        let [sentence] = &failures[..] else { panic!("{failures:?}") };
        for part in ["post", "1000", "1201", "cargo xtask count --record"] {
            assert!(sentence.contains(part), "{sentence}");
        }
        assert_eq!(judged(1, u64::MAX).failures.len(), 1);
    }

    #[test]
    fn more_than_a_fifth_below_is_to_be_recorded_and_fails_nothing() {
        let Judgement { faster, failures } = judged(1000, 799);
        assert!(failures.is_empty());
        let [sentence] = &faster[..] else { panic!("{faster:?}") };
        for part in ["post", "1000", "799", "cargo xtask count --record"] {
            assert!(sentence.contains(part), "{sentence}");
        }
    }

    #[test]
    fn every_path_is_recorded_and_nothing_else() {
        let (a, b) = (counts([("post", 1), ("gone", 1)]), counts([("post", 1), ("new", 1)]));
        let Judgement { faster, failures } = judge(&a, &b);
        assert!(faster.is_empty());
        let [new, gone] = &failures[..] else { panic!("{failures:?}") };
        assert!(new.starts_with("new takes") && gone.starts_with("gone is recorded"));
    }
}
