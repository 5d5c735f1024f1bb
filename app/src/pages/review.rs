//! `/review/{plan}/{period}`: where every unit stands, what needs a look first; `…/{region}`: one return, with its
//! notes.

use domain::correction::{Moved, impact as impact_of};
use domain::evidence::Subject;
use domain::month::Period;
use domain::plan::{Plan, Round};
use domain::rights::{Action, Object};
use domain::workflow::State;
use leptos::prelude::*;

use super::evidence::{may_read_all, of_report};
use super::report::head::{asked_of_projects, beside, moved, sent_back, state_class, steps_line};
use super::report::read::read_only;
use super::worksheet::Asked;
use super::{messages, param};
use crate::backend::backend;
use crate::load::{self, round_of};
use crate::parts::{Menu, Page, PageError, alert, data_table, links, page, stepper};
use office::commands::approve::field as approve;
use office::commands::exception::field as exception;
use office::commands::steps::field as steps;
use office::entry_form::{Form, due};
use office::facts::{PlanVersion, Report, UnitState};
use office::posted::Posted;

#[component]
pub(crate) fn Review() -> impl IntoView {
    let (plan, period) = (param("plan"), param("period"));
    page(async move { matrix(&plan, &period).await })
}

#[component]
pub(crate) fn ReviewUnit() -> impl IntoView {
    let (plan, period, region) = (param("plan"), param("period"), param("region"));
    page(async move {
        let report = load::report(&plan, &period, &region).await?;
        let form = Form::handed_in(&report);
        let title = format!("审核{}{}报送", report.unit_name, report.version.plan.round_label(&report.key.round));
        let (plan, at) = (report.key.plan.clone(), report.key.round.clone());
        let states = backend().unit_states(&report.version.plan, std::slice::from_ref(&at)).await?.remove(0);
        let next = next_waiting(&states, &region).map(|unit| {
            let text = format!("下一个待审：{}", unit.name);
            view! { <a href=links::review_unit(&plan, &at, &unit.unit)>{text}</a> }
        });
        let evidence = of_report(&report).await?;
        let body = view! {
            <section class="text-page wide report">
                <h1>{title.clone()}</h1>
                {moved()}
                {steps_line(&report).await?}
                {sent_back(&report)}
                {impact(&report).await?}
                <p class="report-status">
                    <b class=format!("state {}", state_class(report.state()))>{report.state_name()}</b>
                </p>
                {read_only(&report, &form, evidence)}
                {messages::of_report(&report).await?}
                <p class="after">
                    <a href=links::review(&plan, &at)>"全部单位"</a>
                    "　"
                    {next}
                </p>
            </section>
        };
        Ok::<_, PageError>(Page::new(title, Menu::Review, body))
    })
}

fn next_waiting<'u>(units: &'u [UnitState], region: &str) -> Option<&'u UnitState> {
    let at = units.iter().position(|unit| unit.unit == region).unwrap_or(0);
    units.iter().cycle().skip(at + 1).take(units.len().saturating_sub(1)).find(|unit| unit.state == State::Signed)
}

/// A plan and round of the office's own.
pub(super) async fn scope(plan: &str, round: &str) -> Result<(PlanVersion, Round), PageError> {
    let version = own_plan(plan).await?;
    let round = round_of(&version.plan, round)?;
    Ok((version, round))
}

/// A plan of the office's own.
pub(super) async fn own_plan(plan: &str) -> Result<PlanVersion, PageError> {
    let backend = backend();
    let version = backend.plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let office = Object::office(version.plan.region.id());
    if backend.viewer().is_none_or(|viewer| viewer.may(Action::ReadUnpublished, office).is_err()) {
        return Err(PageError::not_found("没有这个计划的报送，或它不属于您的单位。"));
    }
    Ok(version)
}

