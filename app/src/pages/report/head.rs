//! What every page of a return shares: its address, who may act, what stands above it.

use domain::calendar::moment;
use domain::plan::{Plan, Round};
use domain::projects::sheet::{ContentProject, SheetLine};
use domain::returns::Source;
use domain::rights::{Action, Object};
use domain::workflow::{State, Step};
use leptos::prelude::*;
use office::entry_form::due;
use office::facts::{CellConflict, Report, StepRecord};

use crate::backend::backend;
use crate::load;
use crate::parts::{PageError, alert, links, stepper};

/// The conflicts of a save, for the page that shows both versions.
#[derive(Debug, Clone)]
pub struct Conflicts(pub Vec<CellConflict>);

/// The step that came in between, for the page that says so.
#[derive(Debug, Clone)]
pub struct MovedBy(pub Option<StepRecord>);

/// Whether whoever asks may type into this form now.
pub(super) fn may_type(report: &Report) -> bool {
    let object = Object::of_unit(report.office(), &report.key.unit, report.state());
    backend().viewer().is_some_and(|viewer| viewer.may(Action::SaveDraft, object).is_ok())
}

pub(super) fn may_step(report: &Report, step: Step) -> bool {
    let object = Object::of_unit(report.office(), &report.key.unit, report.state());
    backend().viewer().is_some_and(|viewer| viewer.may(step.action(), object).is_ok())
}

pub(super) fn heading(report: &Report) -> String {
    format!("{}{}报送", report.unit_name, report.version.plan.round_label(&report.key.round))
}

pub(crate) fn address(report: &Report) -> String {
    links::report(&report.key.plan, &report.key.round, &report.key.unit)
}

/// Where the unit's returns of the other rhythms stand that end with the same period.
pub(crate) fn beside(plan: &Plan, round: &Round, unit: Option<&str>, at: impl Fn(&Round) -> String) -> Option<AnyView> {
    let others = load::beside(plan, round, unit);
    let links = others.iter().map(|other| view! { <a href=at(other)>{plan.round_label(other)}</a> }.into_any());
    let links: Vec<AnyView> = links.collect();
    (!links.is_empty()).then(|| {
        view! {
            <nav class="periods" aria-label="同期的其他报送">
                {links}
            </nav>
        }
        .into_any()
    })
}

/// Where the return stands on its way into a bulletin.
pub(crate) async fn steps_line(report: &Report) -> Result<AnyView, PageError> {
    let (plan, round) = (&report.version.plan, &report.key.round);
    let published = load::is_published(&plan.id, round.period).await?;
    Ok(stepper::of_return(plan, round, report.state(), published))
}

/// What stands above the form: state, deadline, who acts next.
pub(super) async fn status(report: &Report) -> Result<AnyView, PageError> {
    let backend = backend();
    let state = report.state();
    let due =
        due(&report.version.plan, &report.key.round, backend.now(), backend.holidays()).filter(|_| state.is_editable());
    let last = report.steps.last().map(|step| format!("{}　{}", step.actor, moment(step.at)));
    let exception =
        report.exception.as_ref().filter(|exception| backend.now() < exception.until && state.is_editable()).map(
            |exception| {
                view! {
                    <span>
                        {format!(
                            "准予补报到{}（{}：{}）",
                            moment(exception.until - 1),
                            exception.actor,
                            exception.reason,
                        )}
                    </span>
                }
            },
        );
    let imported = report.imported().map(by_file);
    let line = steps_line(report).await?;
    Ok(view! {
        {line}
        <p class="report-status">
            <b class=format!("state {}", state_class(state))>{report.state_name()}</b>
            {due.map(|due| view! { <span>{due}</span> })}
            {exception}
            {last.map(|last| view! { <span class="subtitle">{last}</span> })}
            {imported}
        </p>
    }
    .into_any())
}

