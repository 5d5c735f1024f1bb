//! `/assess/{plan}/{region}?period=2021-05&more=1.5`: why a unit gets what it gets, and how much more it needs.

use domain::assessment::trace::explain;
use domain::assessment::what_if::{WhatIf as Answers, what_if};
use domain::assessment::{Basis, Reading};
use domain::bulletin::words;
use domain::money::Measure;
use domain::month::Period;
use domain::plan::Assessment;
use domain::standing::{Row, Standings, compute_with};
use leptos::prelude::*;

use super::assess::{Counted, nothing, scope};
use super::{param, period_switcher, query};
use crate::answers::what_if::{amount_text, suppose};
use crate::backend::backend;
use crate::islands::what_if::WhatIf;
use crate::load::{facts, unknown_region};
use crate::parts::{Menu, Page, PageError, links, page};
use crate::wire::WhatIfAnswer;

#[component]
pub(crate) fn AssessUnit() -> impl IntoView {
    let (plan, region, period, more) = (param("plan"), param("region"), query("period"), query("more"));
    page(async move { load(&plan, &region, period.as_deref(), more).await })
}

async fn load(plan: &str, region: &str, period: Option<&str>, more: Option<String>) -> Result<Page, PageError> {
    let facts = facts(&backend(), plan).await?;
    let plan = &facts.version.plan;
    let Some((goal, assessment, period)) = scope(&facts, period)? else { return Ok(nothing(&facts)) };
    let split = goal.find_split(region).ok_or_else(|| unknown_region(plan, region))?;
    let rules = plan.rules(&goal.id);
    let counted = Counted::of(&backend(), &facts, goal, period).await?;
    let figures = counted.figures(&facts);
    let settled = counted.result().is_some();
    let standings = match counted.result() {
        Some(result) => result.standings.clone(),
        None => compute_with(plan, goal, figures, period, rules, Basis::Target),
    };
    let by_pace = (!period.is_year_end()).then(|| compute_with(plan, goal, &facts.figures, period, rules, Basis::Pace));
    let withheld = standings.mostly_awaited().filter(|_| counted.result().is_none());
    let withheld = withheld.map(|awaited| format!("{}。", awaited.in_place(&plan.unit_noun(goal))));
    let row = standings.row(&split.region).ok_or_else(|| unknown_region(plan, region))?;
    let answers = what_if(plan, goal, figures, period, rules, &split.region);
    let answers = answers.filter(|_| !settled && withheld.is_none());
    let initial = more.as_ref().map(|more| suppose(&facts, goal, split, period, more));
    let title = format!("{}考核依据（{}）", split.name, period.label());
    let periods: Vec<Period> =
        facts.figures.periods(&goal.id).into_iter().filter(|at| at.year == period.year).collect();
    let (plan_id, region_id) = (plan.id.clone(), split.region.clone());
    let pace_trace = by_pace
        .as_ref()
        .and_then(|by_pace| Some(trace("若按序时进度", explain(plan, by_pace, by_pace.row(&split.region)?))));
    let heading = if by_pace.is_some() { "若以本期为终" } else { counted.head() };
    let possible = !settled && withheld.is_none() && row.value.is_some() && row.within.is_none() && !row.no_target;
    let body = view! {
        <section class="text-page">
            <h1>{title.clone()}</h1>
            <div class="toolbar">
                {period_switcher(&periods, period, |at| links::assess_unit(&plan_id, &region_id, at))}
            </div>
            {match &withheld {
                Some(withheld) => view! { <p class="lead">{withheld.clone()}</p> }.into_any(),
                None => {
                    view! {
                        <p class="lead">{finding(row, &standings, &counted, &plan.unit_noun(goal))}</p>
                        {counted.note().map(|note| view! { <p class="notice">{note}</p> })}
                        {trace(heading, explain(plan, &standings, row))}
                        {pace_trace}
                        {other_readings(&standings, row, assessment)}
                    }
                        .into_any()
                }
            }}
            {answers.map(|answers| answers_view(&answers, &goal.measure))}
            {possible
                .then(|| {
                    view! {
                        <h2>"假设测算"</h2>
                        <p class="subtitle">
                            {format!(
                                "其他单位不变，{}在{}再增加一些，会排到第几位？",
                                split.name,
                                period.months(),
                            )}
                        </p>
                        <form class="what-if" method="get" action=links::assess_unit(&plan.id, &split.region, period)>
                            <input type="hidden" name="period" value=period.to_string() />
                            <label for="more">"假设累计再增加"</label>
                            <input
                                id="more"
                                name="more"
                                type="text"
                                inputmode="decimal"
                                autocomplete="off"
                                value=more.unwrap_or_default()
                            />
                            <span class="unit">{goal.measure.unit.clone()}</span>
                            <button type="submit">"测算"</button>
                        </form>
                        <div id="what-if-answer" class="what-if-answer" aria-live="polite">
                            {initial.map(said)}
                        </div>
                        <WhatIf plan=plan.id.clone() region=split.region.clone() period=period.to_string() />
                    }
                })}
            <p>
                <a href=links::unit(&plan.id, &split.region)>"这个单位的各期数据"</a>
                "　"
                <a href=links::assess(&plan.id, period)>"全部单位的考核"</a>
            </p>
        </section>
    };
    Ok(Page::new(title, Menu::Assess, body))
}

