//! What an address of the year's end means.

use domain::calendar::at_shanghai;
use domain::plan::{Assessment, Goal, Plan};

use crate::backend::backend;
use crate::parts::PageError;

pub fn address(plan: &str, goal: &str, year: i32) -> String {
    format!("/assess/{plan}/year-end?goal={goal}&year={year}")
}

pub fn unit_address(plan: &str, goal: &str, year: i32, region: &str) -> String {
    format!("/assess/{plan}/year-end/{}?goal={goal}&year={year}", crate::parts::links::encode(region))
}

/// The assessed goal and the year that an address means: the newest year of the plan that has begun.
pub(crate) fn scope<'p>(
    plan: &'p Plan,
    goal: Option<&str>,
    year: Option<&str>,
) -> Result<(&'p Goal, &'p Assessment, i32), PageError> {
    let assessment = goal.map_or(plan.assessments.first(), |goal| plan.assessment(goal));
    let found = assessment.and_then(|assessment| Some((plan.goal(&assessment.goal)?, assessment)));
    let (goal, assessment) = found.ok_or_else(|| PageError::not_found("这个计划没有年终考核。"))?;
    let years = plan.years.0..=plan.years.1;
    let now = chrono::Datelike::year(&at_shanghai(backend().now()));
    let year = match year {
        Some(text) => text
            .parse()
            .ok()
            .filter(|year| years.contains(year))
            .ok_or_else(|| PageError::not_found("这一年不在计划之内。"))?,
        None => plan.years.1.min(now).max(plan.years.0),
    };
    Ok((goal, assessment, year))
}

/// Whose figures of 1—12月 rank, and are verified.
pub(super) fn reported_name(assessment: &Assessment) -> &'static str {
    match assessment.ranks_from {
        domain::plan::RanksFrom::County => "1—12月报送",
        domain::plan::RanksFrom::Bureau => "1—12月排位用的数",
    }
}