pub(crate) async fn matrix(plan: &str, round: &str) -> Result<Page, PageError> {
    let backend = backend();
    let (version, round) = scope(plan, round).await?;
    let plan = &version.plan;
    let sheet = backend.worksheet(plan, &round).await?;
    let units: Vec<UnitState> = sheet.units.iter().map(|unit| unit.state.clone()).collect();
    let published = load::is_published(&plan.id, round.period).await?;
    let due = due(plan, &round, backend.now(), backend.holidays());
    let title = format!("{}报送情况", plan.round_label(&round));
    let evidence = match may_read_all(plan) {
        true => Some(backend.evidence(plan, Some(&Subject::Return(round.clone()))).await?),
        false => None,
    };
    let table = super::worksheet::worksheet(plan, &round, (&sheet, evidence.as_deref()), &Asked::of(plan));
    let viewer = backend.viewer().cloned();
    let posted = use_context::<Posted>().filter(|posted| posted.get(exception::UNTIL).is_none());
    let error = posted.and_then(|posted| posted.error).map(alert);
    let missing = missing_text(plan, &round, &units).await?;
    let may = viewer
        .as_ref()
        .is_some_and(|viewer| viewer.may(Action::ImportReturns, Object::office(plan.region.id())).is_ok());
    let import = may.then(|| {
        view! {
            <a class="button second" href=format!("/import/{}", plan.id)>
                "从表格导入"
            </a>
        }
    });
    let watched = plan.watched_goals().next().map(|_| {
        view! {
            <a class="button second" href=links::watch(&plan.id)>
                "监测数"
            </a>
            " "
        }
    });
    let figures = format!("{}/figures", links::review(&plan.id, &round.period.into()));
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{plan.title.clone()}{due.map(|due| format!("　{due}"))}</p>
            {beside(plan, &round, None, |other| links::review(&plan.id, other))}
            {error}
            {undo_bar(&plan.id, &round, &units)}
            {stepper::of_round(plan, &round, &units, published)}
            <p class="lead">{finding(&units)}</p>
            <p>
                <a class="button second" href=figures>
                    "统计部门数和总数"
                </a>" " <a class="button second" href=format!("{}/texts", links::review(&plan.id, &round))>
                    "按任务看文字"
                </a>" " <a class="button second" href=links::progress(&plan.id, round.period)>
                    "各项目标进展"
                </a>" " <a class="button second" href=format!("/review/{}/timeliness", plan.id)>
                    "报送及时率"
                </a>" " {watched} {import}
            </p>
            {table}
            {missing}
            {exceptions(&plan.id, &round, &units)}
        </section>
    };
    Ok(Page::new(title, Menu::Review, body))
}

/// Who has not reported, as a text for the chat group; nothing is sent from here.
async fn missing_text(plan: &Plan, round: &Round, units: &[UnitState]) -> Result<Option<AnyView>, PageError> {
    let units: Vec<&UnitState> =
        units.iter().filter(|unit| matches!(unit.state, State::Draft | State::SentBack | State::Submitted)).collect();
    let missing: Vec<&str> = units.iter().map(|unit| unit.name.as_str()).collect();
    if missing.is_empty() {
        return Ok(None);
    }
    let contacts = contacts(plan, &units).await?;
    let backend = backend();
    let due = due(plan, round, backend.now(), backend.holidays()).unwrap_or_default();
    let closed = plan.calendar_of_round(round).is_some_and(|calendar| {
        calendar.standing(round.period, domain::calendar::at_shanghai(backend.now()), backend.holidays())
            == domain::calendar::Standing::Closed
    });
    let (label, names) = (plan.round_label(round), missing.join("、"));
    let text = match closed {
        true => {
            format!("【催报】{label}数据{due}，以下单位还没有报齐：{names}。确需补报的，请尽快与办公室联系准予补报。")
        }
        false => format!("【催报】{label}数据报送{due}，请以下单位抓紧在系统中填报并签核：{names}。"),
    };
    let view = view! {
        <h2>"还没有报的单位"</h2>
        {contacts}
        <p class="subtitle">"催报文字，可以复制到工作群里；系统不会自己发送。"</p>
        <p class="notice free">{text}</p>
    };
    Ok(Some(view.into_any()))
}

