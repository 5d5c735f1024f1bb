//! `/assess/{plan}/readings?goal=`: how the office reads a rule that its text leaves open: who chose, when, why.

use domain::assessment::{Compare, CompletedWhen, Reading, Rules, Ties};
use domain::calendar::at_shanghai;
use domain::plan::{Assessment, Plan};
use domain::rights::{Action, Object};
use leptos::prelude::*;

use super::{param, query};
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, area, data_table, page};
use office::commands::choose_reading::field;
use office::facts::{Decision, ReadingChoice};
use office::posted::Posted;
use office::readings::year_is_over;

#[component]
pub(crate) fn Readings() -> impl IntoView {
    let (plan, goal) = (param("plan"), query("goal"));
    page(async move { load(&plan, goal.as_deref()).await })
}

/// The address of this page.
pub fn address(plan: &str, goal: &str) -> String {
    format!("/assess/{plan}/readings?goal={goal}")
}

async fn load(plan: &str, goal: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let version = backend.plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let plan = &version.plan;
    let posted = use_context::<Posted>().unwrap_or_default();
    let goal = goal.or(posted.get(field::GOAL));
    let found = goal.map_or(plan.assessments.first(), |goal| plan.assessment(goal));
    let assessment = found.ok_or_else(|| PageError::not_found("这个计划没有要确定读法的考核条款。"))?;
    let choices: Vec<ReadingChoice> =
        backend.readings(&plan.id).await?.into_iter().filter(|choice| choice.goal == assessment.goal).collect();
    let may = backend
        .viewer()
        .is_some_and(|viewer| viewer.may(Action::ChooseReading, Object::office(plan.region.id())).is_ok());
    let name = plan.goal(&assessment.goal).map(|goal| goal.name.clone()).unwrap_or_default();
    let title = format!("{name}考核条款的读法");
    let error = posted.error.clone().map(alert);
    let quote = assessment.quote.clone().map(|quote| view! { <blockquote>{quote}</blockquote> });
    let over = year_is_over(plan, backend.now());
    let open = choices.last().filter(|choice| choice.step == Decision::Proposed);
    let form = match (may, open) {
        (false, _) => ().into_any(),
        (true, Some(open)) => second_person(plan, assessment, open),
        (true, None) => choose_form(plan, assessment, choices.last().map_or(0, |choice| choice.version), over, &posted),
    };
    let body = view! {
        <section class="text-page">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{format!("{} {}", plan.citation(), assessment.clause.clone().unwrap_or_default())}</p>
            {quote}
            {error}
            <h2>"现行读法"</h2>
            {described(assessment, &assessment.rules)}
            <p>
                <a href=format!("/assess/{}", plan.id)>"每一种读法的结果，见考核页"</a>
            </p>
            {form}
            {history(&choices)}
        </section>
    };
    Ok(Page::new(title, Menu::Assess, body))
}

fn described(assessment: &Assessment, rules: &Rules) -> AnyView {
    view! {
        <dl class="trace facts">
            <div>
                <dt>"先后"</dt>
                <dd>{rules.reading.name()}"："{assessment.explanation(rules.reading)}</dd>
            </div>
            <div>
                <dt>"何为完成"</dt>
                <dd>{rules.completed_when.name()}</dd>
            </div>
            <div>
                <dt>"并列"</dt>
                <dd>{rules.ties.name()}</dd>
            </div>
            <div>
                <dt>"取整"</dt>
                <dd>{rules.compare.name()}</dd>
            </div>
        </dl>
    }
    .into_any()
}

/// The rounding that the form offers.
const COMPARES: [Compare; 4] = [Compare::Exact, Compare::Digits(2), Compare::Digits(1), Compare::Digits(0)];

