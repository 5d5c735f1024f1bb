//! Scores: Σ of components, each made into points by its rule and kept within its floor and cap.

use std::cmp::Ordering;

use num_rational::BigRational;
use num_traits::Zero;

use super::measure::{Measured, Scene, ahead, goal_of, hundred, measure, share};
use super::place::{groups, ordered, worth};
use crate::plan::rules::{Compare, Ties};
use crate::plan::{Assessment, Component, ComponentFrom, Direction, Scoring, Steps};
use crate::rate::Rate;
use crate::standing::{Formed, FormedPart, Row, ScorePart, Unranked};

/// Gives every ranked row its score, its parts and its grade. Through the year a part counts once it is known for every
/// ranked unit, with its weight unchanged. At the year's end a part counts as soon as anybody has it; who lacks it then
/// has no score.
pub(crate) fn fill(scene: &Scene<'_>, assessment: &Assessment, rows: &mut [Row]) -> Formed {
    let ranked: Vec<usize> = (0..rows.len()).filter(|&at| rows[at].unranked.is_none()).collect();
    let given: Vec<Vec<Option<ScorePart>>> =
        assessment.components.iter().map(|component| points(scene, component, rows)).collect();
    let counts = |parts: &Vec<Option<ScorePart>>| {
        let known = ranked.iter().filter(|&&at| parts[at].is_some()).count();
        known == ranked.len() || (scene.period.is_year_end() && known > 0)
    };
    let counted: Vec<bool> = given.iter().map(counts).collect();
    let mut lacking = Vec::new();
    for &at in &ranked {
        let of_unit = given.iter().zip(&counted).filter(|(_, counted)| **counted).map(|(parts, _)| &parts[at]);
        let parts: Option<Vec<ScorePart>> = of_unit.cloned().collect();
        let row = &mut rows[at];
        match parts {
            Some(parts) if !parts.is_empty() => {
                let score = parts.iter().fold(BigRational::zero(), |sum, part| sum + &part.points);
                let complete = counted.iter().all(|counted| *counted);
                let reached = |grade: &&crate::plan::Grade| score >= grade.from.to_big();
                row.grade = assessment.grades.iter().find(reached).filter(|_| complete).map(|grade| grade.name.clone());
                row.score = Some(score);
                row.parts = parts;
            }
            _ => {
                row.unranked = Some(Unranked::Missing);
                let missing = assessment.components.iter().zip(&given).zip(&counted);
                let missing = missing.filter(|((_, parts), counted)| **counted && parts[at].is_none());
                lacking.push((row.region.clone(), missing.map(|((part, _), _)| part.name.clone()).collect()));
            }
        }
    }
    let parts = assessment.components.iter().zip(counted);
    let parts = parts.map(|(part, counted)| FormedPart { name: part.name.clone(), full: part.full(), counted });
    Formed { parts: parts.collect(), lacking }
}

/// A component's part of each ranked row's score; `None` where a figure is missing.
fn points(scene: &Scene<'_>, component: &Component, rows: &[Row]) -> Vec<Option<ScorePart>> {
    let direction = match component.from {
        ComponentFrom::Entered => Direction::AtLeast,
        _ => goal_of(scene, component).direction,
    };
    let mut measured = measure(scene, component, rows);
    for (measured, row) in measured.iter_mut().zip(rows) {
        measured.take_if(|_| row.unranked.is_some());
    }
    let relative = among_others(scene, component, direction, rows, &measured);
    let own = |(at, measured): (usize, &Option<Measured>)| {
        let measured = measured.as_ref()?;
        let share = share(direction, measured);
        let below =
            component.threshold.is_some_and(|least| share.as_ref().is_some_and(|share| *share < least.to_big()));
        let raw = match relative.as_ref() {
            Some(points) => points[at].clone()?,
            None => by_itself(component, direction, measured)?,
        };
        let floored = component.floor.map_or(raw.clone(), |floor| raw.max(floor.to_big()));
        let kept = component.cap.map_or(floored.clone(), |cap| floored.min(cap.to_big()));
        let points = if below { BigRational::zero() } else { kept };
        Some(ScorePart { name: component.name.clone(), share, points })
    };
    measured.iter().enumerate().map(own).collect()
}

/// Points that follow from the unit's own figures alone.
fn by_itself(component: &Component, direction: Direction, measured: &Measured) -> Option<BigRational> {
    let weight = component.weight?.to_big();
    Some(match &component.scoring {
        Scoring::Proportional => weight * share(direction, measured)?,
        Scoring::Distance { above, below } => {
            let ahead = ahead(direction, measured)?;
            match ahead < BigRational::zero() {
                false => weight + along(above, &ahead),
                true => weight - along(below, &-ahead),
            }
        }
        Scoring::ByTarget(steps) => {
            let target = measured.target.as_ref()?;
            let step = steps.iter().rev().find(|(from, _)| *target >= from.to_big());
            weight
                + step.map_or(BigRational::zero(), |(_, points)| points.to_big())
                    * ahead(direction, measured)?
                    * hundred()
        }
        Scoring::Places(_) | Scoring::MinMax { .. } | Scoring::BestShare => return None,
    })
}

