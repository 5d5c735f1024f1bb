//! `/progress/{plan}/{period}`: every goal of the plan at its newest due period, by the document's headings.

use domain::calendar::{at_shanghai, chinese_date};
use domain::money::Amount;
use domain::month::Period;
use domain::overview::{GoalRow, Overview, overview, own_period};
use domain::plan::meaning::AverageBy;
use domain::plan::{Goal, Kind, Plan};
use domain::projects::sums::as_figure;
use domain::rights::{Action, Object};
use domain::selection::edition::Stage;
use domain::tasks::{Standing, counted};
use leptos::prelude::*;
use office::commands::choose_average::field;
use office::facts::{AverageChoice, Facts};
use office::posted::Posted;

use super::{param, period_switcher, query};
use crate::backend::backend;
use crate::load::{facts, nothing_yet, period_of};
use crate::parts::goals_table::{goals_notes, goals_table};
use crate::parts::{Menu, Page, PageError, alert, links, page};

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
    let posted = use_context::<Posted>().unwrap_or_default();
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
            {posted.error.map(alert)}
            {goals}
            {decisions(plan, period).await?}
            {counted_in_library(&facts, period).await?}
            {counted_in_lists(&facts, period).await?}
            {counted_in_selections(&facts, period).await?}
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
        if judged && sees_all(plan) {
            let known = super::projects::gather(backend().as_ref(), plan, Some(&period.to_string())).await?;
            let mut figures = (*facts.figures).clone();
            office::projects::judge(plan, &mut figures, &known.library(plan));
            return Ok(Some(overview(plan, &figures, period, today)));
        }
        return Ok(Some(overview(plan, &facts.figures, period, today)));
    }
    let edition = backend().edition(&plan.id, period, None).await?;
    Ok(edition.and_then(|edition| edition.bulletin.overview.clone()))
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

/// Whoever sees a part of the library alone is not told what the whole comes to.
fn sees_all(plan: &Plan) -> bool {
    backend().viewer().is_some_and(|viewer| viewer.sees_all_projects(plan.region.id()))
}

