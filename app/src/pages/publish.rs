//! `/publish/{plan}/{period}`: what must be looked at before an edition is frozen, the edition as it would read, and
//! the button that freezes it, with the password again.

use domain::bulletin::narrative::{Paragraph, plain};
use domain::bulletin::wording::{ADDITION, Wording, reword};
use domain::calendar::at_shanghai;
use domain::month::Period;
use domain::plan::{Plan, Round};
use domain::rights::{Action, Object};
use domain::standing::Standings;
use domain::workflow::State;
use leptos::prelude::*;

use super::bulletin::article;
use super::param;
use crate::backend::backend;
use crate::load::{is_published, period_of};
use crate::parts::{Menu, Page, PageError, alert, area, links, page, stepper};
use office::commands::publish::{field, wording_of};
use office::facts::{Edition, Proposal, UnitState};
use office::posted::Posted;

#[component]
pub(crate) fn Publish() -> impl IntoView {
    let (plan, period) = (param("plan"), param("period"));
    page(async move {
        let backend = backend();
        let version = backend.plan_versions(&plan).await?.pop().ok_or_else(|| PageError::no_plan(&plan))?;
        let plan = &version.plan;
        let period = period_of(plan, &period)?;
        let own = backend
            .viewer()
            .is_some_and(|viewer| viewer.may(Action::Publish, Object::office(plan.region.id())).is_ok());
        if !own {
            return Err(PageError::not_found("没有这个计划的通报可发布，或它不属于您的地区。"));
        }
        let published = is_published(&plan.id, period).await?;
        let (mut units, mut line) = (Vec::new(), None);
        let rounds = plan.rounds_at(period);
        let states = backend.unit_states(plan, &rounds).await?;
        for (round, states) in rounds.into_iter().zip(states) {
            line = line.or_else(|| plan.publishes(&round).then(|| stepper::of_round(plan, &round, &states, published)));
            units.extend(states.into_iter().map(|unit| of_round(plan, &round, unit)));
        }
        let proposal = backend.proposal(plan, period).await?;
        let before = backend.edition(&plan.id, period, None).await?;
        Ok(shown(plan, period, &units, proposal, before.as_deref(), line))
    })
}

/// A unit's return, named with its rhythm.
fn of_round(plan: &Plan, round: &Round, unit: UnitState) -> UnitState {
    let adjective = plan.adjective(round);
    let name = if adjective.is_empty() { unit.name } else { format!("{}（{adjective}）", unit.name) };
    UnitState { name, ..unit }
}

/// One line of the readiness list.
fn ready(holds: bool, text: String) -> AnyView {
    let (mark, class) = if holds { ("●", "lamp on-pace") } else { ("▲", "lamp near") };
    view! {
        <li>
            <span class=class>{mark}</span>
            " "
            {text}
        </li>
    }
    .into_any()
}

/// A stated total beside the sum of the parts, where they differ and nobody is missing.
fn total_differs(standings: &Standings) -> Option<String> {
    let stated = standings.total.value.filter(|_| standings.total.stated && standings.flow)?;
    let parts = standings.rows.iter().filter(|row| row.within.is_none());
    let values: Option<Vec<i64>> = parts.map(|row| row.value.map(|value| value.0)).collect();
    let sum = domain::money::Amount(values?.iter().sum());
    let by = domain::money::Amount(stated.0 - sum.0);
    let measure = &standings.measure;
    (by.0 != 0).then(|| {
        let signed = domain::bulletin::words::signed(&measure.plain(by));
        format!(
            "填报的总数 {} 与各单位之和 {} 相差 {signed}{}",
            measure.with_unit(stated),
            measure.with_unit(sum),
            measure.unit
        )
    })
}

/// The units, each once.
fn count(units: &[UnitState]) -> usize {
    units.iter().map(|unit| unit.unit.as_str()).collect::<std::collections::BTreeSet<_>>().len()
}