/// How figures came that the unit did not hand in itself: by whom, when, and why in its place.
fn by_file(source: &Source) -> String {
    let by = source.by.as_deref().unwrap_or_default();
    let at = source.recorded_at.map(moment).unwrap_or_default();
    match &source.reason {
        Some(reason) => {
            format!("这一期的数不是本单位报的，由{by}在{at}录入，已经通过。原因：{reason}。请核对，不对就申请更正。")
        }
        None => format!("这一期的数由文件导入（{by}　{at}），已经通过。"),
    }
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
        matches!(step.state, State::SentBack | State::CorrectionAsked)
            || matches!(step.step, Step::RefuseCorrection | Step::TrueUp)
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
    let asked =
        report.steps.iter().rev().find(|step| step.step == Step::AskCorrection).and_then(|step| step.content.as_ref());
    let asked = asked.filter(|_| !matches!(last.step, Step::SendBackToReporter | Step::SendBackToCounty));
    let asked = asked.map(|content| differences(report, report.key.period(), content)).filter(|said| !said.is_empty());
    let asked = asked.map(|said| view! { <p>{format!("申请改为：{}。", said.join("；"))}</p> });
    Some(
        view! {
            <div class="notice act" role="note">
                <p>
                    <b>{format!("{what}：{}　{}", last.actor, moment(last.at))}</b>
                </p>
                <p class="free">{reason}</p>
                {asked}
            </div>
        }
        .into_any(),
    )
}

/// The lines of projects that a request or a submission holds, put onto what the library has.
pub(crate) fn asked_of_projects(
    report: &Report,
    period: domain::month::Period,
    content: &domain::entry::Content,
) -> Vec<SheetLine> {
    let line = |line: &ContentProject| {
        let known = report.projects.get(&line.project)?;
        Some(line.line(&report.version.plan, &known.entry, period))
    };
    content.projects.iter().filter_map(line).collect()
}

/// `工业技改投资报的是100亿元，应为101亿元`: a request beside the figures in force.
fn differences(report: &Report, period: domain::month::Period, content: &domain::entry::Content) -> Vec<String> {
    let plan = &report.version.plan;
    let mut said: Vec<String> =
        asked_of_projects(report, period, content).iter().flat_map(|line| line.differences(plan, period)).collect();
    for row in &content.rows {
        let Some(goal) = report.version.plan.goal(&row.goal) else { continue };
        let before = report.figures.get(&row.goal, period, &row.region).cloned().unwrap_or_default();
        let name = goal
            .split(&row.region)
            .filter(|split| split.within.is_some())
            .map(|split| split.name.clone())
            .unwrap_or_default();
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
pub(super) fn true_ups(report: &Report) -> Option<AnyView> {
    if report.true_ups.is_empty() || !report.state().is_editable() {
        return None;
    }
    let items = report.true_ups.iter().map(|true_up| {
        let said =
            true_up.asked.as_ref().map(|content| differences(report, true_up.period, content)).unwrap_or_default();
        let answer = true_up.answer.reason.clone().unwrap_or_default();
        view! {
            <li class="free">
                {format!("{}：{}。办公室答复：{answer}", true_up.period.label(), said.join("；"))}
            </li>
        }
    });
    let items = items.collect_view();
    Some(
        view! {
            <div class="notice" role="note">
                <p>
                    <b>"以前各期的差额，请并入本期累计："</b>
                </p>
                <ul>{items}</ul>
            </div>
        }
        .into_any(),
    )
}

/// Somebody acted in between.
pub(crate) fn moved() -> Option<AnyView> {
    let MovedBy(step) = use_context::<MovedBy>()?;
    let text = match step {
        Some(step) => {
            format!(
                "刚才的操作没有生效：{}已在{}{}，现在是“{}”。",
                step.actor,
                moment(step.at),
                step.step.name(),
                step.state.name()
            )
        }
        None => "刚才的操作没有生效：这份报送的状态已经变了。".to_owned(),
    };
    Some(alert(text).into_any())
}

pub(super) fn shown(text: &str) -> String {
    if text.is_empty() { "（空）".to_owned() } else { text.to_owned() }
}
