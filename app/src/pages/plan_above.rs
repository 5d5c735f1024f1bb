//! On a plan's page: what plans above ask of it, and which plans below carry out its rows, with what they published.

use std::sync::Arc;

use domain::overview::Quantity;
use domain::plan::Plan;
use domain::plan::above::{Carried, carried, names};
use leptos::prelude::*;
use office::facts::{Edition, PlanVersion, Unavailable};

use crate::backend::backend;
use crate::parts::links;

/// Both sides; nothing where a plan stands alone.
pub(super) async fn section(plan: &Plan) -> Result<AnyView, Unavailable> {
    let asks = plan.goals.iter().any(|goal| goal.meaning.parent.is_some());
    let plans = backend().plans().await?;
    let others = || plans.iter().map(|version| &*version.plan).filter(|other| other.id != plan.id);
    let below: Vec<&Plan> = others().filter(|other| other.goals.iter().any(|goal| names(goal, plan))).collect();
    if !asks && below.is_empty() {
        return Ok(().into_any());
    }
    let mut published = Vec::new();
    for other in &below {
        published.push(newest(other).await?);
    }
    let of_below = below.iter().zip(&published).flat_map(|(other, newest)| of_lower(plan, other, newest.as_deref()));
    let of_below: Vec<AnyView> = of_below.collect();
    Ok(view! {
        {asks.then(|| of_upper(plan, &plans))}
        {(!of_below.is_empty())
            .then(|| {
                view! {
                    <h2>"下级计划的承担情况"</h2>
                    <p class="subtitle">"下级的数只取它已发布的通报。"</p>
                    <ul class="findings">{of_below}</ul>
                }
            })}
    }
    .into_any())
}

async fn newest(plan: &Plan) -> Result<Option<Arc<Edition>>, Unavailable> {
    match crate::load::newest_edition(Some(&plan.id), None).await? {
        Some(edition) => backend().edition(&plan.id, edition.period, Some(edition.edition)).await,
        None => Ok(None),
    }
}

/// What the plans above ask.
fn of_upper(plan: &Plan, plans: &[PlanVersion]) -> AnyView {
    let lines = plan.goals.iter().filter_map(|goal| Some((goal, goal.meaning.parent.as_ref()?)));
    let lines = lines.flat_map(|(goal, parent)| {
        let above = plans.iter().map(|version| &*version.plan).find(|above| above.id == parent.plan);
        let Some(above) = above else {
            let sentence = format!("{}：本系统里没有上级计划 {}，没有比较。", goal.name, parent.plan);
            return vec![view! { <li>{sentence}</li> }.into_any()];
        };
        let (years, findings) = carried(plan, goal, above);
        let years = years.into_iter().map(|one| {
            let text = format!(
                "{}：{}年上级下达{}{}，本计划{}",
                goal.name,
                one.year,
                one.row.name,
                measured(&one, one.asked),
                measured(&one, one.own)
            );
            let verdict = verdict(&one);
            view! { <li>{text}{verdict}"（"<a href=links::plan(&above.id)>{above.title.clone()}</a>"）"</li> }
                .into_any()
        });
        let findings = findings.into_iter().map(|found| view! { <li>{format!("{}。", found.message)}</li> }.into_any());
        years.chain(findings).collect()
    });
    let lines: Vec<AnyView> = lines.collect();
    view! {
        <h2>"上级下达的任务"</h2>
        <ul class="findings">{lines}</ul>
    }
    .into_any()
}

fn measured(one: &Carried<'_>, amount: Option<domain::money::Amount>) -> String {
    amount.map_or_else(|| "没有写目标".to_owned(), |amount| one.above.measure.with_unit(amount))
}

fn verdict(one: &Carried<'_>) -> String {
    match one.beyond().map(|beyond| beyond.0) {
        None => String::new(),
        Some(0) => "，一致".to_owned(),
        Some(beyond) if beyond > 0 => {
            format!("，高{}", one.above.measure.with_unit(domain::money::Amount(beyond)))
        }
        Some(beyond) => format!("，少{}", one.above.measure.with_unit(domain::money::Amount(-beyond))),
    }
}

/// What a plan below sets itself for its row, and what it published last.
fn of_lower(plan: &Plan, other: &Plan, newest: Option<&Edition>) -> Vec<AnyView> {
    let goals = other.goals.iter().filter(|goal| names(goal, plan));
    goals
        .flat_map(|goal| {
            let (years, findings) = carried(other, goal, plan);
            let told = newest.and_then(|edition| {
                let bulletin = &edition.bulletin;
                let of_all = bulletin.overview.as_ref().and_then(|overview| overview.goal(&goal.id)?.value);
                let value = match of_all {
                    Some(Quantity::Amount(value)) => Some(value),
                    _ => bulletin.standings.total.value.filter(|_| bulletin.standings.goal == goal.id),
                };
                let text = format!("{}已发布{}", bulletin.standings.period.label(), goal.measure.with_unit(value?));
                Some((links::bulletin(&other.id, edition.summary.period), text))
            });
            let told = match told {
                Some((address, text)) => view! { <a href=address>{text}</a> }.into_any(),
                None => "还没有发布".into_any(),
            };
            let mut told = Some(told);
            let years: Vec<AnyView> = years
                .into_iter()
                .map(|one| {
                    let text = format!(
                        "{}：{}年本计划下达{}，它自定{}",
                        one.row.name,
                        one.year,
                        measured(&one, one.asked),
                        measured(&one, one.own)
                    );
                    let verdict = verdict(&one);
                    let told = told.take();
                    view! { <li>{text}{verdict}"（"<a href=links::plan(&other.id)>{other.title.clone()}</a>"）；" {told}</li> }
                    .into_any()
                })
                .collect();
            let findings =
                findings.into_iter().map(|found| view! { <li>{format!("{}。", found.message)}</li> }.into_any());
            years.into_iter().chain(findings).collect::<Vec<_>>()
        })
        .collect()
}
