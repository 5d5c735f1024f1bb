//! `/review/{plan}/{period}/texts`: what the units wrote, read by task.

use domain::entry::{Topic, text_boxes};
use domain::plan::{Goal, Plan, Round};
use leptos::prelude::*;
use office::entry_form::Form;

use super::report::head::beside;
use super::{param, review};
use crate::backend::backend;
use crate::load;
use crate::parts::{Menu, Page, PageError, links, page};

#[component]
pub(crate) fn ReviewTexts() -> impl IntoView {
    let (plan, period) = (param("plan"), param("period"));
    page(async move { read(&plan, &period).await })
}

/// What one unit handed in.
struct OfUnit {
    id: String,
    name: String,
    form: Form,
}

async fn read(plan: &str, round: &str) -> Result<Page, PageError> {
    let (version, round) = review::scope(plan, round).await?;
    let plan = &version.plan;
    let (mut units, mut waited) = (Vec::new(), Vec::new());
    for unit in backend().unit_states(plan, &round).await? {
        if text_boxes(plan, &unit.unit, &round).is_empty() {
            continue;
        }
        // What is not handed in is the unit's own.
        match load::report(&plan.id, &round.to_string(), &unit.unit).await {
            Ok(report) if report.submission().is_some() => {
                units.push(OfUnit { form: Form::handed_in(&report), id: unit.unit, name: unit.name });
            }
            _ => waited.push(unit.name),
        }
    }
    let goals = std::iter::once(None).chain(plan.goals.iter().map(Some));
    let blocks: Vec<AnyView> = goals.filter_map(|goal| block(plan, &round, goal, &units)).collect();
    let nothing = blocks.is_empty().then(|| view! { <p class="notice">"还没有单位提交文字。"</p> });
    let waited = (!waited.is_empty()).then(|| {
        let sentence = format!("还没有提交的{}个单位：{}。", waited.len(), waited.join("、"));
        view! { <p class="notes">{sentence}</p> }
    });
    let title = format!("{}文字材料", plan.round_label(&round));
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{format!("{}　按任务阅读各单位已提交的文字", plan.title)}</p>
            {beside(plan, &round, None, |other| format!("{}/texts", links::review(&plan.id, other)))}
            {nothing}
            {blocks}
            {waited}
            <p class="after">
                <a href=links::review(&plan.id, &round)>"全部单位的报送情况"</a>
            </p>
        </section>
    };
    Ok(Page::new(title, Menu::Review, body))
}

/// What is written of one goal, or of the returns as a whole; `None` where nobody wrote anything.
fn block(plan: &Plan, round: &Round, goal: Option<&Goal>, units: &[OfUnit]) -> Option<AnyView> {
    let of = goal.map(|goal| goal.id.as_str());
    let topics = Topic::ALL.into_iter().filter_map(|topic| {
        let lines: Vec<_> = units
            .iter()
            .filter_map(|unit| {
                let own = unit.form.texts.iter().find(|(text, _)| text.goal.as_deref() == of && text.topic == topic);
                let text = own.map(|(_, text)| text.trim().to_owned()).filter(|text| !text.is_empty())?;
                Some(view! {
                    <div>
                        <dt>
                            <a href=links::review_unit(&plan.id, round, &unit.id)>{unit.name.clone()}</a>
                        </dt>
                        <dd class="free">{text}</dd>
                    </div>
                })
            })
            .collect();
        (!lines.is_empty()).then(|| {
            view! {
                <h3>{topic.name()}</h3>
                <dl class="trace facts texts-read">{lines}</dl>
            }
        })
    });
    let topics: Vec<_> = topics.collect();
    (!topics.is_empty()).then(|| {
        let heading = goal.map_or_else(|| "总的情况".to_owned(), |goal| goal.name.clone());
        let section = goal.and_then(|goal| goal.meaning.section.clone());
        view! {
            <h2>{heading}</h2>
            {section.map(|section| view! { <p class="subtitle">{section}</p> })}
            {topics}
        }
        .into_any()
    })
}
