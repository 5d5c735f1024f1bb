//! What a component of a score measures, unit by unit, exactly: of the assessed goal or another, of the year so far or
//! of the quarter alone.

use std::borrow::Cow;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use crate::assessment::place::groups;
use crate::money::Amount;
use crate::month::Period;
use crate::plan::rules::Rules;
use crate::plan::{Against, Component, ComponentFrom, Direction, Goal, Plan};
use crate::rate::Rate;
use crate::returns::Figures;
use crate::standing::frame::Frame;
use crate::standing::{Basis, Row, Total, ranking_figures};

/// The computation that asks: its goal's rows with their total, and everything else that is known.
pub(crate) struct Scene<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) goal: &'a Goal,
    /// Of all goals; those of the assessed goal are the ones that rank.
    pub(crate) figures: &'a Figures,
    pub(crate) period: Period,
    pub(crate) rules: &'a Rules,
    pub(crate) total: &'a Total,
}

/// One unit's measure and what it is held against, in shares or in the goal's units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Measured {
    pub(crate) actual: BigRational,
    pub(crate) reference: Option<BigRational>,
    /// The unit's own target as it is written: in percent, or in the goal's units.
    pub(crate) target: Option<BigRational>,
}

/// Figures of a unit, or of the whole, that a component may measure.
#[derive(Debug, Clone, Default)]
struct Facts {
    value: Option<BigRational>,
    target: Option<BigRational>,
    completion: Option<BigRational>,
    growth: Option<BigRational>,
    target_growth: Option<BigRational>,
}

impl Facts {
    fn of(goal: &Goal, point: &Point) -> Self {
        let in_units = |amount| in_units(goal, amount);
        Self {
            value: point.value.map(in_units),
            target: point.target.map(in_units),
            completion: point.completion.map(Rate::to_big),
            growth: point.growth.map(Rate::to_big),
            target_growth: point.target_growth.map(Rate::to_big),
        }
    }

    fn measured(&self, from: ComponentFrom) -> Option<BigRational> {
        match from {
            ComponentFrom::Completion => self.completion.clone(),
            ComponentFrom::Growth => self.growth.clone(),
            ComponentFrom::Value => self.value.clone(),
            ComponentFrom::Entered => None,
        }
    }

    /// What the unit's own target asks of the measure.
    fn due(&self, from: ComponentFrom) -> Option<BigRational> {
        match from {
            ComponentFrom::Completion | ComponentFrom::Entered => Some(Rate::ONE.to_big()),
            ComponentFrom::Growth => self.target_growth.clone(),
            ComponentFrom::Value => self.target.clone(),
        }
    }

    /// The target as it is written: 12 of 12%, 308 of 308亿元.
    fn written(&self, from: ComponentFrom) -> Option<BigRational> {
        match from {
            ComponentFrom::Growth => self.target_growth.as_ref().map(|growth| growth * hundred()),
            _ => self.target.clone(),
        }
    }
}

pub(crate) fn hundred() -> BigRational {
    BigRational::from_integer(BigInt::from(100))
}

fn in_units(goal: &Goal, amount: Amount) -> BigRational {
    BigRational::new(BigInt::from(amount.0), BigInt::from(goal.measure.per_unit))
}

/// The goal that a component measures.
pub(crate) fn goal_of<'a>(scene: &Scene<'a>, component: &Component) -> &'a Goal {
    component.goal.as_ref().and_then(|id| scene.plan.goal(id)).unwrap_or(scene.goal)
}

/// The measure of every row's unit, in the order of `rows`; `None` where it is not known.
pub(crate) fn measure(scene: &Scene<'_>, component: &Component, rows: &[Row]) -> Vec<Option<Measured>> {
    if component.from == ComponentFrom::Entered {
        let share = |row: &Row| scene.figures.entered_score(&scene.goal.id, &row.region, &component.name);
        let measured =
            |share: Rate| Measured { actual: share.to_big(), reference: Some(Rate::ONE.to_big()), target: None };
        return rows.iter().map(|row| share(row).map(measured)).collect();
    }
    let (units, whole) = facts(scene, component, rows);
    let actual: Vec<Option<BigRational>> = units.iter().map(|unit| unit.measured(component.from)).collect();
    let means = (component.against == Some(Against::Mean)).then(|| means(rows, &actual));
    let references = units.iter().enumerate().map(|(index, unit)| match component.against.unwrap_or(Against::Target) {
        Against::Target => unit.due(component.from),
        Against::Whole => whole.measured(component.from),
        Against::Mean => means.as_ref().and_then(|means| means[index].clone()),
    });
    let measured = actual.iter().zip(references).zip(&units).map(|((actual, reference), unit)| {
        Some(Measured { actual: actual.clone()?, reference, target: unit.written(component.from) })
    });
    measured.collect()
}

/// The mean of what is known of the units that compete with each other, for each of them.
fn means(rows: &[Row], actual: &[Option<BigRational>]) -> Vec<Option<BigRational>> {
    let mut means = vec![None; rows.len()];
    for group in groups(rows) {
        let known: Vec<&BigRational> =
            group.iter().filter(|&&at| rows[at].unranked.is_none()).filter_map(|&at| actual[at].as_ref()).collect();
        if known.is_empty() {
            continue;
        }
        let sum = known.iter().fold(BigRational::zero(), |sum, one| sum + *one);
        let mean = sum / BigRational::from_integer(BigInt::from(known.len()));
        group.into_iter().for_each(|at| means[at] = Some(mean.clone()));
    }
    means
}

