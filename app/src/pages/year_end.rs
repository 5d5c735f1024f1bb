//! `/assess/{plan}/year-end?goal=&year=`: reported, self-assessed, verified; the result and its closing by two persons.
//! `…/{region}`: one unit's self-assessment and verification.

mod print;
mod scope;
mod unit;

use domain::calendar::{at_shanghai, chinese_date};
use domain::month::Period;
use domain::plan::{Assessment, Goal, Plan};
use domain::rate::Rate;
use domain::rights::{Action, Object};
use domain::standing::ranking_figures;
use domain::year_end::{Stated, YearEndFigure, YearResult, newest, self_assessment_days, standings, to_verify};
use leptos::prelude::*;

pub(crate) use print::YearEndSheet;
use scope::reported_name;
pub(crate) use scope::scope;
pub use scope::{address, unit_address};
pub(crate) use unit::UnitYearEnd;

use super::{param, query};
use crate::backend::backend;
use crate::load::facts;
use crate::parts::{Menu, Page, PageError, alert, area, page};
use domain::calendar::moment;
use office::commands::ask_pack::field as ask_pack;
use office::commands::closing::field as closing_field;
use office::commands::year_end::field;
use office::facts::{Closure, Decision, Facts, YearEnd, is_proposed};
use office::posted::Posted;
use office::year_end::{kept_open, last_edition, result};

#[component]
pub(crate) fn YearEndPage() -> impl IntoView {
    let (plan, goal, year) = (param("plan"), query("goal"), query("year"));
    page(async move { load(&plan, goal.as_deref(), year.as_deref()).await })
}

async fn load(plan: &str, goal: Option<&str>, year: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    // First the head, then what it covers: what is proposed rests on what was seen.
    let head = backend.facts_head().await?;
    let facts = facts(&backend, plan).await?;
    let plan = &facts.version.plan;
    let (goal, assessment, year) = scope(plan, goal, year)?;
    let year_end = backend.year_end(plan, &goal.id, year).await?;
    let office = backend
        .viewer()
        .is_some_and(|viewer| viewer.may(Action::ReadUnpublished, Object::office(plan.region.id())).is_ok());
    let title = format!("{year}年{}年终考核", goal.name);
    let posted = use_context::<Posted>().unwrap_or_default();
    let error = posted.error.map(alert);
    let body = if office {
        matrix(&facts, (goal, assessment), year, &year_end, head).await?
    } else {
        shown_result(&year_end, plan.near)
    };
    let own = backend.viewer().and_then(|viewer| viewer.post.as_ref()).and_then(|post| post.domain.unit.clone());
    let own = own.filter(|unit| goal.split(unit).is_some()).map(|unit| {
        view! {
            <p>
                <a class="button" href=unit_address(&plan.id, &goal.id, year, &unit)>
                    "本单位自评和核验"
                </a>
            </p>
        }
    });
    let involved =
        backend.viewer().and_then(|viewer| viewer.role()).is_some_and(|role| role.is_county() || role.is_office());
    let objections = involved.then(|| view! { <a href=format!("/assess/{}/objections", plan.id)>"异议"</a> });
    let sheet = year_end.closures.last().filter(|last| last.step != Decision::Dropped).map(|_| {
        let at = format!("/assess/{}/year-end/print?goal={}&year={year}", plan.id, goal.id);
        view! { <a href=at>"打印签字盖章表"</a> }
    });
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{format!("{} {}", plan.citation(), assessment.clause.clone().unwrap_or_default())}</p>
            {error}
            {own}
            {body}
            <p class="after">
                <a href=format!("/assess/{}", plan.id)>"考核"</a>
                "　"
                {objections}
                "　"
                {sheet}
            </p>
        </section>
    };
    Ok(Page::new(title, Menu::Assess, body))
}

