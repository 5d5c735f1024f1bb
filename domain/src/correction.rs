//! What a corrected return would move: this period's figures, places and awards, and every later cumulative figure.

use crate::bulletin::diff::{Change, changes};
use crate::entry::{Content, ContentRow};
use crate::money::Amount;
use crate::month::Period;
use crate::plan::{Goal, Plan};
use crate::returns::{Figure, Figures};
use crate::standing::Computation;

/// What changes in one goal and period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub goal_name: String,
    pub period: Period,
    pub changes: Vec<Change>,
}

/// The standings of the period and of the later ones of its year, before and after, for every goal of the return. Later
/// amounts are cumulative: what was missing in this period is missing in them too, so they move by the same amount.
pub fn impact(plan: &Plan, figures: &Figures, content: &Content) -> Vec<Moved> {
    let mut after = figures.clone();
    for row in &content.rows {
        if let Some(goal) = plan.goal(&row.goal) {
            correct(&mut after, figures, goal, content.period, row);
        }
    }
    let reported = |goal: &&Goal| content.rows.iter().any(|row| row.goal == goal.id);
    plan.goals.iter().filter(reported).flat_map(|goal| of_goal(plan, goal, figures, &after, content.period)).collect()
}

fn of_goal(plan: &Plan, goal: &Goal, before: &Figures, after: &Figures, period: Period) -> Vec<Moved> {
    let later = before.periods(&goal.id).into_iter().filter(|at| at.year == period.year && *at > period);
    let rules = plan.rules(&goal.id);
    let (was, now) = (Computation::of(plan, goal, before), Computation::of(plan, goal, after));
    let moved = std::iter::once(period).chain(later).map(|period| Moved {
        goal_name: goal.name.clone(),
        period,
        changes: changes(&was.at(period, rules), &now.at(period, rules)),
    });
    moved.filter(|moved| !moved.changes.is_empty()).collect()
}

fn correct(after: &mut Figures, before: &Figures, goal: &Goal, period: Period, row: &ContentRow) {
    let old = before.get(&row.goal, period, &row.region).cloned().unwrap_or_default();
    let (value_moves, base_moves) = (difference(old.value, row.value), difference(old.base, row.base));
    let growth = row.growth.or(old.published_growth);
    after.insert(
        &row.goal,
        period,
        &row.region,
        Figure { value: row.value, base: row.base, published_growth: growth, ..old },
    );
    // A ratio of a later period says nothing about this one.
    if !goal.kind.adds_up() {
        return;
    }
    for later in before.periods(&row.goal).into_iter().filter(|at| at.year == period.year && *at > period) {
        let Some(figure) = before.get(&row.goal, later, &row.region) else { continue };
        let add = |amount: Option<Amount>, by: i64| amount.map(|amount| Amount(amount.0.saturating_add(by)));
        let moved =
            Figure { value: add(figure.value, value_moves), base: add(figure.base, base_moves), ..figure.clone() };
        after.insert(&row.goal, later, &row.region, moved);
    }
}

fn difference(before: Option<Amount>, after: Option<Amount>) -> i64 {
    before.zip(after).map_or(0, |(before, after)| after.0.saturating_sub(before.0))
}
