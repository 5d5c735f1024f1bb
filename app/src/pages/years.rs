//! `/rank/{plan}/{period}/years?goal=`: the goal at the same period of last year's plan, unit by unit.

use domain::month::Period;
use domain::standing::compute;
use domain::years::{YearLine, Years, goal_before, years};
use leptos::prelude::*;
use office::ranking::asked;

use super::{param, query, require_known};
use crate::backend::{Backend, backend};
use crate::load::{facts, period_of};
use crate::parts::{Menu, Page, PageError, data_table, links, page};
use office::facts::{Facts, Unavailable};

#[component]
pub(crate) fn YearsPage() -> impl IntoView {
    let (plan, period, goal) = (param("plan"), param("period"), query("goal"));
    page(async move { load(&plan, &period, goal.as_deref()).await })
}

/// This year's period beside last year's, and the title of the plan last year's is of; `None` where the office had no
/// such goal, or nothing of it is known to whoever asks.
pub async fn gather(
    backend: &dyn Backend,
    facts: &Facts,
    period: Period,
    goal: &str,
) -> Result<Option<(Years, String)>, Unavailable> {
    let plan = &facts.version.plan;
    let Some(goal) = plan.goal(goal) else { return Ok(None) };
    let plans = backend.plans().await?;
    let others = plans.iter().map(|version| &*version.plan);
    let Some((other, of_other)) = goal_before(others, plan, goal, period.year) else { return Ok(None) };
    let at = Period { year: period.year - 1, ..period };
    let known = if other.id == plan.id { None } else { backend.facts(&other.id).await? };
    let figures = known.as_ref().map_or(&facts.figures, |known| &known.figures);
    // The plan as its office reads it.
    let other = known.as_ref().map_or(other, |known| &known.version.plan);
    if !figures.periods(&of_other.id).contains(&at) {
        return Ok(None);
    }
    let now = compute(plan, goal, &facts.figures, period, plan.rules(&goal.id));
    let before = compute(other, of_other, figures, at, other.rules(&of_other.id));
    let compared = years(&now, &before, |region| plan.renamed(&goal.id, region));
    Ok(compared.is_known().then(|| (compared, other.title.clone())))
}

async fn load(plan: &str, period: &str, goal: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let facts = facts(&backend, plan).await?;
    let plan = &facts.version.plan;
    let period = period_of(plan, period)?;
    let ranking = links::rank(&plan.id, period);
    let (goal, _) = asked(plan, goal, None)
        .map_err(|_| PageError::bad_request("计划里没有这个分解到单位的目标。").with_link("排名", ranking.clone()))?;
    require_known(&facts, &goal.id, period)?;
    let title = format!("{}{}与上年同期比较", period.title(), goal.name);
    let Some((compared, of)) = gather(backend.as_ref(), &facts, period, &goal.id).await? else {
        let sentence = format!(
            "没有{}年同期的{}可以比较：系统里没有上年的计划，或上年这一期没有数据。",
            period.year - 1,
            goal.name
        );
        return Err(PageError::not_found(&sentence).with_link("排名", ranking));
    };
    let file = |ending: &str| format!("/export/years/{}.{period}.{}.{ending}", plan.id, goal.id);
    let header = compared.header();
    let heads: Vec<(&str, bool)> = header.iter().enumerate().map(|(at, head)| (head.as_str(), at > 0)).collect();
    let lines = std::iter::once(&compared.total).chain(&compared.lines);
    let rows = lines.map(|line| row(&compared, &header, &plan.id, line)).collect_view();
    let gone = (!compared.gone.is_empty()).then(|| format!("上年有、本年没有的单位：{}。", compared.gone.join("、")));
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                {plan.title.clone()} {(of != plan.title).then(|| format!("　上年：{of}"))}
            </p>
            <div class="toolbar">
                <a href=format!("{ranking}?goal={}", goal.id)>"本年排名"</a>
                <span class="tools">
                    <a href=file("xlsx")>"Excel"</a>
                    <a href=file("csv")>"CSV"</a>
                    <a href=file("json")>"JSON"</a>
                </span>
            </div>
            <p class="lead">{compared.sentence()}</p>
            {data_table("与上年同期比较", "data stack", &heads, rows)}
            {gone.map(|gone| view! { <p class="subtitle">{gone}</p> })}
            <p class="subtitle">
                "上年的数按上年当时报送、更正后的数；位次按各年自己的考核办法。"
            </p>
        </section>
    };
    Ok(Page::new(title, Menu::Rank, body))
}

fn row(compared: &Years, header: &[String], plan: &str, line: &YearLine) -> AnyView {
    let mut stated = line.stated_before.map(|base| {
        let said = format!("本年报的去年同期是{}", compared.measure.format(base));
        view! { <small class="was">{said}</small> }
    });
    let mut cells = header.iter().zip(compared.cells(line));
    let name = cells.next().map(|(_, name)| name).unwrap_or_default();
    let name = match line.region.is_empty() {
        true => view! { <b>{name}</b> }.into_any(),
        false => view! { <a href=links::unit(plan, &line.region)>{name}</a> }.into_any(),
    };
    let cells = cells.enumerate().map(|(index, (head, cell))| {
        // Last year's figure is the second.
        let below = if index == 1 { stated.take() } else { None };
        view! {
            <td class="r" data-name=head.clone()>
                {cell}
                {below}
            </td>
        }
    });
    let cells = cells.collect_view();
    view! {
        <tr>
            <th scope="row">{name}</th>
            {cells}
        </tr>
    }
    .into_any()
}