/// For everybody outside the office: what was proposed or confirmed, and nothing else.
fn shown_result(year_end: &YearEnd, near: Rate) -> AnyView {
    let Some(last) = year_end.closures.last() else {
        return view! {
            <p class="lead">
                "年终考核还没有结果。办公室核验完毕、提出结果之后，会在这里公示。"
            </p>
        }
        .into_any();
    };
    let state = match last.step {
        Decision::Confirmed if year_end.closed().is_none() => {
            let why = year_end.reopened().map(|(_, reopening)| reopening.reason.clone()).unwrap_or_default();
            view! {
                <p class="notice act">
                    {format!(
                        "以下是{}办结的结果，已由两人决定重开核定，新的结果办结之后替代它。原因：{why}",
                        chinese_date(at_shanghai(last.at).date_naive()),
                    )}
                </p>
            }
        }
        Decision::Confirmed => {
            let day = chinese_date(at_shanghai(last.at).date_naive());
            view! {
                <p class="notice">
                    {format!(
                        "考核已于{day}办结，{}确认。结果 SHA-256 {}…。",
                        last.actor,
                        &last.sha256[..16],
                    )}
                </p>
            }
        }
        _ => {
            view! {
                <p class="notice act">
                    {format!(
                        "以下是{}提出的结果，正在公示，还不是最后结果；有异议请在期限内提出。",
                        last.actor,
                    )}
                </p>
            }
        }
    };
    let table = result_table(&last.result, near);
    view! {
        {state}
        {table}
    }
    .into_any()
}

