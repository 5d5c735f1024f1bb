//! `/review/{plan}/timeliness?year=`: who reported on time, late, by exception, or not at all; what was sent back and
//! corrected.

use domain::calendar::{Punctuality, at_shanghai, chinese_date, punctuality};
use domain::plan::{Plan, Round};
use domain::timeliness::{Column, Kept, Timeliness, UnitTimeliness};
use leptos::prelude::*;

use super::{param, query, review, year_of, year_switcher};
use crate::backend::{Backend, backend};
use crate::charts::{self, Drawn};
use crate::parts::chart_frame::ChartFrame;
use crate::parts::{Menu, Page, PageError, links, page};
use office::facts::Unavailable;

#[component]
pub(crate) fn TimelinessPage() -> impl IntoView {
    let (plan, year) = (param("plan"), query("year"));
    page(async move { load(&plan, year.as_deref()).await })
}

/// The rounds of a year that have begun, by period.
fn begun(backend: &dyn Backend, plan: &Plan, year: i32) -> Vec<Round> {
    let begun = plan.begun(at_shanghai(backend.now()), backend.holidays()).into_iter().map(|(round, _)| round);
    let mut rounds: Vec<Round> = begun.filter(|round| round.period.year == year).collect();
    rounds.sort_by_key(|round| round.period);
    rounds
}

/// The years of the plan whose first round has begun.
fn years(backend: &dyn Backend, plan: &Plan) -> Vec<i32> {
    (plan.years.0..=plan.years.1).filter(|year| !begun(backend, plan, *year).is_empty()).collect()
}

/// What the page shows and the file holds; `None` for a year that has not begun, or a plan without periods.
pub async fn gather(backend: &dyn Backend, plan: &Plan, year: i32) -> Result<Option<Timeliness>, Unavailable> {
    let rounds = begun(backend, plan, year);
    let units = domain::entry::units(plan);
    let mut lines: Vec<UnitTimeliness> =
        units.iter().map(|(_, name)| UnitTimeliness { name: name.clone(), kept: Vec::new() }).collect();
    let mut columns = Vec::new();
    let states = backend.unit_states(plan, &rounds).await?;
    for (round, states) in rounds.into_iter().zip(states) {
        // A rhythm beside [calendar] that asks nobody has no column.
        if states.is_empty() && !round.rhythm.is_empty() {
            continue;
        }
        let calendar = plan.calendar_of_round(&round);
        let deadline = calendar.and_then(|calendar| calendar.deadline(round.period, backend.holidays()));
        let deadline = deadline.map(|deadline| deadline.timestamp_millis());
        for (line, (id, _)) in lines.iter_mut().zip(&units) {
            // Of a unit that owes nothing in this round nothing was ever due.
            let kept = states.iter().find(|unit| unit.unit == *id).map(|unit| Kept {
                punctuality: punctuality(unit.first_submitted, unit.imported, deadline, backend.now()),
                sent_back: unit.sent_back,
                corrected: unit.corrected,
            });
            let nothing = || Kept { punctuality: Punctuality::NotDue, sent_back: 0, corrected: false };
            line.kept.push(kept.unwrap_or_else(nothing));
        }
        columns.push(Column::new(plan, round));
    }
    Ok((!columns.is_empty()).then_some(Timeliness { year, columns, lines }))
}

async fn load(plan: &str, year: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let version = review::own_plan(plan).await?;
    let plan = &version.plan;
    if plan.asking().next().is_none() {
        return Err(PageError::not_found("这个计划没有规定报送时间，没有及时率可看。"));
    }
    let years = years(backend.as_ref(), plan);
    let address = |year| format!("/review/{}/timeliness?year={year}", plan.id);
    let year = year_of(&years, year, address)?;
    let title = format!("{}报送及时率", year.map(|year| format!("{year}年")).unwrap_or_default());
    let found = match year {
        Some(year) => gather(backend.as_ref(), plan, year).await?,
        None => None,
    };
    let today = chinese_date(at_shanghai(backend.now()).date_naive());
    let chart = found.as_ref().map(|found| {
        let frame = ChartFrame {
            name: "timeliness",
            title: found.finding(),
            subtitle: format!("各期报送　{}年　● 按时　▲ 迟报　◆ 未报　退 被退回（次数）　更 批准后更正", found.year),
            drawn: Drawn::by(|size| charts::timeliness::draw(found, |round| links::review(&plan.id, round), size)),
            source: format!("来源：报送记录　截至{today}"),
            csv: Some(format!("/export/timeliness/{}.{}.csv", plan.id, found.year)),
            picture: None,
            table: found.table(),
        };
        let periods = found.columns.iter().map(|column| {
            view! { <a href=links::review(&plan.id, &column.round)>{column.name.clone()}</a> }
        });
        view! {
            <section class="charts">{frame.view()}</section>
            <nav class="periods" aria-label="各期报送情况">
                {periods.collect_view()}
            </nav>
        }
    });
    let switch = year.and_then(|year| year_switcher(&years, year, address));
    let nothing = chart.is_none().then(|| view! { <p class="lead">"还没有开始报送。"</p> });
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{plan.title.clone()}</p>
            {switch}
            {nothing}
            {chart}
            <p class="notes">
                "按时：截止之前首次提交；迟报：截止之后经准予补报提交；未报：已过截止没有提交。小点为还没有到期；小方块为由文件导入，不计入及时率。退回重报不算迟报。"
            </p>
        </section>
    };
    Ok(Page::new(title, Menu::Review, body))
}
