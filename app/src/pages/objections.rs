//! `/assess/{plan}/objections`: a unit objects to a figure or an award; the office answers. Open ones block the
//! closing.

use domain::evidence::Subject;
use domain::plan::Plan;
use domain::rights::{Action, Object};
use domain::workflow::State;
use domain::year_end::ObjectionOutcome;
use leptos::prelude::*;

use super::evidence::Files;
use super::param;
use crate::backend::backend;
use crate::load::facts;
use crate::parts::{Menu, Page, PageError, alert, area, page};
use domain::calendar::moment;
use office::commands::objection::field;
use office::facts::ObjectionRecord;
use office::objections::{Term, open_terms};
use office::posted::Posted;

#[component]
pub(crate) fn Objections() -> impl IntoView {
    let plan = param("plan");
    page(async move { load(&plan).await })
}

async fn load(plan: &str) -> Result<Page, PageError> {
    let backend = backend();
    let facts = facts(&backend, plan).await?;
    let plan = &facts.version.plan;
    let days = plan
        .assessments
        .first()
        .ok_or_else(|| PageError::not_found("这个计划没有考核，也就没有异议。"))?
        .objection_days;
    let unit = backend.viewer().and_then(|viewer| viewer.post.as_ref()).and_then(|post| post.domain.unit.clone());
    let own = Object::of_unit(plan.region.id(), unit.as_deref().unwrap_or_default(), State::Approved);
    let may = |action: Action| backend.viewer().is_some_and(|viewer| viewer.may(action, own).is_ok());
    let mut year_ends = Vec::new();
    for goal in plan.assessments.iter().map(|assessment| &assessment.goal) {
        for year in plan.years.0..=plan.years.1 {
            year_ends.push((goal.clone(), year, backend.year_end(plan, goal, year).await?));
        }
    }
    let editions = backend.editions().await?;
    let terms = open_terms(plan, &editions, &year_ends, backend.now());
    let posted = use_context::<Posted>().unwrap_or_default();
    let error = posted.error.clone().map(alert);
    let records: Vec<&ObjectionRecord> = year_ends.iter().flat_map(|(.., year_end)| &year_end.objections).collect();
    let answering = may(Action::AnswerObjection);
    let files = if records.is_empty() { Vec::new() } else { backend.evidence(plan, None).await? };
    let mut items = Vec::new();
    for record in records.iter().rev() {
        let own = unit.as_deref() == Some(record.unit.as_str()) && may(Action::Object);
        let subject = Subject::Objection { year: record.period.year, number: record.number };
        let takes = match record.answer {
            None => backend.takes_evidence(plan, &subject, &record.unit).await?,
            Some(_) => None,
        };
        let files = Files::of(plan, &subject, &record.unit, &files, takes).shown();
        items.push(shown(plan, record, answering, own, &posted, files));
    }
    let none = records.is_empty().then(|| view! { <p class="lead">"现在没有异议。"</p> });
    let form = may(Action::Object).then(|| object_form(plan, &terms, days, &posted));
    let title = "异议和答复".to_owned();
    let body = view! {
        <section class="text-page">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{plan.title.clone()}</p>
            {error}
            {form}
            {none}
            {items}
            <p class="after">
                <a href=format!("/assess/{}", plan.id)>"考核"</a>
            </p>
        </section>
    };
    Ok(Page::new(title, Menu::Assess, body))
}

