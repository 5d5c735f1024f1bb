//! A goal that carries out a row of a plan above: 福州市's 660亿元 of the province's split. Compared within the same
//! year only, and shown on both plans' pages.

use super::finding::{Finding, finding};
use super::{Goal, Plan, Split};
use crate::calendar::span_of_years;
use crate::money::Amount;

/// What a plan above asks of a goal in one year, and what the goal sets itself.
#[derive(Debug, Clone)]
pub struct Carried<'p> {
    pub goal: &'p Goal,
    pub above: &'p Goal,
    pub row: &'p Split,
    pub year: i32,
    /// In the smallest unit both are measured in.
    pub asked: Option<Amount>,
    pub own: Option<Amount>,
}

impl Carried<'_> {
    /// What the goal sets itself beyond what is asked of it; below zero it falls short.
    pub fn beyond(&self) -> Option<Amount> {
        Some(Amount(self.own?.0.checked_sub(self.asked?.0)?))
    }
}

/// Whether a goal of `plan` carries out a row of `above`.
pub fn names(goal: &Goal, above: &Plan) -> bool {
    goal.meaning.parent.as_ref().is_some_and(|parent| parent.plan == above.id)
}

/// The years in which `goal` carries out its row of `above`, and what does not agree.
pub fn carried<'p>(plan: &Plan, goal: &'p Goal, above: &'p Plan) -> (Vec<Carried<'p>>, Vec<Finding>) {
    let Some(parent) = goal.meaning.parent.as_ref().filter(|parent| parent.plan == above.id) else {
        return Default::default();
    };
    let one = |code: &str, message: String| (Vec::new(), vec![finding(code, message, &[])]);
    let found = above.goal(&parent.goal).and_then(|own| Some((own, own.find_split(&parent.unit)?)));
    let Some((of_above, row)) = found else {
        let message = format!(
            "{}：上级计划《{}》里没有目标“{}”的“{}”这一行，请核对 parent",
            goal.name, above.title, parent.goal, parent.unit
        );
        return one("parent_unknown", message);
    };
    if goal.measure.per_unit != of_above.measure.per_unit && !(goal.measure.money && of_above.measure.money) {
        let message = format!(
            "{}按{}计，上级计划《{}》按{}计，不能比较",
            goal.name, goal.measure.unit, above.title, of_above.measure.unit
        );
        return one("parent_unit", message);
    }
    let years = plan.years.0.max(above.years.0)..=plan.years.1.min(above.years.1);
    if years.is_empty() {
        let span = |plan: &Plan| span_of_years(plan.years);
        let message = format!(
            "{}：本计划是{}的，上级计划《{}》是{}的，不是同一年的任务，没有比较",
            goal.name,
            span(plan),
            above.title,
            span(above)
        );
        return one("parent_year", message);
    }
    let of_year = |year: i32| Carried {
        goal,
        above: of_above,
        row,
        year,
        asked: row.target(year).and_then(|target| target.value),
        own: goal.target(year).and_then(|target| target.value),
    };
    let carried: Vec<Carried<'p>> = years.map(of_year).collect();
    let short = carried.iter().filter_map(|one| {
        let lacks = one.beyond().filter(|beyond| beyond.0 < 0)?;
        let (measure, year) = (&of_above.measure, one.year);
        let message = format!(
            "{}：{year}年自定{}，比上级下达的{}少{}",
            goal.name,
            measure.with_unit(one.own?),
            measure.with_unit(one.asked?),
            measure.with_unit(Amount(-lacks.0))
        );
        Some(finding("parent_short", message, &[("year", year.to_string())]))
    });
    let short = short.collect();
    (carried, short)
}
