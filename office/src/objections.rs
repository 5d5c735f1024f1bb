//! What a unit may object to now.

use domain::month::Period;
use domain::plan::Plan;
use domain::year_end::{About, objection_end};

use crate::facts::{Decision, EditionSummary, YearEnd};

/// Something that may be objected to while its days run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    pub period: Period,
    pub about: About,
    pub goal: String,
    /// UTC milliseconds: the first instant at which it is too late.
    pub until: i64,
}

impl Term {
    /// As the form names it.
    pub fn id(&self) -> String {
        format!("{}/{}/{}", self.goal, self.period, self.about.id())
    }
}

/// The newest edition of each period, and the results that were proposed, as long as their days run.
pub fn open_terms(
    plan: &Plan,
    editions: &[EditionSummary],
    year_ends: &[(String, i32, YearEnd)],
    now: i64,
) -> Vec<Term> {
    let days = |goal: &str| plan.assessment(goal).map(|assessment| assessment.objection_days).filter(|days| *days > 0);
    let of_plan: Vec<&EditionSummary> = editions.iter().filter(|edition| edition.plan == plan.id).collect();
    let mut terms: Vec<Term> = Vec::new();
    for edition in &of_plan {
        let of_period = of_plan.iter().filter(|other| other.period == edition.period);
        let newest = of_period.map(|other| other.edition).max();
        if let Some(days) = days(&edition.goal).filter(|_| newest == Some(edition.edition)) {
            let until = objection_end(edition.published_at, days);
            terms.push(Term { period: edition.period, about: About::Figure, goal: edition.goal.clone(), until });
        }
    }
    for (goal, year, year_end) in year_ends {
        let proposed = year_end.closures.last().filter(|closure| closure.step == Decision::Proposed);
        if let Some((closure, days)) = proposed.zip(days(goal)) {
            let period = Period { year: *year, month: 12 };
            let until = objection_end(closure.at, days);
            terms.push(Term { period, about: About::Award, goal: goal.clone(), until });
        }
    }
    terms.retain(|term| now < term.until);
    terms.sort();
    terms
}
