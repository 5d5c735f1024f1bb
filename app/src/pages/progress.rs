//! `/progress/{plan}/{period}`: every goal of the plan at its newest due period, by the document's headings.

use domain::money::Amount;
use domain::month::Period;
use domain::overview::{GoalRow, Overview, overview};
use domain::plan::{Goal, Plan};
use domain::tasks::{Standing, counted};
use leptos::prelude::*;
use office::facts::Facts;

use super::{param, period_switcher, query};
use crate::backend::backend;
use crate::load::{facts, nothing_yet, period_of};
use crate::parts::goals_table::{goals_notes, goals_table};
use crate::parts::{Menu, Page, PageError, links, page};

/// The name of the choice to see what lags first.
const FIRST: &str = "first";
const LAGGING: &str = "lagging";

#[component]
pub(crate) fn Progress() -> impl IntoView {
    let (plan, period, first) = (param("plan"), param("period"), query(FIRST));
    page(async move { load(&plan, &period, first.as_deref() == Some(LAGGING)).await })
}

async fn load(plan: &str, period: &str, lagging: bool) -> Result<Page, PageError> {
    let backend = backend();
    let facts = facts(&backend, plan).await?;
    let plan = &facts.version.plan;
    let period = period_of(plan, period)?;
    let found = found(&facts, period).await?;
    let title = format!("{}进展", plan.title_at(period));
    let link = |row: &GoalRow| {
        let split = plan.goal(&row.goal).is_some_and(|goal| !goal.splits.is_empty());
        // Whoever reads what is published knows the units of the ranked goal alone.
        let at = row.period.filter(|at| split && facts.figures.periods(&row.goal).contains(at))?;
        Some(format!("{}?goal={}", links::rank(&plan.id, at), row.goal))
    };
    let order = match lagging {
        true => view! { <a href=links::progress(&plan.id, period)>"按文件顺序"</a> }.into_any(),
        false => {
            let address = format!("{}?{FIRST}={LAGGING}", links::progress(&plan.id, period));
            view! { <a href=address>"滞后的在前"</a> }.into_any()
        }
    };
    let goals = match &found {
        Some(overview) => view! {
            {goals_table(overview, plan.near, lagging, link)}
            {goals_notes(overview)}
        }
        .into_any(),
        None if is_known(&facts, period) => {
            let text = format!("{}的通报只列了{}，没有列出全部目标。", period.label(), plan.default_goal().name);
            view! { <p class="notice">{text} <a href=links::bulletin(&plan.id, period)>"查看通报"</a></p> }.into_any()
        }
        None => view! { <p class="notice">{format!("{}{}。", period.label(), nothing_yet(&facts))}</p> }.into_any(),
    };
    let source = if facts.figures.is_published() { "已发布的通报" } else { "已报送的数，含未发布的" };
    let periods = periods(&facts, period);
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                {format!("{}　{source}　各目标取不晚于本期的最近一期", plan.region.name)}
            </p>
            <div class="toolbar">
                {period_switcher(&periods, period, |at| links::progress(&plan.id, at))}
                <span class="tools">{order}</span>
            </div>
            {goals}
            {counted_in_library(&facts, period).await?}
            {tasks(plan).await?}
        </section>
    };
    Ok(Page::new(title, Menu::Progress, body))
}

/// Whether whoever asks knows the ranked goal's figures of this period.
fn is_known(facts: &Facts, period: Period) -> bool {
    facts.figures.periods(&facts.version.plan.default_goal().id).contains(&period)
}

