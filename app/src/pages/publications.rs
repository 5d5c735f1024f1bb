//! `/publications/{plan}/{kind}/{subject}/{period}[/e{n}]`: a comparison, a quarter's library of projects or a closed
//! result as it was published, with
//! who signed for it; `/publish/{plan}/{period}/{comparison}`: the comparison before it is frozen.

use domain::bulletin::tables::Table;
use domain::calendar::{at_shanghai, chinese_date};
use domain::comparison::{Correction, Quarter, label};
use domain::month::Period;
use domain::plan::Plan;
use domain::policy::notice;
use domain::projects::edition::{LIBRARY, LibraryEdition};
use domain::rights::{Action, Object};
use domain::selection::edition::{SelectionEdition, Stage};
use domain::shown::DASH;
use leptos::prelude::*;
use office::commands::publish::field;
use office::facts::{
    ComparisonProposal, Publication, PublicationBody, PublicationKey, PublicationKind, PublicationSummary,
};
use office::posted::Posted;
use office::publications::{has, name_of};

use super::publish::publish_form;
use super::year_end::result_table;
use super::{param, receipts};
use crate::backend::backend;
use crate::load::period_of;
use crate::parts::{Menu, Page, PageError, alert, data_table, links, page};

#[component]
pub(crate) fn PublicationPage() -> impl IntoView {
    let [plan, kind, subject, period, edition] = ["plan", "kind", "subject", "period", "edition"].map(param);
    page(async move { load(&plan, &kind, &subject, &period, &edition).await })
}

async fn load(plan: &str, kind: &str, subject: &str, period: &str, edition: &str) -> Result<Page, PageError> {
    let backend = backend();
    let version = backend.plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let plan = &version.plan;
    let none = || PageError::not_found("没有这个评比或考核结果，或它还没有公布。").with_link("往期通报", "/bulletins");
    let period = Period::parse(period).map_err(|_| none())?;
    let kind = PublicationKind::parse(kind).ok_or_else(none)?;
    let key = PublicationKey { plan: plan.id.clone(), kind, subject: subject.to_owned(), period };
    let number = match edition {
        "" => None,
        text => Some(text.strip_prefix('e').and_then(|digits| digits.parse().ok()).ok_or_else(none)?),
    };
    let found = backend.publication(&key, number).await?.ok_or_else(none)?;
    let all: Vec<PublicationSummary> =
        backend.publications().await?.into_iter().filter(|other| other.key == key).collect();
    let title = found.summary.key.title(plan);
    let body = view! {
        <article class="text-page wide">
            <h1>{title.clone()}</h1>
            {head(plan, &found, &all)}
            {corrected_claims(plan, &found.body).await?}
            {body_of(&found.body, plan)}
            <p class="notes">
                {format!("第{}版　SHA-256 ", found.summary.edition)}
                <code class="hash">{found.summary.sha256.clone()}</code>
            </p>
        </article>
        {receipts::of_publication(plan, &found.summary).await?}
    };
    Ok(Page::new(title, Menu::Bulletins, body))
}

/// What later notices made of the claims that this one put before the public.
async fn corrected_claims(plan: &Plan, body: &PublicationBody) -> Result<Option<AnyView>, PageError> {
    let PublicationBody::Claims(notice) = body else { return Ok(None) };
    let notices = backend().claim_notices(plan, notice.year).await?;
    let lines = notice::corrected(notice, &notices).into_iter().map(|(said, (at, later))| {
        let day = at_shanghai(*at).date_naive();
        let address = links::claim_notice(&plan.id, later.year, later.number, day);
        view! {
            <p class="notice act">
                {format!("{said}，见")} <a href=address>{later.title()}</a> "。"
            </p>
        }
    });
    let lines: Vec<_> = lines.collect();
    Ok((!lines.is_empty()).then(|| lines.into_any()))
}

/// A selection's notice or result, with the reasons of every place.
fn selection(edition: &SelectionEdition) -> AnyView {
    let why = edition.lines.iter().map(|line| {
        let said = format!("第{}名　{}：{}", line.place, line.name, line.why.concat());
        view! { <li class="free">{said}</li> }
    });
    let label = if edition.stage == Stage::Notice { "公示名单" } else { "入选名单" };
    view! {
        {sentences(&edition.sentences)}
        {table(label, &edition.table())}
        <details>
            <summary>"每一名的得分和理由"</summary>
            <ul>{why.collect_view()}</ul>
        </details>
    }
    .into_any()
}

