//! `/review/{plan}/{period}`: where every unit stands, what needs a look first; `…/{region}`: one return, with its notes.

use domain::month::Period;
use domain::rights::{Action, Object};
use domain::workflow::State;
use leptos::prelude::*;

use super::report::{load, moved, read_only, state_class};
use super::{param, period_of};
use crate::backend::{UnitState, backend};
use crate::parts::{Menu, Page, PageError, links, page};
use crate::report::{Form, due, moment};

#[component]
pub(crate) fn Review() -> impl IntoView {
    let (plan, period) = (param("plan"), param("period"));
    page(async move { matrix(&plan, &period).await })
}

#[component]
pub(crate) fn ReviewUnit() -> impl IntoView {
    let (plan, period, region) = (param("plan"), param("period"), param("region"));
    page(async move {
        let report = load(&plan, &period, &region).await?;
        let form = Form::handed_in(&report);
        let title = format!("审核{}{}报送", report.unit_name, report.key.period.label());
        let (plan, at) = (report.key.plan.clone(), report.key.period);
        let next = next_waiting(&backend().unit_states(&report.version.plan, at).await?, &region)
            .map(|unit| view! { <a href=links::review_unit(&plan, at, &unit.unit)>{format!("下一个待审：{}", unit.name)}</a> });
        let body = view! {
            <section class="text-page wide report">
                <h1>{title.clone()}</h1>
                {moved()}
                <p class="report-status"><b class=format!("state {}", state_class(report.state()))>{report.state().name()}</b></p>
                {read_only(&report, &form)}
                <p class="after"><a href=links::review(&plan, at)>"全部单位"</a>"　"{next}</p>
            </section>
        };
        Ok::<_, PageError>(Page::new(title, Menu::Review, body))
    })
}

fn next_waiting<'u>(units: &'u [UnitState], region: &str) -> Option<&'u UnitState> {
    let at = units.iter().position(|unit| unit.unit == region).unwrap_or(0);
    units.iter().cycle().skip(at + 1).take(units.len().saturating_sub(1)).find(|unit| unit.state == State::Signed)
}

/// What the office does first: signed returns with doubts, then those without, then who is missing.
fn urgency(unit: &UnitState) -> (u8, usize) {
    let kind = match unit.state {
        State::Signed if unit.doubts > 0 => 0,
        State::Signed => 1,
        State::SentBack => 2,
        State::Draft => 3,
        State::Submitted => 4,
        State::Approved => 5,
    };
    (kind, usize::MAX - unit.doubts)
}

pub(crate) async fn matrix(plan: &str, period: &str) -> Result<Page, PageError> {
    let backend = backend();
    let version = backend.plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let plan = &version.plan;
    let period = period_of(plan, period)?;
    let may = backend.viewer().is_some_and(|viewer| viewer.may(Action::ReadUnpublished, Object::office(plan.region.id())).is_ok());
    if !may {
        return Err(PageError::not_found("没有这个计划的报送，或它不属于您的单位。"));
    }
    let mut units = backend.unit_states(plan, period).await?;
    units.sort_by_key(urgency);
    let due = due(plan, period, backend.now(), backend.holidays());
    let title = format!("{}报送情况", period.label());
    let table = table(&plan.id, period, &units);
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{plan.title.clone()}{due.map(|due| format!("　{due}"))}</p>
            <p class="lead">{finding(&units)}</p>
            {table}
        </section>
    };
    Ok(Page::new(title, Menu::Review, body))
}

/// `12个单位：待市级审核3个，已通过8个，未提交1个。`
pub(crate) fn finding(units: &[UnitState]) -> String {
    let count = |state: State| units.iter().filter(|unit| unit.state == state).count();
    let order = [State::Signed, State::Submitted, State::SentBack, State::Draft, State::Approved];
    let parts = order.into_iter().filter(|&state| count(state) > 0).map(|state| format!("{}{}个", state.name(), count(state)));
    format!("{}个单位：{}。", units.len(), parts.collect::<Vec<_>>().join("，"))
}

fn table(plan: &str, period: Period, units: &[UnitState]) -> AnyView {
    let rows = units.iter().map(|unit| {
        let last = unit.last.as_ref().map(|step| format!("{}　{}", step.actor, moment(step.at)));
        let doubts = match unit.doubts {
            0 => "—".to_owned(),
            count => format!("▲ {count} 处提示"),
        };
        // A county's drafts are its own until it hands them in.
        let name = match unit.state {
            State::Draft => unit.name.clone().into_any(),
            _ => view! { <a href=links::review_unit(plan, period, &unit.unit)>{unit.name.clone()}</a> }.into_any(),
        };
        let begun = (unit.state == State::Draft && unit.begun).then_some("（正在填）");
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td><b class=format!("state {}", state_class(unit.state))>{unit.state.name()}</b>{begun}</td>
                <td>{doubts}</td>
                <td>{last}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="scroll"><table class="data">
            <thead><tr><th scope="col">"单位"</th><th scope="col">"状态"</th><th scope="col">"提示"</th><th scope="col">"最近一步"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table></div>
    }
    .into_any()
}
