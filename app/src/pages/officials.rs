//! `/projects/{plan}/officials`: whoever is in charge of projects, what his projects have come to, and who was before.

use std::collections::BTreeMap;

use domain::calendar::{at_shanghai, chinese_date};
use domain::plan::Plan;
use domain::projects::people;
use domain::projects::standing::{Lamp, Standing};
use domain::projects::sums::{Sums, sums};
use domain::projects::{Entry, field::unit_name};
use domain::rights::Action;
use leptos::prelude::*;
use office::commands::project_people::own;
use office::commands::projects::field;
use office::posted::Posted;
use office::projects::{Matter, Term};

use super::projects::{Known, gather, lamp_class, may, money, percent, plan_of, tools};
use super::{param, query};
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, area, data_table, links, page};

#[component]
pub(crate) fn Officials() -> impl IntoView {
    let (plan, period) = (param("plan"), query("period"));
    page(async move { load(&plan, period.as_deref()).await })
}

async fn load(plan: &str, period: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let plan = plan_of(plan).await?;
    let known = gather(backend.as_ref(), &plan, period).await?;
    let terms = backend.terms(&plan, None).await?;
    let matters = backend.matters(&plan).await?;
    let posted = use_context::<Posted>().unwrap_or_default();
    let title = "挂钩领导".to_owned();
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=links::projects(&plan.id)>{format!("{} 重点项目", plan.title)}</a>
                {format!("　{}　金额单位：万元", known.at.label())}
            </p>
            {tools(&plan, known.at)}
            {posted.error.clone().map(alert)}
            {in_charge(&plan, &known, &matters)}
            {may(&plan, Action::EnterProjects).then(|| succession(&plan, &known, &posted))}
            {before(&known, &terms)}
        </section>
    };
    Ok(Page::new(title, Menu::Projects, body))
}

/// The projects of the year's list by whoever the boxes name, of the office's level first.
fn by_official(known: &Known, plan: &Plan) -> Vec<(bool, String, Vec<(Entry, Standing)>)> {
    let mut found: BTreeMap<(bool, String), Vec<(Entry, Standing)>> = BTreeMap::new();
    for (entry, standing) in &known.library(plan).rows {
        for (of_unit, text) in [(false, &entry.project.official), (true, &entry.project.unit_official)] {
            for whom in people(text.as_deref().unwrap_or_default()) {
                let own = found.entry((of_unit, whom.to_owned())).or_default();
                own.push(((*entry).clone(), standing.clone()));
            }
        }
    }
    found.into_iter().map(|((of_unit, whom), own)| (of_unit, whom, own)).collect()
}

fn in_charge(plan: &Plan, known: &Known, matters: &[Matter]) -> AnyView {
    let found = by_official(known, plan);
    if found.is_empty() {
        let sentence = "项目还没有写挂钩领导。办公室可以在项目页填写，或随项目表一起导入。";
        return view! { <p class="lead">{sentence}</p> }.into_any();
    }
    let table = |of_unit: bool, title: &'static str| {
        let own: Vec<_> = found.iter().filter(|(level, ..)| *level == of_unit).collect();
        (!own.is_empty()).then(|| {
            let rows = own.iter().map(|(_, whom, own)| line(plan, known, matters, whom, own)).collect_view();
            view! {
                <h2>{title}</h2>
                {data_table(
                    title,
                    "data stack",
                    &[
                        ("挂钩领导", false),
                        ("所在单位", false),
                        ("项目", true),
                        ("年计划", true),
                        ("本年完成", true),
                        ("占年计划", true),
                        ("亮灯", false),
                        ("逾期事项", true),
                    ],
                    rows,
                )}
            }
        })
    };
    view! {
        {table(false, "本级挂钩领导")}
        {table(true, "县级挂钩领导")}
    }
    .into_any()
}

/// Units that are named where so few hold an official's projects; else they are counted.
const UNITS: usize = 3;

fn line(plan: &Plan, known: &Known, matters: &[Matter], whom: &str, own: &[(Entry, Standing)]) -> AnyView {
    let sums: Sums = sums(own.iter().map(|(entry, standing)| (entry, standing)), known.at);
    let of = |matter: &&Matter| own.iter().any(|(entry, _)| entry.project.id == matter.project);
    let late = matters.iter().filter(of).filter(|matter| matter.overdue(known.today).is_some()).count();
    let to = format!("{}?official={}&period={}", links::projects(&plan.id), links::encode(whom), known.at);
    let units: std::collections::BTreeSet<&str> =
        own.iter().map(|(entry, _)| unit_name(plan, &entry.project.unit)).collect();
    let units = match units.len() {
        few if few <= UNITS => units.into_iter().collect::<Vec<_>>().join("、"),
        many => format!("{many}个单位"),
    };
    let lamps = [(Lamp::Red, sums.red), (Lamp::Yellow, sums.yellow)].into_iter().filter(|(_, count)| *count > 0);
    let lamps = lamps.map(|(lamp, count)| {
        view! { <span class=lamp_class(lamp)>{format!("{}{count}", lamp.name())}</span> " " }
    });
    view! {
        <tr>
            <th scope="row">
                <a href=to>{whom.to_owned()}</a>
            </th>
            <td data-name="所在单位">{units}</td>
            <td data-name="项目" class="r">
                {sums.projects}
            </td>
            <td data-name="年计划" class="r">
                {money(Some(sums.planned))}
            </td>
            <td data-name="本年完成" class="r">
                {money(Some(sums.this_year))}
            </td>
            <td data-name="占年计划" class="r">
                {percent(sums.completion)}
            </td>
            <td data-name="亮灯">{lamps.collect_view()}</td>
            <td data-name="逾期事项" class="r">
                {late}
            </td>
        </tr>
    }
    .into_any()
}

