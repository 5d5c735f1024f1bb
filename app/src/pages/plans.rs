//! `/plans`: the plans there are.

use domain::calendar::span_of_years;
use leptos::prelude::*;

use super::plan_edit::may_create;
use crate::backend::backend;
use crate::parts::{Menu, Page, page};

#[component]
pub(crate) fn Plans() -> impl IntoView {
    page(async {
        let plans = backend().plans().await?;
        let unreadable = backend().unreadable_plans().await?.into_iter().map(|plan| {
            view! {
                <p class="notice act" role="alert">
                    {format!(
                        "{}。其他计划不受影响；请管理员用修订过的计划文件重新导入。",
                        plan.sentence(),
                    )}
                </p>
            }
        });
        let unreadable = unreadable.collect_view();
        let empty = plans
            .is_empty()
            .then(|| view! { <p>"还没有计划。用 "<code>"jigai import plan 计划.plan.toml"</code>" 导入。"</p> });
        let create = may_create().then(|| {
            view! {
                <p>
                    <a class="button" href="/plans/new">
                        "新建计划"
                    </a>
                </p>
            }
        });
        let items = plans.iter().map(|version| {
            let plan = &version.plan;
            let years = span_of_years(plan.years);
            let split = plan.default_goal().splits.len();
            let split = if split > 0 {
                format!("，分解到 {split} 个单位")
            } else {
                "，没有分解到单位".to_owned()
            };
            let number = plan.document.number.clone().map(|number| format!("　{number}")).unwrap_or_default();
            view! {
                <li>
                    <a href=format!("/plans/{}", plan.id)>
                        <b>{plan.title.clone()}</b>
                    </a>
                    <p class="subtitle">{format!("{}　{years}{number}", plan.region.name)}</p>
                    <p>{format!("{} 项目标{split}；第 {} 版", plan.goals.len(), version.version)}</p>
                </li>
            }
        });
        let items = items.collect_view();
        let body = view! {
            <section class="text-page">
                <h1>"计划"</h1>
                {create}
                {unreadable}
                {empty}
                <ul class="plain cards-list">{items}</ul>
            </section>
        };
        Ok(Page::new("计划", Menu::Plans, body))
    })
}
