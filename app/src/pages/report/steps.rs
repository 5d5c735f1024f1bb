//! The buttons of whoever may act on a return now.

use domain::entry::Field;
use domain::workflow::{Step, can_undo};
use leptos::prelude::*;

use super::head::{address, may_step};
use crate::backend::backend;
use crate::parts::{alert, area};
use crate::routes::RequestPath;
use domain::projects::sheet::{self, SheetBox};
use office::commands::send_back::{project_question_name, question_name};
use office::commands::steps::field as step_field;
use office::entry_form::{Form, field_name, not_withdrawable};
use office::facts::{Report, is_own_work};
use office::posted::Posted;
use office::refusal::Refusal;

/// Why a return goes back: the usual reasons, and one's own words.
const REASONS: [&str; 5] = [
    "数据与台账不符，请核对",
    "单位可能写错，请核对万元和亿元",
    "说明不清楚，请补充",
    "缺少去年同期或口径不一致",
    "文字材料不完整，请补充",
];

/// The buttons of whoever may act now.
pub(crate) fn steps_forms(report: &Report) -> AnyView {
    let at = address(report);
    let posted = use_context::<Posted>();
    let error = posted.as_ref().and_then(|posted| posted.error.clone());
    let typed = posted.as_ref().map(|posted| posted.text(step_field::REASON).to_owned()).unwrap_or_default();
    let chosen = posted.as_ref().map(|posted| posted.text(step_field::REASON_KIND).to_owned()).unwrap_or_default();
    let (seen, key) = (report.step_version().to_string(), new_key());
    let backend = backend();
    let after_deadline = not_withdrawable(report, backend.now(), backend.holidays()).is_some();
    // Nobody judges his own work: the button would only refuse.
    let own = |step: Step| backend.viewer().is_some_and(|viewer| is_own_work(step, &report.steps, viewer.account.id));
    let own_work = [Step::SignOff, Step::Approve].into_iter().any(|step| may_step(report, step) && own(step));
    let own_work_note = own_work.then(|| view! { <p class="notice">{Refusal::OwnWork.sentence()}</p> });
    let from =
        if use_context::<RequestPath>().is_some_and(|path| path.0.starts_with("/review")) { "review" } else { "" };
    // What every step sends along: itself, the steps this page has seen, where it came from, and its key.
    let hidden = |step: Step| {
        view! {
            <input type="hidden" name=step_field::STEP value=step.id() />
            <input type="hidden" name=step_field::SEEN value=seen.clone() />
            <input type="hidden" name=step_field::FROM value=from />
            <input type="hidden" name=step_field::KEY value=format!("{key}-{}", step.id()) />
        }
    };
    let plain = |step: Step, text: &'static str| {
        may_step(report, step).then(|| {
            view! {
                <form method="post" action=format!("{at}/step") class="step">
                    {hidden(step)}
                    <button
                        type="submit"
                        class=if matches!(step, Step::Withdraw | Step::TakeBack) { "second" } else { "" }
                    >
                        {text}
                    </button>
                </form>
            }
        })
    };
    let back = |step: Step, text: &'static str| {
        may_step(report, step).then(|| {
            let options = REASONS
                .map(|reason| {
                    view! {
                        <option value=reason selected=reason == chosen>
                            {reason}
                        </option>
                    }
                })
                .collect_view();
            view! {
                <form method="post" action=format!("{at}/step") class="step back-form">
                    {hidden(step)}
                    <label for="reason-kind">"退回理由"</label>
                    <select id="reason-kind" name=step_field::REASON_KIND>
                        <option value="">"请选择"</option>
                        {options}
                    </select>
                    <label for="reason">"具体说明（必填）"</label>
                    <textarea id="reason" name=step_field::REASON rows="2" inner_html=area(&typed) />
                    {(step == Step::SendBackToCounty).then(|| question_boxes(report, posted.as_ref()))}
                    <button type="submit" class="act">
                        {text}
                    </button>
                </form>
            }
        })
    };
    let ask = may_step(report, Step::AskCorrection).then(|| {
        view! {
            <form method="post" action=format!("{at}/step") class="step back-form ask">
                {hidden(Step::AskCorrection)}
                <p>
                    <b>"申请更正"</b>
                    "：把有误的数改成应为的数，其余不动；办公室同意之前，现行的数不变。"
                </p>
                {correction_boxes(report, posted.as_ref())}
                <label for="reason-ask">"错在哪里、为什么（必填）"</label>
                <textarea id="reason-ask" name=step_field::REASON rows="2" inner_html=area(&typed) />
                <button type="submit" class="second">
                    "申请更正"
                </button>
            </form>
        }
    });
    let answer = may_step(report, Step::AllowCorrection).then(|| {
        let picked = posted.as_ref().map_or("", |posted| posted.text(step_field::STEP)).to_owned();
        let ways = [
            (Step::AllowCorrection, "同意更正：重开这一期，单位重报、审核通过之后另发更正版"),
            (Step::TrueUp, "在当期并入：这一期和已发布的通报都不改，差额由单位并入当前一期的累计"),
            (Step::RefuseCorrection, "不同意更正：这一期的数不变"),
        ];
        // After the year's last period nothing follows that could make up for it.
        let last = report.key.period().is_year_end();
        let ways = ways.into_iter().filter(|(step, _)| !(last && *step == Step::TrueUp)).map(|(step, text)| {
            view! {
                <label class="pick">
                    <input type="radio" name=step_field::STEP value=step.id() checked=picked == step.id() />
                    {text}
                </label>
            }
        });
        view! {
            <form method="post" action=format!("{at}/step") class="step back-form answer">
                <fieldset>
                    <legend>"答复更正申请"</legend>
                    {ways.collect_view()}
                </fieldset>
                <input type="hidden" name=step_field::SEEN value=seen.clone() />
                <input type="hidden" name=step_field::FROM value=from />
                <input type="hidden" name=step_field::KEY value=format!("{key}-answer") />
                <label for="reason-answer">"答复（必填）"</label>
                <textarea id="reason-answer" name=step_field::REASON rows="2" inner_html=area(&typed) />
                <button type="submit">"答复"</button>
            </form>
        }
    });
    let undo = report.steps.last().filter(|last| {
        let mine = backend.viewer().is_some_and(|viewer| viewer.account.id == last.account);
        mine && may_step(report, Step::Undo) && can_undo(last.step, last.at, backend.now())
    });
    let undo = undo.map(|last| {
        view! {
            <form method="post" action=format!("{at}/step") class="step undo" role="status">
                {hidden(Step::Undo)}
                <span>{format!("已{}。", last.step.name())}</span>
                <button type="submit" class="second">
                    "撤销"
                </button>
                <span class="subtitle">"10秒之内可以撤销"</span>
            </form>
        }
    });
    view! {
        {error.map(alert)}
        {undo}
        <div class="steps">
            {own_work_note} {(!own_work).then(|| plain(Step::SignOff, "审核并上报"))}
            {(!own_work).then(|| plain(Step::Approve, "审核通过"))}
            {(!after_deadline).then(|| plain(Step::Withdraw, "撤回修改"))} {plain(Step::TakeBack, "收回签核")}
            {back(Step::SendBackToReporter, "退回填报员")} {back(Step::SendBackToCounty, "退回单位")} {ask}
            {answer}
        </div>
    }
    .into_any()
}

