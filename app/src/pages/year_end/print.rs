//! `/assess/{plan}/year-end/print?goal=&year=`: the result on one sheet that every unit and the office sign and seal.

use domain::calendar::{at_shanghai, chinese_date};
use leptos::prelude::*;
use office::facts::Decision;

use super::{address, scope};
use crate::backend::backend;
use crate::pages::{param, query};
use crate::parts::frame::Layout;
use crate::parts::{Menu, Page, PageError, data_table, page};

/// Who signs for the office, in the order of the lines.
const SIGNERS: [&str; 3] = ["编制人（签字）", "审核人（签字）", "签发人（签字）"];

#[component]
pub(crate) fn YearEndSheet() -> impl IntoView {
    let (plan, goal, year) = (param("plan"), query("goal"), query("year"));
    page(async move { sheet(&plan, goal.as_deref(), year.as_deref()).await })
}

async fn sheet(plan: &str, goal: Option<&str>, year: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let version = backend.plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let plan = &version.plan;
    let (goal, _, year) = scope(plan, goal, year)?;
    let year_end = backend.year_end(plan, &goal.id, year).await?;
    let Some(last) = year_end.closures.last().filter(|last| last.step != Decision::Dropped) else {
        let sentence = "年终考核还没有结果；办公室提出办结之后才能打印确认表。";
        return Err(PageError::not_found(sentence).with_link("年终考核", address(&plan.id, &goal.id, year)));
    };
    let day = chinese_date(at_shanghai(last.at).date_naive());
    let state = match (last.step, year_end.closed()) {
        (Decision::Confirmed, Some(_)) => format!("{day}由两人办结"),
        (Decision::Confirmed, None) => format!("{day}办结，已重开核定，不是最后结果"),
        _ => format!("{day}提出，正在公示，不是最后结果"),
    };
    let replaces = last.result.replaces.as_ref().map(|of| view! { <p>{format!("{}。", of.sentence())}</p> });
    let table = last.result.table(plan.near);
    let columns = table.header.len();
    let number = |at: usize| !matches!(at, 0 | 3);
    let heads: Vec<(&str, bool)> = table
        .header
        .iter()
        .enumerate()
        .map(|(at, head)| (head.as_str(), number(at)))
        .chain([("负责人签字、单位盖章", false)])
        .collect();
    let rows = table.rows.iter().map(|line| {
        let cells = line.iter().enumerate().skip(1).take(columns - 1);
        let cells = cells.map(|(at, cell)| view! { <td class=if number(at) { "r" } else { "" }>{cell.clone()}</td> });
        view! {
            <tr>
                <th scope="row">{line[0].clone()}</th>
                {cells.collect_view()}
                <td class="to-sign"></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let signers = SIGNERS.map(|who| view! { <p>{who} <span class="blank"></span></p> });
    let title = format!("{year}年{}考核结果确认表", goal.name);
    let printed = chinese_date(at_shanghai(backend.now()).date_naive());
    let body = view! {
        <section class="sign-sheet">
            <p class="not-printed subtitle">
                "打印这一页（Ctrl+P），由各单位和牵头单位签字盖章。结果以系统里办结的为准，"
                <a href=address(&plan.id, &goal.id, year)>"年终考核"</a>
                "。"
            </p>
            <h1>{title.clone()}</h1>
            <p class="subtitle">{format!("{}　{state}", plan.citation())}</p>
            {replaces}
            {data_table("考核结果", "data", &heads, rows)}
            <div class="signers">
                {signers.into_iter().collect_view()} <p>"牵头单位（盖章）"</p>
                <p>"　　　　年　　月　　日"</p>
            </div>
            <p class="imprint">{format!("结果 SHA-256 {}　打印于{printed}", last.sha256)}</p>
        </section>
    };
    Ok(Page { layout: Layout::Print, ..Page::new(title, Menu::Assess, body) })
}