fn readiness(units: &[UnitState], proposal: &Proposal) -> AnyView {
    let named = |wanted: fn(&UnitState) -> bool| {
        units.iter().filter(|unit| wanted(unit)).map(|unit| unit.name.as_str()).collect::<Vec<_>>()
    };
    let open = named(|unit| !matches!(unit.state, State::Approved | State::CorrectionAsked));
    let asked = named(|unit| unit.state == State::CorrectionAsked);
    // Where some came in by a file in their unit's place; a plan whose figures all come so says nothing.
    let by_file = named(|unit| unit.imported);
    let by_file = (!by_file.is_empty() && by_file.len() < units.len())
        .then(|| ready(true, format!("由办公室用文件导入或代报，没有经单位网上填报：{}", by_file.join("、"))));
    let approved = units.iter().filter(|unit| unit.state == State::Approved);
    let doubts: usize = approved.map(|unit| unit.doubts).sum();
    let total = proposal.edition.as_ref().ok().and_then(|edition| total_differs(&edition.bulletin.standings));
    let all = if open.is_empty() {
        format!("{}个单位都已审核通过", count(units))
    } else {
        format!("还没有通过：{}", open.join("、"))
    };
    let corrections = if asked.is_empty() {
        "没有待答复的更正申请".to_owned()
    } else {
        format!("更正申请待答复：{}", asked.join("、"))
    };
    let explained = if doubts == 0 {
        "没有数据提示".to_owned()
    } else {
        format!("有 {doubts} 处数据提示，都有说明，已随审核通过")
    };
    let chain = match &proposal.proof {
        Some(proof) => {
            let (hash, at) = (&proof.head.hash[..16], at_shanghai(proof.at).format("%Y年%-m月%-d日 %H:%M"));
            format!("审计链完整，核验于{at}，链尾 {hash}…；此后的记录和本期用到的全部数据，发布时再核验")
        }
        None => "审计链完整与否，发布时核验；核验不通过就不发布".to_owned(),
    };
    view! {
        <ul class="plain readiness">
            {ready(open.is_empty(), all)} {ready(asked.is_empty(), corrections)} {ready(true, explained)}
            {by_file} {total.map(|sentence| ready(false, sentence))} {ready(true, chain)}
        </ul>
    }
    .into_any()
}

/// The form that publishes an edition: why it corrects the one before it, if there is one, the password again, and
/// what else the page asks for.
pub(super) fn publish_form(
    action: String,
    based_on: String,
    corrects: Option<u32>,
    why: &'static str,
    typed: &str,
    more: impl IntoView,
) -> impl IntoView {
    let reason = corrects.map(|edition| {
        view! {
            <p class="notice act">
                {format!(
                    "第{edition}版已经发布。再发布就是更正：第{edition}版保留原样，注明已更正。",
                )}
            </p>
            <label for="reason">{why}</label>
            <textarea id="reason" name=field::REASON rows="2" inner_html=area(typed) />
        }
    });
    let button = format!("发布第{}版", corrects.unwrap_or(0) + 1);
    view! {
        <form method="post" action=action class="stacked submit">
            <input type="hidden" name=field::BASED_ON value=based_on />
            {reason}
            <label for="password">"再输一次您的密码"</label>
            <input id="password" name=field::PASSWORD type="password" autocomplete="current-password" />
            <p class="subtitle">
                "发布之后不能修改，只能以新的一版更正；所有读者同时看到。"
            </p>
            <button type="submit">{button}</button>
            {more}
        </form>
    }
}

