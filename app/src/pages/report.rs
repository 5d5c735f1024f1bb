//! `/report/{plan}/{period}/{region}`: the entry form, the check page before a submission, the receipt.
//!
//! Complete without script; the island `EntryHelper` works on the same form.

mod check;
mod fields;
mod preview;
mod read;
mod steps;

use domain::rights::{Action, Object, Role};
use domain::workflow::{State, Step};
use leptos::prelude::*;

use check::{check_page, receipt_page};
use fields::{derived, editable, label, shown, table_head};
pub use preview::PastePreview;
pub(crate) use read::read_only;
use read::{figures_table, texts_view};
use steps::new_key;
pub(crate) use steps::steps_forms;

use super::param;
use crate::backend::backend;
use crate::load::{self};
use crate::parts::{Menu, Page, PageError, links, page};
use domain::calendar::moment;
use office::entry_form::{Form, cell_name, due, field_name};
use office::facts::{CellConflict, Report, StepRecord};
use office::posted::Posted;

/// The conflicts of a save, for the page that shows both versions.
#[derive(Debug, Clone)]
pub struct Conflicts(pub Vec<CellConflict>);

/// The step that came in between, for the page that says so.
#[derive(Debug, Clone)]
pub struct MovedBy(pub Option<StepRecord>);

#[component]
pub(crate) fn OwnReport() -> impl IntoView {
    let (plan, period) = (param("plan"), param("period"));
    page(async move {
        let backend = backend();
        let own = backend.viewer().and_then(|viewer| viewer.post.as_ref()).and_then(|post| post.domain.unit.clone());
        match own {
            Some(unit) => form_page(load::report(&plan, &period, &unit).await?),
            // The office has no form of its own: it looks at all of them.
            None => super::review::matrix(&plan, &period).await,
        }
    })
}

#[component]
pub(crate) fn ReportForm() -> impl IntoView {
    let (plan, period, region) = (param("plan"), param("period"), param("region"));
    page(async move { form_page(load::report(&plan, &period, &region).await?) })
}

#[component]
pub(crate) fn CheckReport() -> impl IntoView {
    let (plan, period, region) = (param("plan"), param("period"), param("region"));
    page(async move { check_page(load::report(&plan, &period, &region).await?).await })
}

#[component]
pub(crate) fn Receipt() -> impl IntoView {
    let (plan, period, region) = (param("plan"), param("period"), param("region"));
    page(async move { receipt_page(&load::report(&plan, &period, &region).await?) })
}

/// Whether whoever asks may type into this form now.
fn may_type(report: &Report) -> bool {
    let object = Object::of_unit(report.office(), &report.key.unit, report.state());
    backend().viewer().is_some_and(|viewer| viewer.may(Action::SaveDraft, object).is_ok())
}

fn may_step(report: &Report, step: Step) -> bool {
    let object = Object::of_unit(report.office(), &report.key.unit, report.state());
    backend().viewer().is_some_and(|viewer| viewer.may(step.action(), object).is_ok())
}

fn heading(report: &Report) -> String {
    format!("{}{}报送", report.unit_name, report.key.period.label())
}

fn address(report: &Report) -> String {
    links::report(&report.key.plan, report.key.period, &report.key.unit)
}

/// What stands above the form: state, deadline, who acts next.
fn status(report: &Report) -> AnyView {
    let backend = backend();
    let state = report.state();
    let due = due(&report.version.plan, report.key.period, backend.now(), backend.holidays()).filter(|_| state.is_editable());
    let last = report.steps.last().map(|step| format!("{}　{}", step.actor, moment(step.at)));
    let exception = report.exception.as_ref().filter(|exception| backend.now() < exception.until && state.is_editable()).map(|exception| {
        view! { <span>{format!("准予补报到{}（{}：{}）", moment(exception.until - 1), exception.actor, exception.reason)}</span> }
    });
    let imported = report.imported().then_some("这一期的数由文件导入，已经通过。");
    view! {
        <p class="report-status">
            <b class=format!("state {}", state_class(state))>{state.name()}</b>
            {due.map(|due| view! { <span>{due}</span> })}
            {exception}
            {last.map(|last| view! { <span class="subtitle">{last}</span> })}
            {imported}
        </p>
    }
    .into_any()
}

pub(crate) fn state_class(state: State) -> &'static str {
    match state {
        State::Draft => "draft",
        State::Submitted | State::Signed => "waiting",
        State::SentBack => "back",
        State::Approved => "approved",
        State::CorrectionAsked => "back",
    }
}

