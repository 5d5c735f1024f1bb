//! `/plans/{plan}/changes`: every version of a plan, with what changed in targets.

use domain::calendar::{at_shanghai, chinese_date};
use leptos::prelude::*;

use super::param;
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, page};
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
        let body = view! {
            <section class="text-page">
                <h1>{title.clone()}</h1>
                {items}
                <p>
                    <a href=format!("/plans/{plan}")>"回到计划"</a>
                </p>
            </section>
        };
        Ok(Page::new(title, Menu::Plans, body))
    })
}