/// What an edition holds.
fn body_of(body: &PublicationBody, plan: &Plan) -> AnyView {
    match body {
        PublicationBody::Comparison(quarter) => comparison(quarter),
        PublicationBody::Library(edition) => library(edition),
        PublicationBody::Claims(notice) => view! {
            {sentences(&notice.sentences)}
            {table("公示名单", &notice.table())}
        }
        .into_any(),
        PublicationBody::Selection(edition) => selection(edition),
        PublicationBody::Result(result) => {
            let replaced = result.replaces.as_ref().map(|of| view! { <p>{format!("{}。", of.sentence())}</p> });
            view! {
                {replaced}
                {result_table(result, plan.near)}
            }
            .into_any()
        }
    }
}

/// Edition, day, files; that it was corrected, or corrects.
fn head(plan: &Plan, found: &Publication, all: &[PublicationSummary]) -> AnyView {
    let summary = &found.summary;
    let day = chinese_date(at_shanghai(summary.at).date_naive());
    let demo = if found.body.is_demo() { "演示数据，非官方统计　" } else { "" };
    let said = match summary.key.kind {
        PublicationKind::Comparison
        | PublicationKind::Library
        | PublicationKind::Claims
        | PublicationKind::Selection => "发布",
        PublicationKind::Result => "由两人办结",
    };
    let file = |ending: &str| links::publication_file(summary, ending);
    let newest = all.iter().map(|other| other.edition).max().unwrap_or(summary.edition);
    let replaced = (newest > summary.edition).then(|| {
        view! {
            <p class="notice act">
                {format!("本版已更正，以第{newest}版为准。")}
                <a href=links::publication(&summary.key, newest)>{format!("查看第{newest}版")}</a>
            </p>
        }
    });
    let earlier = (summary.edition > 1).then(|| {
        let before = summary.edition - 1;
        let reason = summary.reason.clone().unwrap_or_default();
        view! {
            <p class="notice">
                {format!("本版更正第{before}版。原因：{reason}。")}
                <a href=links::publication(&summary.key, before)>{format!("查看第{before}版")}</a>
            </p>
        }
    });
    let standing = (summary.key.kind == PublicationKind::Result).then(|| {
        let address = super::year_end::address(&plan.id, &summary.key.subject, summary.key.period.year);
        view! { <a href=address>"核验和办结"</a> }
    });
    view! {
        <p class="subtitle">
            {format!("{demo}{}　第{}版　{day}{said}　{}", plan.title, summary.edition, summary.actor)}
        </p>
        {replaced}
        {earlier}
        <div class="toolbar">
            <span class="tools">
                {standing} <a href=file("pdf")>"PDF"</a> <a href=file("docx")>"Word"</a> <a href=file("csv")>"CSV"</a>
                <a href=file("json")>"JSON"</a>
            </span>
        </div>
    }
    .into_any()
}

/// What the comparison says, its table, and what a correction changed.
fn comparison(quarter: &Quarter) -> AnyView {
    view! {
        {sentences(&quarter.sentences)}
        {table("评比表", &quarter.table())}
        <p class="notes">{quarter.notes.concat()}</p>
        {corrected(quarter.correction.as_ref())}
    }
    .into_any()
}

/// The library at a quarter's end: by unit, who came and went, every project.
fn library(edition: &LibraryEdition) -> AnyView {
    let moved = edition.moved();
    let moved = (!moved.rows.is_empty()).then(|| {
        view! {
            <h2>"入库和退库"</h2>
            {table("入库和退库", &moved)}
        }
    });
    view! {
        {sentences(&edition.sentences)}
        <h2>"汇总"</h2>
        {table("各单位汇总", &edition.by_unit)}
        <p class="notes">{edition.notes.concat()}</p>
        {moved}
        <h2>"项目"</h2>
        {table("在库项目", &edition.list)}
        {corrected(edition.correction.as_ref())}
    }
    .into_any()
}

fn sentences(said: &[String]) -> AnyView {
    said.iter().map(|sentence| view! { <p>{sentence.clone()}</p> }).collect_view().into_any()
}

