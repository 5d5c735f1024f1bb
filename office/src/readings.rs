//! When a choice of a rule's reading needs a second person.

use domain::calendar::{at_shanghai, shanghai};
use domain::plan::Plan;

/// Whether a year of the plan is over: from then on a change needs a second person.
pub fn year_is_over(plan: &Plan, now: i64) -> bool {
    let start = chrono::NaiveDate::from_ymd_opt(plan.years.0 + 1, 1, 1).and_then(|day| day.and_hms_opt(0, 0, 0));
    let start = start.and_then(|start| start.and_local_timezone(shanghai()).single());
    start.is_some_and(|start| at_shanghai(now) >= start)
}
