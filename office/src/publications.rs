//! What is published besides the plan's bulletin, drafted as it would be frozen now: the comparison of a quarter, the
//! library of projects at its end.

use domain::bulletin::PlanSource;
use domain::bulletin::diff::Change;
use domain::calendar::at_shanghai;
use domain::comparison::{Context, Correction, compare, is_quarter, label, quarter_before};
use domain::month::Period;
use domain::plan::Plan;
use domain::projects::edition::{LIBRARY, LibraryEdition};
use domain::projects::sums::Library;

use crate::facts::{Publication, PublicationBody, PublicationKey, PublicationKind, Unavailable};
use crate::ports::Facts;
use crate::projects::{entries, judge, rates};

/// A publication ready to be frozen, or why there is nothing to publish.
pub enum Draft {
    Ready(Box<NewPublication>),
    /// The plan has no comparison of this id, or the period ends no quarter.
    Unknown,
    /// Nobody has reported anything; nothing is in the library.
    Empty,
    /// It would say the same as this edition.
    Same(u32, Box<NewPublication>),
    /// This edition is out: another one is a correction and needs a reason.
    NeedsReason(u32, Box<NewPublication>),
}

/// What is about to be frozen.
#[derive(Debug, Clone)]
pub struct NewPublication {
    pub body: PublicationBody,
    pub edition: u32,
    /// The audit row up to which the facts were read.
    pub based_on: i64,
}

impl Draft {
    /// Why there is none, as a sentence without a full stop. `id` is what was asked for.
    pub fn refusal(&self, id: &str, period: Period) -> Option<String> {
        let what = if id == LIBRARY { "项目库" } else { "评比" };
        let label = label(period);
        match self {
            Draft::Ready(_) => None,
            Draft::Unknown => Some(format!("计划里没有这项{what}，或期间不是季末，请写 3、6、9、12 月")),
            Draft::Empty if id == LIBRARY => Some(format!("{label}的名单里没有项目，没有可发布的内容")),
            Draft::Empty => Some(format!("{label}还没有任何单位报送评比的数，没有可发布的内容")),
            Draft::Same(edition, _) => Some(format!("{label}的{what}与已发布的第{edition}版相同，不用再发布")),
            Draft::NeedsReason(edition, _) => {
                Some(format!("{label}的{what}已发布第{edition}版；再发布就是更正，请写明更正原因"))
            }
        }
    }

    /// As it would read, where there is anything to read.
    pub fn found(self) -> Option<Box<NewPublication>> {
        match self {
            Draft::Ready(new) | Draft::Same(_, new) | Draft::NeedsReason(_, new) => Some(new),
            Draft::Unknown | Draft::Empty => None,
        }
    }
}

/// The key of a plan's comparison, or of its library.
pub fn key_of(plan: &str, id: &str, period: Period) -> PublicationKey {
    let kind = if id == LIBRARY { PublicationKind::Library } else { PublicationKind::Comparison };
    PublicationKey { plan: plan.to_owned(), kind, subject: id.to_owned(), period }
}

/// Whether a plan has what this names: one of its comparisons, or, with rules or counts of projects, the library.
pub fn has(plan: &Plan, id: &str) -> bool {
    plan.comparison(id).is_some() || (id == LIBRARY && has_library(plan))
}

/// Whether a plan speaks of projects.
pub fn has_library(plan: &Plan) -> bool {
    plan.projects != Default::default() || plan.goals.iter().any(|goal| goal.meaning.from_projects.is_some())
}

/// What it is called before its quarter: 工业项目一季一评比, 重点项目库.
pub fn name_of<'p>(plan: &'p Plan, id: &str) -> &'p str {
    match plan.comparison(id) {
        Some(comparison) => &comparison.name,
        None => "重点项目库",
    }
}

/// The next edition of a quarter's comparison or library, dated at `at` (UTC milliseconds).
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
    if !has(plan, id) || !is_quarter(period) || !(plan.years.0..=plan.years.1).contains(&period.year) {
        return Ok(Draft::Unknown);
    }
    let newest = facts.publication(&key_of(&plan.id, id, period), None).await?;
    let before = facts.publication(&key_of(&plan.id, id, quarter_before(period)), None).await?;
    let edition = newest.as_ref().map_or(0, |newest| newest.summary.edition);
    let context = Context {
        edition: edition + 1,
        published_on: Some(at_shanghai(at).date_naive()),
        demo: facts.is_demo().await?,
        plan_version: Some(PlanSource { version: version.version, sha256: version.sha256.clone() }),
        ..Context::default()
    };
    let Some(body) = compose(facts, plan, id, period, context, before, at).await? else { return Ok(Draft::Empty) };
    let mut new = Box::new(NewPublication { body, edition: edition + 1, based_on });
    let Some(Publication { summary, body: published, .. }) = newest else { return Ok(Draft::Ready(new)) };
    let Some(changes) = new.body.changes_since(&published) else { return Ok(Draft::Same(edition, new)) };
    let of = |reason: &str| Correction { edition, sha256: summary.sha256, reason: reason.to_owned(), changes };
    match reason {
        Some(reason) => {
            new.body.correct(of(reason));
            Ok(Draft::Ready(new))
        }
        None => {
            new.body.correct(of("（更正原因）"));
            Ok(Draft::NeedsReason(edition, new))
        }
    }
}

/// What is said; `None` where nothing is known.
async fn compose(
    facts: &mut dyn Facts,
    plan: &Plan,
    id: &str,
    period: Period,
    context: Context,
    before: Option<Publication>,
    at: i64,
) -> Result<Option<PublicationBody>, Unavailable> {
    let before = before.map(|before| before.body);
    let projects = match has_library(plan) {
        true => entries(facts.projects(plan.region.id(), Some(period.year)).await?),
        false => Default::default(),
    };
    let library = Library::of(plan, projects.values(), period, at_shanghai(at).date_naive());
    let Some(comparison) = plan.comparison(id) else {
        let before = match &before {
            Some(PublicationBody::Library(before)) => Some(&**before),
            _ => None,
        };
        let edition = LibraryEdition::of(plan, &library, &context, before);
        return Ok((!edition.is_empty()).then(|| PublicationBody::Library(Box::new(edition))));
    };
    let before = match before {
        Some(PublicationBody::Comparison(before)) => Some(*before),
        _ => None,
    };
    let mut figures = facts.figures(&plan.id).await?;
    judge(plan, &mut figures, &library);
    let context = Context { before, rates: rates(plan, &library), ..context };
    let quarter = compare(plan, comparison, &figures, period, context);
    Ok((!quarter.is_empty()).then(|| PublicationBody::Comparison(Box::new(quarter))))
}

impl PublicationBody {
    /// What differs from an earlier edition of the same; `None` where the results are the same.
    fn changes_since(&self, published: &PublicationBody) -> Option<Vec<Change>> {
        match (self, published) {
            (PublicationBody::Comparison(new), PublicationBody::Comparison(old)) => {
                (!new.same_results(old)).then(|| new.changes_since(old))
            }
            (PublicationBody::Library(new), PublicationBody::Library(old)) => {
                (!new.same_results(old)).then(|| new.changes_since(old))
            }
            _ => Some(Vec::new()),
        }
    }

    fn correct(&mut self, correction: Correction) {
        match self {
            PublicationBody::Comparison(quarter) => quarter.correction = Some(correction),
            PublicationBody::Library(library) => library.correction = Some(correction),
            // A result is corrected by opening the year again.
            PublicationBody::Result(_) | PublicationBody::Claims(_) | PublicationBody::Selection(_) => {}
        }
    }
}
