//! `/review/{plan}/{period}`: where every unit stands, what needs a look first; `…/{region}`: one return, with its notes.

use domain::month::Period;
use domain::returns::Figure;
use domain::rights::{Action, Object};
use domain::standing::compute;
use domain::workflow::State;
use leptos::prelude::*;

use super::report::{load, moved, read_only, sent_back, state_class};
use super::{param, period_of};
use crate::backend::{Report, UnitState, backend};
use crate::parts::{Menu, Page, PageError, links, page};
use crate::posted::Posted;
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
                {sent_back(&report)}
                {impact(&report).await?}
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
        State::CorrectionAsked => 2,
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
            {missing_text(plan, period, &units)}
            {exceptions(&plan.id, period, &units)}
        </section>
    };
    Ok(Page::new(title, Menu::Review, body))
}

/// Who has not reported, as a text for the chat group; nothing is sent from here.
fn missing_text(plan: &domain::plan::Plan, period: Period, units: &[UnitState]) -> Option<AnyView> {
    let missing: Vec<&str> =
        units.iter().filter(|unit| matches!(unit.state, State::Draft | State::SentBack)).map(|unit| unit.name.as_str()).collect();
    if missing.is_empty() {
        return None;
    }
    let backend = backend();
    let due = due(plan, period, backend.now(), backend.holidays()).unwrap_or_default();
    let text = format!("【催报】{}数据{due}，请以下单位抓紧在系统中填报并签核：{}。", period.label(), missing.join("、"));
    Some(
        view! {
            <h2>"催报文字"</h2>
            <p class="subtitle">"可以复制到工作群里；系统不会自己发送。"</p>
            <p class="notice free">{text}</p>
        }
        .into_any(),
    )
}

/// 补报: for a unit that has not handed in, until a day, for a reason, in one's own name.
fn exceptions(plan: &str, period: Period, units: &[UnitState]) -> Option<AnyView> {
    let backend = backend();
    let may = backend.viewer().and_then(|viewer| viewer.role()) == Some(domain::rights::Role::CityReviewer);
    let open: Vec<&UnitState> = units.iter().filter(|unit| unit.state == State::Draft).collect();
    if !may || open.is_empty() {
        return None;
    }
    let posted = use_context::<Posted>().unwrap_or_default();
    let options = open.iter().map(|unit| {
        let chosen = posted.get("unit") == Some(unit.unit.as_str());
        view! { <option value=unit.unit.clone() selected=chosen>{unit.name.clone()}</option> }
    });
    let options = options.collect_view();
    let error = posted.error.clone().map(|error| view! { <p class="notice act" role="alert">{error}</p> });
    Some(
        view! {
            <h2>"准予补报"</h2>
            <p class="subtitle">"截止之后，只有准予补报的单位可以在期限内提交；单位、期限、理由和经手人都记录在案。"</p>
            {error}
            <form method="post" action=format!("{}/exception", links::review(plan, period)) class="row-form">
                <label for="unit">"单位"</label><select id="unit" name="unit">{options}</select>
                <label for="until">"补报到（当天24:00）"</label>
                <input id="until" name="until" type="text" placeholder="2021-07-08" value=posted.text("until").to_owned()/>
                <label for="why">"理由"</label>
                <input id="why" name="reason" type="text" value=posted.text("reason").to_owned()/>
                <button type="submit" class="second">"准予补报"</button>
            </form>
        }
        .into_any(),
    )
}

/// `12个单位：待市级审核3个，已通过8个，未提交1个。`
pub(crate) fn finding(units: &[UnitState]) -> String {
    let count = |state: State| units.iter().filter(|unit| unit.state == state).count();
    let order = [State::Signed, State::CorrectionAsked, State::Submitted, State::SentBack, State::Draft, State::Approved];
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

/// What an approval would move: figures, places and awards of this period, and the editions that hold the old ones.
async fn impact(report: &Report) -> Result<Option<AnyView>, PageError> {
    let plan = &report.version.plan;
    let period = report.key.period;
    let goal = plan.default_goal();
    let in_force = report.figures.get(&goal.id, period, &report.key.unit).is_some();
    let asked = matches!(report.state(), State::Signed | State::CorrectionAsked);
    if !asked || !in_force {
        return Ok(None);
    }
    let backend = backend();
    let before = backend.facts(&plan.id).await?.map(|facts| facts.figures);
    let Some(before) = before else { return Ok(None) };
    let editions: Vec<_> =
        backend.editions().await?.into_iter().filter(|edition| edition.plan == plan.id && edition.period >= period).collect();
    let links = editions.iter().map(|edition| {
        let text = format!("{}第{}版", edition.period.label(), edition.edition);
        view! { <li><a href=links::edition(&edition.plan, edition.period, edition.edition)>{text}</a></li> }
    });
    let links = links.collect_view();
    let held = (!editions.is_empty()).then(|| view! { <p>"这一期及以后已发布的通报，请看是否要更正："</p><ul>{links}</ul> });
    let changes = match report.state() {
        State::Signed => {
            let mut after = (*before).clone();
            for row in report.submission().and_then(|step| step.content.as_ref()).map(|content| content.rows.clone()).unwrap_or_default() {
                let old = before.get(&row.goal, period, &row.region).cloned().unwrap_or_default();
                let growth = row.growth.or(old.published_growth);
                let figure = Figure { value: row.value, base: row.base, published_growth: growth, note: old.note, source: old.source };
                after.insert(&row.goal, period, &row.region, figure);
            }
            let rules = plan.rules(&goal.id);
            let (was, now) = (compute(plan, goal, &before, period, rules), compute(plan, goal, &after, period, rules));
            domain::bulletin::diff::changes(&was, &now)
        }
        _ => Vec::new(),
    };
    let rows = changes.iter().map(|change| {
        view! { <tr><th scope="row">{change.name.clone()}</th><td>{change.what.clone()}</td><td class="r">{change.before.clone()}</td><td class="r"><b>{change.after.clone()}</b></td></tr> }
    });
    let rows = rows.collect_view();
    let table = (!changes.is_empty()).then(|| {
        view! {
            <p>{format!("通过之后，{}有 {} 处变动：", period.label(), changes.len())}</p>
            <div class="scroll"><table class="data narrow">
                <thead><tr><th scope="col">"单位"</th><th scope="col">"项目"</th><th scope="col" class="r">"现在"</th><th scope="col" class="r">"变为"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        }
    });
    Ok(Some(view! { <div class="notice">{table}{held}</div> }.into_any()))
}
