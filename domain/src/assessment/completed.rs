//! Whether a unit has completed: by its value, by its growth, or by both, where either may be unknown.

use crate::plan::Direction;
use crate::plan::rules::{CompletedWhen, Rules};
use crate::rate::Rate;
use crate::standing::Row;

/// Whether the value and the growth reach their targets; `None` where a figure or a target is missing, or where the
/// direction is 左右.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) value: Option<bool>,
    pub(crate) growth: Option<bool>,
}

impl Parts {
    /// From a row's figures and targets; `over_years` says that the target in force runs over several years.
    pub(crate) fn of(rules: &Rules, direction: Direction, row: &Row, over_years: bool) -> Self {
        Self { value: by_value(direction, row, over_years), growth: by_growth(rules, direction, row) }
    }

    pub(crate) fn completed(self, when: CompletedWhen) -> Option<bool> {
        match when {
            CompletedWhen::Value => self.value,
            CompletedWhen::Growth => self.growth,
            CompletedWhen::Both => both(self.value, self.growth),
        }
    }

    /// Whether everything that the rule asks for is known: more than that the result is.
    pub(crate) fn are_known(self, when: CompletedWhen) -> bool {
        match when {
            CompletedWhen::Value => self.value.is_some(),
            CompletedWhen::Growth => self.growth.is_some(),
            CompletedWhen::Both => self.value.is_some() && self.growth.is_some(),
        }
    }
}

/// A missed part settles it, whichever it is and whatever the other; an unknown one beside a reached one leaves it
/// open.
fn both(value: Option<bool>, growth: Option<bool>) -> Option<bool> {
    match (value, growth) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        (None, _) | (_, None) => None,
    }
}

fn by_value(direction: Direction, row: &Row, over_years: bool) -> Option<bool> {
    match direction {
        Direction::About => None,
        // A target of zero has no completion, but is reached or not all the same.
        _ if !over_years => {
            let (value, target) = (row.value?, row.target?);
            Some(if direction == Direction::AtMost { value <= target } else { value >= target })
        }
        Direction::AtLeast => row.completion.map(|completion| completion >= Rate::ONE),
        Direction::AtMost => row.completion.map(|completion| completion <= Rate::ONE),
    }
}

fn by_growth(rules: &Rules, direction: Direction, row: &Row) -> Option<bool> {
    let (growth, target) = (rules.compare.apply(row.growth?), rules.compare.apply(row.target_growth?));
    match direction {
        Direction::AtLeast => Some(growth >= target),
        Direction::AtMost => Some(growth <= target),
        Direction::About => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_is_symmetric_and_a_missed_part_settles_it() {
        for one in [Some(true), Some(false), None] {
            for other in [Some(true), Some(false), None] {
                let expected = if [one, other].contains(&Some(false)) {
                    Some(false)
                } else {
                    (one.is_some() && other.is_some()).then_some(true)
                };
                assert_eq!(both(one, other), expected, "{one:?} {other:?}");
            }
        }
    }
}