/// The form that puts one in another's place on all of his projects.
fn succession(plan: &Plan, known: &Known, posted: &Posted) -> AnyView {
    let named = known.projects.values().flat_map(|known| {
        let own = &known.entry.project;
        let boxes = [&own.official, &own.unit_official].into_iter().flatten();
        boxes.flat_map(|text| people(text).map(str::to_owned)).collect::<Vec<_>>()
    });
    let named: std::collections::BTreeSet<String> = named.collect();
    if named.is_empty() {
        return ().into_any();
    }
    let is_back = posted.get(own::FROM).is_some();
    let options = named.into_iter().map(|whom| {
        let is = posted.text(own::FROM) == whom;
        view! {
            <option value=whom.clone() selected=is>
                {whom.clone()}
            </option>
        }
    });
    let today = at_shanghai(backend().now()).date_naive().to_string();
    let day = if is_back { posted.text(field::DAY).to_owned() } else { today };
    view! {
        <details open=is_back>
            <summary>"换人：由继任者接替"</summary>
            <form method="post" action=links::projects_part(&plan.id, "officials") class="stacked">
                <label for="succeed-from">"接替谁"</label>
                <select id="succeed-from" name=own::FROM>
                    {options.collect_view()}
                </select>
                <label for="succeed-to">"由谁接替（职务和姓名连着写）"</label>
                <input
                    id="succeed-to"
                    name=field::TO
                    value=posted.text(field::TO).to_owned()
                    placeholder="副市长陈刚"
                    autocomplete="off"
                />
                <label for="succeed-day">"从哪一天起"</label>
                <input id="succeed-day" name=field::DAY value=day autocomplete="off" />
                <label for="succeed-reason">"依据（文件或理由）"</label>
                <textarea
                    id="succeed-reason"
                    name=field::REASON
                    rows="2"
                    inner_html=area(posted.text(field::REASON))
                />
                <p class="subtitle">"他挂钩的项目都改由继任者挂钩，原来的任期留在下面和项目页上。"</p>
                <button type="submit">"保存"</button>
            </form>
        </details>
    }
    .into_any()
}

/// When a term began, as far as anybody said or it was seen here.
fn begun(term: &Term) -> Option<chrono::NaiveDate> {
    (term.is_said || term.until != Some(term.from)).then_some(term.from)
}

/// Terms that have ended, the last one first, projects of one succession together.
fn before(known: &Known, terms: &[Term]) -> AnyView {
    let mut ended: BTreeMap<(std::cmp::Reverse<chrono::NaiveDate>, String, bool), Vec<&Term>> = BTreeMap::new();
    for term in terms {
        if let Some(until) = term.until {
            let key = (std::cmp::Reverse(until), term.whom.clone(), term.is_offices);
            ended.entry(key).or_default().push(term);
        }
    }
    if ended.is_empty() {
        return ().into_any();
    }
    let rows = ended.into_iter().map(|((until, whom, is_offices), own)| {
        let names: Vec<String> =
            own.iter().filter_map(|term| Some(known.projects.get(&term.project)?.entry.project.name.clone())).collect();
        let first = own.iter().filter_map(|term| begun(term)).min().map_or_else(|| "—".to_owned(), chinese_date);
        view! {
            <tr>
                <th scope="row">{whom}</th>
                <td data-name="级别">{if is_offices { "本级" } else { "县级" }}</td>
                <td data-name="起">{first}</td>
                <td data-name="止">{chinese_date(until.0)}</td>
                <td data-name="项目" class="said">
                    {format!("{}个：{}", names.len(), names.join("、"))}
                </td>
            </tr>
        }
    });
    view! {
        <h2>"更替"</h2>
        {data_table(
            "更替",
            "data stack",
            &[("挂钩领导", false), ("级别", false), ("起", false), ("止", false), ("项目", false)],
            rows.collect_view(),
        )}
    }
    .into_any()
}

/// 历任 of one project, where somebody has gone.
pub(super) fn of_project(terms: &[Term]) -> Option<AnyView> {
    if terms.iter().all(|term| term.until.is_none()) {
        return None;
    }
    let rows = terms.iter().rev().map(|term| {
        let from = match (begun(term), term.is_said) {
            (None, _) => "—".to_owned(),
            (Some(day), true) => chinese_date(day),
            (Some(day), false) => format!("{}登记", chinese_date(day)),
        };
        view! {
            <tr>
                <th scope="row">{term.whom.clone()}</th>
                <td data-name="级别">{if term.is_offices { "本级" } else { "县级" }}</td>
                <td data-name="起">{from}</td>
                <td data-name="止">{term.until.map_or("现任".to_owned(), chinese_date)}</td>
            </tr>
        }
    });
    let heads = [("挂钩领导", false), ("级别", false), ("起", false), ("止", false)];
    Some(
        view! {
            <h3>"历任挂钩领导"</h3>
            {data_table("历任挂钩领导", "data stack", &heads, rows.collect_view())}
        }
        .into_any(),
    )
}