fn corrected(correction: Option<&Correction>) -> Option<AnyView> {
    let correction = correction?;
    let lines = correction.changes.iter().map(|change| {
        view! { <li>{format!("{} {}：{} → {}", change.name, change.what, change.before, change.after)}</li> }
    });
    let said = match correction.changes.len() {
        0 => "数没有改动，只改文字。".to_owned(),
        count => format!("改动 {count} 处。"),
    };
    Some(
        view! {
            <h2>"更正对照"</h2>
            <p>{said}</p>
            <ul class="notes">{lines.collect_view()}</ul>
        }
        .into_any(),
    )
}

/// A table as it was frozen; a column of figures stands at the right.
fn table(label: &'static str, table: &Table) -> AnyView {
    let is_figure = |at: usize| {
        let figure = |cell: &String| {
            cell.is_empty() || cell == DASH || cell.starts_with(|c: char| c.is_ascii_digit() || c == '−')
        };
        at > 0 && table.rows.iter().all(|row| row.get(at).is_none_or(figure))
    };
    let right: Vec<bool> = (0..table.header.len()).map(is_figure).collect();
    // The cell that names the line: the first with words.
    let names = table.header.iter().position(|head| head.ends_with("名称")).unwrap_or(0);
    let heads = table.header.iter().zip(&right).map(|(head, right)| {
        view! {
            <th scope="col" class=right.then_some("r")>
                {head.clone()}
            </th>
        }
    });
    let heads = heads.collect_view();
    let rows = table.rows.iter().map(|line| {
        let cells = line.iter().zip(&table.header).zip(&right).enumerate().map(|(at, ((cell, head), right))| {
            if at == names {
                return view! { <th scope="row">{cell.clone()}</th> }.into_any();
            }
            let class = match (right, cell == DASH) {
                (true, true) => "r empty",
                (true, false) => "r",
                _ => "said",
            };
            view! {
                <td class=class data-name=head.clone()>
                    {cell.clone()}
                </td>
            }
            .into_any()
        });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label=label>
            <table class="data all-goals">
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
pub(crate) fn PublishComparison() -> impl IntoView {
    let [plan, period, id] = ["plan", "period", "comparison"].map(param);
    page(async move {
        let backend = backend();
        let version = backend.plan_versions(&plan).await?.pop().ok_or_else(|| PageError::no_plan(&plan))?;
        let plan = &version.plan;
        let period = period_of(plan, &period)?;
        let own = backend
            .viewer()
            .is_some_and(|viewer| viewer.may(Action::Publish, Object::office(plan.region.id())).is_ok());
        if !own || !has(plan, &id) {
            return Err(PageError::not_found("没有这项评比或项目库可发布，或它不属于您的地区。"));
        }
        let proposal = backend.comparison_proposal(plan, &id, period).await?;
        Ok(shown(plan, &id, period, proposal))
    })
}

fn shown(plan: &Plan, id: &str, period: Period, proposal: ComparisonProposal) -> Page {
    let posted = use_context::<Posted>().unwrap_or_default();
    let title = format!("发布{}{}", label(period), name_of(plan, id));
    let corrects = proposal.corrects;
    let proof = match &proposal.proof {
        Some(proof) => {
            let at = at_shanghai(proof.at).format("%Y年%-m月%-d日 %H:%M");
            format!("审计链完整，核验于{at}；此后的记录和用到的全部数据，发布时再核验。")
        }
        None => "审计链完整与否，发布时核验；核验不通过就不发布。".to_owned(),
    };
    let body = match proposal.body {
        Err(sentence) => view! { <p class="notice">{format!("{sentence}。")}</p> }.into_any(),
        Ok(proposed) => {
            let unchanged = corrects.filter(|_| proposal.unchanged);
            let form = match unchanged {
                Some(edition) => {
                    view! { <p class="notice">{format!("与已发布的第{edition}版相同，不用再发布。")}</p> }.into_any()
                }
                None => publish_form(
                    links::publish_comparison(&plan.id, period, id),
                    proposal.based_on.to_string(),
                    corrects,
                    "更正原因（写进新的一版）",
                    posted.text(field::REASON),
                    (),
                )
                .into_any(),
            };
            view! {
                {form}
                <h2>"预览"</h2>
                {body_of(&proposed, plan)}
            }
            .into_any()
        }
    };
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{format!("{}　{proof}", plan.title)}</p>
            {posted.error.clone().map(alert)}
            {body}
        </section>
    };
    Page::new(title, Menu::Todo, body)
}

/// A plan's publications below its bulletins: the newest first, and where the publisher makes the next.
pub(crate) fn list(plan: &Plan, all: &[PublicationSummary], publisher: bool, now: i64) -> Option<AnyView> {
    let own: Vec<&PublicationSummary> = all.iter().filter(|found| found.key.plan == plan.id).collect();
    let rows = own.iter().map(|found| {
        let newest = own.iter().filter(|other| other.key == found.key).map(|other| other.edition).max();
        let state = if newest == Some(found.edition) { "有效" } else { "已被更正" };
        view! {
            <tr>
                <th scope="row">
                    <a href=links::publication(&found.key, found.edition)>{found.key.title(plan)}</a>
                </th>
                <td>{format!("第{}版", found.edition)}</td>
                <td>{state}</td>
                <td>{chinese_date(at_shanghai(found.at).date_naive())}</td>
                <td class="hash">
                    <code>{found.sha256[..12].to_owned()}</code>
                </td>
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    let to_publish = if publisher { due(plan, now) } else { Vec::new() };
    let to_publish: Vec<_> = to_publish
        .into_iter()
        .map(|(id, period)| {
            let out = own.iter().any(|found| found.key.subject == id && found.key.period == period);
            let name = name_of(plan, &id);
            let what = if out { "更正" } else { "发布" };
            view! {
                <li>
                    <a href=links::publish_comparison(
                        &plan.id,
                        period,
                        &id,
                    )>{format!("{what}{}{name}", label(period))}</a>
                </li>
            }
        })
        .collect();
    if rows.is_empty() && to_publish.is_empty() {
        return None;
    }
    let heads = ["评比、项目库和考核结果", "版次", "状态", "公布日期", "校验码"].map(|head| (head, false));
    let table = (!rows.is_empty()).then(|| data_table("评比、项目库和考核结果", "data list", &heads, rows));
    Some(
        view! {
            {table}
            <ul class="notes">{to_publish}</ul>
        }
        .into_any(),
    )
}

/// The quarters that are over and may be compared, of the plan's newest year that has begun: newest first.
pub(super) fn due(plan: &Plan, now: i64) -> Vec<(String, Period)> {
    let quarters = quarters(plan, now).into_iter();
    quarters.flat_map(|period| plan.comparisons.iter().map(move |comparison| (comparison.id.clone(), period))).collect()
}

/// The quarters that are over, of the plan's newest year that has any: newest first.
pub(super) fn quarters(plan: &Plan, now: i64) -> Vec<Period> {
    let today = at_shanghai(now).date_naive();
    let years = (plan.years.0..=plan.years.1).rev().map(|year| {
        let all = [12, 9, 6, 3].map(|month| Period { year, month });
        all.into_iter().filter(|period| period.last_day() < today).collect::<Vec<_>>()
    });
    years.into_iter().find(|quarters| !quarters.is_empty()).unwrap_or_default()
}

/// The library's editions, and for the publisher the quarters of the newest year that have none.
pub(super) async fn of_library(plan: &Plan) -> Result<Option<AnyView>, PageError> {
    let backend = backend();
    let mut own = backend.publications().await?;
    own.retain(|found| found.key.plan == plan.id && found.key.kind == PublicationKind::Library);
    let newest =
        own.iter().filter(|found| own.iter().all(|other| other.key != found.key || other.edition <= found.edition));
    let out = newest.map(|found| {
        let said = format!("{}（第{}版）", label(found.key.period), found.edition);
        view! { <a href=links::publication(&found.key, found.edition)>{said}</a> }.into_any()
    });
    let mut all: Vec<AnyView> = out.collect();
    let office = Object::office(plan.region.id());
    if backend.viewer().is_some_and(|viewer| viewer.may(Action::Publish, office).is_ok()) {
        let missing = quarters(plan, backend.now()).into_iter().take(1);
        all.extend(missing.map(|period| {
            let is_out = own.iter().any(|found| found.key.period == period);
            let verb = if is_out { "更正" } else { "发布" };
            let said = format!("{verb}{}的季度版", label(period));
            view! { <a href=links::publish_comparison(&plan.id, period, LIBRARY)>{said}</a> }.into_any()
        }));
    }
    let all: Vec<AnyView> = all.into_iter().flat_map(|link| [" ".into_any(), link]).collect();
    Ok((!all.is_empty()).then(|| view! { <p>"季度版：" {all}</p> }.into_any()))
}