/// The office's own figures, or, outside it, what the newest edition of the period holds.
async fn found(facts: &Facts, period: Period) -> Result<Option<Overview>, PageError> {
    let plan = &facts.version.plan;
    // Editions tell all of a plan of one goal in their first form, too.
    let is_all = !facts.figures.is_published() || (plan.goals.len() == 1 && is_known(facts, period));
    if is_all {
        let today = domain::calendar::at_shanghai(backend().now()).date_naive();
        let judged = plan.goals.iter().any(|goal| goal.meaning.from_projects.as_ref().is_some_and(|it| it.judges));
        if judged && super::projects::is_open(plan) {
            let known = super::projects::gather(backend().as_ref(), plan, Some(&period.to_string())).await?;
            let mut figures = (*facts.figures).clone();
            office::projects::judge(plan, &mut figures, &known.library(plan));
            return Ok(Some(overview(plan, &figures, period, today)));
        }
        return Ok(Some(overview(plan, &facts.figures, period, today)));
    }
    let edition = backend().edition(&plan.id, period, None).await?;
    Ok(edition.and_then(|edition| edition.bulletin.overview))
}

/// The year's periods that have figures, and this one.
fn periods(facts: &Facts, period: Period) -> Vec<Period> {
    let plan = &facts.version.plan;
    let mut periods: Vec<Period> = plan.goals.iter().flat_map(|goal| facts.figures.periods(&goal.id)).collect();
    periods.push(period);
    periods.retain(|at| at.year == period.year);
    periods.sort();
    periods.dedup();
    periods
}

/// What the library of projects counts for goals that say so, beside what is stated: for who may see the library.
async fn counted_in_library(facts: &Facts, period: Period) -> Result<Option<AnyView>, PageError> {
    let plan = &facts.version.plan;
    let asked = |goal: &&Goal| goal.meaning.from_projects.is_some();
    if !plan.goals.iter().any(|goal| asked(&goal)) || !super::projects::is_open(plan) {
        return Ok(None);
    }
    let known = super::projects::gather(backend().as_ref(), plan, Some(&period.to_string())).await?;
    let library = known.library(plan);
    if library.rows.is_empty() {
        return Ok(None);
    }
    let lines = plan.goals.iter().filter(asked).filter_map(|goal| {
        let from = goal.meaning.from_projects.as_ref()?;
        let counted = library.counted(plan, from);
        let stated = facts.figures.get(&goal.id, period, plan.region.id()).and_then(|figure| figure.value);
        let measure = &goal.measure;
        let beside = match stated {
            Some(stated) if stated == counted => "，与报送数一致".to_owned(),
            Some(stated) => {
                let difference = Amount((stated.0 - counted.0).abs());
                let more = if stated > counted { "多" } else { "少" };
                let judges = if from.judges { "项目库" } else { "报送数" };
                format!(
                    "；报送数{}，比项目库{more}{}，以{judges}为准，差异请核对",
                    measure.visible_with_unit(stated),
                    measure.visible_with_unit(difference)
                )
            }
            None => "；本期没有报送数".to_owned(),
        };
        let text = format!("{}：项目库{}{beside}。", goal.name, measure.visible_with_unit(counted));
        Some(view! { <li>{text}</li> })
    });
    let lines = lines.collect_view();
    Ok(Some(
        view! {
            <h2>"与项目库对照"</h2>
            <ul>{lines}</ul>
            <p>
                <a href=links::projects(&plan.id)>"查看重点项目"</a>
            </p>
        }
        .into_any(),
    ))
}

/// How the dated tasks stand, with the way to them.
async fn tasks(plan: &Plan) -> Result<Option<AnyView>, PageError> {
    if plan.tasks.is_empty() {
        return Ok(None);
    }
    let known = super::tasks::gather(backend().as_ref(), plan).await?;
    let said = match known.all.is_empty() {
        true => format!("文件有{}项限时任务，还没有通报说过办理情况。", plan.tasks.len()),
        false => format!("共{}项：{}。", known.all.len(), counted(known.all.iter())),
    };
    let behind = known.all.iter().filter(|task| task.standing == Standing::Overdue).map(|task| {
        view! { <li>{format!("{}：{}", task.title, task.state())}</li> }
    });
    let behind = behind.collect_view();
    Ok(Some(
        view! {
            <h2>"限时任务"</h2>
            <p>{said} <a href=links::tasks(&plan.id)>"查看限时任务"</a></p>
            <ul class="notes">{behind}</ul>
        }
        .into_any(),
    ))
}
