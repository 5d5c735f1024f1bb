//! `/plans/{plan}/changes`: every version of a plan, with what changed in targets; for the office the revision that
//! waits for a second person.

use domain::calendar::{at_shanghai, chinese_date, moment};
use domain::plan::Plan;
use leptos::prelude::*;
use office::commands::keep_plan::field;
use office::facts::{Decision, PlanProposal};
use office::posted::Posted;

use super::param;
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, page};
use office::facts::PlanVersion;
use office::plan_changes::changes;

#[component]
pub(crate) fn PlanChanges() -> impl IntoView {
    let plan = param("plan");
    page(async move {
        let versions = backend().plan_versions(&plan).await?;
        let Some(newest) = versions.last() else { return Err(PageError::no_plan(&plan)) };
        let title = format!("{}：历次修订", newest.plan.title);
        let items = versions.iter().enumerate().rev().map(|(index, version)| {
            // The files' own words: the newest version stands elsewhere with its rules as the office reads them.
            let own = |version: &PlanVersion| version.own_words().map(|(plan, _)| plan);
            let before = index.checked_sub(1).and_then(|at| own(&versions[at]));
            let changes =
                before.as_ref().zip(own(version)).map(|(before, after)| changes(before, &after)).unwrap_or_default();
            let none =
                (before.is_some() && changes.is_empty()).then(|| view! { <p>"只改了文件的写法，内容没有改动。"</p> });
            let reason = version.reason.clone().unwrap_or_else(|| "首次导入".to_owned());
            let when = chinese_date(at_shanghai(version.recorded_at).date_naive());
            let changes = changes.into_iter().map(|change| view! { <li>{change}</li> }).collect_view();
            view! {
                <h2>{format!("第 {} 版", version.version)}</h2>
                <p>{format!("{when}，{}，{}；{reason}。", version.recorded_by, version.file_name)}</p>
                {none}
                <ul class="plain">{changes}</ul>
                <p class="subtitle">"SHA-256 "<code>{version.sha256.clone()}</code></p>
            }
        });
        let items = items.collect_view();
        let proposal = backend().plan_proposal(&newest.plan).await?;
        let proposal = match proposal {
            Some(open) => Some(waiting(newest, &open).await?),
            None => None,
        };
        let error = use_context::<Posted>().and_then(|posted| posted.error).map(alert);
        let body = view! {
            <section class="text-page">
                <h1>{title.clone()}</h1>
                {error}
                {proposal}
                {items}
                <p>
                    <a href=format!("/plans/{plan}")>"回到计划"</a>
                </p>
            </section>
        };
        Ok(Page::new(title, Menu::Plans, body))
    })
}

/// The revision that waits, with what it would change and what may be done about it.
async fn waiting(newest: &PlanVersion, open: &PlanProposal) -> Result<AnyView, PageError> {
    let before = newest.own_words().map(|(plan, _)| plan);
    let changes = match before.zip(open.plan()) {
        Some((before, after)) => {
            let effects = super::plan_projects::effects(&before, &after).await?;
            [changes(&before, &after), effects].concat()
        }
        None => Vec::new(),
    };
    let changes = changes.into_iter().map(|change| view! { <li>{change}</li> }).collect_view();
    let own = backend().viewer().is_some_and(|viewer| viewer.account.id == open.account);
    let button = |decision: Decision, text: &'static str, class: &'static str| {
        view! {
            <form method="post" class="step" action=format!("/plans/{}/changes", newest.plan.id)>
                <input type="hidden" name=field::DECISION value=decision.id() />
                <input type="hidden" name=field::SHA256 value=open.sha256.clone() />
                <button type="submit" class=class>
                    {text}
                </button>
            </form>
        }
    };
    let confirm = (!own).then(|| button(Decision::Confirmed, "确认修订", ""));
    let own = own.then(|| view! { <p class="subtitle">"您提出的修订，要由另一个人确认。"</p> });
    let version = newest.version;
    Ok(view! {
        <h2>"待确认的修订"</h2>
        <div class="notice act">
            <p>{format!("{}　{}提出，{}：{}。", open.actor, moment(open.at), open.file_name, open.reason)}</p>
            <p>
                {format!(
                    "确认之前只有本办公室看得到，填报、排位、导出和访客仍用第 {version} 版。与第 {version} 版相比：",
                )}
            </p>
            <ul class="plain">{changes}</ul>
            <p class="subtitle">"SHA-256 "<code>{open.sha256.clone()}</code></p>
        </div>
        {own}
        <div class="steps">{confirm}{button(Decision::Dropped, "取消修订", "second")}</div>
    }
    .into_any())
}

/// For pages of the office: that a revision waits, and where.
pub(super) async fn notice(plan: &Plan) -> Result<AnyView, PageError> {
    let Some(open) = backend().plan_proposal(plan).await? else { return Ok(().into_any()) };
    let notice = view! {
        <p class="notice act">
            {format!("{}提出的修订在等第二人确认。", open.actor)}
            <a href=format!("/plans/{}/changes", plan.id)>"查看修订"</a>
        </p>
    };
    Ok(notice.into_any())
}
