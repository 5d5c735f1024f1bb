//! `/units/{plan}/{region}?year=`: one unit through a year, with every version of every figure.

use domain::money::Amount;
use domain::month::Period;
use domain::places::Places;
use domain::plan::{Goal, Plan};
use domain::region::fold_name;
use domain::returns::Figures;
use domain::standing::{Computation, Measured, Row, Standings};
use leptos::prelude::*;

use super::figures::difference;
use super::{param, query, year_of, year_switcher};
use crate::backend::backend;
use crate::charts::{self, Drawn};
use crate::load::{facts, nothing_yet, unknown_region};
use crate::parts::chart_frame::ChartFrame;
use crate::parts::lamp::LampMark;
use crate::parts::{Menu, Page, PageError, links, page};
use office::facts::{Facts, ReturnRevision};

#[component]
pub(crate) fn Unit() -> impl IntoView {
    let (plan, region, year) = (param("plan"), param("region"), query("year"));
    page(async move { load(&plan, &region, year.as_deref()).await })
}

async fn load(plan: &str, region: &str, asked: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let facts = facts(&backend, plan).await?;
    let plan = &facts.version.plan;
    let goal = plan.default_goal();
    let Some(split) = goal.find_split(region) else { return without_row(plan, region).await };
    let years = years(&facts);
    let address = |year| format!("{}?year={year}", links::unit(&plan.id, &split.region));
    let shown = year_of(&years, asked, address)?;
    let year = shown.map(|year| standings_of(&facts, year)).unwrap_or_default();
    let mut revisions = backend.revisions(&plan.id, &split.region).await?;
    revisions.retain(|revision| shown.is_none_or(|year| revision.period.year == year));
    let switch = shown.and_then(|shown| year_switcher(&years, shown, address));
    let title = format!("{}{}", split.name, goal.name);
    let target = split.target(year.last().map_or(plan.years.0, |standings| standings.period.year));
    let target_text = match target.and_then(|target| target.value) {
        Some(value) => format!("年度目标 {}", goal.measure.with_unit(value)),
        None if split.no_target => "文件没有给这个单位定目标（“/”）".to_owned(),
        None => "没有年度总量目标".to_owned(),
    };
    let growth =
        target.and_then(|target| target.growth).map(|growth| format!("，增幅目标 {}%", growth.percent_as_written()));
    let newest = year.last().map(|standings| standings.period);
    let finding = year
        .last()
        .and_then(|standings| Some(finding(standings.row(&split.region)?, standings, &plan.unit_noun(goal))));
    let course = course(&year, &plan.id, &split.region);
    let published: Vec<Period> = backend
        .editions()
        .await?
        .into_iter()
        .filter(|edition| edition.plan == plan.id)
        .map(|edition| edition.period)
        .collect();
    let months = match year.is_empty() {
        true => view! { <p class="notice">{format!("{}。", nothing_yet(&facts))}</p> }.into_any(),
        false => months(&year, &split.region, plan.near, &published),
    };
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{format!("{target_text}{}", growth.unwrap_or_default())}</p>
            {switch}
            {finding.map(|finding| view! { <p class="lead">{finding}</p> })}
            {newest
                .map(|period| {
                    view! {
                        <p>
                            <a href=links::assess_unit(
                                &plan.id,
                                &split.region,
                                period,
                            )>"考核依据与加分线测算"</a>
                        </p>
                    }
                })}
            {course}
            {months}
            {super::rosters::of_unit(plan, &split.region).await?}
            {super::watch::sections(backend.as_ref(), plan, &split.region).await?}
            {shown.and_then(|year| bureau(&facts.figures, goal, &split.region, year))}
            {history(&revisions, goal)}
        </section>
    };
    Ok(Page::new(title, Menu::Units, body))
}

/// A unit that has no row in the goal which the page shows: who answers for it.
async fn without_row(plan: &Plan, region: &str) -> Result<Page, PageError> {
    let unit = plan.units.iter().find(|unit| unit.is_named(&fold_name(region)));
    let Some(unit) = unit else { return Err(unknown_region(plan, region)) };
    let Some(people) = super::rosters::of_unit(plan, &unit.id).await? else { return Err(unknown_region(plan, region)) };
    let body = view! {
        <section class="text-page wide">
            <h1>{unit.name.clone()}</h1>
            <p class="subtitle">
                <a href=links::plan(&plan.id)>{plan.title.clone()}</a>
                {format!("　没有给这个单位分解“{}”。", plan.default_goal().name)}
            </p>
            {people}
        </section>
    };
    Ok(Page::new(unit.name.clone(), Menu::Units, body))
}

