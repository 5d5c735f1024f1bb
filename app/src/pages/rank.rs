//! `/rank/{plan}/{period}?by=growth&goal=investment`: the ranking explorer, best first.

use domain::assessment::{RankBy, Rules};
use domain::bulletin::columns::{Column, Columns};
use domain::bulletin::tables::extra_columns;
use domain::month::Period;
use domain::plan::{Goal, Plan};
use domain::standing::{Computation, Move, Row, Standings, moves};
use leptos::prelude::*;

use super::{param, period_switcher, query, require_known};
use crate::backend::backend;
use crate::load::{facts, period_of};
use crate::parts::lamp::LampMark;
use crate::parts::standings_table::extra_heads;
use crate::parts::{Menu, Page, PageError, links, page, score_table};
use office::ranking::{NoRanking, asked, choices};

#[component]
pub(crate) fn Rank() -> impl IntoView {
    let (plan, period, by, goal) = (param("plan"), param("period"), query("by"), query("goal"));
    page(async move { load(&plan, &period, by.as_deref(), goal.as_deref()).await })
}

async fn load(plan: &str, period: &str, by: Option<&str>, goal: Option<&str>) -> Result<Page, PageError> {
    let facts = facts(&backend(), plan).await?;
    let plan = &facts.version.plan;
    let period = period_of(plan, period)?;
    let (goal, rank_by) = asked(plan, goal, by).map_err(|wrong| {
        let (sentence, link) = match wrong {
            NoRanking::Goal => {
                let id = domain::month::shorten(goal.unwrap_or_default());
                (format!("计划里没有分解到单位的目标“{id}”。"), "按默认目标排名")
            }
            NoRanking::By => {
                let word = domain::month::shorten(by.unwrap_or_default());
                (format!("排名依据不能写“{word}”，请用 growth、completion 或 value。"), "按默认依据排名")
            }
        };
        PageError::bad_request(sentence).with_link(link, links::rank(&plan.id, period))
    })?;
    require_known(&facts, &goal.id, period)?;
    let own = plan.rules(&goal.id);
    let (computation, rules) = (Computation::of(plan, goal, &facts.figures), Rules { rank_by, ..own });
    let standings = computation.at(period, rules);
    let periods: Vec<Period> =
        facts.figures.periods(&goal.id).into_iter().filter(|at| at.year == period.year).collect();
    let before = periods.iter().rev().find(|at| **at < period).map(|at| computation.at(*at, rules));
    let plans = backend().plans().await?;
    let others = plans.iter().map(|version| &*version.plan);
    let with_years = domain::years::goal_before(others, plan, goal, period.year).map(|_| {
        let address = format!("{}/years?goal={}", links::rank(&plan.id, period), goal.id);
        view! { <a href=address>"与上年同期比较"</a> }
    });
    let title = format!("{}{}{}排名", period.title(), goal.name, rank_by.name());
    let plan_id = plan.id.clone();
    let address = |at: Period| format!("/rank/{plan_id}/{at}?by={}&goal={}", rank_by.word(), goal.id);
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                {format!("{}　{}　{}", plan.region.name, standings.rules.ties.name(), standings.rules.compare.name())}
            </p>
            <div class="toolbar">
                {period_switcher(&periods, period, address)} <span class="tools">
                    {with_years}
                    <a href=format!("/export/rank/{}.{period}.{}.{}.csv", plan.id, goal.id, rank_by.word())>"CSV"</a>
                    <a href=format!("/export/rank/{}.{period}.{}.{}.json", plan.id, goal.id, rank_by.word())>"JSON"</a>
                </span>
            </div>
            {chooser(plan, goal, period, rank_by)}
            {standings
                .mostly_awaited()
                .map(|awaited| {
                    let noun = plan.unit_noun(goal);
                    view! {
                        <p class="notice act">
                            {format!("{}，以下只是已报单位的排列。", awaited.sentence(&noun))}
                        </p>
                    }
                })}
            {table(&standings, before.as_ref(), plan)}
            {score_table(&standings)}
            {unranked(&standings, &plan.unit_noun(goal))}
        </section>
    };
    Ok(Page::new(title, Menu::Rank, body))
}