/// One box for each figure in doubt: the county answers each by itself.
fn question_boxes(report: &Report, posted: Option<&Posted>) -> AnyView {
    let form = Form::handed_in(report);
    let boxes = form.lines.iter().map(|line| {
        let name = question_name(line);
        let typed = posted.map(|posted| posted.text(&name).to_owned()).unwrap_or_default();
        view! {
            <label>
                {format!("对{}的疑问（可不填，填了单位要逐项答复）", line.row_name())}
                <input type="text" name=name value=typed />
            </label>
        }
    });
    let projects = form.projects.iter().map(|line| {
        let name = project_question_name(&line.id);
        let typed = posted.map(|posted| posted.text(&name).to_owned()).unwrap_or_default();
        view! {
            <label>
                {format!("对“{}”的疑问（可不填，填了单位要逐项答复）", line.name)}
                <input type="text" name=name value=typed />
            </label>
        }
    });
    view! {
        {boxes.collect_view()}
        {projects.collect_view()}
    }
    .into_any()
}

/// The figures in force in boxes, to be changed into what they should be.
fn correction_boxes(report: &Report, posted: Option<&Posted>) -> AnyView {
    let form = Form::handed_in(report);
    let rows = form.lines.iter().zip(&form.typed).map(|(line, typed)| {
        let input = |field: Field, text: &str| {
            let name = field_name(&line.cell(field).id());
            let text = posted.and_then(|posted| posted.get(&name)).unwrap_or(text).to_owned();
            let label = format!("{} {}（{}）", line.row_name(), field.name(), line.unit());
            view! { <label>{label}<input type="text" name=name value=text inputmode="decimal" class="num-in" /></label> }
        };
        let base = (!line.percent).then(|| input(Field::Base, &typed.base));
        view! { <div class="pair">{input(Field::Value, &typed.value)}{base}</div> }
    });
    let projects = form.projects.iter().map(|line| {
        let boxes = SheetBox::COLUMNS.into_iter().chain(SheetBox::DATES).map(|of| {
            let name = field_name(&sheet::cell(&line.id, of));
            let text = posted.and_then(|posted| posted.get(&name)).unwrap_or(line.text(of)).to_owned();
            let label = format!("{} {}", line.name, of.name());
            view! { <label>{label}<input type="text" name=name value=text /></label> }
        });
        view! {
            <details>
                <summary>{line.name.clone()}</summary>
                <div class="pair">{boxes.collect_view()}</div>
            </details>
        }
    });
    view! {
        {rows.collect_view()}
        {projects.collect_view()}
    }
    .into_any()
}

/// A key of this rendering: two presses of one page are one step.
pub(super) fn new_key() -> String {
    backend().fresh_key()
}
