//! The rows of a form, and of a file's figures: what each is measured against.

use std::collections::{BTreeSet, HashMap};

use super::due::Due;
use super::{Cell, Field, is_percent};
use crate::money::{Amount, Measure};
use crate::month::Period;
use crate::plan::{Goal, Pace, Plan, Round, Split};
use crate::rate::Rate;
use crate::region::RegionId;
use crate::returns::Figures;

/// Whose figure a row of a form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The unit's own.
    Own,
    /// 其中 of the unit.
    Within,
    /// Something that a target for each counts, which the unit reports: an industry, a county of the city.
    Counted,
    /// The plan's whole, which the unit states in the office's place.
    Total,
}

/// One row of the form: a goal in which the unit, or a unit within it, stands in the split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryLine {
    pub goal: String,
    pub goal_name: String,
    pub region: RegionId,
    pub name: String,
    /// 其中 of this unit.
    pub within: Option<RegionId>,
    pub whose: Whose,
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
    /// Last year's figure of the period of `previous`, where it was reported.
    pub previous_base: Option<Amount>,
    /// What the plan's own curve makes due between `previous` and this month: its target and a share of it.
    pub planned: Option<(Amount, Rate)>,
    /// How far a month may be from what it is measured by, as a share.
    pub step: Rate,
    /// The first later figure of the year: this one is being corrected.
    pub next: Option<(Period, Amount)>,
    /// Last year's figure of the same period, where it is known.
    pub proposed_base: Option<Amount>,
    /// Of a 其中 row in its own unit's form: the unit that it lies within, and the figure there in force.
    pub whole: Option<(String, Amount)>,
    /// What lies within this row and has a form of its own, with the figures there in force.
    pub parts: Vec<(String, Amount)>,
    /// What the office asks about this figure, until it is answered.
    pub question: Option<String>,
}

/// The rows of a unit's form, in the plan's order; 其中 rows under their unit. A form holds what is due in its round and
/// nothing else: no yearly figure in a month's.
///
/// `figures` are those in force, with what the unit has submitted on the way.
pub fn lines(plan: &Plan, unit: &str, round: &Round, figures: &Figures) -> Vec<EntryLine> {
    let of_goal = |goal: &Goal| -> Vec<EntryLine> {
        let period = round.period;
        let total = (plan.states_total(goal) == Some(unit)).then(|| total(plan, goal, period, figures));
        let own = plan.rows_of(goal, unit, period);
        own.map(|split| line_in_form(plan, goal, (unit, split), period, figures)).chain(total).collect()
    };
    plan.goals.iter().filter(|goal| plan.is_due(goal, round)).flat_map(of_goal).collect()
}

/// The cells whose figures these rows read, goal and region: the unit's own, what they lie within and what lies within
/// them, of every goal, and the whole where the unit states it.
pub fn cells_read(plan: &Plan, unit: &str, period: Period) -> BTreeSet<(String, RegionId)> {
    let of_goal = |goal: &Goal| -> Vec<(String, RegionId)> {
        let total = (plan.states_total(goal) == Some(unit)).then(|| plan.region.id().to_owned());
        let around = |split: &Split| -> Vec<RegionId> {
            let parts = goal.splits.within(&split.region).map(|part| part.region.clone());
            parts.chain(split.within.clone()).chain([split.region.clone()]).collect()
        };
        let regions = plan.rows_of(goal, unit, period).flat_map(around).chain(total);
        regions.map(|region| (goal.id.clone(), region)).collect()
    };
    plan.goals.iter().flat_map(of_goal).collect()
}

/// The same of every unit at once, by unit.
pub fn lines_by_unit(plan: &Plan, round: &Round, figures: &Figures) -> HashMap<RegionId, Vec<EntryLine>> {
    let (mut found, period): (HashMap<RegionId, Vec<EntryLine>>, Period) = (HashMap::new(), round.period);
    for goal in plan.goals.iter().filter(|goal| plan.is_due(goal, round)) {
        for (unit, split) in plan.reported_rows(goal, period) {
            let line = line_in_form(plan, goal, (unit, split), period, figures);
            found.entry(unit.to_owned()).or_default().push(line);
        }
        if let Some(unit) = plan.states_total(goal) {
            found.entry(unit.to_owned()).or_default().push(total(plan, goal, period, figures));
        }
    }
    found
}

