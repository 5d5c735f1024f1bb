//! `/policies/{plan}`: what the plan promises, each policy with the document's words; and a calculator: what would my
//! project get, and why, or why not. It is a plain form that keeps nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use domain::calendar::at_shanghai;
use domain::plan::Plan;
use domain::plan::check::{Finding, check};
use domain::plan::policy::{Group, Policy};
use domain::policy::{Asked, Claim, Entry, Settled, asked, in_words, payers_in_words, recipients, settle, yuan};
use domain::rights::{Action, Object};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::param;
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, links, page};

/// The names of what the address says besides the facts of a claim.
const POLICY: &str = "policy";
const YEAR: &str = "year";
/// Whether somebody asked for a result: an empty form is no mistake.
const ASKS: &str = "ask";

#[component]
pub(crate) fn PolicyList() -> impl IntoView {
    let plan = param("plan");
    let query = use_query_map().get_untracked();
    let typed: BTreeMap<String, String> =
        query.into_iter().map(|(key, text)| (key.into_owned(), text.trim().to_owned())).collect();
    page(async move { load(&plan, &typed).await })
}

async fn load(plan: &str, typed: &BTreeMap<String, String>) -> Result<Page, PageError> {
    let backend = backend();
    let version = backend.plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let plan = &version.plan;
    if plan.policies.list.is_empty() {
        return Err(PageError::not_found("这个计划没有写扶持政策。").with_link("计划", links::plan(&plan.id)));
    }
    let chosen = match typed.get(POLICY).filter(|id| !id.is_empty()) {
        None => None,
        Some(id) => Some(plan.policies.get(id).ok_or_else(|| {
            let sentence = format!("这个计划没有政策“{}”。", domain::month::shorten(id));
            PageError::not_found(sentence).with_link("全部扶持政策", links::policies(&plan.id))
        })?),
    };
    let this_year = at_shanghai(backend.now()).date_naive().year();
    let calculator = chosen.map(|policy| calculator(plan, policy, typed, this_year));
    let policies = plan.policies.list.iter().map(|policy| card(plan, policy)).collect_view();
    let claims = claims(plan).await?;
    let title = "扶持政策".to_owned();
    let count =
        format!("共{}项。条件、比例和上限以文件原文为准；测算只供参考，不是审批结果。", plan.policies.list.len());
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=links::plan(&plan.id)>{plan.basis()}</a>
            </p>
            {calculator}
            {claims}
            <p>{count}</p>
            {groups(plan)}
            <div class="tasks dated">{policies}</div>
            {findings(plan)}
        </section>
    };
    Ok(Page::new(title, Menu::Plans, body))
}

/// Whether whoever asks sees claims of the plan: all, or his unit's.
pub(super) fn reads_claims(plan: &Plan) -> bool {
    let backend = backend();
    let Some(viewer) = backend.viewer() else { return false };
    let Some(post) = &viewer.post else { return false };
    let office = plan.region.id();
    let object = match &post.domain.unit {
        Some(unit) => Object::unit(office, unit),
        None => Object::office(office),
    };
    viewer.may(Action::ReadClaims, object).is_ok()
}

/// The way to the claims, for whoever has to do with them: of the years that the plan has, and that are on record.
async fn claims(plan: &Plan) -> Result<Option<AnyView>, PageError> {
    if !reads_claims(plan) {
        return Ok(None);
    }
    let (first, last) = plan.all_claim_years();
    let recorded = backend().claim_years(plan).await?.into_keys();
    let years: BTreeSet<i32> = recorded.chain(first..=last).collect();
    let years = years.into_iter().map(|year| {
        view! {
            <a href=links::claims(&plan.id, &year.to_string())>{format!("{year}年申报和兑付")}</a>
            "　"
        }
    });
    Ok(Some(view! { <p>{years.collect_view()}</p> }.into_any()))
}

/// What several policies have in common.
fn groups(plan: &Plan) -> AnyView {
    let items = plan.policies.groups.iter().map(|group| {
        let clause = group.clause.as_ref().map(|clause| format!("（{clause}）")).unwrap_or_default();
        let quote = group.quote.as_ref().map(|quote| view! { <p class="quote">{format!("“{quote}”{clause}")}</p> });
        view! {
            <article class="task">
                <h4>{group.title.clone()}</h4>
                <p>{together(group)}</p>
                {quote}
                {assumed(&group.assumed)}
            </article>
        }
    });
    view! { <div class="tasks dated">{items.collect_view()}</div> }.into_any()
}

/// 同一企业一个年度内就高补差；资金总额3亿元.
fn together(group: &Group) -> String {
    let parts = [
        Some(match group.combine.is_both() {
            true => format!("各项{}", group.combine.name()),
            false => format!("{}{}", group.per.name(), group.combine.name()),
        }),
        group.within_local_tax.then(|| format!("以{}为限", group.local_tax_words())),
        group.budget.map(|budget| format!("资金总额{}", yuan(budget))),
        group.valid.in_words().map(|span| format!("有效期{span}")),
    ];
    format!("{}。", parts.into_iter().flatten().collect::<Vec<_>>().join("，"))
}

