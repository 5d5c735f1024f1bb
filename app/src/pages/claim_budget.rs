//! `/claims/{plan}/{year}/budget`: what the year's claims cost under a supposed budget, by approval and pro rata, and
//! who gets how much less; with another share or cap of one policy if somebody likes. A plain form that keeps nothing.

use std::collections::BTreeMap;

use domain::calendar::at_shanghai;
use domain::money::Amount;
use domain::plan::Plan;
use domain::plan::policy::Order;
use domain::policy::record::{had, known_of, stated_by, years};
use domain::policy::what_if::{Line, Share, Supposed, WhatIf, field, what_if};
use domain::policy::{alike, yuan};
use domain::rights::{Action, Object};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::claims::plan_of_year;
use super::param;
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, links, page};

#[component]
pub(crate) fn ClaimBudget() -> impl IntoView {
    let (plan, year) = (param("plan"), param("year"));
    let query = use_query_map().get_untracked();
    let typed: BTreeMap<String, String> =
        query.into_iter().map(|(key, text)| (key.into_owned(), text.trim().to_owned())).collect();
    page(async move { load(&plan, &year, &typed).await })
}

async fn load(plan: &str, year: &str, typed: &BTreeMap<String, String>) -> Result<Page, PageError> {
    let backend = backend();
    let (version, year) = plan_of_year(plan, year).await?;
    let plan = &version.plan;
    let office = Object::office(plan.region.id());
    // A county knows its own claims only, and a budget is shared among all.
    if backend.viewer().is_none_or(|viewer| viewer.may(Action::ReadClaims, office).is_err()) {
        return Err(PageError::not_found("预算测算只有本办公室和财政部门能看。")
            .with_link("奖补申报", links::claims(&plan.id, &year.to_string())));
    }
    let mut years = years(&plan.policies, &backend.claim_years(plan).await?);
    let had = had(&years, year);
    let records = years.remove(&year).unwrap_or_default();
    let claims = stated_by(&records);
    let text = |name: &str| typed.get(name).map(String::as_str).unwrap_or_default();
    let asks = field::ALL.into_iter().any(|name| !text(name).is_empty());
    let (found, wrong) = match asks.then(|| Supposed::read(&plan.policies, text)) {
        None => (None, Vec::new()),
        Some(Err(wrong)) => (None, wrong),
        Some(Ok(supposed)) => {
            let known = known_of(&records, had);
            (Some(what_if(plan, &known, &claims, year, &supposed)), Vec::new())
        }
    };
    let problem = (!wrong.is_empty()).then(|| alert("有几处没有看懂，请改好标出的地方再算。".to_owned()));
    let empty = claims.is_empty().then(|| view! { <p class="notice">"这一年还没有申报，测算出来都是0。"</p> });
    let day = at_shanghai(backend.now()).date_naive();
    let result = found.map(|found| result(&found, day));
    let title = format!("{year}年奖补预算测算");
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=links::claims(
                    &plan.id,
                    &year.to_string(),
                )>{format!("{}：{year}年申报和兑付", plan.title)}</a>
            </p>
            <p>
                {format!(
                    "按已经填报的{}项申报试算（退回的不计），不保存，也不改动计划、申报和已作的决定。",
                    claims.len(),
                )}
            </p>
            {empty}
            {problem}
            {form(plan, year, &text, &wrong)}
            {result}
        </section>
    };
    Ok(Page::new(title, Menu::Plans, body))
}

