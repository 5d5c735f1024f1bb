//! `/bulletins`: every plan's editions, newest first, and what else was published of it.

use domain::calendar::{at_shanghai, chinese_date};
use domain::rights::{Action, Object};
use leptos::prelude::*;

use crate::backend::backend;
use crate::parts::{Menu, Page, data_table, links, page};
use office::facts::{EditionSummary, PlanVersion};

#[component]
pub(crate) fn Bulletins() -> impl IntoView {
    page(async {
        let backend = backend();
        let (plans, editions) = (backend.plans().await?, backend.editions().await?);
        let publications = backend.publications().await?;
        let publishes = |plan: &PlanVersion| {
            let office = Object::office(plan.plan.region.id());
            backend.viewer().is_some_and(|viewer| viewer.may(Action::Publish, office).is_ok())
        };
        let lists = plans.iter().filter_map(|plan| {
            let bulletins = list(&editions, &plan.plan.id);
            let others = super::publications::list(&plan.plan, &publications, publishes(plan), backend.now());
            if bulletins.is_none() && others.is_none() {
                return None;
            }
            let view = view! {
                <h2>{plan.plan.region.name.clone()}"："{plan.plan.title.clone()}</h2>
                {bulletins}
                {others}
            };
            Some(view.into_any())
        });
        let lists: Vec<AnyView> = lists.collect();
        let empty = lists.is_empty().then(|| view! { <p>"还没有发布过通报。"</p> });
        let body = view! {
            <section class="text-page wide">
                <h1>"往期通报"</h1>
                {empty}
                {lists}
            </section>
        };
        Ok(Page::new("往期通报", Menu::Bulletins, body))
    })
}

fn list(editions: &[EditionSummary], plan: &str) -> Option<AnyView> {
    let own: Vec<&EditionSummary> = editions.iter().filter(|edition| edition.plan == plan).collect();
    if own.is_empty() {
        return None;
    }
    let rows = own.iter().map(|edition| {
        let newest = own.iter().filter(|other| other.period == edition.period).map(|other| other.edition).max();
        let state = if newest == Some(edition.edition) { "有效" } else { "已被更正" };
        let reason = edition.reason.as_ref().map(|reason| format!("：{reason}")).unwrap_or_default();
        let kind = if edition.edition == 1 { "首次发布".to_owned() } else { format!("更正{reason}") };
        view! {
            <tr>
                <th scope="row">
                    <a href=links::edition(&edition.plan, edition.period, edition.edition)>{edition.period.label()}</a>
                </th>
                <td>{format!("第{}版", edition.edition)}</td>
                <td>{state}</td>
                <td>{chinese_date(at_shanghai(edition.published_at).date_naive())}</td>
                <td>{kind}</td>
                <td class="hash">
                    <code>{edition.sha256[..12].to_owned()}</code>
                </td>
            </tr>
        }
    });
    Some(
        view! {
            {data_table(
                "表格",
                "data list",
                &[
                    ("期间", false),
                    ("版次", false),
                    ("状态", false),
                    ("发布日期", false),
                    ("说明", false),
                    ("校验码", false),
                ],
                rows.collect_view(),
            )}
        }
        .into_any(),
    )
}