fn assumed(sentences: &[String]) -> AnyView {
    let lines =
        sentences.iter().map(|sentence| view! { <p class="notes">{format!("文件未写明，这里假定：{sentence}。")}</p> });
    lines.collect_view().into_any()
}

/// 有效期：2022年1月21日至2025年1月20日。
pub(super) fn valid(plan: &Plan, policy: &Policy) -> Option<AnyView> {
    let span = plan.policies.valid(policy).in_words()?;
    Some(view! { <p>{format!("有效期：{span}。")}</p> }.into_any())
}

fn card(plan: &Plan, policy: &Policy) -> AnyView {
    let clause = policy.clause.as_ref().map(|clause| format!("（{clause}）")).unwrap_or_default();
    let payers = payers_in_words(policy).unwrap_or_else(|| "文件没有写".to_owned());
    let conditions: Vec<String> = domain::policy::conditions_in_words(policy);
    let conditions = (!conditions.is_empty()).then(|| view! { <p>{format!("条件：{}", conditions.join("；"))}</p> });
    let calculate = policy.computes().then(|| {
        let at = format!("{}?{POLICY}={}#calculator", links::policies(&plan.id), policy.id);
        view! {
            <p>
                <a href=at>"算一算"</a>
            </p>
        }
    });
    view! {
        <article class="task" id=format!("policy-{}", policy.id)>
            <h4>{policy.title.clone()}</h4>
            <p>{format!("给{}：{}。", policy.recipient.name(), in_words(policy))}</p>
            {conditions}
            {valid(plan, policy)}
            <p>{format!("出资：{payers}")}</p>
            {terms(plan, policy)}
            <p class="quote">{format!("“{}”{clause}", policy.quote)}</p>
            {assumed(&policy.assumed)}
            {calculate}
        </article>
    }
    .into_any()
}

/// What else the document lays down: who sees to it, how long it is before the public, who comes first.
fn terms(plan: &Plan, policy: &Policy) -> Option<AnyView> {
    let group = plan.policies.group(policy).map(|group| format!("属于“{}”", group.title));
    let responsible = (!policy.responsible.is_empty()).then(|| format!("责任单位：{}", policy.responsible.join("、")));
    let budget = policy.budget.map(|budget| match policy.order {
        Some(order) => format!("资金总额{}，不够时{}", yuan(budget), order.name()),
        None => format!("资金总额{}", yuan(budget)),
    });
    let notice = policy.notice_days.map(|days| format!("决定以后公示{days}天"));
    let said: Vec<String> = [group, responsible, budget, notice].into_iter().flatten().collect();
    (!said.is_empty()).then(|| view! { <p>{format!("{}。", said.join("；"))}</p> }.into_any())
}

/// The boxes of one policy, and what they come to once somebody asks.
fn calculator(plan: &Plan, policy: &Policy, typed: &BTreeMap<String, String>, this_year: i32) -> AnyView {
    let text = |name: &str| typed.get(name).map(String::as_str).unwrap_or_default();
    let asks = !text(ASKS).is_empty();
    let (first, last) = plan.years;
    let usual = this_year.clamp(first, last);
    let (year, year_error) = match domain::money::fold(text(YEAR)).trim_end_matches('年').parse::<i32>() {
        _ if text(YEAR).is_empty() => (usual, None),
        Ok(year) if (1900..=2999).contains(&year) => (year, None),
        _ => (usual, Some(format!("年度“{}”不是年份，请写成 {usual}", domain::month::shorten(text(YEAR))))),
    };
    let mut claim = Claim { id: "1".to_owned(), policy: policy.id.clone(), ..Claim::default() };
    // Which paper stands behind a number moves no sum.
    let mut facts = asked(&plan.policies, policy);
    facts.retain(|asked| asked.entry != Entry::Words);
    let mut errors: BTreeMap<&'static str, String> = BTreeMap::new();
    for each in &facts {
        if let Err(sentence) = each.set(&mut claim, text(each.fact.word()), &plan.policies, year) {
            errors.insert(each.fact.word(), sentence);
        }
    }
    errors.extend(year_error.map(|sentence| (YEAR, sentence)));
    let result = (asks && errors.is_empty()).then(|| {
        let claims = [claim];
        settle(plan, &recipients(&claims), &claims, year)
            .claims
            .into_iter()
            .next()
            .map(|settled| result(&settled, year))
    });
    let shown_year = if text(YEAR).is_empty() { usual.to_string() } else { text(YEAR).to_owned() };
    let boxes =
        facts.iter().map(|each| fact_box(each, text(each.fact.word()), errors.get(each.fact.word()).filter(|_| asks)));
    let boxes = boxes.collect_view();
    let problem = (asks && !errors.is_empty()).then(|| alert("有几处没有看懂，请改好标出的地方再算。".to_owned()));
    let year_error = errors.get(YEAR).filter(|_| asks).cloned();
    view! {
        <section id="calculator">
            <h2>{format!("算一算：{}", policy.title)}</h2>
            <p class="subtitle">{format!("{}。填写的内容只用来计算，不保存。", in_words(policy))}</p>
            {valid(plan, policy)}
            {problem}
            {result}
            <form
                method="get"
                action=format!("{}#calculator", links::policies(&plan.id))
                class="stacked"
                autocomplete="off"
            >
                <input type="hidden" name=POLICY value=policy.id.clone() />
                <input type="hidden" name=ASKS value="1" />
                <label for="year">"年度"</label>
                <input
                    type="text"
                    id="year"
                    name=YEAR
                    value=shown_year
                    inputmode="numeric"
                    class="num-in"
                    aria-invalid=year_error.is_some().then_some("true")
                />
                {year_error.map(|sentence| view! { <span class="wrong">{format!("{sentence}。")}</span> })}
                {boxes}
                <button type="submit">"计算"</button>
            </form>
        </section>
    }
    .into_any()
}

