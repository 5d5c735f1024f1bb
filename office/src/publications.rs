//! What is published besides the plan's bulletin, drafted: the comparison of a quarter as it would be frozen now.

use domain::bulletin::PlanSource;
use domain::calendar::at_shanghai;
use domain::comparison::{Context, Correction, Quarter, compare, label, quarter_before};
use domain::month::Period;

use crate::facts::{PublicationBody, PublicationKey, PublicationKind, Unavailable};
use crate::ports::Facts;

/// A comparison ready to be frozen, or why there is nothing to publish.
pub enum Draft {
    Ready(Box<NewQuarter>),
    /// The plan has no comparison of this id, or the period ends no quarter.
    Unknown,
    /// Nobody has reported anything.
    Empty,
    /// It would say the same as this edition.
    Same(u32, Box<NewQuarter>),
    /// This edition is out: another one is a correction and needs a reason.
    NeedsReason(u32, Box<NewQuarter>),
}

/// What is about to be frozen.
#[derive(Debug, Clone)]
pub struct NewQuarter {
    pub quarter: Quarter,
    /// The audit row up to which the figures were read.
    pub based_on: i64,
}

impl NewQuarter {
    /// The frozen form and its SHA-256.
    pub fn content(&self) -> (String, String) {
        let content = domain::canonical::to_json(&self.quarter).expect("a comparison is strings, integers and lists");
        let sha256 = domain::canonical::sha256(content.as_bytes());
        (content, sha256)
    }
}

impl Draft {
    /// Why there is none, as a sentence without a full stop.
    pub fn refusal(&self, period: Period) -> Option<String> {
        let label = label(period);
        match self {
            Draft::Ready(_) => None,
            Draft::Unknown => Some("计划里没有这项评比，或期间不是季末，请写 3、6、9、12 月".to_owned()),
            Draft::Empty => Some(format!("{label}还没有任何单位报送评比的数，没有可发布的内容")),
            Draft::Same(edition, _) => Some(format!("{label}的评比与已发布的第{edition}版相同，不用再发布")),
            Draft::NeedsReason(edition, _) => {
                Some(format!("{label}的评比已发布第{edition}版；再发布就是更正，请写明更正原因"))
            }
        }
    }

    /// As it would read, where there is anything to read.
    pub fn found(self) -> Option<Box<NewQuarter>> {
        match self {
            Draft::Ready(new) | Draft::Same(_, new) | Draft::NeedsReason(_, new) => Some(new),
            Draft::Unknown | Draft::Empty => None,
        }
    }
}

/// The key of a plan's comparison.
pub fn key_of(plan: &str, id: &str, period: Period) -> PublicationKey {
    PublicationKey { plan: plan.to_owned(), kind: PublicationKind::Comparison, subject: id.to_owned(), period }
}

/// The next edition of a quarter's comparison, dated at `at` (UTC milliseconds).
pub async fn draft(
    facts: &mut dyn Facts,
    plan: &str,
    id: &str,
    period: Period,
    reason: Option<&str>,
    at: i64,
) -> Result<Draft, Unavailable> {
    // First the head, then what it covers: a write in between makes publishing refuse, never mislabel.
    let based_on = facts.facts_head().await?;
    let Some(version) = facts.plan(plan).await? else { return Ok(Draft::Unknown) };
    let plan = &version.plan;
    let Some(comparison) = plan.comparison(id) else { return Ok(Draft::Unknown) };
    if !domain::comparison::is_quarter(period) || !(plan.years.0..=plan.years.1).contains(&period.year) {
        return Ok(Draft::Unknown);
    }
    let quarter_of = |body: PublicationBody| match body {
        PublicationBody::Comparison(quarter) => Some(*quarter),
        PublicationBody::Result(_) => None,
    };
    let newest = facts.publication(&key_of(&plan.id, id, period), None).await?;
    let edition = newest.as_ref().map_or(0, |newest| newest.summary.edition);
    let before = facts.publication(&key_of(&plan.id, id, quarter_before(period)), None).await?;
    let context = Context {
        edition: edition + 1,
        published_on: Some(at_shanghai(at).date_naive()),
        demo: facts.is_demo().await?,
        plan_version: Some(PlanSource { version: version.version, sha256: version.sha256.clone() }),
        before: before.and_then(|before| quarter_of(before.body)),
    };
    let figures = facts.figures(&plan.id).await?;
    let quarter = compare(plan, comparison, &figures, period, context);
    if quarter.is_empty() {
        return Ok(Draft::Empty);
    }
    let mut new = Box::new(NewQuarter { quarter, based_on });
    let Some(newest) = newest else { return Ok(Draft::Ready(new)) };
    let sha256 = newest.summary.sha256;
    let Some(published) = quarter_of(newest.body) else { return Ok(Draft::Unknown) };
    if new.quarter.same_results(&published) {
        return Ok(Draft::Same(edition, new));
    }
    let changes = new.quarter.changes_since(&published);
    let of = |reason: &str| Correction { edition, sha256, reason: reason.to_owned(), changes };
    match reason {
        Some(reason) => {
            new.quarter.correction = Some(of(reason));
            Ok(Draft::Ready(new))
        }
        None => {
            new.quarter.correction = Some(of("（更正原因）"));
            Ok(Draft::NeedsReason(edition, new))
        }
    }
}
