//! The year's end computed from facts: the result as it would be frozen, and what keeps it open.

use chrono::NaiveDate;
use domain::bulletin::PlanSource;
use domain::calendar::at_shanghai;
use domain::month::Period;
use domain::plan::{Assessment, Goal, Plan};
use domain::standing::Standings;
use domain::year_end::{
    Closing, Replaced, Stated, YearResult, newest, objection_end, obstacles, self_assessment_days, standings, to_verify,
};

use crate::facts::{EditionSummary, Facts, YearEnd};

/// The assessed goal that a pack or a result is about, and a year of the plan; without a name the plan's first, without
/// a year its last.
///
/// # Errors
/// A sentence without its full stop.
pub fn scope<'p>(
    plan: &'p Plan,
    goal: Option<&str>,
    year: Option<i32>,
) -> Result<(&'p Goal, &'p Assessment, i32), String> {
    let assessment = goal.map_or(plan.assessments.first(), |goal| plan.assessment(goal));
    let found = assessment.and_then(|assessment| Some((plan.goal(&assessment.goal)?, assessment)));
    let (goal, assessment) = found.ok_or_else(|| "这个计划没有年终考核，没有可归档的结果".to_owned())?;
    let year = year.unwrap_or(plan.years.1);
    match (plan.years.0..=plan.years.1).contains(&year) {
        true => Ok((goal, assessment, year)),
        false => Err(format!("{year}年不在计划之内，请写 {} 到 {} 之间的一年", plan.years.0, plan.years.1)),
    }
}

/// The newest edition of a year's last period.
pub fn last_edition(editions: &[EditionSummary], plan: &str, year: i32) -> Option<EditionSummary> {
    let period = Period { year, month: 12 };
    let of_period = editions.iter().filter(|edition| edition.plan == plan && edition.period == period);
    of_period.max_by_key(|edition| edition.edition).cloned()
}

/// The result as it would be frozen now; `None` before the bulletin of 1—12月.
pub fn result(
    facts: &Facts,
    goal: &Goal,
    year: i32,
    year_end: &YearEnd,
    edition: Option<&EditionSummary>,
) -> Option<YearResult> {
    let edition = edition?;
    let plan = &facts.version.plan;
    let verified = goal.splits.iter().filter_map(|split| newest(&year_end.stated, &split.region, Stated::Verified));
    Some(YearResult {
        format: 1,
        plan_version: PlanSource { version: facts.version.version, sha256: facts.version.sha256.clone() },
        year,
        edition: edition.edition,
        edition_sha256: edition.sha256.clone(),
        standings: standings(plan, goal, &facts.figures, year, &year_end.stated),
        verified: verified.cloned().collect(),
        replaces: year_end.reopened().map(|(closed, reopening)| Replaced {
            sha256: closed.sha256.clone(),
            closed_on: at_shanghai(closed.at).date_naive(),
            reason: reopening.reason.clone(),
        }),
    })
}

/// What keeps the assessment open now. The days for objections run from the day the result was proposed.
pub fn kept_open(
    (goal, assessment): (&Goal, &Assessment),
    (standings, year_end): (&Standings, &YearEnd),
    edition: Option<u32>,
    (reading_proposed, now): (bool, i64),
) -> Vec<String> {
    let until = year_end.proposed().map(|proposed| objection_end(proposed.at, assessment.objection_days));
    obstacles(&Closing {
        goal,
        standings,
        stated: &year_end.stated,
        edition,
        self_assessment_until: self_until(assessment, goal, year_end, standings.period.year, now),
        open_objections: &year_end.open_objections(),
        objections_until: until.filter(|until| assessment.objection_days > 0 && now < *until),
        reading_proposed,
    })
}

/// The end of the days for self-assessment, while they run and somebody has not used them.
fn self_until(assessment: &Assessment, goal: &Goal, year_end: &YearEnd, year: i32, now: i64) -> Option<NaiveDate> {
    let (_, to) = self_assessment_days(assessment.self_assessment_by, year)?;
    let waiting = to_verify(goal, year).any(|split| newest(&year_end.stated, &split.region, Stated::Own).is_none());
    (waiting && at_shanghai(now).date_naive() <= to).then_some(to)
}