fn form<'t>(plan: &Plan, year: i32, text: &impl Fn(&str) -> &'t str, wrong: &[(&'static str, String)]) -> AnyView {
    let typed_box = |name: &'static str, label: &'static str| {
        let sentence = wrong.iter().find(|(of, _)| *of == name).map(|(_, sentence)| format!("{sentence}。"));
        view! {
            <label for=name>{label}</label>
            <input
                type="text"
                id=name
                name=name
                value=text(name).to_owned()
                class="num-in"
                aria-invalid=sentence.is_some().then_some("true")
            />
            {sentence.map(|sentence| view! { <span class="wrong">{sentence}</span> })}
        }
    };
    let computed = || plan.policies.list.iter().filter(|policy| policy.computes());
    let policies = || computed().map(|policy| (policy.id.clone(), policy.title.clone()));
    let groups = plan.policies.groups.iter().map(|group| (group.id.clone(), format!("{}（政策组）", group.title)));
    let chosen_box = |name: &'static str, label: &'static str, none: &str, all: Vec<(String, String)>| {
        let typed = text(name).to_owned();
        let sentence = wrong.iter().find(|(of, _)| *of == name).map(|(_, sentence)| format!("{sentence}。"));
        // What somebody wrote into the address himself stays in the list.
        let strange =
            (!typed.is_empty() && all.iter().all(|(id, _)| *id != typed)).then(|| (typed.clone(), typed.clone()));
        let options = std::iter::once((String::new(), none.to_owned())).chain(all).chain(strange).map(|(id, title)| {
            let chosen = id == typed;
            view! {
                <option value=id selected=chosen>
                    {title}
                </option>
            }
        });
        view! {
            <label for=name>{label}</label>
            <select id=name name=name aria-invalid=sentence.is_some().then_some("true")>
                {options.collect_view()}
            </select>
            {sentence.map(|sentence| view! { <span class="wrong">{sentence}</span> })}
        }
    };
    view! {
        <form
            id="suppose"
            method="get"
            action=links::claim_budget(&plan.id, year)
            class="stacked"
            autocomplete="off"
        >
            {typed_box(field::BUDGET, "预算（万元；别的单位请写明，例如 1.2亿元）")}
            {chosen_box(field::OF, "这笔钱给", "当年全部奖补", groups.chain(policies()).collect())}
            <p class="notes">
                "选了某一项政策或政策组的，这笔钱代替文件写的资金总额，以前年度已用的先扣除；文件另写的限额照算。"
            </p>
            {chosen_box(field::CHANGED, "同时假设改一项政策", "不改", policies().collect())}
            {typed_box(field::SHARE, "改后的比例（%），不改就空着")}
            {typed_box(field::CAP, "改后的上限（万元），不改就空着")}
            <button type="submit">"测算"</button>
        </form>
    }
    .into_any()
}

fn result(found: &WhatIf, day: chrono::NaiveDate) -> AnyView {
    let changes = found.changes.iter().map(|change| view! { <p>{format!("{change}。")}</p> }).collect_view();
    let readings = found.readings.iter().map(|reading| {
        let lamp = if reading.short.0 > 0 { "notice act" } else { "notice" };
        view! { <p class=lamp>{reading.sentence()}</p> }
    });
    let same = (!found.parts() && !found.lines.is_empty()).then(|| view! { <p class="notes">"两种先后算得一样。"</p> });
    let open = (found.open > 0)
        .then(|| view! { <p class="notes">{format!("另有{}项还没有确定的金额，不在合计内。", found.open)}</p> });
    let shares = found.lines.iter().flat_map(|line| Order::ALL.map(|order| line.of(order))).flatten();
    let print = alike(shares.flat_map(|share| [share.asks, share.given, share.less]));
    let rows = found.lines.iter().map(|line| row(line, &print)).collect_view();
    let table = (!found.lines.is_empty()).then(|| {
        let heads = Order::ALL.map(|order| {
            view! {
                <th scope="col" class="r">
                    {format!("{}可得", order.name())}
                </th>
                <th scope="col" class="r">
                    "少得"
                </th>
            }
        });
        view! {
            <div class="scroll" tabindex="0" role="group" aria-label="表格">
                <table class="data stack">
                    <thead>
                        <tr>
                            <th scope="col">"申报"</th>
                            <th scope="col">"政策"</th>
                            <th scope="col">"按现行条款"</th>
                            <th scope="col" class="r">
                                "不设这项预算"
                            </th>
                            {heads.into_iter().collect_view()}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="notes">
                "按批准先后：先确认决定的先得（记到秒），还没有批准的排在最后，彼此按比例。"
                "按比例：各项按应得的比例分，不足一元的按申报编号先后落到各项。"
            </p>
        }
    });
    let heading = format!("“{}”预算{}", found.title, yuan(found.budget));
    view! {
        <section id="result" role="status">
            <h2>{heading}</h2>
            <p class="subtitle">{format!("{}的申报", domain::calendar::chinese_date(day))}</p>
            {changes}
            {readings.collect_view()}
            {same}
            {open}
            {table}
        </section>
    }
    .into_any()
}

fn row(line: &Line, print: &impl Fn(Amount) -> String) -> AnyView {
    let project = if line.project.is_empty() { String::new() } else { format!("（{}）", line.project) };
    let sum = |share: Option<Share>, of: fn(Share) -> Amount| share.map_or_else(|| "—".to_owned(), |it| print(of(it)));
    let shares = Order::ALL.map(|order| {
        let share = line.of(order);
        let less = match share.map(|share| share.less.0) {
            Some(0) | None => "—".to_owned(),
            Some(_) => sum(share, |share| share.less),
        };
        view! {
            <td class="r" data-name=format!("{}可得", order.name())>
                {sum(share, |share| share.given)}
            </td>
            <td class="r" data-name="少得">
                {less}
            </td>
        }
    });
    view! {
        <tr>
            <th scope="row">{format!("{} {}{project}", line.claim, line.recipient)}</th>
            <td data-name="政策">{line.policy_title.clone()}</td>
            <td data-name="按现行条款">{line.now_text.clone()}</td>
            <td class="r" data-name="不设这项预算">
                {sum(line.by_approval, |share| share.asks)}
            </td>
            {shares.into_iter().collect_view()}
        </tr>
    }
    .into_any()
}