fn shown(
    plan: &Plan,
    record: &ObjectionRecord,
    answering: bool,
    own: bool,
    posted: &Posted,
    files: AnyView,
) -> AnyView {
    let name = domain::entry::units(plan)
        .into_iter()
        .find(|(id, _)| *id == record.unit)
        .map_or(record.unit.clone(), |(_, name)| name);
    let goal = plan
        .goal(&record.goal)
        .filter(|_| plan.assessments.len() > 1)
        .map(|goal| goal.name.clone())
        .unwrap_or_default();
    let heading =
        format!("第{}号：{name}对{}{goal}{}的异议", record.number, record.period.label(), record.about.name());
    let at = format!("/assess/{}/objections/answer", plan.id);
    let hidden = || {
        view! {
            <input type="hidden" name=field::YEAR value=record.period.year.to_string() />
            <input type="hidden" name=field::NUMBER value=record.number.to_string() />
        }
    };
    let mine = posted.text(field::NUMBER) == record.number.to_string();
    let answer = match &record.answer {
        Some(answer) => view! {
            <p class="free">
                <b>{answer.outcome.name()}</b>
                {format!("：{}（{}　{}）", answer.text, answer.actor, moment(answer.at))}
            </p>
        }
        .into_any(),
        None if answering => {
            let pick = |outcome: ObjectionOutcome| {
                let chosen = mine && posted.text(field::OUTCOME) == outcome.id();
                view! {
                    <label class="pick">
                        <input type="radio" name=field::OUTCOME value=outcome.id() checked=chosen />
                        {outcome.name()}
                    </label>
                }
            };
            let typed = if mine { posted.text(field::ANSWER).to_owned() } else { String::new() };
            view! {
                <form method="post" action=at class="stacked">
                    {hidden()}
                    <fieldset>
                        <legend>"答复"</legend>
                        {pick(ObjectionOutcome::Upheld)}
                        {pick(ObjectionOutcome::Rejected)}
                    </fieldset>
                    <label>"理由（必填）"<textarea name=field::ANSWER rows="2" inner_html=area(&typed) /></label>
                    <button type="submit">"答复异议"</button>
                </form>
            }
            .into_any()
        }
        None if own => view! {
            <form method="post" action=at class="step">
                {hidden()}
                <input type="hidden" name=field::OUTCOME value=ObjectionOutcome::Withdrawn.id() />
                <input type="hidden" name=field::ANSWER value="单位撤回异议" />
                <span class="subtitle">"等待办公室答复"</span>
                <button type="submit" class="second">
                    "撤回异议"
                </button>
            </form>
        }
        .into_any(),
        None => view! { <p class="subtitle">"等待办公室答复"</p> }.into_any(),
    };
    view! {
        <article class=if record.answer.is_none() { "task act" } else { "task" }>
            <h2>{heading}</h2>
            <p class="free">{record.reason.clone()}</p>
            <p class="subtitle">{format!("{}　{}", record.actor, moment(record.at))}</p>
            {files}
            {answer}
        </article>
    }
    .into_any()
}

fn object_form(plan: &Plan, terms: &[Term], days: u32, posted: &Posted) -> AnyView {
    if terms.is_empty() {
        return view! {
            <p class="notice">
                {format!(
                    "现在不能提出异议：对数据的异议要在通报发布之后{days}天内提出，对加减分的异议要在结果公示之后{days}天内提出。",
                )}
            </p>
        }
            .into_any();
    }
    let several = plan.assessments.len() > 1;
    let options = terms.iter().map(|term| {
        let day = domain::calendar::at_shanghai(term.until - 1).format("%-m月%-d日");
        let goal = plan.goal(&term.goal).filter(|_| several).map(|goal| goal.name.clone()).unwrap_or_default();
        let text = format!("{}{goal}的{}（{day}24:00前）", term.period.label(), term.about.name());
        let chosen = posted.text(field::WHAT) == term.id();
        view! {
            <option value=term.id() selected=chosen>
                {text}
            </option>
        }
    });
    let options = options.collect_view();
    view! {
        <h2>"提出异议"</h2>
        <form method="post" action=format!("/assess/{}/objections", plan.id) class="stacked">
            <label for="what">"对什么有异议"</label>
            <select id="what" name=field::WHAT>
                {options}
            </select>
            <label for="reason">"理由：哪个数、应为多少、依据是什么（必填）"</label>
            <textarea id="reason" name=field::REASON rows="3" inner_html=area(posted.text(field::REASON)) />
            <button type="submit">"提出异议"</button>
        </form>
    }
    .into_any()
}
