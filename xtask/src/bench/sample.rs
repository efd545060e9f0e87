//! One figure over all rounds.

/// A figure's middle and its ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) median: f64,
    pub(super) min: f64,
    pub(super) max: f64,
}

impl Sample {
    /// Of the figures of all rounds, in any order; `None` without any.
    pub(super) fn of(figures: &[f64]) -> Option<Self> {
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let middle = sorted.len() / 2;
        let median = match sorted.len() % 2 {
            0 => f64::midpoint(sorted[middle - 1], sorted[middle]),
            _ => sorted[middle],
        };
        Some(Self { median, min, max })
    }

    /// The ends, with the median as 1; `None` where that is 0.
    pub(super) fn spread(&self) -> Option<(f64, f64)> {
        Some((self.min.over(self.median)?, self.max.over(self.median)?))
    }
}

/// A division that knows when it means nothing.
pub(super) trait Over {
    /// This in terms of `yardstick`; `None` where that is no positive number.
    fn over(self, yardstick: f64) -> Option<f64>;
}

impl Over for f64 {
    fn over(self, yardstick: f64) -> Option<f64> {
        (yardstick > 0.0).then(|| self / yardstick)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_whatever_the_order() {
        let sample = Sample::of(&[5.0, 1.0, 100.0]).unwrap();
        assert_eq!(sample, Sample { median: 5.0, min: 1.0, max: 100.0 });
        assert_eq!(Sample::of(&[4.0, 1.0, 2.0, 9.0]).unwrap().median, 3.0);
        assert_eq!(Sample::of(&[7.0]).unwrap().median, 7.0);
        assert_eq!(Sample::of(&[]), None);
    }

    #[test]
    fn the_spread_is_in_terms_of_the_median() {
        assert_eq!(Sample::of(&[2.0, 1.0, 5.0]).unwrap().spread(), Some((0.5, 2.5)));
        assert_eq!(Sample::of(&[0.0, 0.0, 1.0]).unwrap().spread(), None);
    }

    #[test]
    fn nothing_is_in_terms_of_nothing() {
        assert_eq!(3.0.over(2.0), Some(1.5));
        assert_eq!(3.0.over(0.0), None);
    }
}