/// Why it came back, on top of everything.
pub(crate) fn sent_back(report: &Report) -> Option<AnyView> {
    let asked = |step: &&StepRecord| {
        matches!(step.state, State::SentBack | State::CorrectionAsked) || matches!(step.step, Step::RefuseCorrection | Step::TrueUp)
    };
    let last = report.steps.last().filter(asked)?;
    let what = match last.step {
        Step::AskCorrection => "申请更正",
        Step::AllowCorrection => "同意更正，请修改后重新提交",
        Step::RefuseCorrection => "不同意更正",
        Step::TrueUp => "这一期不改，差额请并入当前一期的累计",
        _ => "已退回",
    };
    let reason = last.reason.clone().unwrap_or_default();
    // What the county asked for, as long as it is not handed in.
    let asked = report.steps.iter().rev().find(|step| step.step == Step::AskCorrection).and_then(|step| step.content.as_ref());
    let asked = asked.filter(|_| !matches!(last.step, Step::SendBackToReporter | Step::SendBackToCounty));
    let asked = asked.map(|content| differences(report, report.key.period, content)).filter(|said| !said.is_empty());
    let asked = asked.map(|said| view! { <p>{format!("申请改为：{}。", said.join("；"))}</p> });
    Some(
        view! {
            <div class="notice act" role="note">
                <p><b>{format!("{what}：{}　{}", last.actor, moment(last.at))}</b></p>
                <p class="free">{reason}</p>
                {asked}
            </div>
        }
        .into_any(),
    )
}

fn form_page(report: Report) -> Result<Page, PageError> {
    let typing = may_type(&report);
    let posted = use_context::<Posted>();
    let form = if typing { Form::new(&report, posted.as_ref()) } else { form_of_reader(&report) };
    let body = view! {
        <section class="text-page wide report">
            <h1>{heading(&report)}</h1>
            {status(&report)}
            {sent_back(&report)}
            {true_ups(&report)}
            {moved()}
            {(!typing).then(|| unsaved(&report, posted.as_ref()))}
            {if typing { editable(&report, &form, posted.as_ref()) } else { read_only(&report, &form) }}
        </section>
    };
    Ok(Page::new(heading(&report), Menu::Todo, body))
}

/// `工业技改投资报的是100亿元，应为101亿元`: a request beside the figures in force.
fn differences(report: &Report, period: domain::month::Period, content: &domain::entry::Content) -> Vec<String> {
    let mut said = Vec::new();
    for row in &content.rows {
        let Some(goal) = report.version.plan.goal(&row.goal) else { continue };
        let before = report.figures.get(&row.goal, period, &row.region).cloned().unwrap_or_default();
        let name = goal.split(&row.region).filter(|split| split.within.is_some()).map(|split| split.name.clone()).unwrap_or_default();
        let unit = &goal.measure.unit;
        let amount = |amount: Option<domain::money::Amount>| {
            amount.map_or("—".to_owned(), |amount| format!("{}{unit}", goal.measure.plain(amount)))
        };
        if before.value != row.value {
            said.push(format!("{name}{}报的是{}，应为{}", goal.name, amount(before.value), amount(row.value)));
        }
        if before.base != row.base {
            said.push(format!("{name}去年同期报的是{}，应为{}", amount(before.base), amount(row.base)));
        }
    }
    said
}

/// What this period makes up for.
fn true_ups(report: &Report) -> Option<AnyView> {
    if report.true_ups.is_empty() || !report.state().is_editable() {
        return None;
    }
    let items = report.true_ups.iter().map(|true_up| {
        let said = true_up.asked.as_ref().map(|content| differences(report, true_up.period, content)).unwrap_or_default();
        let answer = true_up.answer.reason.clone().unwrap_or_default();
        view! { <li class="free">{format!("{}：{}。市里答复：{answer}", true_up.period.label(), said.join("；"))}</li> }
    });
    let items = items.collect_view();
    Some(view! { <div class="notice" role="note"><p><b>"以前各期的差额，请并入本期累计："</b></p><ul>{items}</ul></div> }.into_any())
}

/// What was typed into a form that can no longer be changed: it is shown, so that it can be copied.
fn unsaved(report: &Report, posted: Option<&Posted>) -> Option<AnyView> {
    let form = Form::new(report, None);
    let differs = |cell: &String| {
        let typed = posted?.get(&field_name(cell))?.trim();
        let saved = report.draft(cell).map_or("", |draft| draft.text.as_str());
        (typed != saved.trim() && !typed.is_empty()).then(|| (cell_name(&form, cell), typed.to_owned()))
    };
    let lost: Vec<(String, String)> = form.cells().iter().filter_map(differs).collect();
    if lost.is_empty() {
        return None;
    }
    let items = lost.into_iter().map(|(name, text)| view! { <div><dt>{name}</dt><dd class="free">{text}</dd></div> }).collect_view();
    Some(view! { <p>"您刚才填的、没有保存的内容："</p><dl class="trace facts">{items}</dl> }.into_any())
}

/// The county sees its own boxes while they may change; otherwise, and to everybody else, what was handed in counts.
fn form_of_reader(report: &Report) -> Form {
    let own = backend().viewer().and_then(|viewer| viewer.role()).is_some_and(Role::is_county);
    if own && report.state().is_editable() { Form::new(report, None) } else { Form::handed_in(report) }
}

/// Somebody acted in between.
pub(crate) fn moved() -> Option<AnyView> {
    let MovedBy(step) = use_context::<MovedBy>()?;
    let text = match step {
        Some(step) => {
            format!("刚才的操作没有生效：{}已在{}{}，现在是“{}”。", step.actor, moment(step.at), step.step.name(), step.state.name())
        }
        None => "刚才的操作没有生效：这份报送的状态已经变了。".to_owned(),
    };
    Some(view! { <p class="notice act" role="alert">{text}</p> }.into_any())
}
