//! 总览: a line for each plan, with what was published last and what is reported next.

use domain::bulletin::Bulletin;
use domain::bulletin::narrative::plain;
use domain::calendar::span_of_years;
use domain::overview::Verdict;
use domain::rights::Role;
use domain::standing::Lamp;
use leptos::prelude::*;
use office::portfolio::{Coming, PlanLine};

use super::{lamp, links};
use crate::backend::backend;
use crate::charts::bullet;

/// The table; nothing where there are not several plans.
pub(crate) fn portfolio_table(lines: Vec<PlanLine>) -> Option<AnyView> {
    let is_worked_on = lines.iter().any(|line| line.coming.is_some());
    let next_head = is_worked_on.then(|| view! { <th scope="col">"下一期报送"</th> });
    let several = lines.len() > 1;
    let rows: Vec<AnyView> = lines.iter().map(|line| row(line, is_worked_on)).collect();
    let table = move || {
        view! {
            <section class="portfolio" id="portfolio">
                <h2>"总览"</h2>
                <div class="scroll" tabindex="0" role="group" aria-label="总览">
                    <table class="data stack">
                        <thead>
                            <tr>
                                <th scope="col">"计划"</th>
                                <th scope="col">"最近一期"</th>
                                <th scope="col" class="bar-head">
                                    "完成率与序时进度"
                                </th>
                                <th scope="col">"各目标、各单位"</th>
                                {next_head}
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
        .into_any()
    };
    several.then(table)
}

fn row(line: &PlanLine, is_worked_on: bool) -> AnyView {
    let plan = &line.version.plan;
    let years = span_of_years(plan.years);
    let told = match &line.newest {
        None => view! { <span class="mark">"尚未发布通报"</span> }.into_any(),
        Some(edition) => {
            let bulletin = &edition.bulletin;
            let label = bulletin.standings.period.label();
            let lead = bulletin.paragraphs.first().and_then(|paragraph| paragraph.sentences.first());
            view! {
                <a href=links::bulletin(&plan.id, edition.summary.period)>{label}</a>
                {lead.map(|lead| format!("　{}", plain(lead)))}
            }
            .into_any()
        }
    };
    let bar = line.newest.as_ref().and_then(|edition| {
        let bulletin = &edition.bulletin;
        bullet::of_total(bulletin, bullet::scale_end(&bulletin.standings))
    });
    let bar = match bar {
        Some(svg) => view! {
            <td data-name="完成率与序时进度" class="bar">
                <div inner_html=svg />
            </td>
        }
        .into_any(),
        None => nothing(),
    };
    let lamps = line.newest.as_ref().map_or_else(nothing, |edition| lamps(&edition.bulletin));
    let next = is_worked_on.then(|| line.coming.as_ref().map_or_else(nothing, |coming| next(coming, &plan.id)));
    view! {
        <tr>
            <th scope="row">
                <a href=links::plan(&plan.id)>{plan.title.clone()}</a>
                <small class="subtitle">{format!("{}　{years}", plan.region.name)}</small>
            </th>
            <td data-name="最近一期">{told}</td>
            {bar}
            {lamps}
            {next}
        </tr>
    }
    .into_any()
}

/// What an edition says of all goals, where it tells them, and of the ranked units: a word and how many.
fn lamps(bulletin: &Bulletin) -> AnyView {
    let goals = bulletin.overview.iter().flat_map(|overview| &overview.goals);
    let goals = goals.filter(|row| row.verdict != Verdict::Watched).map(|row| (row.verdict.counted_as(), row.lamp()));
    let standings = &bulletin.standings;
    let units = standings.rows.iter().filter(|row| row.within.is_none() && row.lamp != Lamp::NotAssessed);
    let units = units.map(|row| (standings.lamp_word(row), row.lamp));
    view! { <td class="counted">{counted("目标", goals.collect())} {counted("单位", units.collect())}</td> }.into_any()
}

fn counted(name: &'static str, found: Vec<(&'static str, Lamp)>) -> Option<AnyView> {
    let mut counts: Vec<(&str, Lamp, usize)> = Vec::new();
    for (word, lamp) in found {
        match counts.iter_mut().find(|(known, ..)| *known == word) {
            Some((.., count)) => *count += 1,
            None => counts.push((word, lamp, 1)),
        }
    }
    counts.sort_by_key(|(_, lamp, _)| *lamp as usize);
    let marks: Vec<AnyView> = counts
        .into_iter()
        .map(|(word, lamp, count)| {
            view! {
                <span class=lamp::class(lamp)>
                    <span class="shape" aria-hidden="true">
                        {lamp.mark()}
                    </span>
                    {format!("{word}{count}")}
                </span>
                " "
            }
            .into_any()
        })
        .collect();
    (!marks.is_empty()).then(|| view! { <p>{name} "　" {marks}</p> }.into_any())
}

/// A cell that a phone leaves out.
fn nothing() -> AnyView {
    view! {
        <td class="nothing">
            <span class="mark">"—"</span>
        </td>
    }
    .into_any()
}

fn next(coming: &Coming, plan: &str) -> AnyView {
    let text = format!("{}数据 {}/{}", coming.period.months(), coming.handed_in, coming.units);
    let day = coming.deadline.format("%-m月%-d日");
    let reviews = backend().viewer().and_then(|viewer| viewer.role()).is_some_and(Role::is_office);
    let text = match reviews {
        true => view! { <a href=links::review(plan, &coming.period.into())>{text}</a> }.into_any(),
        false => text.into_any(),
    };
    view! { <td data-name="下一期报送">{text} {format!("，{day}截止")}</td> }.into_any()
}