/// What the library of projects counts for goals that say so, beside what is stated: for who may see the library.
async fn counted_in_library(facts: &Facts, period: Period) -> Result<Option<AnyView>, PageError> {
    let plan = &facts.version.plan;
    let asked = |goal: &&Goal| goal.meaning.from_projects.is_some();
    if !plan.goals.iter().any(|goal| asked(&goal)) || !sees_all(plan) {
        return Ok(None);
    }
    let known = super::projects::gather(backend().as_ref(), plan, Some(&period.to_string())).await?;
    let library = known.library(plan);
    if library.rows.is_empty() {
        return Ok(None);
    }
    let lines = plan.goals.iter().filter(asked).filter_map(|goal| {
        let from = goal.meaning.from_projects.as_ref()?;
        let counted = as_figure(library.counted(plan, from)?, &goal.measure)?;
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

/// What the lists of recognised firms count for goals that say so, beside what is stated: for who sees all of them.
async fn counted_in_lists(facts: &Facts, period: Period) -> Result<Option<AnyView>, PageError> {
    let plan = &facts.version.plan;
    if !plan.goals.iter().any(|goal| goal.meaning.from_list.is_some()) || !super::lists::sees_all(plan) {
        return Ok(None);
    }
    let list = backend().recognitions(plan).await?;
    if list.is_empty() {
        return Ok(None);
    }
    let lines = plan.goals.iter().filter_map(|goal| {
        let stated = facts.figures.get(&goal.id, period, plan.region.id()).and_then(|figure| figure.value);
        Some(view! { <li>{super::lists::beside(goal, &list, period, stated)?}</li> })
    });
    let lines = lines.collect_view();
    Ok(Some(
        view! {
            <h2>"与认定名单对照"</h2>
            <ul>{lines}</ul>
            <p>
                <a href=links::lists(&plan.id)>"查看认定名单"</a>
            </p>
        }
        .into_any(),
    ))
}

/// What the results of selections count for goals, beside what is stated.
async fn counted_in_selections(facts: &Facts, period: Period) -> Result<Option<AnyView>, PageError> {
    let plan = &facts.version.plan;
    let mut lines = Vec::new();
    for selection in &plan.selections {
        let goal = selection.goal.as_ref().and_then(|id| plan.goals.iter().find(|goal| goal.id == *id));
        let Some(goal) = goal else { continue };
        let published = backend().selection_editions(plan, &selection.id, period.year).await?;
        let result = published
            .iter()
            .find(|(at, edition)| edition.stage == Stage::Final && at_shanghai(*at).date_naive() <= period.last_day());
        let Some((at, edition)) = result else { continue };
        let stated = facts.figures.get(&goal.id, period, plan.region.id()).and_then(|figure| figure.value);
        let said = super::lists::beside_count(goal, ("评选结果", edition.lines.len()), period, stated);
        let address = links::selection_edition(edition, at_shanghai(*at).date_naive());
        lines.push(view! {
            <li>
                {said}
                <a href=address>"查看结果"</a>
            </li>
        });
    }
    Ok((!lines.is_empty()).then(|| {
        view! {
            <h2>"与评选结果对照"</h2>
            <ul>{lines}</ul>
        }
        .into_any()
    }))
}

/// What the office decides beside the table: which average judges, and what goals are compared with.
async fn decisions(plan: &Plan, period: Period) -> Result<Option<AnyView>, PageError> {
    let backend = backend();
    let office = Object::office(plan.region.id());
    let may = |action| backend.viewer().is_some_and(|viewer| viewer.may(action, office).is_ok());
    let mut shown: Vec<AnyView> = Vec::new();
    if may(Action::ChooseReading) {
        let choices = backend.average_choices(plan).await?;
        let averages = plan.goals.iter().filter(|goal| goal.kind == Kind::AverageGrowth);
        shown.extend(averages.map(|goal| average(plan, goal, period, &choices)));
    }
    if may(Action::RecordFigures) {
        let compared = plan.goals.iter().filter_map(|goal| {
            let (_, words) = goal.reference()?;
            let at = own_period(plan, goal, period)?;
            let address = format!("{}/figures?goal={}", links::review(&plan.id, &at.into()), goal.id);
            let text = format!("{}与“{words}”比较：", goal.name);
            Some(view! { <p>{text} <a href=address>{format!("登记{}的数和出处", at.label())}</a></p> }.into_any())
        });
        shown.extend(compared);
    }
    if shown.is_empty() {
        return Ok(None);
    }
    Ok(Some(
        view! {
            <section class="decisions">
                <h2>"由办公室确定"</h2>
                {shown}
            </section>
        }
        .into_any(),
    ))
}

/// Which average judges a goal: what was chosen, and the form for another choice.
fn average(plan: &Plan, goal: &Goal, period: Period, choices: &[AverageChoice]) -> AnyView {
    let posted = use_context::<Posted>().unwrap_or_default();
    let of_goal: Vec<&AverageChoice> = choices.iter().filter(|choice| choice.goal == goal.id).collect();
    let said = of_goal.iter().map(|choice| {
        let chosen = &choice.chosen;
        let day = chinese_date(at_shanghai(chosen.at).date_naive());
        view! { <li>{format!("{day} {}：{}。理由：{}", chosen.actor, chosen.by.name(), chosen.reason)}</li> }
    });
    let said = said.collect_view();
    let now = of_goal.last().map(|choice| choice.chosen.by);
    let sent = posted.text(field::GOAL) == goal.id;
    let options = AverageBy::ALL.map(|by| {
        let selected = if sent { posted.text(field::AVERAGE) == by.word() } else { now == Some(by) };
        view! {
            <option value=by.word() selected=selected>
                {by.name()}
            </option>
        }
    });
    let none = now.is_none().then_some("还没有选定：公布增幅与数额的结论不同时不作判断。");
    let seen = of_goal.last().map_or(0, |choice| choice.version).to_string();
    let reason = if sent { posted.text(field::REASON).to_owned() } else { String::new() };
    let id = format!("average-{}", goal.id);
    let why = format!("reason-{}", goal.id);
    view! {
        <h3>{format!("{}按哪一种平均判断", goal.name)}</h3>
        <p>{none}</p>
        <ul class="notes plain">{said}</ul>
        <form method="post" action=links::progress(&plan.id, period) class="row-form average">
            <input type="hidden" name=field::GOAL value=goal.id.clone() />
            <input type="hidden" name=field::SEEN value=seen />
            <label for=id.clone()>"算法"</label>
            <select id=id name=field::AVERAGE>
                <option value="">"请选定"</option>
                {options}
            </select>
            <label for=why.clone()>"理由和依据"</label>
            <input id=why name=field::REASON type="text" value=reason />
            <button type="submit">"选定"</button>
        </form>
    }
    .into_any()
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
