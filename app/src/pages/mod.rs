//! One page per file, named as its URL.

pub(crate) mod about;
pub(crate) mod account;
pub(crate) mod admin;
pub(crate) mod assess;
pub(crate) mod assess_unit;
pub(crate) mod board;
pub(crate) mod bulletin;
pub(crate) mod bulletins;
pub(crate) mod claim_budget;
pub(crate) mod claims;
pub mod evidence;
pub(crate) mod exports;
pub mod figures;
pub(crate) mod firm;
pub mod fund_import;
pub mod funds;
pub(crate) mod help;
pub(crate) mod history;
pub(crate) mod holidays;
pub(crate) mod home;
pub mod import;
pub mod lists;
pub(crate) mod login;
mod messages;
pub(crate) mod not_found;
pub mod objections;
pub(crate) mod officials;
pub(crate) mod paper;
pub mod people;
pub(crate) mod periods;
pub(crate) mod plan;
mod plan_above;
mod plan_basics;
pub(crate) mod plan_changes;
mod plan_comparisons;
pub mod plan_edit;
mod plan_goal;
mod plan_lists;
mod plan_policies;
mod plan_policy;
pub(crate) mod plan_projects;
mod plan_rules;
mod plan_sheet;
pub mod plan_split;
pub(crate) mod plans;
pub(crate) mod policies;
pub(crate) mod progress;
pub mod project;
pub mod project_contacts;
mod project_course;
pub mod project_import;
pub(crate) mod project_matters;
pub mod projects;
pub(crate) mod publications;
pub mod publish;
pub(crate) mod rank;
pub mod readings;
pub(crate) mod receipts;
mod reminders;
pub mod report;
pub(crate) mod review;
pub mod review_texts;
pub(crate) mod rosters;
pub(crate) mod search;
pub(crate) mod selection;
pub mod selection_import;
pub(crate) mod selections;
pub(crate) mod start;
pub mod tasks;
pub mod timeliness;
pub mod unit;
pub(crate) mod units;
pub(crate) mod watch;
mod worksheet;
pub mod year_end;
pub mod years;

use domain::month::Period;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::parts::{PageError, links};
use office::facts::Facts;

/// A part of the path; the router has matched it, so it is there.
fn param(name: &str) -> String {
    use_params_map().with_untracked(|params| params.get(name)).unwrap_or_default()
}

/// A day from today on as an example of how days are written.
fn example_day(days: i64) -> String {
    let today = domain::calendar::at_shanghai(crate::backend::backend().now()).date_naive();
    (today + chrono::Duration::days(days)).to_string()
}

fn query(name: &str) -> Option<String> {
    use_query_map()
        .with_untracked(|query| query.get(name))
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
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
        view! {
            <a href=address(period) aria-current=here>
                {period.months()}
            </a>
        }
    });
    view! {
        <nav class="periods" aria-label="期间">
            {entries.collect_view()}
        </nav>
    }
    .into_any()
}

/// Links to the years of which a page shows one at a time; nothing where there is one alone.
fn year_switcher(years: &[i32], shown: i32, address: impl Fn(i32) -> String) -> Option<AnyView> {
    let entries = years.iter().map(|&year| {
        view! {
            <a href=address(year) aria-current=(year == shown).then_some("page")>
                {format!("{year}年")}
            </a>
        }
    });
    let nav = |entries| {
        view! {
            <nav class="periods" aria-label="年份">
                {entries}
            </nav>
        }
    };
    (years.len() > 1).then(|| nav(entries.collect_view()).into_any())
}

/// The year that an address asks for, of those there are; the newest where it asks for none. One that is not there leads
/// to those that are.
fn year_of(years: &[i32], asked: Option<&str>, address: impl Fn(i32) -> String) -> Result<Option<i32>, PageError> {
    let Some(asked) = asked else { return Ok(years.last().copied()) };
    let found = asked.parse().ok().filter(|year| years.contains(year));
    let there = || years.iter().map(|year| format!("{year}年")).collect::<Vec<_>>().join("、");
    let sentence = || match years.is_empty() {
        true => "这里还没有数据，不用选年份。".to_owned(),
        false => format!("没有“{asked}”这一年的数据；有数据的是{}。", there()),
    };
    let links = || years.iter().rev().map(|&year| (format!("{year}年"), address(year))).collect();
    found.map(Some).ok_or_else(|| PageError::NotFound { sentence: sentence(), links: links() })
}

/// The bulletins' list is where a reader finds what exists.
fn bulletin_links(plan: &str, periods: &[Period]) -> Vec<(String, String)> {
    periods
        .iter()
        .rev()
        .take(3)
        .map(|&period| (format!("{}通报", period.label()), links::bulletin(plan, period)))
        .collect()
}