pub(super) fn result_table(result: &YearResult, near: Rate) -> AnyView {
    let table = result.table(near);
    // All are numbers but the unit and whether it is done.
    let class = |at: usize| match at {
        0 | 3 => "",
        6 => "r award",
        _ => "r",
    };
    let heads = table.header.iter().enumerate().map(|(at, head)| {
        let class = if class(at).is_empty() { "" } else { "r" };
        view! {
            <th scope="col" class=class>
                {head.clone()}
            </th>
        }
    });
    let heads = heads.collect_view();
    let rows = table.rows.iter().zip(&result.standings.rows).map(|(line, row)| {
        let cells = line.iter().zip(&table.header).enumerate().skip(1).map(|(at, (cell, head))| {
            view! {
                <td class=class(at) data-name=head.clone()>
                    {cell.clone()}
                </td>
            }
        });
        let cells = cells.collect_view();
        view! {
            <tr class=if row.within.is_some() { "nested" } else { "" }>
                <th scope="row">{line[0].clone()}</th>
                {cells}
            </tr>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="表格">
            <table class="data stack">
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

async fn matrix(
    facts: &Facts,
    (goal, assessment): (&Goal, &Assessment),
    year: i32,
    year_end: &YearEnd,
    head: i64,
) -> Result<AnyView, PageError> {
    let backend = backend();
    let plan = &facts.version.plan;
    let edition = last_edition(&backend.editions().await?, &plan.id, year);
    // What is closed is shown as it was frozen, whatever was revised since.
    let standings = match year_end.closed() {
        Some(closed) => closed.result.standings.clone(),
        None => standings(plan, goal, &facts.figures, year, &year_end.stated),
    };
    let ranking = ranking_figures(plan, goal, &facts.figures);
    let readings = backend.readings(&plan.id).await?;
    let proposed = is_proposed(&readings, &goal.id);
    let open = kept_open(
        (goal, assessment),
        (&standings, year_end),
        edition.as_ref().map(|edition| edition.edition),
        (proposed, backend.now()),
    );
    let closed = year_end.closed();
    let period = Period { year, month: 12 };
    let final_or = if closed.is_some() { "结果" } else { "预计" };
    let rows = goal.splits.iter().map(|split| {
        let amount = |amount: Option<domain::money::Amount>| {
            amount.map_or("—".to_owned(), |amount| goal.measure.plain(amount))
        };
        let reported = ranking.get(&goal.id, period, &split.region);
        let own = newest(&year_end.stated, &split.region, Stated::Own);
        let verified = newest(&year_end.stated, &split.region, Stated::Verified);
        let differs = verified.zip(reported).is_some_and(|(verified, reported)| {
            verified.value != reported.value
                || verified.base != reported.base
                || verified.published_growth != reported.published_growth
        });
        let stated = |figure: Option<&YearEndFigure>, [year, of]: [&'static str; 2]| {
            let growth = figure
                .and_then(YearEndFigure::growth)
                .map_or("—".to_owned(), |growth| format!("{}%", growth.percent_on_page(2)));
            view! {
                <td class="r" data-name=year>
                    {amount(figure.and_then(|figure| figure.value))}
                </td>
                <td class="r" data-name=of>
                    {growth}
                </td>
            }
        };
        let reported_growth = reported
            .and_then(|figure| figure.growth())
            .map_or("—".to_owned(), |growth| format!("{}%", growth.percent_on_page(2)));
        let name = if split.within.is_some() { format!("其中：{}", split.name) } else { split.name.clone() };
        let remark = verified.map(|figure| figure.remark.clone()).unwrap_or_default();
        let unsaid = if remark.is_empty() && !differs { "nothing" } else { "" };
        view! {
            <tr class=if split.within.is_some() { "nested" } else { "" }>
                <th scope="row">
                    <a href=unit_address(&plan.id, &goal.id, year, &split.region)>{name}</a>
                </th>
                <td class="r" data-name="报送">
                    {amount(reported.and_then(|figure| figure.value))}
                </td>
                <td class="r" data-name="增幅">
                    {reported_growth}
                </td>
                {stated(own, ["自评", "自评增幅"])}
                {stated(verified, ["核验", "核验增幅"])}
                <td class=unsaid data-name="核验意见">
                    {differs.then_some("▲ 与报送不同　")}
                    {remark}
                </td>
                <td class="r award" data-name=final_or>
                    {if verified.is_some() || closed.is_some() {
                        standings.points_of(&split.region)
                    } else {
                        "未核验".to_owned()
                    }}
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let state = match closed {
        Some(closed) => {
            let day = chinese_date(at_shanghai(closed.at).date_naive());
            let replaces = closed.result.replaces.as_ref().map(|of| view! { <p>{format!("{}。", of.sentence())}</p> });
            view! {
                <div class="notice">
                    <p>
                        {format!(
                            "已于{day}办结，{}确认。结果 SHA-256 {}…。",
                            closed.actor,
                            &closed.sha256[..16],
                        )}
                    </p>
                    {replaces}
                </div>
                {reopening(plan, goal, year, year_end)}
            }
            .into_any()
        }
        None => {
            let now = result(facts, goal, year, year_end, edition.as_ref());
            let moved =
                year_end.proposed().zip(now.as_ref()).map(|(of, now)| since_proposed(&of.result, now, plan.near));
            let steps = closing((plan, goal), year, year_end, (&open, moved.unwrap_or_default()), head);
            let again = year_end.reopened().map(|(closed, reopening)| {
                let day = chinese_date(at_shanghai(closed.at).date_naive());
                let said = format!(
                    "{day}办结的结果（SHA-256 {}…）已重开，{}确认，原因：{}。改好之后重新提出办结，新的结果会写明替代了它。",
                    &closed.sha256[..16],
                    reopening.actor,
                    reopening.reason,
                );
                view! { <p class="notice act">{said}</p> }
            });
            view! {
                {again}
                {steps}
                {unassessed(goal, year, year_end)}
            }
            .into_any()
        }
    };
    Ok(view! {
        {state}
        <div class="scroll" tabindex="0" role="group" aria-label="表格">
            <table class="data stack">
                <thead>
                    <tr>
                        <th scope="col" rowspan="2">
                            {format!("单位（{}）", goal.measure.unit)}
                        </th>
                        <th scope="colgroup" colspan="2">
                            {reported_name(assessment)}
                        </th>
                        <th scope="colgroup" colspan="2">
                            "自评"
                        </th>
                        <th scope="colgroup" colspan="2">
                            "核验"
                        </th>
                        <th scope="col" rowspan="2">
                            "核验意见"
                        </th>
                        <th scope="col" rowspan="2" class="r">
                            {final_or}
                        </th>
                    </tr>
                    <tr>
                        <th scope="col" class="r">
                            "全年"
                        </th>
                        <th scope="col" class="r">
                            "增幅"
                        </th>
                        <th scope="col" class="r">
                            "全年"
                        </th>
                        <th scope="col" class="r">
                            "增幅"
                        </th>
                        <th scope="col" class="r">
                            "全年"
                        </th>
                        <th scope="col" class="r">
                            "增幅"
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {verify_all(facts, (goal, assessment), year, year_end, head)}
        {pack(plan, goal, year, edition.is_some())}
        <p class="notes">
            "加减分只按核验一栏计算；1—12月通报发布、考核由两人办结之前，都是预计。"
        </p>
    }
    .into_any())
}

/// What is different now from the result that was proposed, unit by unit.
fn since_proposed(proposed: &YearResult, now: &YearResult, near: Rate) -> Vec<String> {
    let (before, after) = (proposed.table(near), now.table(near));
    let mut said = Vec::new();
    for row in &after.rows {
        let Some(old) = before.rows.iter().find(|old| old[0] == row[0]) else {
            said.push(format!("{}：新增", row[0]));
            continue;
        };
        let cells = after.header.iter().zip(old.iter().zip(row)).skip(1).filter(|(_, (old, new))| old != new);
        let cells: Vec<String> = cells.map(|(head, (old, new))| format!("{head}由{old}变为{new}")).collect();
        if !cells.is_empty() {
            said.push(format!("{}：{}", row[0], cells.join("，")));
        }
    }
    if said.is_empty() && proposed != now {
        said.push("表中的数和结果都不变；变的是依据（通报的版次、计划版本或核验意见）".to_owned());
    }
    said
}

/// Who has not assessed himself, and whose self-assessment nobody signed: told, and in nobody's way.
fn unassessed(goal: &Goal, year: i32, year_end: &YearEnd) -> Option<AnyView> {
    let own = |split: &&domain::plan::Split| newest(&year_end.stated, &split.region, Stated::Own).is_some();
    let (done, missing): (Vec<_>, Vec<_>) = to_verify(goal, year).partition(own);
    let unsigned = done.iter().filter(|split| year_end.signed(&split.region).is_none());
    let names = |splits: Vec<&str>| splits.join("、");
    let missing = names(missing.iter().map(|split| split.name.as_str()).collect());
    let unsigned = names(unsigned.map(|split| split.name.as_str()).collect());
    let mut said = Vec::new();
    if !missing.is_empty() {
        said.push(format!("没有提交自评的：{missing}"));
    }
    if !unsigned.is_empty() {
        said.push(format!("自评没有经县级审核人签核的：{unsigned}"));
    }
    (!said.is_empty()).then(|| view! { <p class="subtitle">{format!("{}。", said.join("；"))}</p> }.into_any())
}

/// Opening a closed assessment again: by two persons, with the reason.
fn reopening(plan: &Plan, goal: &Goal, year: i32, year_end: &YearEnd) -> Option<AnyView> {
    let backend = backend();
    let viewer = backend.viewer()?;
    viewer.may(Action::CloseAssessment, Object::office(plan.region.id())).ok()?;
    let seen = year_end.reopenings.last().map_or(0, |of| of.version);
    let hidden = |decision: Decision| {
        view! {
            <input type="hidden" name=field::GOAL value=goal.id.clone() />
            <input type="hidden" name=field::YEAR value=year.to_string() />
            <input type="hidden" name=closing_field::SEEN value=seen.to_string() />
            <input type="hidden" name=closing_field::REOPEN value=decision.id() />
        }
    };
    let action = format!("/assess/{}/year-end", plan.id);
    let button = |decision: Decision, text: &'static str, class: &'static str| {
        view! {
            <form method="post" action=action.clone() class="step">
                {hidden(decision)}
                <button type="submit" class=class>
                    {text}
                </button>
            </form>
        }
    };
    if let Some(open) = year_end.to_reopen() {
        let said = format!("{}　{}提出重开，原因：{}", open.actor, moment(open.at), open.reason);
        let own = open.account == viewer.account.id;
        let confirm = (!own).then(|| button(Decision::Confirmed, "确认重开", "act"));
        let waiting = own.then(|| view! { <p class="subtitle">"要由另一个人确认。"</p> });
        return Some(
            view! {
                <p class="notice act">{said}</p>
                {waiting}
                <div class="steps">{confirm} {button(Decision::Dropped, "取消重开", "second")}</div>
            }
            .into_any(),
        );
    }
    let posted = use_context::<Posted>().unwrap_or_default();
    let typed = posted.text(closing_field::REASON).to_owned();
    Some(
        view! {
            <details class="reopen" open=posted.get(closing_field::REOPEN).is_some()>
                <summary>"重开这一年的考核"</summary>
                <p class="subtitle">
                    "已办结的结果和通知保留原样；两人同意之后可以改核验的数，再重新办结，新的结果写明替代了哪一次、为什么。"
                </p>
                <form method="post" action=action class="stacked">
                    {hidden(Decision::Proposed)}
                    <label for="reopen-reason">"原因和依据（必填）"</label>
                    <textarea id="reopen-reason" name=closing_field::REASON rows="2" inner_html=area(&typed) />
                    <button type="submit" class="second">
                        "提出重开"
                    </button>
                </form>
            </details>
        }
        .into_any(),
    )
}

/// The button for the year's pack, once there is a bulletin of the year.
fn pack(plan: &Plan, goal: &Goal, year: i32, published: bool) -> Option<AnyView> {
    published.then(|| {
        view! {
            <form method="post" action="/exports" class="step pack">
                <input type="hidden" name=ask_pack::PLAN value=plan.id.clone() />
                <input type="hidden" name=ask_pack::GOAL value=goal.id.clone() />
                <input type="hidden" name=ask_pack::YEAR value=year.to_string() />
                <p>
                    "归档包含结果通知（Word、PDF）、工作簿、条款和读法、推导过程、全部报送记录和审计链，别的电脑不用数据库也能核验。"
                </p>
                <button type="submit" class="second">
                    "生成归档包"
                </button>
                " "
                <a href="/exports">"已生成的归档包"</a>
            </form>
        }
        .into_any()
    })
}

/// One button for all units that reported and nobody has verified: where nothing is to be changed.
fn verify_all(
    facts: &Facts,
    (goal, assessment): (&Goal, &Assessment),
    year: i32,
    year_end: &YearEnd,
    head: i64,
) -> Option<AnyView> {
    let backend = backend();
    let plan = &facts.version.plan;
    let may =
        backend.viewer().is_some_and(|viewer| viewer.may(Action::Verify, Object::office(plan.region.id())).is_ok());
    let today = at_shanghai(backend.now()).date_naive();
    let begun = self_assessment_days(assessment.self_assessment_by, year).is_some_and(|(from, _)| from <= today);
    // Entered parts of a score are written unit by unit.
    if !may || !begun || year_end.closed().is_some() || unit::entered(assessment).next().is_some() {
        return None;
    }
    let left: Vec<&domain::plan::Split> = to_verify(goal, year)
        .filter(|split| newest(&year_end.stated, &split.region, Stated::Verified).is_none())
        .filter(|split| {
            facts
                .figures
                .get(&goal.id, Period { year, month: 12 }, &split.region)
                .is_some_and(|figure| figure.is_reported())
        })
        .collect();
    if left.is_empty() {
        return None;
    }
    let names: Vec<&str> = left.iter().map(|split| split.name.as_str()).collect();
    let hidden = left
        .iter()
        .map(|split| view! { <input type="hidden" name=field::UNIT value=split.region.clone() /> })
        .collect_view();
    Some(
        view! {
            <form method="post" action=format!("/assess/{}/year-end/all", plan.id) class="step">
                <input type="hidden" name=field::GOAL value=goal.id.clone() />
                <input type="hidden" name=field::YEAR value=year.to_string() />
                <input type="hidden" name=field::BASED_ON value=head.to_string() />
                {hidden}
                <p>
                    {format!(
                        "还没有核验的 {} 个单位：{}。核验后与报送不同的请先逐个记录；其余的可以按报送数一并核验。",
                        left.len(),
                        names.join("、"),
                    )}
                </p>
                <button type="submit" class="second">
                    {format!("这 {} 个单位按报送数核验", left.len())}
                </button>
            </form>
        }
        .into_any(),
    )
}

/// What keeps it open, and the buttons of the two persons.
fn closing(
    (plan, goal): (&Plan, &Goal),
    year: i32,
    year_end: &YearEnd,
    (open, moved): (&[String], Vec<String>),
    head: i64,
) -> AnyView {
    let backend = backend();
    let may = backend
        .viewer()
        .is_some_and(|viewer| viewer.may(Action::CloseAssessment, Object::office(plan.region.id())).is_ok());
    let items = open
        .iter()
        .map(|sentence| {
            view! {
                <li>
                    <span class="lamp near">"▲"</span>
                    " "
                    {sentence.clone()}
                </li>
            }
        })
        .collect_view();
    let list = match open.is_empty() {
        true if !moved.is_empty() => {
            let items = moved.iter().map(|sentence| view! { <li>{sentence.clone()}</li> }).collect_view();
            view! {
                <div class="notice act">
                    <p>
                        "提出办结之后结果变了，不能确认；请先取消公示，再重新提出。变动："
                    </p>
                    <ul>{items}</ul>
                </div>
            }
            .into_any()
        }
        true => view! {
            <p>
                <span class="lamp on-pace">"●"</span>
                " 可以办结的条件都已具备。"
            </p>
        }
        .into_any(),
        false => view! { <ul class="plain readiness">{items}</ul> }.into_any(),
    };
    let seen = year_end.closures.last().map_or(0, |closure| closure.version);
    let button = |decision: Decision, text: &'static str, class: &'static str| {
        view! {
            <form method="post" action=format!("/assess/{}/year-end", plan.id) class="step">
                <input type="hidden" name=field::GOAL value=goal.id.clone() />
                <input type="hidden" name=field::YEAR value=year.to_string() />
                <input type="hidden" name=closing_field::SEEN value=seen.to_string() />
                <input type="hidden" name=closing_field::BASED_ON value=head.to_string() />
                <input type="hidden" name=closing_field::DECISION value=decision.id() />
                <button type="submit" class=class>
                    {text}
                </button>
            </form>
        }
    };
    let proposal = year_end.proposed().map(|proposed: &Closure| {
        let own = backend.viewer().is_some_and(|viewer| viewer.account.id == proposed.account);
        let text = format!("{}　{}提出办结，结果正在向各单位公示。", proposed.actor, moment(proposed.at));
        let confirm =
            (may && !own && open.is_empty() && moved.is_empty()).then(|| button(Decision::Confirmed, "确认办结", ""));
        let waiting = own.then(|| view! { <p class="subtitle">"要由另一个人确认。"</p> });
        let drop = may.then(|| button(Decision::Dropped, "取消公示", "second"));
        view! {
            <p class="notice act">{text}</p>
            {waiting}
            <div class="steps">{confirm}{drop}</div>
        }
    });
    let propose =
        (may && proposal.is_none() && open.is_empty()).then(|| button(Decision::Proposed, "提出办结并公示", ""));
    view! {
        <h2>"办结"</h2>
        {list}
        {proposal}
        {propose}
    }
    .into_any()
}
