//! `/watch/{plan}`: watched figures (监测数), a unit's own with its form, or where all units stand; `…/{region}`: one
//! unit's. Nobody has approved them; the unit, the office and its leaders see them, and nothing counts them.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use domain::calendar::{Cadence, at_shanghai, moment};
use domain::day::Day;
use domain::money::Amount;
use domain::month::Period;
use domain::plan::{Goal, Plan, Split};
use domain::returns::Figures;
use domain::rights::{Action, Object};
use domain::watched::{Course, Watched};
use leptos::prelude::*;
use office::commands::watch::{box_name, field};
use office::posted::Posted;

use super::{param, query};
use crate::backend::{Backend, backend};
use crate::charts::watched::{Drawing, day_text, draw};
use crate::charts::{Drawn, Size};
use crate::load;
use crate::parts::{Menu, Page, PageError, alert, data_table, links, page};

/// So many days are offered to be filled in, and shown of each unit.
const DAYS: usize = 8;

/// What every reader is told first.
const UNAPPROVED: &str = "未审核：由填报员填写，只供动态监测，不计入合计、排名和考核，不对外发布。";

#[component]
pub(crate) fn Watch() -> impl IntoView {
    let (plan, as_of) = (param("plan"), query("as_of"));
    page(async move { own_or_all(&plan, as_of.as_deref()).await })
}

#[component]
pub(crate) fn WatchUnit() -> impl IntoView {
    let (plan, region) = (param("plan"), param("region"));
    page(async move {
        let plan = plan_of(&plan).await?;
        let backend = backend();
        let own = Object::unit(plan.region.id(), &region);
        let units = domain::entry::units(&plan);
        let unit = units.iter().find(|(id, _)| *id == region);
        let may = backend.viewer().is_some_and(|viewer| viewer.may(Action::ReadWatched, own).is_ok());
        let Some((_, name)) = unit.filter(|_| may) else { return Err(load::unknown_region(&plan, &region)) };
        let title = format!("{name}监测数");
        let sections = sections(backend.as_ref(), &plan, &region).await?;
        let body = view! {
            <section class="text-page wide">
                <h1>{title.clone()}</h1>
                <p class="subtitle">{plan.title.clone()}</p>
                <p class="notice">{UNAPPROVED}</p>
                {sections}
                <p class="after">
                    <a href=links::watch(&plan.id)>"全部监测数"</a>
                </p>
            </section>
        };
        Ok::<_, PageError>(Page::new(title, Menu::Todo, body))
    })
}

/// A plan of one's own office in which something is watched.
async fn plan_of(plan: &str) -> Result<Arc<Plan>, PageError> {
    let backend = backend();
    let version = backend.plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let plan = version.plan;
    let unit = backend.viewer().and_then(|viewer| viewer.post.as_ref()).and_then(|post| post.domain.unit.clone());
    let object = match &unit {
        Some(unit) => Object::unit(plan.region.id(), unit),
        None => Object::office(plan.region.id()),
    };
    if backend.viewer().is_none_or(|viewer| viewer.may(Action::ReadWatched, object).is_err()) {
        return Err(PageError::not_found("没有这个计划的监测数，或它不属于您的单位。"));
    }
    if plan.watched_goals().next().is_none() {
        return Err(PageError::not_found("这个计划没有按周、按旬监测的目标。"));
    }
    Ok(plan)
}

async fn own_or_all(plan: &str, as_of: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let plan = plan_of(plan).await?;
    let unit = backend.viewer().and_then(|viewer| viewer.post.as_ref()).and_then(|post| post.domain.unit.clone());
    let (title, body) = match unit {
        Some(unit) => {
            let watched = backend.watched(&plan).await?;
            let may = Object::unit(plan.region.id(), &unit);
            let may = backend.viewer().is_some_and(|viewer| viewer.may(Action::Watch, may).is_ok());
            let form = may.then(|| form(backend.as_ref(), &plan, &unit, &watched, as_of));
            let sections = sections(backend.as_ref(), &plan, &unit).await?;
            let name = domain::entry::units(&plan).into_iter().find(|(id, _)| *id == unit).map(|(_, name)| name);
            let body = view! {
                {form}
                {sections}
            };
            (format!("{}监测数", name.unwrap_or_default()), body.into_any())
        }
        None => ("监测数".to_owned(), all(backend.as_ref(), &plan).await?),
    };
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{plan.title.clone()}</p>
            <p class="notice">{UNAPPROVED}</p>
            {body}
        </section>
    };
    Ok(Page::new(title, Menu::Todo, body))
}