fn shown(
    plan: &Plan,
    period: Period,
    units: &[UnitState],
    proposal: Proposal,
    before: Option<&Edition>,
    line: Option<AnyView>,
) -> Page {
    let posted = use_context::<Posted>().unwrap_or_default();
    let title = format!("发布{}通报", period.title());
    let corrects = proposal.corrects;
    let list = readiness(units, &proposal);
    let based_on = proposal.based_on.to_string();
    let unchanged = corrects.filter(|_| proposal.unchanged).map(|edition| {
        view! {
            <p class="notice">
                {format!("数据与已发布的第{edition}版相同；只有文字要更正时才再发布。")}
            </p>
        }
    });
    let error = posted.error.clone().map(alert);
    let body = match proposal.edition {
        Err(sentence) => view! { <p class="notice">{format!("{sentence}。")}</p> }.into_any(),
        Ok(mut edition) => {
            let composed = edition.bulletin.paragraphs.clone();
            // A correction starts from the words of the edition that it replaces.
            let sent = posted.fields().any(|(name, _)| name.starts_with(field::SENTENCE));
            let again = before.map(|before| Wording::again(&before.bulletin, &composed)).unwrap_or_default();
            let lost = before.map_or(0, |before| again.lost(&before.bulletin));
            let wording = if sent { wording_of(&posted) } else { again };
            let lost = (lost > 0 && !sent).then(|| {
                view! {
                    <p class="notice" role="note">
                        {format!(
                            "上一版改写过的 {lost} 句，因数据变了，已恢复系统原句，请看是否再改。",
                        )}
                    </p>
                }
            });
            reword(&mut edition.bulletin, &wording);
            let words = word_boxes(&composed, &wording);
            let leaving = edition.bulletin.edited.iter().filter(|edited| edited.leaves_figures).count();
            let leaving = (leaving > 0).then(|| view! {
                <p class="notice" role="note">
                    {format!(
                        "有 {leaving} 句离开了数据（改了数、单位名或升降，或删去、补充），通报里会标注※并附系统原句。",
                    )}
                </p>
            });
            let form = publish_form(
                links::publish(&plan.id, period),
                based_on,
                corrects,
                "更正原因（写进通报）",
                posted.text(field::REASON),
                words,
            );
            view! {
                {unchanged}
                {lost}
                {form}
                <h2>"预览"</h2>
                {leaving}
                {article(&edition, &[])}
            }
            .into_any()
        }
    };
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{plan.title.clone()}</p>
            {line}
            {error}
            {list}
            {body}
        </section>
    };
    Page::new(title, Menu::Todo, body)
}

/// One box for each sentence, and one for a paragraph of the office's own.
fn word_boxes(composed: &[Paragraph], wording: &Wording) -> AnyView {
    let mut boxes = Vec::new();
    for (index, paragraph) in composed.iter().enumerate() {
        for (at, sentence) in paragraph.sentences.iter().enumerate() {
            let name = format!("{}{index}.{at}", field::SENTENCE);
            let own = wording
                .sentences
                .iter()
                .find(|(of, number, _)| (*of, *number) == (index, at))
                .map(|(.., text)| text.clone());
            let text = own.unwrap_or_else(|| plain(sentence));
            let heading = if paragraph.heading.is_empty() { "总体" } else { paragraph.heading.as_str() };
            let label = format!("{heading}，第{}句", at + 1);
            let composed = plain(sentence);
            boxes.push(view! {
                <label>{label}<textarea name=name rows="2" inner_html=area(&text) /></label>
                <input type="hidden" name=format!("{}{index}.{at}", field::SHOWN) value=composed />
            });
        }
    }
    let changed = !wording.addition.is_empty()
        || wording.sentences.iter().any(|(index, at, text)| {
            composed
                .get(*index)
                .and_then(|paragraph| paragraph.sentences.get(*at))
                .is_none_or(|sentence| plain(sentence) != *text)
        });
    view! {
        <details class="wording" open=changed>
            <summary>"逐句修改文字（可不改）"</summary>
            <p class="subtitle">
                "只改说法的，数字仍链到来源；改了数字、单位名或升降的，通报里标※并附系统原句。清空一句就是删去。"
            </p>
            {boxes}
            <label>
                {format!("{ADDITION}（由办公室撰写，会标注）")}
                <textarea name=field::ADDITION rows="3" inner_html=area(&wording.addition) />
            </label>
            <button type="submit" name="then" value="preview" class="second">
                "看修改后的预览"
            </button>
        </details>
    }
    .into_any()
}
