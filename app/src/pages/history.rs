//! `/report/{plan}/{period}/{region}/history`: every version of every value: who, when, before, after, why.

use domain::rights::Role;
use leptos::prelude::*;

use super::param;
use crate::backend::backend;
use crate::load;
use crate::parts::{Menu, Page, PageError, data_table, links, page};
use office::entry_form::{Form, cell_name};
use office::facts::{Draft, Report};

#[component]
pub(crate) fn History() -> impl IntoView {
    let (plan, period, region) = (param("plan"), param("period"), param("region"));
    page(async move {
        let report = load::report(&plan, &period, &region).await?;
        let typed = backend().typed(&report.key).await?;
        let revisions = backend().revisions(&plan, &region).await?;
        Ok::<_, PageError>(shown(&report, &typed, revisions))
    })
}

/// Whether a figure came into force by this return, or by a file in its place.
fn of_round(report: &Report, revision: &office::facts::ReturnRevision) -> bool {
    let (plan, round) = (&report.version.plan, &report.key.round);
    let of_rhythm = plan.goal(&revision.goal).map_or(round.rhythm.is_empty(), |goal| plan.is_of_rhythm(goal, round));
    revision.period == round.period && of_rhythm
}

/// One line of the history.
struct Line {
    at: i64,
    order: i64,
    who: String,
    what: String,
    before: String,
    after: String,
    why: String,
}

fn shown(report: &Report, typed: &[Draft], revisions: Vec<office::facts::ReturnRevision>) -> Page {
    let form = Form::new(report, None);
    // The office sees what was typed up to the last submission.
    let own = backend().viewer().and_then(|viewer| viewer.role()).is_some_and(Role::is_county);
    let until = report.submission().map_or(0, |step| step.at);
    // Each after the version before it of the same box.
    let before = std::iter::once(None).chain(typed.iter().map(Some));
    let pairs = before.zip(typed).filter(|(_, draft)| own || draft.at <= until);
    let mut lines: Vec<Line> = pairs
        .map(|(before, draft)| draft_line(&form, before.filter(|before| before.cell == draft.cell), draft))
        .collect();
    lines.extend(report.steps.iter().map(|step| Line {
        at: step.at,
        order: i64::MAX - 1,
        who: step.actor.clone(),
        what: step.step.name().to_owned(),
        before: String::new(),
        after: step.state.name().to_owned(),
        why: step.reason.clone().unwrap_or_default(),
    }));
    lines.extend(report.questions.iter().filter_map(|asked| {
        let step = report.steps.iter().find(|step| step.version == asked.step)?;
        let line = form.lines.iter().find(|line| line.goal == asked.goal && line.region == asked.region)?;
        // What was handed in next answers it; what is only typed is the county's own.
        let next =
            report.steps.iter().find(|step| step.version > asked.step && step.step == domain::workflow::Step::Submit);
        let answered =
            next.and_then(|step| step.content.as_ref()?.row(&asked.goal, &asked.region)).map(|row| row.answer.clone());
        Some(Line {
            at: step.at,
            order: i64::MAX - 2,
            who: step.actor.clone(),
            what: format!("问{}", line.row_name()),
            before: String::new(),
            after: answered
                .filter(|answer| !answer.is_empty())
                .map(|answer| format!("答复：{answer}"))
                .unwrap_or_default(),
            why: asked.text.clone(),
        })
    }));
    let plan = &report.version.plan;
    let mut before: Option<String> = None;
    for revision in revisions.into_iter().filter(|revision| of_round(report, revision)) {
        let measure = plan.goal(&revision.goal).map(|goal| goal.measure.clone());
        let text = |amount: Option<domain::money::Amount>| match (amount, &measure) {
            (Some(amount), Some(measure)) => format!("{}{}", measure.plain(amount), measure.unit),
            _ => "—".to_owned(),
        };
        let after = format!("累计 {}，去年同期 {}", text(revision.figure.value), text(revision.figure.base));
        let source = &revision.figure.source;
        lines.push(Line {
            at: source.recorded_at.unwrap_or_default(),
            order: i64::MAX,
            who: source.by.as_deref().unwrap_or_default().to_owned(),
            what: format!(
                "{}生效（第{}次）",
                plan.goal(&revision.goal).map_or("", |goal| goal.name.as_str()),
                source.revision
            ),
            before: before.replace(after.clone()).unwrap_or_default(),
            after,
            why: source.reason.as_deref().or(source.file.as_deref()).unwrap_or_default().to_owned(),
        });
    }
    lines.sort_by_key(|line| std::cmp::Reverse((line.at, line.order)));
    let rows = lines.into_iter().map(|line| {
        let at = domain::calendar::at_shanghai(line.at).format("%Y-%m-%d %H:%M:%S").to_string();
        view! {
            <tr>
                <td class="nowrap">{at}</td>
                <td class="nowrap">{line.who}</td>
                <th scope="row">{line.what}</th>
                <td class="free" data-name="改前">
                    {line.before}
                </td>
                <td class="free" data-name="改后">
                    {line.after}
                </td>
                <td class="free" data-name="原因">
                    {line.why}
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let title = format!("{}{}报送的修改记录", report.unit_name, report.version.plan.round_label(&report.key.round));
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">"新的在上。记录只能增加，不能修改或删除。"</p>
            {data_table(
                "表格",
                "data history stack",
                &[
                    ("时间", false),
                    ("经手人", false),
                    ("什么", false),
                    ("改前", false),
                    ("改后", false),
                    ("原因", false),
                ],
                rows,
            )}
            <p class="after">
                <a href=links::report(&report.key.plan, &report.key.round, &report.key.unit)>"回到报送"</a>
            </p>
        </section>
    };
    Page::new(title, Menu::Todo, body)
}

/// What a box held before and after, and the explanation that stood beside it then.
fn draft_line(form: &Form, before: Option<&Draft>, draft: &Draft) -> Line {
    let shown = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.to_owned() };
    Line {
        at: draft.at,
        order: draft.audit_seq,
        who: draft.actor.clone(),
        what: cell_name(form, &draft.cell),
        before: before.map_or(String::new(), |before| shown(&before.text)),
        after: shown(&draft.text),
        why: String::new(),
    }
}
