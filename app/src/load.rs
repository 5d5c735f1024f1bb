//! What an address or a server function names, loaded in the name of whoever asks, or why there is none.

use std::sync::Arc;

use domain::month::Period;
use domain::plan::{Plan, Round};
use domain::rights::{Action, Object, Refusal};
use office::facts::{EditionSummary, Facts, Report, ReportKey, Unavailable};

use crate::backend::{Backend, backend};
use crate::parts::{PageError, links};

pub(crate) async fn facts(backend: &Arc<dyn Backend>, plan: &str) -> Result<Facts, PageError> {
    backend.facts(plan).await?.ok_or_else(|| PageError::no_plan(plan))
}

/// Why there is nothing to show of a plan: outside the office figures are known once an edition holds them.
pub(crate) fn nothing_yet(facts: &Facts) -> &'static str {
    if facts.figures.is_published() { "尚未发布通报" } else { "还没有报送数据" }
}

/// A period of a plan from an address.
pub(crate) fn period_of(plan: &Plan, text: &str) -> Result<Period, PageError> {
    let wrong = |sentence: String| PageError::bad_request(format!("{sentence}。")).with_link("往期通报", "/bulletins");
    let period = Period::parse(text).map_err(|error| wrong(error.to_string()))?;
    plan.allows(period).map_err(wrong)?;
    Ok(period)
}

/// A round of a plan from an address: whoever has a return, or reads it, names one.
pub(crate) fn round_of(plan: &Plan, text: &str) -> Result<Round, PageError> {
    let wrong = |sentence: String| PageError::bad_request(format!("{sentence}。")).with_link("往期通报", "/bulletins");
    let round = Round::parse(text).map_err(|error| wrong(error.to_string()))?;
    plan.asks(&round).map_err(wrong)?;
    Ok(round)
}

/// The other rounds that end with the same period and ask somebody, or this unit: where they stand.
pub(crate) fn beside(plan: &Plan, round: &Round, unit: Option<&str>) -> Vec<Round> {
    let asks = |other: &Round| {
        // Who has projects is the library's to say.
        if other.rhythm == domain::plan::projects::RHYTHM {
            return true;
        }
        let due = domain::entry::units_due(plan, other);
        due.iter().any(|(id, _)| unit.is_none_or(|unit| unit == id))
    };
    plan.rounds_at(round.period).into_iter().filter(|other| other != round && asks(other)).collect()
}

pub(crate) fn unknown_region(plan: &Plan, region: &str) -> PageError {
    let sentence = format!("“{}”里没有单位“{}”。", plan.title, domain::month::shorten(region));
    PageError::NotFound { sentence, links: vec![("各单位".to_owned(), format!("/units/{}", plan.id))] }
}

/// A return that whoever asks may see; anything else does not exist for him.
pub(crate) async fn report(plan: &str, round: &str, region: &str) -> Result<Report, PageError> {
    let backend = backend();
    let none = || PageError::not_found("没有这份报送，或它不属于您的单位。");
    let version = backend.plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let round = round_of(&version.plan, round)?;
    let key = ReportKey { plan: plan.to_owned(), round, unit: region.to_owned() };
    let report = backend.report(&key).await?.ok_or_else(none)?;
    let object = Object::of_unit(report.office(), region, report.state());
    match backend.viewer().map(|viewer| viewer.may(Action::ReadReturn, object)) {
        Some(Ok(())) => Ok(report),
        Some(Err(Refusal::State(_))) => {
            let sentence = format!(
                "{}还没有提交{}的报送，提交之后才能查看。",
                report.unit_name,
                report.version.plan.round_label(&report.key.round)
            );
            Err(PageError::not_found(sentence).with_link("全部单位的报送情况", links::review(plan, &report.key.round)))
        }
        _ => Err(none()),
    }
}

/// What was published last of one plan; where none is named, of the plans of an office, of the site's first one where
/// that is not named either: what another office publishes does not push it aside.
pub(crate) async fn newest_edition(
    plan: Option<&str>,
    office: Option<&str>,
) -> Result<Option<EditionSummary>, Unavailable> {
    let mut editions = backend().editions().await?.into_iter();
    if let Some(plan) = plan {
        return Ok(editions.find(|edition| edition.plan == plan));
    }
    let plans = backend().plans().await?;
    let first = plans.first().map(|version| version.plan.region.id());
    let office = office.filter(|office| plans.iter().any(|version| version.plan.region.id() == *office)).or(first);
    let of_office = |edition: &EditionSummary| {
        let plan = plans.iter().map(|version| &*version.plan).find(|plan| plan.id == edition.plan);
        plan.is_none_or(|plan| Some(plan.region.id()) == office)
    };
    Ok(editions.find(of_office))
}

/// Whether the bulletin of a period has appeared.
pub(crate) async fn is_published(plan: &str, period: Period) -> Result<bool, Unavailable> {
    let editions = backend().editions().await?;
    Ok(editions.iter().any(|edition| edition.plan == plan && edition.period == period))
}

/// What the editor starts from: the file's own rules, not as the office reads them.
pub(crate) async fn own_words(plan: &str) -> Result<Option<(Plan, u32)>, PageError> {
    Ok(backend().plan_versions(plan).await?.pop().and_then(|version| version.own_words()))
}