/// The newest days that any of the plan's cadences watches, newest first.
fn days(backend: &dyn Backend, plan: &Plan) -> Vec<NaiveDate> {
    let today = at_shanghai(backend.now()).date_naive();
    let of = |(goal, cadence): (&Goal, Cadence)| {
        let days = cadence.newest_watch_days(today, DAYS).into_iter();
        days.filter(|day| plan.watches_on(goal, cadence, *day, today).is_ok()).collect::<Vec<_>>()
    };
    let mut days: Vec<NaiveDate> = plan.watched_goals().flat_map(of).collect();
    days.sort_unstable_by_key(|day| std::cmp::Reverse(*day));
    days.dedup();
    days.truncate(DAYS);
    days
}

/// The rows of a unit that are filled in for a day.
fn rows_of<'p>(plan: &'p Plan, unit: &'p str, day: NaiveDate) -> impl Iterator<Item = (&'p Goal, &'p Split)> {
    let on_day = plan.watched_goals().filter(move |(_, cadence)| cadence.is_watch_day(day));
    on_day.flat_map(move |(goal, _)| plan.watched_rows(goal, unit, day).map(move |row| (goal, row)))
}

fn form(backend: &dyn Backend, plan: &Plan, unit: &str, watched: &Watched, as_of: Option<&str>) -> AnyView {
    let posted = use_context::<Posted>().unwrap_or_default();
    let days = days(backend, plan);
    let today = at_shanghai(backend.now()).date_naive();
    let asked = posted.get(field::AS_OF).or(as_of).and_then(Day::parse).and_then(|day| day.near(today));
    let Some(day) = asked.or(days.first().copied()) else {
        return view! { <p class="lead">"还没有到第一个监测日。"</p> }.into_any();
    };
    let others = days.iter().map(|each| {
        let at = format!("{}?as_of={each}", links::watch(&plan.id));
        view! {
            <a href=at aria-current=(*each == day).then_some("page")>
                {day_text(*each)}
            </a>
        }
    });
    let boxes = rows_of(plan, unit, day).map(|(goal, row)| {
        let name = box_name(field::VALUE, &goal.id, &row.region);
        let newest = watched.get(&goal.id, &row.region, day);
        let seen = newest.map_or(0, |newest| newest.version);
        let stands = newest.filter(|newest| !newest.is_blank());
        let stands = stands.map(|stands| match stands.growth {
            Some(growth) => growth.percent_as_written(),
            None => stands.value.map(|value| goal.measure.plain(value)).unwrap_or_default(),
        });
        let text = posted.get(&name).map(str::to_owned).or(stands).unwrap_or_default();
        let label = format!("{}（{}）", row_label(goal, row), goal.measure.unit);
        view! {
            <label>{label}<input type="text" name=name value=text inputmode="decimal" class="num-in" /></label>
            <input type="hidden" name=box_name(field::SEEN, &goal.id, &row.region) value=seen.to_string() />
        }
    });
    let boxes: Vec<_> = boxes.collect();
    let error = posted.error.clone().map(alert);
    let saved = (query("saved").is_some() && posted.error.is_none()).then(|| {
        view! {
            <p class="notice" role="status">
                "已保存。"
            </p>
        }
    });
    view! {
        {error}
        {saved}
        <nav class="periods" aria-label="监测日">
            {others.collect_view()}
        </nav>
        <form method="post" action=links::watch(&plan.id) class="stacked watch" autocomplete="off">
            <p>
                <b>{format!("1月1日至{}累计", day_text(day))}</b>
                "；重填以新的为准，清空就是收回。"
            </p>
            <input type="hidden" name=field::AS_OF value=day.to_string() />
            {boxes}
            <button type="submit">"保存"</button>
        </form>
    }
    .into_any()
}

/// `工业用电量`, `工业用电量（其中高新区）`.
fn row_label(goal: &Goal, row: &Split) -> String {
    if row.within.is_some() { format!("{}（其中{}）", goal.name, row.name) } else { goal.name.clone() }
}

/// A drawing and a table for each row of a unit that has watched figures; nothing for whoever may not see them.
pub(super) async fn sections(backend: &dyn Backend, plan: &Plan, unit: &str) -> Result<Vec<AnyView>, PageError> {
    if plan.watched_goals().next().is_none() {
        return Ok(Vec::new());
    }
    let watched = backend.watched(plan).await?;
    let figures = backend.facts(&plan.id).await?.map(|facts| facts.figures).unwrap_or_default();
    let today = at_shanghai(backend.now()).date_naive();
    let rows =
        plan.watched_goals().flat_map(|(goal, _)| plan.watched_rows(goal, unit, today).map(move |row| (goal, row)));
    let drawn = rows.filter_map(|(goal, row)| {
        let course = watched.course(&goal.id, &row.region);
        (!course.is_empty()).then(|| section(plan, goal, row, &course, &figures))
    });
    Ok(drawn.collect())
}

