//! The form as it was handed in: figures with what changed, doubts with their explanations, texts.

use domain::entry::Whose;
use domain::plan::Plan;
use leptos::prelude::*;

use super::fields::{derived, label, table_head};
use super::head::address;
use super::projects::read_sheet;
use super::steps::steps_forms;
use crate::answers::entry::row_views;
use domain::calendar::moment;
use office::entry_form::Form;
use office::facts::Report;

/// The submitted form: for the reporter, who waits; for the approver, who signs; for the office.
pub(crate) fn read_only(report: &Report, form: &Form, evidence: AnyView) -> AnyView {
    let at = address(report);
    let submitted = report.submission().and_then(|step| Some((step.at, step.actor.clone(), step.sha256.clone()?)));
    let receipt = submitted.map(|(time, actor, sha256)| {
        view! {
            <p class="subtitle">
                {format!("{actor}　{}提交，内容 SHA-256 {}…　", moment(time), &sha256[..16])}
                <a href=format!("{at}/receipt")>"回执"</a>
                "　"
                <a href=format!("{at}/print")>"打印签字盖章表"</a>
            </p>
        }
    });
    view! {
        {receipt}
        {(!form.lines.is_empty()).then(|| figures_table(report, form))}
        {(!form.projects.is_empty()).then(|| read_sheet(report, form))}
        {texts_view(&report.version.plan, form)}
        {evidence}
        {steps_forms(report)}
        <p class="after">
            <a href=format!("{at}/history")>"每一格的修改记录"</a>
        </p>
    }
    .into_any()
}

/// The figures with what changed since the submission before; doubts with their explanations first.
pub(super) fn figures_table(report: &Report, form: &Form) -> AnyView {
    let earlier = report.earlier_submission().and_then(|step| step.content.as_ref());
    let views = row_views(form);
    let rows = form.lines.iter().enumerate().map(|(index, line)| {
        let (row, view) = (&form.checked[index], &views[index]);
        let [previous, month, growth, target, completion] = derived(line, view);
        let was = earlier.and_then(|content| content.row(&line.goal, &line.region));
        let amount = |amount: Option<domain::money::Amount>| {
            amount.map_or("—".to_owned(), |amount| line.measure.plain(amount))
        };
        let value = match line.percent {
            true => row.stated_growth.map_or("—".to_owned(), |rate| format!("{}%", rate.percent_as_written())),
            false => amount(row.value),
        };
        let before = |changed: bool, text: String| {
            changed.then(|| view! { <small class="was">{format!("上次 {text}")}</small> })
        };
        let value_was = was.map(|was| before(was.value != row.value, amount(was.value)));
        let base_was = was.map(|was| before(was.base != row.base, amount(was.base)));
        let class = if line.whose == Whose::Within { "nested" } else { "" };
        let doubts = row
            .soft
            .iter()
            .map(|remark| view! { <p class="message doubt">{remark.sentence.clone()}</p> })
            .collect_view();
        view! {
            <tr class=class>
                <th scope="row">{label(line)}</th>
                <td class="r" data-name="本期累计">
                    <b>{value}</b>
                    {value_was}
                </td>
                {previous}
                {month}
                <td class="r" data-name="去年同期">
                    {if line.percent { "—".to_owned() } else { amount(row.base) }}
                    {base_was}
                </td>
                {growth}
                {target}
                {completion}
                <td class="free" data-name="说明">
                    {row.note.clone()}
                </td>
            </tr>
            <tr class="messages">
                <td colspan="9">{doubts}</td>
            </tr>
            {line
                .question
                .as_ref()
                .map(|question| {
                    view! {
                        <tr class="question">
                            <td colspan="9">
                                <p class="free">
                                    <b>"办公室问："</b>
                                    {question.clone()}
                                </p>
                                <p class="free">
                                    <b>"答复："</b>
                                    {row.answer.clone()}
                                </p>
                            </td>
                        </tr>
                    }
                })}
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="表格">
            <table class="data entry-table">{table_head(report)}<tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

pub(super) fn texts_view(plan: &Plan, form: &Form) -> AnyView {
    let groups = form.texts.chunk_by(|(one, _), (other, _)| one.goal == other.goal);
    let each = groups.map(|boxes| {
        let goal = boxes[0].0.goal.as_deref().and_then(|id| plan.goal(id));
        let lines = boxes.iter().map(|(of, text)| {
            let text = if text.trim().is_empty() { "（没有填）".to_owned() } else { text.clone() };
            view! {
                <div>
                    <dt>{of.topic.name()}</dt>
                    <dd class="free">{text}</dd>
                </div>
            }
        });
        let lines = lines.collect_view();
        view! {
            {goal.map(|goal| view! { <h3 class="text-goal">{goal.name.clone()}</h3> })}
            <dl class="trace facts texts-read">{lines}</dl>
        }
    });
    each.collect_view().into_any()
}
