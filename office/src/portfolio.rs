//! 总览: every plan in one line, for whoever leads or runs several.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::calendar::at_shanghai;
use domain::entry::units_due;
use domain::holidays::Holidays;
use domain::month::Period;
use domain::plan::Plan;

use crate::facts::{Edition, PlanVersion, Unavailable};
use crate::ports::Facts;

/// A plan in one line.
#[derive(Debug, Clone)]
pub struct PlanLine {
    pub version: PlanVersion,
    /// What was published of it last.
    pub newest: Option<Arc<Edition>>,
    /// Of the reader's own office: the period that is reported next.
    pub coming: Option<Coming>,
}

/// A period that is being reported or is the next to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming {
    pub period: Period,
    /// How many units have handed in, or had figures imported, of those that owe some.
    pub handed_in: usize,
    pub units: usize,
    /// The last day of reporting.
    pub deadline: chrono::NaiveDate,
}

/// All plans, those of `own` office first, then newest first; periods with units at work are told of that office alone.
/// Empty where there are not two. At most six questions whatever the number of plans: plans, readings with the versions
/// they were chosen for, who reports parts, editions, who has handed in.
pub async fn portfolio(
    facts: &mut dyn Facts,
    own: Option<&str>,
    now: i64,
    holidays: &Holidays,
) -> Result<Vec<PlanLine>, Unavailable> {
    let plans = facts.plans().await?;
    // One plan has no other to stand beside: its edition is not read for a line that nobody shows.
    if plans.len() < 2 {
        return Ok(Vec::new());
    }
    let mut newest: BTreeMap<String, Arc<Edition>> =
        facts.newest_editions().await?.into_iter().map(|edition| (edition.summary.plan.clone(), edition)).collect();
    let mut lines: Vec<(PlanLine, Option<Period>)> = Vec::new();
    for version in plans {
        let is_own = own == Some(version.plan.region.id());
        let next = if is_own { next_period(&version.plan, now, holidays) } else { None };
        let newest = newest.remove(&version.plan.id);
        lines.push((PlanLine { version, newest, coming: None }, next));
    }
    let asked: Vec<(String, Period)> =
        lines.iter().filter_map(|(line, next)| Some((line.version.plan.id.clone(), (*next)?))).collect();
    let handed_in = if asked.is_empty() { Vec::new() } else { facts.handed_in(&asked).await? };
    let mut lines: Vec<PlanLine> = lines
        .into_iter()
        .map(|(line, next)| {
            let coming = next.and_then(|period| coming(&line.version.plan, period, &handed_in, holidays));
            PlanLine { coming, ..line }
        })
        .collect();
    lines.sort_by_key(|line| {
        let plan = &line.version.plan;
        (own != Some(plan.region.id()), std::cmp::Reverse(plan.years.1))
    });
    Ok(lines)
}

/// The first period whose deadline has not passed.
fn next_period(plan: &Plan, now: i64, holidays: &Holidays) -> Option<Period> {
    let (calendar, now) = (plan.calendar.as_ref()?, at_shanghai(now));
    let mut periods = (plan.years.0..=plan.years.1).flat_map(|year| calendar.periods(year));
    periods.find(|period| calendar.deadline(*period, holidays).is_some_and(|deadline| now < deadline))
}

fn coming(plan: &Plan, period: Period, handed_in: &[(String, String)], holidays: &Holidays) -> Option<Coming> {
    let deadline = plan.calendar.as_ref()?.deadline_day(period, holidays)?;
    let units = units_due(plan, &period.into());
    let done = |unit: &str| handed_in.iter().any(|(of, known)| *of == plan.id && known == unit);
    let handed_in = units.iter().filter(|(unit, _)| done(unit)).count();
    (!units.is_empty()).then_some(Coming { period, handed_in, units: units.len(), deadline })
}
