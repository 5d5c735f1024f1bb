//! One page per file, named as its URL.

pub(crate) mod about;
pub(crate) mod account;
pub(crate) mod admin;
pub(crate) mod assess;
pub(crate) mod assess_unit;
pub(crate) mod board;
pub(crate) mod bulletin;
pub(crate) mod bulletins;
pub(crate) mod exports;
pub mod figures;
pub(crate) mod help;
pub(crate) mod history;
pub(crate) mod home;
pub mod import;
pub(crate) mod login;
pub(crate) mod not_found;
pub mod objections;
pub(crate) mod paper;
pub(crate) mod plan;
pub(crate) mod plan_changes;
pub mod plan_edit;
pub mod plan_split;
pub(crate) mod plans;
pub mod publish;
pub(crate) mod rank;
pub mod readings;
pub(crate) mod receipts;
mod reminders;
pub mod report;
pub(crate) mod review;
pub mod timeliness;
pub mod unit;
pub(crate) mod units;
pub mod year_end;

use std::sync::Arc;

use domain::month::Period;
use domain::plan::Plan;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::backend::{Backend, Facts};
use crate::parts::{PageError, links};

/// A part of the path; the router has matched it, so it is there.
fn param(name: &str) -> String {
    use_params_map().with_untracked(|params| params.get(name)).unwrap_or_default()
}

fn query(name: &str) -> Option<String> {
    use_query_map().with_untracked(|query| query.get(name)).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

async fn facts(backend: &Arc<dyn Backend>, plan: &str) -> Result<Facts, PageError> {
    backend.facts(plan).await?.ok_or_else(|| PageError::no_plan(plan))
}

/// A period of a plan from an address.
fn period_of(plan: &Plan, text: &str) -> Result<Period, PageError> {
    let wrong = |sentence: String| PageError::bad_request(format!("{sentence}。")).with_link("往期通报", "/bulletins");
    let period = Period::parse(text).map_err(|error| wrong(error.to_string()))?;
    domain::calendar::allowed(plan.calendar.as_ref(), plan.years, period).map_err(wrong)?;
    Ok(period)
}

/// The period a page shows when the address names none: the newest with figures.
fn newest_period(facts: &Facts, goal: &str) -> Option<Period> {
    facts.figures.periods(goal).into_iter().next_back()
}

/// Outside the office a period that no edition holds has no figures to show: that is said, and not “未报”.
fn require_known(facts: &Facts, goal: &str, period: Period) -> Result<(), PageError> {
    let plan = &facts.version.plan;
    if !facts.figures.is_published() || facts.figures.periods(goal).contains(&period) {
        return Ok(());
    }
    let links = bulletin_links(&plan.id, &facts.figures.periods(goal));
    Err(PageError::NotFound { sentence: format!("{}还没有发布。", period.label()), links })
}

/// Links to the periods of a plan that have figures, the current one marked.
fn period_switcher(periods: &[Period], current: Period, address: impl Fn(Period) -> String) -> AnyView {
    let entries = periods.iter().map(|&period| {
        let here = (period == current).then_some("page");
        view! { <a href=address(period) aria-current=here>{period.months()}</a> }
    });
    view! { <nav class="periods" aria-label="期间">{entries.collect_view()}</nav> }.into_any()
}

fn unknown_region(plan: &Plan, region: &str) -> PageError {
    let sentence = format!("“{}”里没有单位“{}”。", plan.title, domain::month::shorten(region));
    PageError::NotFound { sentence, links: vec![("各单位".to_owned(), format!("/units/{}", plan.id))] }
}

/// The bulletins' list is where a reader finds what exists.
fn bulletin_links(plan: &str, periods: &[Period]) -> Vec<(String, String)> {
    periods.iter().rev().take(3).map(|&period| (format!("{}通报", period.label()), links::bulletin(plan, period))).collect()
}