/// Who answers for each unit, with a telephone.
async fn contacts(plan: &Plan, units: &[&UnitState]) -> Result<AnyView, PageError> {
    let posts = backend().posts().await?;
    let rows = units.iter().map(|unit| {
        let people = posts.iter().filter(|held| {
            let domain = &held.post.domain;
            domain.role.is_county()
                && domain.office.as_deref() == Some(plan.region.id())
                && domain.unit.as_deref() == Some(unit.unit.as_str())
        });
        let people: Vec<String> = people
            .filter_map(|held| {
                let holder = held.holder.as_ref()?;
                let phone = if holder.phone.is_empty() { "电话未登记" } else { holder.phone.as_str() };
                Some(format!("{} {}（{phone}）", held.post.domain.role.short_name(), holder.name))
            })
            .collect();
        let people = if people.is_empty() { "还没有人任职".to_owned() } else { people.join("，") };
        view! {
            <tr>
                <th scope="row">{unit.name.clone()}</th>
                <td>{unit.state_name()}</td>
                <td>{people}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    Ok(view! { {data_table("表格", "data narrow", &[("单位", false), ("状态", false), ("联系人", false)], rows)} }
        .into_any())
}

/// 补报: for a unit that has not handed in, until a day, for a reason, in one's own name.
fn exceptions(plan: &str, round: &Round, units: &[UnitState]) -> Option<AnyView> {
    let backend = backend();
    let may = backend.viewer().and_then(|viewer| viewer.role()) == Some(domain::rights::Role::CityReviewer);
    let open: Vec<&UnitState> = units.iter().filter(|unit| unit.state == State::Draft).collect();
    if !may || open.is_empty() {
        return None;
    }
    let posted = use_context::<Posted>().unwrap_or_default();
    let options = open.iter().map(|unit| {
        let chosen = posted.get(exception::UNIT) == Some(unit.unit.as_str());
        view! {
            <option value=unit.unit.clone() selected=chosen>
                {unit.name.clone()}
            </option>
        }
    });
    let options = options.collect_view();
    let error = posted.error.clone().filter(|_| posted.get(exception::UNTIL).is_some()).map(alert);
    Some(
        view! {
            <h2>"准予补报"</h2>
            <p class="subtitle">
                "截止之后，只有准予补报的单位可以在期限内提交；单位、期限、理由和经手人都记录在案。"
            </p>
            {error}
            <form method="post" action=format!("{}/exception", links::review(plan, round)) class="row-form">
                <label for="unit">"单位"</label>
                <select id="unit" name=exception::UNIT>
                    {options}
                </select>
                <label for="until">"补报到（当天24:00）"</label>
                <input
                    id="until"
                    name=exception::UNTIL
                    type="text"
                    placeholder=super::example_day(3)
                    value=posted.text(exception::UNTIL).to_owned()
                />
                <label for="why">"理由"</label>
                <input id="why" name=exception::REASON type="text" value=posted.text(exception::REASON).to_owned() />
                <button type="submit" class="second">
                    "准予补报"
                </button>
            </form>
        }
        .into_any(),
    )
}

/// `12个单位：待市级审核3个，已通过8个，未提交1个。`
pub(crate) fn finding(units: &[UnitState]) -> String {
    let order =
        [State::Signed, State::CorrectionAsked, State::Submitted, State::SentBack, State::Draft, State::Approved];
    let mut parts: Vec<String> = Vec::new();
    for (state, again) in order.into_iter().flat_map(|state| [(state, false), (state, true)]) {
        let own: Vec<&UnitState> =
            units.iter().filter(|unit| unit.state == state && unit.asked_again == again).collect();
        parts.extend(own.first().map(|unit| format!("{}{}个", unit.state_name(), own.len())));
    }
    format!("{}个单位：{}。", units.len(), parts.join("，"))
}

/// What an approval would move: figures, places and awards of this period and of the later ones, and the editions that
/// hold the old ones.
async fn impact(report: &Report) -> Result<Option<AnyView>, PageError> {
    let plan = &report.version.plan;
    let period = report.key.period();
    let content = match report.state() {
        State::Signed => report.submission(),
        State::CorrectionAsked => report.asked(),
        _ => None,
    };
    let in_force = |content: &&domain::entry::Content| {
        content.rows.iter().any(|row| {
            report.figures.get(&row.goal, period, &row.region).is_some_and(domain::returns::Figure::is_reported)
        })
    };
    let content = content.and_then(|step| step.content.as_ref());
    if report.state() == State::CorrectionAsked
        && let Some(content) = content.filter(|content| !content.projects.is_empty())
    {
        let lines = asked_of_projects(report, period, content);
        let said = lines.iter().flat_map(|line| line.differences(plan, period));
        let said = said.map(|sentence| view! { <li>{sentence}</li> }).collect_view();
        return Ok(Some(
            view! {
                <div class="notice impact">
                    <p>"申请更正："</p>
                    <ul>{said}</ul>
                </div>
            }
            .into_any(),
        ));
    }
    let Some(content) = content.filter(in_force) else { return Ok(None) };
    let backend = backend();
    let Some(facts) = backend.facts(&plan.id).await? else { return Ok(None) };
    let moved = impact_of(plan, &facts.figures, content);
    let editions: Vec<_> = backend
        .editions()
        .await?
        .into_iter()
        .filter(|edition| edition.plan == plan.id && edition.period >= period)
        .collect();
    let links = editions.iter().map(|edition| {
        let text = format!("{}第{}版", edition.period.label(), edition.edition);
        view! {
            <li>
                <a href=links::edition(&edition.plan, edition.period, edition.edition)>{text}</a>
            </li>
        }
    });
    let links = links.collect_view();
    let held = (!editions.is_empty()).then(|| {
        view! {
            <p>"这一期及以后已发布的通报，请看是否要更正："</p>
            <ul>{links}</ul>
        }
    });
    let asked = report.state() == State::CorrectionAsked;
    let several = content.rows.iter().any(|row| row.goal != plan.default_goal().id);
    let tables = moved.iter().map(|moved| moved_table(moved, period, asked, several)).collect_view();
    let stated = facts
        .figures
        .get(&plan.default_goal().id, period, plan.region.id())
        .is_some_and(domain::returns::Figure::is_reported);
    let stated = stated.then(|| view! { <p>"总数是单独填报的，不随这次更正变动，请一并核对。"</p> });
    let mut closings = Vec::new();
    for goal in plan.assessments.iter().map(|assessment| &assessment.goal) {
        let year_end = backend.year_end(plan, goal, period.year).await?;
        let done = match (year_end.closed(), year_end.proposed()) {
            (Some(_), _) => "已经办结",
            (None, Some(_)) => "正在公示",
            (None, None) => continue,
        };
        closings.push(view! {
            <p>
                <b>{format!("{}年的考核{done}，同意更正之前请先处理。", period.year)}</b>
            </p>
        });
    }
    let none = moved.is_empty().then(|| view! { <p>"现行的数、名次和加减分都不变。"</p> });
    Ok(Some(view! { <div class="notice impact">{closings}{none}{tables}{stated}{held}</div> }.into_any()))
}

fn moved_table(moved: &Moved, period: Period, asked: bool, several: bool) -> AnyView {
    let rows = moved.changes.iter().map(|change| {
        view! {
            <tr>
                <th scope="row">{change.name.clone()}</th>
                <td>{change.what.clone()}</td>
                <td class="r">{change.before.clone()}</td>
                <td class="r">
                    <b>{change.after.clone()}</b>
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let count = moved.changes.len();
    let goal = if several { moved.goal_name.as_str() } else { "" };
    let when = if asked { "同意更正并重报、通过之后" } else { "通过之后" };
    let sentence = match moved.period == period {
        true => format!("{when}，{}{goal}有 {count} 处变动：", moved.period.label()),
        false => format!("以后的{}{goal}若同样更正，有 {count} 处变动：", moved.period.label()),
    };
    view! {
        <p>{sentence}</p>
        {data_table(
            "表格",
            "data narrow",
            &[("单位", false), ("项目", false), ("现在", true), ("变为", true)],
            rows,
        )}
    }
    .into_any()
}

/// What was just approved or sent back, to be taken back.
fn undo_bar(plan: &str, round: &Round, units: &[UnitState]) -> Option<AnyView> {
    let backend = backend();
    let viewer = backend.viewer()?;
    let fresh: Vec<&UnitState> = units.iter().filter(|unit| unit.can_undo(viewer.account.id, backend.now())).collect();
    if fresh.is_empty() {
        return None;
    }
    let names: Vec<&str> = fresh.iter().map(|unit| unit.name.as_str()).collect();
    let hidden = fresh.iter().map(|unit| {
        let seen = unit.last.as_ref().map_or(0, |step| step.version);
        view! { <input type="hidden" name=approve::UNIT value=format!("{}@{seen}", unit.unit) /> }
    });
    let hidden = hidden.collect_view();
    Some(
        view! {
            <form method="post" action=format!("{}/undo", links::review(plan, round)) class="step undo" role="status">
                {hidden}
                <input type="hidden" name=steps::KEY value=backend.fresh_key() />
                <span>{format!("刚刚办理：{}。", names.join("、"))}</span>
                <button type="submit" class="second">
                    "全部撤销"
                </button>
                <span class="subtitle">"10秒之内可以撤销"</span>
            </form>
        }
        .into_any(),
    )
}
