//! Weighted scores: Σ of components, each clamped to its floor and cap.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use crate::plan::rules::{RankBy, Rules};
use crate::plan::{Assessment, Component, ComponentFrom};
use crate::rate::Rate;
use crate::returns::Figures;
use crate::standing::{Row, Unranked};

/// Whether the rule ranks by score and every weight is given.
pub(crate) fn is_weighed(rules: &Rules, assessment: &Assessment) -> bool {
    let components = &assessment.components;
    rules.rank_by == RankBy::Score
        && !components.is_empty()
        && components.iter().all(|component| component.weight.is_some())
}

/// Gives a ranked row its score; without one the unit counts as missing.
pub(crate) fn fill(assessment: &Assessment, figures: &Figures, goal: &str, row: &mut Row) {
    if row.unranked.is_none() {
        row.score = score(assessment, figures, goal, row);
        row.unranked = row.score.is_none().then_some(Unranked::Missing);
    }
}

/// The unit's points; `None` while a component's figure is missing.
fn score(assessment: &Assessment, figures: &Figures, goal: &str, row: &Row) -> Option<BigRational> {
    let mut sum = BigRational::zero();
    for component in &assessment.components {
        sum += points(component, figures, goal, row)?;
    }
    Some(sum)
}

fn points(component: &Component, figures: &Figures, goal: &str, row: &Row) -> Option<BigRational> {
    let weight = component.weight?.to_big();
    let (actual, target) = match component.from {
        ComponentFrom::Completion => (row.completion?.to_big(), Rate::ONE.to_big()),
        ComponentFrom::Growth => (row.growth?.to_big(), row.target_growth?.to_big()),
        ComponentFrom::Entered => {
            (figures.entered_score(goal, &row.region, &component.name)?.to_big(), Rate::ONE.to_big())
        }
    };
    let raw = match component.per_point {
        Some(per_point) => {
            let percentage_points = (actual - target) * BigRational::from_integer(BigInt::from(100));
            weight + per_point.to_big() * percentage_points
        }
        None if target.is_zero() => return None,
        None => weight * (actual / target),
    };
    let floored = component.floor.map_or(raw.clone(), |floor| raw.max(floor.to_big()));
    Some(component.cap.map_or(floored.clone(), |cap| floored.min(cap.to_big())))
}
