//! The rows of a form, and of a file's figures: what each is measured against.

use super::due::Due;
use super::{Cell, Field, is_percent};
use crate::money::{Amount, Measure};
use crate::month::Period;
use crate::plan::{Goal, Plan, Round, Split};
use crate::rate::Rate;
use crate::region::RegionId;
use crate::returns::Figures;

/// One row of the form: a goal in which the unit, or a unit within it, stands in the split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryLine {
    pub goal: String,
    pub goal_name: String,
    pub region: RegionId,
    pub name: String,
    /// 其中 of this unit.
    pub within: Option<RegionId>,
    pub measure: Measure,
    /// The last month of the period being reported.
    pub month: u32,
    /// The value is a growth in percent: there is no amount, base or pace.
    pub percent: bool,
    pub flow: bool,
    pub no_target: bool,
    /// Growth counts for this goal: without a base there is none.
    pub needs_base: bool,
    pub target: Option<Amount>,
    pub target_growth: Option<Rate>,
    /// What the target makes due by this month: figures far from it are slips of the unit.
    pub due: Option<Due>,
    /// The newest earlier figure of the year, and the one before it.
    pub previous: Option<(Period, Amount)>,
    pub before_previous: Option<(Period, Amount)>,
    /// The first later figure of the year: this one is being corrected.
    pub next: Option<(Period, Amount)>,
    /// Last year's figure of the same period, where it is known.
    pub proposed_base: Option<Amount>,
    /// What the office asks about this figure, until it is answered.
    pub question: Option<String>,
}

/// The rows of a unit's form, in the plan's order; 其中 rows under their unit. A form holds what is due in its round and
/// nothing else: no yearly figure in a month's.
///
/// `figures` are those in force, with what the unit has submitted on the way.
pub fn lines(plan: &Plan, unit: &str, round: &Round, figures: &Figures) -> Vec<EntryLine> {
    let of_goal = |goal: &Goal| -> Vec<EntryLine> {
        let reports =
            |split: &&Split| (split.region == unit && split.within.is_none()) || split.within.as_deref() == Some(unit);
        let own = goal.splits.iter().filter(reports);
        own.map(|split| line(plan, goal, split, round.period, figures)).collect()
    };
    plan.goals.iter().filter(|goal| plan.is_due(goal, round)).flat_map(of_goal).collect()
}

fn line(plan: &Plan, goal: &Goal, split: &Split, period: Period, figures: &Figures) -> EntryLine {
    let target = split.target(period.year);
    let growth_counts = target.is_some_and(|target| target.growth.is_some())
        || goal.target(period.year).is_some_and(|target| target.growth.is_some())
        || plan.assessment(&goal.id).is_some();
    EntryLine {
        within: split.within.clone(),
        no_target: split.no_target,
        needs_base: goal.kind.adds_up() && growth_counts && !split.no_target,
        target: target.and_then(|target| target.value).or(goal.implied_target().filter(|_| !split.no_target)),
        target_growth: target.and_then(|target| target.growth),
        due: Due::of_unit(goal, split, period),
        ..row(goal, (&split.region, &split.name), period, figures)
    }
}

/// A region of a goal with what it has reported, without a target.
fn row(goal: &Goal, (region, name): (&str, &str), period: Period, figures: &Figures) -> EntryLine {
    let previous = figures.previous_value(&goal.id, period, region);
    let before_previous = previous.and_then(|(at, _)| figures.previous_value(&goal.id, at, region));
    let last_year = Period { year: period.year - 1, month: period.month };
    EntryLine {
        goal: goal.id.clone(),
        goal_name: goal.name.clone(),
        region: region.to_owned(),
        name: name.to_owned(),
        within: None,
        measure: goal.measure.clone(),
        month: period.month,
        percent: is_percent(goal),
        flow: goal.kind.is_flow(),
        no_target: false,
        needs_base: false,
        target: None,
        target_growth: None,
        due: None,
        previous,
        before_previous,
        next: figures.next_value(&goal.id, period, region),
        proposed_base: figures.get(&goal.id, last_year, region).and_then(|figure| figure.value),
        question: None,
    }
}

/// The row of a region in a file: of a unit, or of the whole with the plan's total as its target.
pub(super) fn line_of(plan: &Plan, goal: &Goal, region: &str, period: Period, figures: &Figures) -> EntryLine {
    if let Some(split) = goal.split(region) {
        return line(plan, goal, split, period, figures);
    }
    let target = goal.target(period.year);
    EntryLine {
        target: target.and_then(|target| target.value).or(goal.implied_target()),
        target_growth: target.and_then(|target| target.growth),
        due: Due::of_whole(goal, period),
        ..row(goal, (region, &plan.region.name), period, figures)
    }
}

impl EntryLine {
    pub fn cell(&self, field: Field) -> Cell {
        Cell::Row { goal: self.goal.clone(), region: self.region.clone(), field }
    }

    /// `福清市`, `其中：高新区`, with the goal where the form has several.
    pub fn label(&self) -> String {
        if self.within.is_some() { format!("其中：{}", self.name) } else { self.name.clone() }
    }

    /// The unit printed behind what is typed.
    pub fn unit(&self) -> &str {
        if self.percent { "%" } else { &self.measure.unit }
    }
}