/// The box of a fact: what was typed, and what is wrong with it.
pub(super) fn fact_box(asked: &Asked, typed: &str, error: Option<&String>) -> AnyView {
    let word = asked.fact.word();
    let id = format!("fact-{word}");
    let unit = match &asked.entry {
        Entry::Number(unit) => format!("（{unit}）"),
        _ => String::new(),
    };
    let open = if asked.required { "" } else { "，没有就空着" };
    let label = format!("{}{unit}{open}", asked.label);
    let invalid = error.is_some().then_some("true");
    let choices: Option<Vec<(String, String)>> = match &asked.entry {
        Entry::YesNo => Some(["是", "否"].map(|word| (word.to_owned(), word.to_owned())).to_vec()),
        Entry::OneOf(levels) => Some(levels.iter().map(|level| (level.clone(), level.clone())).collect()),
        _ => None,
    };
    let own = typed.to_owned();
    let entry = match choices {
        Some(choices) => {
            // What somebody wrote into the address himself stays in the list.
            let strange = (!own.is_empty() && !choices.iter().any(|(value, _)| *value == own))
                .then(|| (own.clone(), own.clone()));
            let options = choices.into_iter().chain(strange).map(|(value, name)| {
                let chosen = value == own;
                view! {
                    <option value=value selected=chosen>
                        {name}
                    </option>
                }
            });
            let options = options.collect_view();
            view! {
                <select id=id.clone() name=word aria-invalid=invalid>
                    <option value="">"请选择"</option>
                    {options}
                </select>
            }
            .into_any()
        }
        None => {
            let class = (asked.entry != Entry::Words).then_some("num-in");
            view! { <input type="text" id=id.clone() name=word value=own class=class aria-invalid=invalid /> }
                .into_any()
        }
    };
    view! {
        <label for=id>{label}</label>
        {entry}
        {error.map(|sentence| view! { <span class="wrong">{format!("{sentence}。")}</span> })}
    }
    .into_any()
}

/// A box for words.
pub(super) fn plain_box(name: &'static str, label: &str, typed: &str) -> AnyView {
    view! {
        <label>
            {label.to_owned()}
            <input type="text" name=name value=typed.to_owned() />
        </label>
    }
    .into_any()
}

fn result(settled: &Settled, year: i32) -> AnyView {
    let steps = settled.trace.iter().map(|sentence| view! { <li>{sentence.clone()}</li> }).collect_view();
    let payers: Vec<String> = settled.payers.iter().map(|(name, amount)| format!("{name}{}", yuan(*amount))).collect();
    let payers = (!payers.is_empty()).then(|| view! { <p>{format!("出资：{}。", payers.join("、"))}</p> });
    view! {
        <div class="notice" role="status">
            <p>
                <b>{format!("{year}年：{}", settled.answer.text())}</b>
            </p>
            {payers}
            <ol>{steps}</ol>
        </div>
    }
    .into_any()
}

/// What cannot bind, or what the document leaves to somebody.
fn findings(plan: &Plan) -> AnyView {
    let found: Vec<Finding> = check(plan).into_iter().filter(|it| it.code.starts_with("policy_")).collect();
    if found.is_empty() {
        return ().into_any();
    }
    let items = found.into_iter().map(|finding| view! { <li>{format!("{}。", finding.message)}</li> }).collect_view();
    view! {
        <h2>"待明确"</h2>
        <p class="subtitle">"文件没有写明，或写了用不到的。只提示，不改动文件里的任何数。"</p>
        <ul class="findings">{items}</ul>
    }
    .into_any()
}