fn section(plan: &Plan, goal: &Goal, row: &Split, course: &Course, figures: &Figures) -> AnyView {
    let title = format!("{}监测数（未审核）", row_label(goal, row));
    let year = course.keys().next_back().map_or(plan.years.0, chrono::Datelike::year);
    let reported = goal.meaning.watches.as_ref().and_then(|id| plan.goal(id)).map(|beside| {
        let periods = figures.periods(&beside.id).into_iter().filter(|period| period.year == year);
        let value = |period: Period| Some((period, figures.get(&beside.id, period, &row.region)?.value?));
        periods.filter_map(value).collect::<Vec<(Period, Amount)>>()
    });
    let reported = reported.unwrap_or_default();
    let drawing = Drawing { goal, course, reported: &reported, title: &title, year };
    let drawn = Drawn::by(|size: Size| draw(&drawing, size));
    let legend = match reported.is_empty() {
        true => format!("{year}年　单位 {}　○ 监测数，1月1日至当日累计", goal.measure.unit),
        false => format!("{year}年　单位 {}　● 各期报送数　○ 监测数，1月1日至当日累计", goal.measure.unit),
    };
    let lines = course.iter().rev().map(|(day, figure)| {
        view! {
            <tr>
                <th scope="row">{domain::calendar::chinese_date(*day)}</th>
                <td class="r">{figure.text(goal)}</td>
                <td>{format!("{}　{}", figure.by, moment(figure.at))}</td>
            </tr>
        }
    });
    view! {
        <figure class="chart watched" id="watched">
            <figcaption>
                <h2>{title.clone()}</h2>
                <p class="subtitle">{legend}</p>
            </figcaption>
            <div class="desk" inner_html=drawn.desk />
            <div class="phone" inner_html=drawn.phone />
        </figure>
        {data_table(
            "表格",
            "data narrow",
            &[("截至", false), ("累计", true), ("填写", false)],
            lines.collect_view(),
        )}
    }
    .into_any()
}

/// Where all units stand, a table for each goal; no line adds them up.
async fn all(backend: &dyn Backend, plan: &Plan) -> Result<AnyView, PageError> {
    let watched = backend.watched(plan).await?;
    let today = at_shanghai(backend.now()).date_naive();
    let month = Period { year: today.year(), month: today.month() };
    let tables = plan.watched_goals().map(|(goal, cadence)| {
        let days: Vec<NaiveDate> = cadence.newest_watch_days(today, DAYS).into_iter().rev().collect();
        let days: Vec<NaiveDate> =
            days.into_iter().filter(|day| plan.watches_on(goal, cadence, *day, today).is_ok()).collect();
        let rows = goal.splits.iter().map(|row| {
            let unit = plan.reporter(goal, &row.region, month).unwrap_or(&row.region);
            let course = watched.course(&goal.id, &row.region);
            let cells = days.iter().map(|day| {
                let text = course.get(day).map_or("—".to_owned(), |figure| figure.text(goal));
                view! { <td class="r">{text}</td> }
            });
            view! {
                <tr>
                    <th scope="row">
                        <a href=links::watch_unit(&plan.id, unit)>{row.name.clone()}</a>
                    </th>
                    {cells.collect_view()}
                </tr>
            }
        });
        let heads = days.iter().map(|day| {
            view! {
                <th scope="col" class="r">
                    {day_text(*day)}
                </th>
            }
        });
        view! {
            <h2>{format!("{}（{}，未审核）", goal.name, cadence.name())}</h2>
            <div class="scroll" tabindex="0" role="group" aria-label="表格">
                <table class="data">
                    <thead>
                        <tr>
                            <th scope="col">"单位"</th>
                            {heads.collect_view()}
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        }
    });
    Ok(tables.collect_view().into_any())
}

/// What the unit's reporter has not filled in for the newest day, with its address.
pub(super) async fn missing(
    backend: &dyn Backend,
    plan: &Plan,
    unit: &str,
) -> Result<Option<(String, String)>, PageError> {
    let Some(day) = days(backend, plan).first().copied() else { return Ok(None) };
    let watched = backend.watched(plan).await?;
    let absent =
        |(goal, row): &(&Goal, &Split)| watched.get(&goal.id, &row.region, day).is_none_or(|newest| newest.is_blank());
    let names: Vec<String> = rows_of(plan, unit, day).filter(absent).map(|(goal, row)| row_label(goal, row)).collect();
    Ok((!names.is_empty()).then(|| {
        let sentence = format!("监测数还没有填：{}，截至{}", names.join("、"), day_text(day));
        (sentence, links::watch(&plan.id))
    }))
}