/// 1—5月累计 7.10亿元，完成率33.8%，居第10位。
fn finding(row: &Row, standings: &Standings, noun: &str) -> String {
    if row.value.is_none() && row.growth.is_none() {
        return format!("{}未报。", standings.period.label());
    }
    let measured = standings.measured();
    let level = measured == Measured::Distance && !standings.flow;
    let completion_only = standings.is_completion_only();
    let mut parts: Vec<String> = Vec::new();
    if let Some(value) = row.value.filter(|_| !completion_only) {
        let value = standings.measure.with_unit(value);
        parts.push(if level { format!("{}为{value}", standings.goal_name) } else { format!("累计完成{value}") });
    }
    if let Some(completion) = row.completion_text().filter(|_| measured == Measured::Progress) {
        parts.push(format!("完成年度目标的{completion}%"));
    }
    if let Some(growth) = row.growth.filter(|_| !(level && standings.measure.is_percentage())) {
        parts.push(format!("同比{}", domain::bulletin::words::growth(growth)));
    }
    if let Some(distance) = standings.distance(row).filter(|_| measured != Measured::Progress) {
        let apart = format!("{}{}", distance.printed(standings), standings.distance_unit());
        parts.push(match (distance.is_zero(), distance.is_negative()) {
            (true, _) => "与目标持平".to_owned(),
            (_, true) => format!("低于目标{apart}"),
            (_, false) => format!("高于目标{apart}"),
        });
    }
    let mut text = format!("{}{}", standings.period.label(), parts.join("，"));
    let shared = if standings.sharing(row) > 1 { "并列" } else { "居" };
    match (row.rank.filter(|_| standings.mostly_awaited().is_none()), row.unranked) {
        (Some(rank), _) => text.push_str(&format!("，{}{shared}第{rank}位。", standings.ranked_by().name())),
        (None, Some(why)) => text.push_str(&format!("；{}。", why.sentence(noun))),
        (None, None) => text.push('。'),
    }
    text
}

/// The years that the default goal has figures of.
fn years(facts: &Facts) -> Vec<i32> {
    let mut years: Vec<i32> =
        facts.figures.periods(&facts.version.plan.default_goal().id).iter().map(|period| period.year).collect();
    years.dedup();
    years
}

/// The default goal's standings of every period of a year that there are figures of.
fn standings_of(facts: &Facts, year: i32) -> Vec<Standings> {
    let plan = &facts.version.plan;
    let (goal, rules) = (plan.default_goal(), plan.rules(&plan.default_goal().id));
    let periods = facts.figures.periods(&goal.id).into_iter().filter(|period| period.year == year);
    let computation = Computation::of(plan, goal, &facts.figures);
    periods.map(|period| computation.at(period, rules)).collect()
}

/// Every unit's place through a year, the newest one where none is given, as page and file show it.
pub fn places(facts: &Facts, year: Option<i32>) -> Places {
    let year = year.or_else(|| years(facts).last().copied());
    Places::of(&year.map(|year| standings_of(facts, year)).unwrap_or_default())
}

fn course(year: &[Standings], plan: &str, region: &str) -> Option<AnyView> {
    let places = Places::of(year);
    let (title, newest) = (places.finding(region)?, year.last()?);
    let frame = ChartFrame {
        name: "places",
        title,
        subtitle: format!("{}位次　{}年　灰线为其他单位", newest.ranked_by().name(), newest.period.year),
        drawn: Drawn::by(|size| charts::places::draw(&places, region, size)),
        source: format!("来源：各单位报送　截至{}", newest.period.label()),
        csv: Some(format!("/export/places/{plan}.{}.csv", newest.period.year)),
        picture: None,
        table: places.table(),
    };
    Some(view! { <section class="charts">{frame.view()}</section> }.into_any())
}