/// What a distance from the reference is worth, band after band; never negative distances.
fn along(steps: &Steps, distance: &BigRational) -> BigRational {
    match steps {
        Steps::Level => BigRational::zero(),
        Steps::PerAmount(points) => points.to_big() * distance,
        Steps::PerPoint(bands) => {
            let points = distance * hundred();
            let (mut sum, mut from) = (BigRational::zero(), BigRational::zero());
            for band in bands {
                let to = band.to.map_or(points.clone(), |to| to.to_big().min(points.clone()));
                if to > from {
                    sum += band.points.to_big() * (&to - &from);
                    from = to;
                }
            }
            sum
        }
    }
}

/// Points that depend on the units one competes with; `None` where they do not.
fn among_others(
    scene: &Scene<'_>,
    component: &Component,
    direction: Direction,
    rows: &[Row],
    measured: &[Option<Measured>],
) -> Option<Vec<Option<BigRational>>> {
    if !component.compares_units() {
        return None;
    }
    // Where a reference is named, what lies above it is compared: better is more, also where lower is better.
    let named = component.against.is_some();
    let compared = |measured: &Measured| if named { ahead(direction, measured) } else { Some(measured.actual.clone()) };
    let direction_compared = if named { Direction::AtLeast } else { direction };
    let mut points = vec![None; rows.len()];
    for group in groups(rows) {
        let known: Vec<(usize, BigRational)> =
            group.into_iter().filter_map(|at| Some((at, compared(measured[at].as_ref()?)?))).collect();
        let rising = |a: &BigRational, b: &BigRational| {
            if direction_compared == Direction::AtMost { b.cmp(a) } else { a.cmp(b) }
        };
        let best = known.iter().map(|(_, actual)| actual).max_by(|a, b| rising(a, b)).cloned();
        let worst = known.iter().map(|(_, actual)| actual).min_by(|a, b| rising(a, b)).cloned();
        let (Some(best), Some(worst)) = (best, worst) else { continue };
        match &component.scoring {
            Scoring::Places(list) => {
                let keyed = known.into_iter().map(|(at, actual)| (at, place_key(scene, component, actual, &rows[at])));
                let better = |a: &(BigRational, Option<Rate>), b: &(BigRational, Option<Rate>)| -> Ordering {
                    rising(&b.0, &a.0).then_with(|| b.1.cmp(&a.1))
                };
                for place in ordered(keyed.collect(), better) {
                    let worth = worth(list, place.top - 1, place.tied, scene.rules.ties);
                    points[place.index] = Some(worth.unwrap_or_else(BigRational::zero));
                }
            }
            Scoring::MinMax { least, most } => {
                let weight = component.weight.map(Rate::to_big).unwrap_or_default() / hundred();
                let (least, most) = (least.to_big(), most.to_big());
                for (at, actual) in known {
                    let along = match best == worst {
                        true => Rate::ONE.to_big(),
                        false => (&actual - &worst) / (&best - &worst),
                    };
                    points[at] = Some(&weight * (&least + (&most - &least) * along));
                }
            }
            Scoring::BestShare => {
                let weight = component.weight.map(Rate::to_big).unwrap_or_default();
                for (at, actual) in known {
                    let (part, whole) =
                        if direction_compared == Direction::AtMost { (&best, &actual) } else { (&actual, &best) };
                    points[at] = (*whole > BigRational::zero()).then(|| &weight * (part / whole));
                }
            }
            Scoring::Proportional | Scoring::Distance { .. } | Scoring::ByTarget(_) => {}
        }
    }
    Some(points)
}

/// What units are placed by within a component: as the rule compares, and by completion where it breaks ties so.
fn place_key(scene: &Scene<'_>, component: &Component, actual: BigRational, row: &Row) -> (BigRational, Option<Rate>) {
    let compared = match (scene.rules.compare, component.from) {
        (Compare::Digits(digits), ComponentFrom::Completion | ComponentFrom::Growth) => {
            let scale = BigRational::from_integer(num_bigint::BigInt::from(10).pow(digits + 2));
            (actual * &scale).round() / scale
        }
        _ => actual,
    };
    (compared, (scene.rules.ties == Ties::Completion).then(|| row.completion.unwrap_or(Rate::ZERO)))
}