fn choose_form(plan: &Plan, assessment: &Assessment, seen: i64, over: bool, posted: &Posted) -> AnyView {
    let rules = assessment.rules;
    let pick = |name: &'static str, word: String, now: String, text: String| {
        let chosen = posted.get(name).map_or(word == now, |sent| sent == word);
        view! {
            <label class="pick">
                <input type="radio" name=name value=word checked=chosen />
                {text}
            </label>
        }
    };
    let readings = Reading::WORDS.map(|(word, reading)| {
        let text = format!("{}：{}", reading.name(), assessment.explanation(reading));
        pick(field::READING, word.to_owned(), rules.reading.word().to_owned(), text)
    });
    let completed = CompletedWhen::WORDS.map(|(word, when)| {
        pick(field::COMPLETED_WHEN, word.to_owned(), rules.completed_when.word().to_owned(), when.name().to_owned())
    });
    let ties = Ties::WORDS
        .map(|(word, ties)| pick(field::TIES, word.to_owned(), rules.ties.word().to_owned(), ties.name().to_owned()));
    let mut offered: Vec<Compare> = COMPARES.to_vec();
    if !offered.contains(&rules.compare) {
        offered.push(rules.compare);
    }
    let compares: Vec<_> = offered
        .into_iter()
        .map(|compare| pick(field::COMPARE, compare.to_string(), rules.compare.to_string(), compare.name()))
        .collect();
    let (warning, button) = match over {
        true => ("年度已经结束：改动先提出，由办公室另一人确认之后才生效。", "提出改动"),
        false => (
            "年度还没有结束：改动立即生效，各期的位次、预计加减分随之重算；已发布的通报不变，仍按发布时的读法。",
            "确定读法",
        ),
    };
    let tick = (!over).then(|| {
        view! {
            <label class="pick">
                <input type="checkbox" name=field::WARNED value="on" />
                "我知道这会改变各期的预计结果"
            </label>
        }
    });
    view! {
        <h2>"确定读法"</h2>
        <p class="notice act">{warning}</p>
        <form method="post" action=format!("/assess/{}/readings", plan.id) class="stacked readings-form">
            <input type="hidden" name=field::GOAL value=assessment.goal.clone() />
            <input type="hidden" name=field::SEEN value=seen.to_string() />
            <fieldset>
                <legend>"先后"</legend>
                {readings.into_iter().collect_view()}
            </fieldset>
            <fieldset>
                <legend>"何为完成"</legend>
                {completed.into_iter().collect_view()}
            </fieldset>
            <fieldset>
                <legend>"并列"</legend>
                {ties.into_iter().collect_view()}
            </fieldset>
            <fieldset>
                <legend>"取整"</legend>
                {compares}
            </fieldset>
            <label for="reason">"理由和依据（必填，会公开在考核页）"</label>
            <textarea id="reason" name=field::REASON rows="2" inner_html=area(posted.text(field::REASON)) />
            {tick}
            <button type="submit">{button}</button>
        </form>
    }
    .into_any()
}

fn second_person(plan: &Plan, assessment: &Assessment, open: &ReadingChoice) -> AnyView {
    let own = backend().viewer().is_some_and(|viewer| viewer.account.id == open.account);
    let button = |decision: Decision, text: &'static str, class: &'static str| {
        view! {
            <form method="post" action=format!("/assess/{}/readings", plan.id) class="step">
                <input type="hidden" name=field::GOAL value=open.goal.clone() />
                <input type="hidden" name=field::SEEN value=open.version.to_string() />
                <input type="hidden" name=field::DECISION value=decision.id() />
                <button type="submit" class=class>
                    {text}
                </button>
            </form>
        }
    };
    let confirm = (!own).then(|| button(Decision::Confirmed, "确认改动", ""));
    let waiting = own.then(|| view! { <p class="subtitle">"您提出的改动，要由另一个人确认。"</p> });
    view! {
        <h2>"待确认的改动"</h2>
        <div class="notice act">
            <p>{format!("{}　{}提出：{}", open.actor, domain::calendar::moment(open.at), open.reason)}</p>
            {described(assessment, &open.rules)}
        </div>
        {waiting}
        <div class="steps">{confirm}{button(Decision::Dropped, "取消改动", "second")}</div>
    }
    .into_any()
}

fn history(choices: &[ReadingChoice]) -> AnyView {
    if choices.is_empty() {
        return view! { <p class="subtitle">"还没有书面确定过读法，现行读法来自计划文件。"</p> }.into_any();
    }
    let rows = choices.iter().rev().map(|choice| {
        let what = match choice.step {
            Decision::Chosen => "确定",
            Decision::Proposed => "提出",
            Decision::Confirmed => "确认",
            Decision::Dropped => "取消",
        };
        let rules = &choice.rules;
        let said = [
            rules.reading.name().to_owned(),
            rules.completed_when.name().to_owned(),
            rules.ties.name().to_owned(),
            rules.compare.name(),
        ];
        let when = at_shanghai(choice.at).format("%Y-%m-%d %H:%M").to_string();
        view! {
            <tr>
                <td class="nowrap">{when}</td>
                <td>{choice.actor.clone()}</td>
                <td>{what}</td>
                <td>{said.join("；")}</td>
                <td class="free">{choice.reason.clone()}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <h2>"历次确定"</h2>
        {data_table(
            "表格",
            "data",
            &[("时间", false), ("经手人", false), ("什么", false), ("读法", false), ("理由", false)],
            rows,
        )}
    }
    .into_any()
}