/// Where the unit would stand, as the script writes it too.
fn said(answer: WhatIfAnswer) -> AnyView {
    let lines = answer.lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
    view! { <div class:error=answer.is_error>{lines}</div> }.into_any()
}

fn finding(row: &Row, standings: &Standings, counted: &Counted, noun: &str) -> String {
    let points = standings.readings.get(standings.rules.reading).iter().find(|(region, _)| *region == row.region);
    let unit =
        standings.award_unit().filter(|unit| !unit.is_empty()).map(|unit| format!(" {unit}")).unwrap_or_default();
    let expected = match (counted, standings.period.is_year_end()) {
        (Counted::Closed(_), _) => String::new(),
        (_, false) => "若以本期为终，".to_owned(),
        (_, true) => format!("{}，", counted.head()),
    };
    let place = if standings.sharing(row) > 1 { "并列" } else { "居" };
    match (points, row.rank) {
        (Some((_, points)), Some(rank)) => {
            format!("{expected}{}{place}第{rank}位，{}{unit}。", row.name, words::signed(points))
        }
        (None, Some(rank)) => format!("{expected}{}{place}第{rank}位，不加分也不扣分。", row.name),
        (_, None) => format!("{}：{}。", row.name, row.unranked.map_or("不排位".to_owned(), |why| why.sentence(noun))),
    }
}

fn trace(heading: &str, steps: Vec<String>) -> AnyView {
    let steps = steps.into_iter().map(|step| {
        let (name, text) = step.split_once('：').map_or(("", step.as_str()), |(name, text)| (name, text));
        view! {
            <div>
                <dt>{name.to_owned()}</dt>
                <dd>{text.to_owned()}</dd>
            </div>
        }
    });
    let steps = steps.collect_view();
    view! {
        <h2>{heading.to_owned()}</h2>
        <dl class="trace">{steps}</dl>
    }
    .into_any()
}

fn other_readings(standings: &Standings, row: &Row, assessment: &Assessment) -> AnyView {
    let items = Reading::WORDS.map(|(_, reading)| {
        let points = standings.readings.get(reading).iter().find(|(region, _)| *region == row.region);
        let text = points.map_or("不加分也不扣分".to_owned(), |(_, points)| words::signed(points));
        let chosen = if reading == standings.rules.reading { "（现行）" } else { "" };
        view! {
            <li>
                <b>{reading.name()}</b>
                {chosen}
                "："
                {text}
                <p class="subtitle">{format!("{}。", assessment.explanation(reading))}</p>
            </li>
        }
    });
    view! {
        <h2>"按不同读法"</h2>
        <ul class="plain">{items.into_iter().collect_view()}</ul>
    }
    .into_any()
}

fn answers_view(answers: &Answers, measure: &Measure) -> AnyView {
    let rows = answers.goals.iter().map(|answer| {
        let needed = answer.sentence(|amount| amount_text(measure, amount));
        let monthly = answer.per_month.map_or("—".to_owned(), |month| {
            amount_text(measure, if month.0 < 1_000_000 { month } else { measure.round_up(month) })
        });
        let exact = answer.more.map_or("—".to_owned(), |more| measure.exact_on_page(more));
        view! {
            <tr>
                <th scope="row">{answer.goal.name()}</th>
                <td>{needed}</td>
                <td class="r">{exact}</td>
                <td class="r">{monthly}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let monthly = match answers.months_left {
        0 => "月均".to_owned(),
        months => format!("后{months}个月月均"),
    };
    view! {
        <h2>"加分线测算"</h2>
        <p class="subtitle">"其他单位按现有数据不变，用排位的同一套程序逐一查找得出。"</p>
        <div class="scroll" tabindex="0" role="group" aria-label="表格">
            <table class="data">
                <thead>
                    <tr>
                        <th scope="col">"目的"</th>
                        <th scope="col">"累计还需"</th>
                        <th scope="col" class="r">
                            {if measure.money { "精确到元" } else { "精确值" }}
                        </th>
                        <th scope="col" class="r">
                            {monthly}
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
