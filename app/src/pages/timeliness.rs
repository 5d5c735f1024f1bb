//! `/review/{plan}/timeliness?year=`: who reported on time, late, by exception, or not at all.

use domain::calendar::{Punctuality, Standing, at_shanghai, punctuality};
use domain::month::Period;
use leptos::prelude::*;

use super::{param, query, review};
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, links, page};

#[component]
pub(crate) fn Timeliness() -> impl IntoView {
    let (plan, year) = (param("plan"), query("year"));
    page(async move { load(&plan, year.as_deref()).await })
}

async fn load(plan: &str, year: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let version = review::own_plan(plan).await?;
    let plan = &version.plan;
    let calendar = plan.calendar.as_ref().ok_or_else(|| PageError::not_found("这个计划没有规定报送时间，没有及时率可看。"))?;
    let now = at_shanghai(backend.now());
    let begun = |period: &Period| calendar.standing(*period, now, backend.holidays()) != Standing::NotYet;
    let years: Vec<i32> = (plan.years.0..=plan.years.1).filter(|year| calendar.periods(*year).first().is_some_and(begun)).collect();
    let year = year.and_then(|text| text.parse().ok()).filter(|year| years.contains(year)).or(years.last().copied());
    let title = format!("{}报送及时率", year.map(|year| format!("{year}年")).unwrap_or_default());
    let periods: Vec<Period> = year.map(|year| calendar.periods(year).into_iter().filter(begun).collect()).unwrap_or_default();
    let mut columns = Vec::new();
    for &period in &periods {
        let deadline = calendar.deadline(period, backend.holidays()).map(|deadline| deadline.timestamp_millis());
        let states = backend.unit_states(plan, period).await?;
        let each = states.iter().map(|unit| punctuality(unit.first_submitted, unit.imported, deadline, backend.now()));
        columns.push(each.collect::<Vec<Punctuality>>());
    }
    let units = domain::entry::units(plan);
    let rows = units.iter().enumerate().map(|(index, (_, name))| {
        let own: Vec<Punctuality> = columns.iter().map(|column| column[index]).collect();
        let cells = own.iter().map(|found| view! { <td class=format!("r state {}", found.class())>{found.mark()}</td> }).collect_view();
        view! { <tr><th scope="row">{name.clone()}</th>{cells}<td class="r">{share(&own)}</td></tr> }
    });
    let rows = rows.collect_view();
    let heads = periods.iter().map(|&period| {
        view! { <th scope="col" class="r"><a href=links::review(&plan.id, period)>{period.months()}</a></th> }
    });
    let heads = heads.collect_view();
    let all: Vec<Punctuality> = columns.concat();
    let by_period = columns.iter().map(|column| view! { <td class="r">{share(column)}</td> }).collect_view();
    let worst = units.iter().enumerate().map(|(index, (_, name))| {
        let late = columns.iter().filter(|column| matches!(column[index], Punctuality::Late | Punctuality::Missing)).count();
        (late, name.as_str())
    });
    let worst: Vec<(usize, &str)> = worst.filter(|(late, _)| *late > 0).collect();
    let most = worst.iter().map(|(late, _)| *late).max().unwrap_or(0);
    let names: Vec<&str> = worst.iter().filter(|(late, _)| *late == most).map(|(_, name)| *name).collect();
    let finding = match (periods.is_empty(), names.is_empty()) {
        (true, _) => "还没有开始报送。".to_owned(),
        (false, true) if share(&all) == "—" => "还没有到期的、在系统里报送的数据。".to_owned(),
        (false, true) => format!("到期的报送都按时，及时率{}。", share(&all)),
        (false, false) => format!("及时率{}；迟报、未报最多的是{}（{most}期）。", share(&all), names.join("、")),
    };
    let switch = (years.len() > 1).then(|| {
        let links = years.iter().map(|each| {
            view! { <a href=format!("/review/{}/timeliness?year={each}", plan.id) aria-current=(Some(*each) == year).then_some("page")>{format!("{each}年")}</a> }
        });
        view! { <nav class="periods" aria-label="年份">{links.collect_view()}</nav> }
    });
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{plan.title.clone()}</p>
            {switch}
            <p class="lead">{finding}</p>
            <div class="scroll"><table class="data">
                <thead><tr><th scope="col">"单位"</th>{heads}<th scope="col" class="r">"及时率"</th></tr></thead>
                <tbody>{rows}<tr class="total"><th scope="row">"全部"</th>{by_period}<td class="r">{share(&all)}</td></tr></tbody>
            </table></div>
            <p class="notes">"✓ 按时：截止之前首次提交；△ 迟报：截止之后经准予补报提交；✗ 未报：已过截止没有提交；… 还没有到期；▤ 由文件导入，不计入及时率。退回重报不算迟报。"</p>
        </section>
    };
    Ok(Page::new(title, Menu::Review, body))
}

/// `91.7%（11/12）`: on time among those due.
fn share(found: &[Punctuality]) -> String {
    let due = found.iter().filter(|each| matches!(each, Punctuality::OnTime | Punctuality::Late | Punctuality::Missing)).count();
    let on_time = found.iter().filter(|each| **each == Punctuality::OnTime).count();
    match domain::rate::Rate::new(on_time as i128, due as i128) {
        Some(rate) => format!("{}%（{on_time}/{due}）", rate.percent_beside(domain::rate::Rate::ONE, 1)),
        None => "—".to_owned(),
    }
}