fn months(year: &[Standings], region: &str, near: domain::rate::Rate, published: &[Period]) -> AnyView {
    let mut previous: Option<(Period, Amount)> = None;
    let rows: Vec<AnyView> = year
        .iter()
        .filter_map(|standings| {
            let row = standings.row(region)?;
            let measure = &standings.measure;
            // The month alone only follows from two neighbouring cumulative figures.
            let month = row.value.map(|value| match previous {
                Some((before, amount))
                    if before.year == standings.period.year && before.month + 1 == standings.period.month =>
                {
                    measure.format(Amount(value.0 - amount.0))
                }
                _ => "—".to_owned(),
            });
            if let Some(value) = row.value {
                previous = Some((standings.period, value));
            }
            let or = |text: Option<String>, mark: &str| text.unwrap_or_else(|| mark.to_owned());
            let progress = standings.measured() == Measured::Progress;
            Some(
                view! {
                    <tr>
                        <th scope="row">
                            {match published.contains(&standings.period) {
                                true => {
                                    view! {
                                        <a href=links::bulletin(
                                            &standings.plan,
                                            standings.period,
                                        )>{standings.period.months()}</a>
                                    }
                                        .into_any()
                                }
                                false => standings.period.months().into_any(),
                            }}
                        </th>
                        <td class="r">{or(row.value.map(|value| measure.format(value)), row.value_mark())}</td>
                        <td class="r">{or(month, "—")}</td>
                        <td class="r">{or(row.base.map(|base| measure.format(base)), "—")}</td>
                        <td class="r">
                            {or(row.growth.map(|growth| format!("{}%", growth.percent_on_page(1))), "—")}
                        </td>
                        <td class="r">
                            {or(row.completion_text().filter(|_| progress).map(|text| format!("{text}%")), "—")}
                        </td>
                        <td class="r">{or(row.gap_text(near).filter(|_| progress), "—")}</td>
                        <td>
                            <LampMark lamp=standings.shown_lamp(row) word=standings.shown_word(row) />
                        </td>
                        <td class="r">{or(row.rank.map(|rank| rank.to_string()), "—")}</td>
                    </tr>
                }
                .into_any(),
            )
        })
        .collect();
    let unit = year.first().map(|standings| standings.measure.unit.clone()).unwrap_or_default();
    view! {
        <h2>"各期数据"</h2>
        <div class="scroll" tabindex="0" role="group" aria-label="表格">
            <table class="data">
                <thead>
                    <tr>
                        <th scope="col">"期间"</th>
                        <th scope="col" class="r">
                            {format!("累计（{unit}）")}
                        </th>
                        <th scope="col" class="r">
                            "当月"
                        </th>
                        <th scope="col" class="r">
                            "上年同期"
                        </th>
                        <th scope="col" class="r">
                            "同比增长"
                        </th>
                        <th scope="col" class="r">
                            "完成率"
                        </th>
                        <th scope="col" class="r">
                            "与序时差（个百分点）"
                        </th>
                        <th scope="col">"进度"</th>
                        <th scope="col" class="r">
                            "位次"
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What the statistics bureau states beside the unit's own figures; only the office has them before an edition does.
fn bureau(figures: &Figures, goal: &Goal, region: &str, year: i32) -> Option<AnyView> {
    let rows: Vec<AnyView> = figures
        .periods(&goal.id)
        .into_iter()
        .filter(|period| period.year == year)
        .filter_map(|period| {
            let stated = figures.bureau(&goal.id, period, region)?;
            let amount =
                |amount: Option<Amount>| amount.map_or("—".to_owned(), |amount| goal.measure.in_full(amount));
            let growth =
                stated.published_growth.map_or("—".to_owned(), |rate| format!("{}%", rate.percent_as_written()));
            let differs = difference(goal, figures.get(&goal.id, period, region), Some(stated));
            let source = format!(
                "{}（{}），{}登记",
                stated.publication,
                domain::calendar::chinese_date(stated.dated),
                stated.by
            );
            Some(
                view! {
                    <tr>
                        <th scope="row">{period.months()}</th>
                        <td class="r">{amount(stated.value)}</td>
                        <td class="r">{amount(stated.base)}</td>
                        <td class="r">{growth}</td>
                        <td>{differs}</td>
                        <td class="from">{source}</td>
                    </tr>
                }
                .into_any(),
            )
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    Some(
        view! {
            <h2>"统计部门数"</h2>
            <p class="subtitle">"由办公室登记，与单位报的数并列，不改动它。"</p>
            <div class="scroll" tabindex="0" role="group" aria-label="表格">
                <table class="data">
                    <thead>
                        <tr>
                            <th scope="col">"期间"</th>
                            <th scope="col" class="r">
                                {format!("累计（{}）", goal.measure.unit)}
                            </th>
                            <th scope="col" class="r">
                                "上年同期"
                            </th>
                            <th scope="col" class="r">
                                "公布增幅"
                            </th>
                            <th scope="col">"与报送相差"</th>
                            <th scope="col">"出处"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any(),
    )
}

fn history(revisions: &[ReturnRevision], goal: &Goal) -> AnyView {
    let own: Vec<&ReturnRevision> = revisions.iter().filter(|revision| revision.goal == goal.id).collect();
    if own.is_empty() {
        return ().into_any();
    }
    let rows = own.iter().map(|revision| {
        let amount = |amount: Option<Amount>| amount.map_or("—".to_owned(), |amount| goal.measure.in_full(amount));
        let figure = &revision.figure;
        let corrected = figure.source.revision > 1;
        view! {
            <tr class=if corrected { "corrected" } else { "" }>
                <th scope="row">{revision.period.months()}</th>
                <td class="r" data-name="累计">
                    {amount(figure.value)}
                </td>
                <td class="r" data-name="上年同期">
                    {amount(figure.base)}
                </td>
                <td class="from">{figure.source.describe()}</td>
                <td>{figure.note.clone()}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <h2>"报送记录"</h2>
        <p class="subtitle">"每一次报送都保留；同一期有多行时，最后一行有效。"</p>
        <div class="scroll" tabindex="0" role="group" aria-label="表格">
            <table class="data stack">
                <thead>
                    <tr>
                        <th scope="col">"期间"</th>
                        <th scope="col" class="r">
                            {format!("累计（{}）", goal.measure.unit)}
                        </th>
                        <th scope="col" class="r">
                            "上年同期"
                        </th>
                        <th scope="col">"来源"</th>
                        <th scope="col">"说明"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