fn line_in_form(
    plan: &Plan,
    goal: &Goal,
    (unit, split): (&str, &Split),
    period: Period,
    figures: &Figures,
) -> EntryLine {
    let whose = match &split.within {
        _ if split.region == unit => Whose::Own,
        Some(_) => Whose::Within,
        None => Whose::Counted,
    };
    EntryLine { whose, ..line(plan, goal, split, period, figures) }
}

fn line(plan: &Plan, goal: &Goal, split: &Split, period: Period, figures: &Figures) -> EntryLine {
    let target = split.target(period.year);
    let growth_counts = target.is_some_and(|target| target.growth.is_some())
        || goal.target(period.year).is_some_and(|target| target.growth.is_some())
        || plan.assessment(&goal.id).is_some();
    let at = |other: &Split| Some((other.name.clone(), figures.get(&goal.id, period, &other.region)?.value?));
    let reporter = |row: &Split| plan.reporter(goal, &row.region, period);
    let apart = |other: &&Split| reporter(other) != reporter(split);
    let whole = split.within.as_deref().and_then(|within| goal.split(within)).filter(apart);
    let parts = goal.splits.within(&split.region).filter(|part| part.runs(period)).filter(apart);
    EntryLine {
        whole: whole.and_then(at),
        parts: parts.filter_map(at).collect(),
        within: split.within.clone(),
        no_target: split.no_target,
        needs_base: goal.kind.adds_up() && growth_counts && !split.no_target,
        target: target.and_then(|target| target.value).or(goal.implied_target().filter(|_| !split.no_target)),
        target_growth: target.and_then(|target| target.growth),
        due: Due::of_unit(goal, split, period),
        ..row(goal, (&split.region, &split.name), period, figures)
    }
    .measured(plan, goal)
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
        whose: Whose::Own,
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
        previous_base: previous.and_then(|(at, _)| figures.get(&goal.id, at, region)?.base),
        planned: None,
        step: Rate::new(1, 2).unwrap_or(Rate::ONE),
        next: figures.next_value(&goal.id, period, region),
        proposed_base: figures.get(&goal.id, last_year, region).and_then(|figure| figure.value),
        whole: None,
        parts: Vec::new(),
        question: None,
    }
}

/// The row of a region in a file: of a unit, or of the whole with the plan's total as its target.
pub(super) fn line_of(plan: &Plan, goal: &Goal, region: &str, period: Period, figures: &Figures) -> EntryLine {
    match goal.split(region) {
        Some(split) => line(plan, goal, split, period, figures),
        None => total(plan, goal, period, figures),
    }
}

/// The row of the whole, which the unit of `stated_by` fills.
fn total(plan: &Plan, goal: &Goal, period: Period, figures: &Figures) -> EntryLine {
    let target = goal.target(period.year);
    EntryLine {
        target: target.and_then(|target| target.value).or(goal.implied_target()),
        target_growth: target.and_then(|target| target.growth),
        due: Due::of_whole(goal, period),
        whose: Whose::Total,
        ..row(goal, (plan.region.id(), &plan.region.name), period, figures)
    }
    .measured(plan, goal)
}

impl EntryLine {
    /// With what the plan says of its months.
    fn measured(mut self, plan: &Plan, goal: &Goal) -> Self {
        self.step = plan.step;
        self.planned = (|| {
            let Pace::Curve(_) = goal.pace else { return None };
            let (from, to) = (goal.pace.share(self.previous?.0.month)?, goal.pace.share(self.month)?);
            Some((self.target?, to.minus(from)))
        })();
        self
    }

    pub fn cell(&self, field: Field) -> Cell {
        Cell::Row { goal: self.goal.clone(), region: self.region.clone(), field }
    }

    /// `工业技改投资`, with whose figure it is where that is not the unit's own.
    pub fn row_name(&self) -> String {
        let goal = &self.goal_name;
        match self.whose {
            Whose::Own => goal.clone(),
            Whose::Within => format!("{goal}（其中{}）", self.name),
            Whose::Counted => format!("{goal}（{}）", self.name),
            Whose::Total => format!("{goal}（{}合计）", self.name),
        }
    }

    /// The unit printed behind what is typed.
    pub fn unit(&self) -> &str {
        if self.percent { "%" } else { &self.measure.unit }
    }
}
