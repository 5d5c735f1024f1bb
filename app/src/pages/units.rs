//! `/units/{plan}`: every unit with its newest standing.

use domain::bulletin::columns::{Column, Columns};
use domain::standing::compute;
use leptos::prelude::*;

use super::{newest_period, param};
use crate::backend::backend;
use crate::load::{facts, nothing_yet};
use crate::parts::lamp::LampMark;
use crate::parts::{Menu, Page, PageError, links, page};

#[component]
pub(crate) fn Units() -> impl IntoView {
    let plan = param("plan");
    page(async move { load(&plan).await })
}

async fn load(plan: &str) -> Result<Page, PageError> {
    let facts = facts(&backend(), plan).await?;
    let plan = &facts.version.plan;
    let goal = plan.default_goal();
    let title = format!("{}各单位", plan.region.name);
    let standings =
        newest_period(&facts, &goal.id).map(|period| compute(plan, goal, &facts.figures, period, plan.rules(&goal.id)));
    let printed = standings.as_ref().map(|standings| Columns::fitting(standings, plan.near));
    let shown = |row: Option<&domain::standing::Row>,
                 print: fn(&Columns<'_>, &domain::standing::Row) -> Option<String>| {
        printed.as_ref().zip(row).and_then(|(printed, row)| print(printed, row)).unwrap_or_else(|| "—".to_owned())
    };
    let rows = goal.splits.iter().map(|split| {
        let row = standings.as_ref().and_then(|standings| standings.row(&split.region));
        let target = split
            .target(plan.years.0)
            .map(|target| match (target.value, target.growth) {
                (Some(value), _) => goal.measure.format(value),
                (None, Some(growth)) => format!("增长{}%", growth.percent_as_written()),
                (None, None) => "/".to_owned(),
            })
            .or_else(|| goal.implied_target().filter(|_| !split.no_target).map(|target| goal.measure.format(target)))
            .unwrap_or_else(|| "/".to_owned());
        let name = if split.within.is_some() { format!("其中：{}", split.name) } else { split.name.clone() };
        view! {
            <tr class=if split.within.is_some() { "nested" } else { "" }>
                <th scope="row">
                    <a href=links::unit(&plan.id, &split.region)>{name}</a>
                </th>
                <td class="r">{target}</td>
                <td class="r">{shown(row, |printed, row| row.value.map(|value| printed.value(value)))}</td>
                <td class="r">
                    {shown(
                        row,
                        |printed, row| match printed.is_progress() {
                            true => printed.cell(Column::Completion, row),
                            false => printed.cell(Column::Distance, row),
                        },
                    )}
                </td>
                <td class="r">{shown(row, |printed, row| printed.growth(row).map(|text| format!("{text}%")))}</td>
                <td>
                    {row
                        .zip(standings.as_ref())
                        .map(|(row, standings)| {
                            view! { <LampMark lamp=standings.shown_lamp(row) word=standings.shown_word(row) /> }
                        })}
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let period = standings.as_ref().map_or(nothing_yet(&facts).to_owned(), |standings| standings.period.label());
    let body = if goal.splits.is_empty() {
        view! {
            <section class="text-page">
                <h1>{title.clone()}</h1>
                <p>"文件没有把目标分解到单位。"<a href=format!("/plans/{}", plan.id)>"查看计划"</a></p>
            </section>
        }
        .into_any()
    } else {
        view! {
            <section class="text-page wide">
                <h1>{title.clone()}</h1>
                <p class="subtitle">{format!("{}　{period}　单位：{}", goal.name, goal.measure.unit)}</p>
                <div class="scroll" tabindex="0" role="group" aria-label="表格">
                    <table class="data">
                        <thead>
                            <tr>
                                <th scope="col">"单位"</th>
                                <th scope="col" class="r">
                                    "年度目标"
                                </th>
                                <th scope="col" class="r">
                                    "累计完成"
                                </th>
                                <th scope="col" class="r">
                                    {if printed.as_ref().is_none_or(Columns::is_progress) {
                                        "完成率"
                                    } else {
                                        "与目标差"
                                    }}
                                </th>
                                <th scope="col" class="r">
                                    "同比增长"
                                </th>
                                <th scope="col">"进度"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
        .into_any()
    };
    Ok(Page::new(title, Menu::Units, body))
}
