//! The table of a bulletin: total first, then the document's order, rank as a column; on a phone, one card per row.

use domain::bulletin::columns::Columns;
use domain::bulletin::tables::{Extra, extra_columns};
use domain::bulletin::{AwardColumn, Bulletin, Conventions};
use domain::plan::SplitKind;
use domain::standing::{Lamp, Row};
use leptos::prelude::*;

use super::lamp::LampMark;
use super::links::source_id;
use crate::charts::bullet;

/// A printed figure that opens its source, or a mark.
fn number(text: Option<String>, region: &str, mark: &'static str) -> AnyView {
    match text {
        Some(text) => view! {
            <a class="num" href=format!("#{}", source_id(region))>
                {text}
            </a>
        }
        .into_any(),
        None => view! { <span class="mark">{mark}</span> }.into_any(),
    }
}

fn percent(text: Option<String>) -> Option<String> {
    text.map(|text| format!("{text}%"))
}

pub(crate) fn standings_table(bulletin: &Bulletin) -> AnyView {
    let standings = &bulletin.standings;
    let printed = Columns::of(bulletin);
    let columns = bulletin.award_columns();
    let end = bullet::scale_end(standings);
    let total = &standings.total;
    let region = bulletin.heading.region.clone();
    let total_bar = bullet::of_total(bulletin, end);
    let heads = columns
        .iter()
        .map(|column| {
            view! {
                <th scope="col" class="r award">
                    {column.name}
                    {(!column.unit.is_empty()).then(|| view! { <small>{format!("（{}）", column.unit)}</small> })}
                </th>
            }
        })
        .collect_view();
    let extra = extra_columns(standings);
    let extra_heads = extra
        .iter()
        .map(|column| {
            view! {
                <th scope="col" class="r">
                    {column.head.clone()}
                </th>
            }
        })
        .collect_view();
    let extra_marks = extra
        .iter()
        .map(|_| {
            view! {
                <td class="r extra">
                    <span class="mark">"—"</span>
                </td>
            }
        })
        .collect_view();
    let rank_head = format!("{}位次", standings.ranked_by().name());
    let total_marks = columns
        .iter()
        .map(|_| {
            view! {
                <td class="r award">
                    <span class="mark">"—"</span>
                </td>
            }
        })
        .collect_view();
    let rows =
        standings.rows.iter().map(|row| unit_row(bulletin, row, (&extra, &columns), &printed, end)).collect_view();
    let class = if extra.len() > 1 { "standings many" } else { "standings" };
    view! {
        <table class=class>
            <thead>
                <tr>
                    <th scope="col" class="r">
                        {rank_head}
                    </th>
                    <th scope="col">{bulletin.heading.unit_noun.clone()}</th>
                    <th scope="col" class="r">
                        "年度目标"
                    </th>
                    <th scope="col" class="r">
                        "累计完成"
                    </th>
                    <th scope="col" class="r">
                        "完成率"
                    </th>
                    <th scope="col" class="bar-head">
                        "完成率与序时进度"
                    </th>
                    <th scope="col" class="r">
                        "与序时差"
                    </th>
                    <th scope="col" class="r">
                        "同比增长"
                    </th>
                    <th scope="col">"进度"</th>
                    {extra_heads}
                    {heads}
                </tr>
            </thead>
            <tbody>
                <tr class="total">
                    <td class="r rank">
                        <span class="mark">"—"</span>
                    </td>
                    <th scope="row" class="name">
                        {bulletin.heading.whole.clone()}
                    </th>
                    <td class="r target">{number(total.target.map(|amount| printed.target(amount)), &region, "/")}</td>
                    <td class="r value">
                        {number(total.value.map(|amount| printed.value(amount)), &region, "未报")}
                    </td>
                    <td class="r completion">{number(percent(printed.total_completion()), &region, "—")}</td>
                    <td class="bar">{total_bar.map(|svg| view! { <div inner_html=svg /> })}</td>
                    <td class="r gap">{number(printed.total_gap(), &region, "—")}</td>
                    <td class="r growth">{number(percent(printed.total_growth()), &region, "—")}</td>
                    <td class="lamp-cell">
                        <span class="mark">"—"</span>
                    </td>
                    {extra_marks}
                    {total_marks}
                </tr>
                {rows}
            </tbody>
        </table>
    }
    .into_any()
}

fn unit_row(
    bulletin: &Bulletin,
    row: &Row,
    (extra, columns): (&[Extra], &[AwardColumn]),
    printed: &Columns<'_>,
    end: f64,
) -> AnyView {
    let standings = &bulletin.standings;
    let nested = row.within.is_some();
    let class = if nested {
        "nested"
    } else if row.kind == SplitKind::Department {
        "department"
    } else {
        "unit"
    };
    let name = if nested { format!("其中：{}", row.name) } else { row.name.clone() };
    let missing = if row.lamp == Lamp::Missing { "未报" } else { "—" };
    let no_target = if row.no_target { "/" } else { "—" };
    let bar = match bullet::of_row(row, bulletin.near, end) {
        Some(svg) => view! { <div inner_html=svg /> }.into_any(),
        None if row.target.is_none() => view! { <span class="mark">"无目标"</span> }.into_any(),
        None if row.lamp == Lamp::Missing || bulletin.conventions == Conventions::First => {
            view! { <span class="mark">"未报"</span> }.into_any()
        }
        None => view! { <span class="mark">"—"</span> }.into_any(),
    };
    let rank = bulletin.place(row).map_or("—".to_owned(), |rank| rank.to_string());
    let movement = bulletin.movement(&row.region).filter(|places| *places != 0).map(|places| {
        let (word, mark) = if places > 0 { ("升", "↑") } else { ("降", "↓") };
        let text = format!("{mark}{}", places.abs());
        view! {
            <small class="move" title=format!("比上期{word}{}位", places.abs())>
                {text}
            </small>
        }
    });
    let awards = columns.iter().map(|column| {
        let text = column.text(&row.region);
        let link = crate::parts::links::assess_unit(&standings.plan, &row.region, standings.period);
        let class = if text == "—" { "r award none" } else { "r award" };
        let cell = if text == "—" {
            view! { <span class="mark">"—"</span> }.into_any()
        } else {
            view! { <a href=link>{text}</a> }.into_any()
        };
        view! {
            <td class=class data-name=column.name>
                {cell}
            </td>
        }
    });
    let awards = awards.collect_view();
    let extra = extra
        .iter()
        .map(|column| {
            view! {
                <td class="r extra" data-name=column.head.clone()>
                    {(column.of)(row).unwrap_or_else(|| "—".to_owned())}
                </td>
            }
        })
        .collect_view();
    let unit_link = crate::parts::links::unit(&standings.plan, &row.region);
    view! {
        <tr class=class>
            <td class="r rank">{rank}{movement}</td>
            <th scope="row" class="name">
                <a href=unit_link>{name}</a>
            </th>
            <td class="r target">{number(row.target.map(|amount| printed.target(amount)), &row.region, no_target)}</td>
            <td class="r value">{number(row.value.map(|amount| printed.value(amount)), &row.region, missing)}</td>
            <td class="r completion">{number(percent(printed.completion(row)), &row.region, "—")}</td>
            <td class="bar">{bar}</td>
            <td class="r gap">{number(printed.gap(row), &row.region, "—")}</td>
            <td class="r growth">{number(percent(printed.growth(row)), &row.region, "—")}</td>
            <td class="lamp-cell">
                <LampMark lamp=row.lamp word=standings.lamp_word(row) />
            </td>
            {extra}
            {awards}
        </tr>
    }
    .into_any()
}