/// A plain GET form: what to rank by, and for which goal.
fn chooser(plan: &Plan, goal: &Goal, period: Period, rank_by: RankBy) -> AnyView {
    let goals = plan.goals.iter().filter(|goal| !goal.splits.is_empty());
    let options = goals
        .map(|choice| {
            view! {
                <option value=choice.id.clone() selected=choice.id == goal.id>
                    {choice.name.clone()}
                </option>
            }
        })
        .collect_view();
    let bys = choices(plan, goal).into_iter().map(|choice| {
        view! {
            <option value=choice.word() selected=choice == rank_by>
                {choice.name()}
            </option>
        }
    });
    view! {
        <form class="chooser" method="get" action=links::rank(&plan.id, period)>
            <label>"目标 "<select name="goal">{options}</select></label>
            <label>"排名依据 "<select name="by">{bys.collect_view()}</select></label>
            <button type="submit">"排名"</button>
        </form>
    }
    .into_any()
}

fn table(standings: &Standings, before: Option<&Standings>, plan: &Plan) -> AnyView {
    let ranked = standings.ranked();
    if ranked.is_empty() {
        return view! { <p class="notice">"这一期还没有可以排名的单位，可能尚未报送。"</p> }.into_any();
    }
    let printed = Columns::fitting(standings, plan.near);
    let figures = match printed.is_progress() {
        true => vec![Column::Growth, Column::Completion, Column::Value, Column::Gap],
        false => printed.shown(),
    };
    let moved = before.map(|before| moves(before, standings)).unwrap_or_default();
    let extra = extra_columns(standings);
    let extra_heads = extra_heads(&extra);
    let rows = ranked.iter().map(|row| {
        let moved = match moved.iter().find(|each| each.region == row.region).map(Move::places) {
            None => "—".to_owned(),
            Some(0) => "持平".to_owned(),
            Some(places) if places > 0 => format!("↑ 升{places}位"),
            Some(places) => format!("↓ 降{}位", -places),
        };
        let cell = |column: &Column| {
            let text = printed.cell(*column, row).unwrap_or_else(|| "—".to_owned());
            view! {
                <td class="r" data-name=printed.head(*column)>
                    {text}
                </td>
            }
        };
        let cells = figures.iter().map(cell).collect_view();
        let or = |text: Option<String>| text.unwrap_or_else(|| "—".to_owned());
        let more = extra.iter().map(|column| {
            view! {
                <td class="r" data-name=column.head.clone()>
                    {or((column.of)(row))}
                </td>
            }
        });
        let more = more.collect_view();
        view! {
            <tr>
                <td class="r rank" data-name="位次">
                    {row.rank.map(|rank| rank.to_string())}
                </td>
                <th scope="row">
                    <a href=links::unit(&standings.plan, &row.region)>{row.name.clone()}</a>
                </th>
                {cells}
                {more}
                <td data-name="进度">
                    <LampMark lamp=standings.shown_lamp(row) word=standings.shown_word(row) />
                </td>
                <td data-name="比上期">{moved}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let head = |column: &Column| {
        view! {
            <th scope="col" class="r">
                {printed.head(*column)}
            </th>
        }
    };
    let figure_heads = figures.iter().map(head).collect_view();
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="表格">
            <table class="data ranking stack">
                <thead>
                    <tr>
                        <th scope="col" class="r">
                            "位次"
                        </th>
                        <th scope="col">"单位"</th>
                        {figure_heads}
                        {extra_heads}
                        <th scope="col">"进度"</th>
                        <th scope="col">"比上期"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn unranked(standings: &Standings, noun: &str) -> Option<AnyView> {
    let rows: Vec<&Row> = standings.rows.iter().filter(|row| row.unranked.is_some()).collect();
    if rows.is_empty() {
        return None;
    }
    // Who stands aside for the same reason stands on one line.
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for row in rows {
        let why = row.unranked.map(|unranked| unranked.sentence(noun)).unwrap_or_default();
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, names)) => names.push(&row.name),
            None => reasons.push((why, vec![&row.name])),
        }
    }
    let items = reasons.into_iter().map(|(why, names)| view! { <li>{format!("{}：{why}。", names.join("、"))}</li> });
    Some(
        view! {
            <h2>"不参加排名的单位"</h2>
            <ul class="plain">{items.collect_view()}</ul>
        }
        .into_any(),
    )
}