/// The figures of every row's unit, and of the whole.
fn facts(scene: &Scene<'_>, component: &Component, rows: &[Row]) -> (Vec<Facts>, Facts) {
    let goal = goal_of(scene, component);
    let own = goal.id == scene.goal.id;
    if own && !component.quarter_alone {
        let facts = rows.iter().map(|row| Facts::of(goal, &Point::of_row(row)));
        return (facts.collect(), Facts::of(goal, &Point::of(scene.total)));
    }
    let figures = if own { Cow::Borrowed(scene.figures) } else { ranking_figures(scene.plan, goal, scene.figures) };
    let rules = if own { *scene.rules } else { scene.plan.rules(&goal.id) };
    let frame = |period| Frame::new(scene.plan, goal, &figures, period, rules, Basis::Target);
    let now = frame(scene.period);
    let before = scene.period.month.checked_sub(3).filter(|&month| component.quarter_alone && month > 0);
    let before = before.map(|month| frame(Period { month, ..scene.period }));
    let unit = |row: &Row| -> Facts {
        let Some(split) = goal.split(&row.region) else { return Facts::default() };
        // The own rows may be those of a what-if: other figures than the reported ones.
        let current = if own { Point::of_row(row) } else { Point::of_row(&now.row(split)) };
        match (component.quarter_alone, &before) {
            (false, _) => Facts::of(goal, &current),
            (true, None) => alone(goal, &current, &Point::zero(now.pace_at_start(split))),
            (true, Some(before)) => alone(goal, &current, &Point::of_row(&before.row(split))),
        }
    };
    let current = Point::of(&now.total);
    let whole = match (component.quarter_alone, &before) {
        (false, _) => Facts::of(goal, &current),
        (true, None) => alone(goal, &current, &Point::zero(now.total_pace_at_start())),
        (true, Some(before)) => alone(goal, &current, &Point::of(&before.total)),
    };
    (rows.iter().map(unit).collect(), whole)
}

/// Cumulative figures at one point of the year, of a unit or of the whole.
struct Point {
    value: Option<Amount>,
    base: Option<Amount>,
    target: Option<Amount>,
    target_growth: Option<Rate>,
    growth: Option<Rate>,
    completion: Option<Rate>,
    pace: Option<Rate>,
}

impl Point {
    fn of_row(row: &Row) -> Self {
        let Row { value, base, target, target_growth, growth, completion, pace, .. } = *row;
        Self { value, base, target, target_growth, growth, completion, pace }
    }

    fn of(total: &Total) -> Self {
        let Total { value, base, target, target_growth, growth, completion, pace, .. } = *total;
        Self { value, base, target, target_growth, growth, completion, pace }
    }

    /// The year's beginning.
    fn zero(pace: Rate) -> Self {
        let nothing = Some(Amount(0));
        let (target, target_growth, growth, completion) = (None, None, None, None);
        Self { value: nothing, base: nothing, target, target_growth, growth, completion, pace: Some(pace) }
    }
}

/// What was added between two points, against target × the share that was due between them.
fn alone(goal: &Goal, now: &Point, before: &Point) -> Facts {
    let added = |now: Option<Amount>, before: Option<Amount>| Some(Amount(now?.0 - before?.0));
    let value = added(now.value, before.value);
    let base = added(now.base, before.base);
    let share = now.pace.zip(before.pace).map(|(now, before)| now.minus(before).to_big());
    let target = now.target.zip(share).map(|(target, share)| in_units(goal, target) * share);
    let value_in_units = value.map(|value| in_units(goal, value));
    let due = target.clone().filter(|target| *target > BigRational::zero());
    Facts {
        completion: value_in_units.clone().zip(due).map(|(value, due)| value / due),
        value: value_in_units,
        target,
        growth: value.zip(base).and_then(|(value, base)| Rate::growth(value, base)).map(Rate::to_big),
        target_growth: now.target_growth.map(Rate::to_big),
    }
}

/// Whether each row's unit has completed another goal by now, under that goal's own rules.
pub(crate) fn completed(scene: &Scene<'_>, goal: &Goal, rows: &[Row]) -> Vec<Option<bool>> {
    if goal.id == scene.goal.id {
        return rows.iter().map(|row| row.completed).collect();
    }
    let figures = ranking_figures(scene.plan, goal, scene.figures);
    let rules = scene.plan.rules(&goal.id);
    let frame = Frame::new(scene.plan, goal, &figures, scene.period, rules, Basis::Target);
    rows.iter().map(|row| frame.row(goal.split(&row.region)?).completed).collect()
}

/// How far the measure lies above (below, if negative) its reference; turned round where lower is better.
pub(crate) fn ahead(direction: Direction, measured: &Measured) -> Option<BigRational> {
    let reference = measured.reference.as_ref()?;
    Some(match direction {
        Direction::AtMost => reference - &measured.actual,
        Direction::AtLeast | Direction::About => &measured.actual - reference,
    })
}

/// actual ÷ reference; turned round where lower is better. `None` for a reference of zero or less.
pub(crate) fn share(direction: Direction, measured: &Measured) -> Option<BigRational> {
    let (part, whole) = match direction {
        Direction::AtMost => (measured.reference.as_ref()?, &measured.actual),
        Direction::AtLeast | Direction::About => (&measured.actual, measured.reference.as_ref()?),
    };
    (*whole > BigRational::zero()).then(|| part / whole)
}
