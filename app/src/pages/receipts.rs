//! 签收 under an edition: the button for whoever signs, the list for the office.

use domain::rights::{Action, Object};
use domain::workflow::State;
use leptos::prelude::*;

use crate::backend::backend;
use crate::parts::{PageError, links};
use domain::calendar::moment;
use domain::plan::Plan;
use office::facts::{EditionReceipt, EditionSummary, PublicationSummary};

/// Whether whoever looks should sign for this edition and has not.
pub(super) async fn is_unsigned(summary: &EditionSummary) -> Result<bool, PageError> {
    let backend = backend();
    let Some(post) = backend.viewer().and_then(|viewer| viewer.post.clone()).filter(|post| post.domain.role.signs())
    else {
        return Ok(false);
    };
    let Some(version) = backend.plan_versions(&summary.plan).await?.pop() else { return Ok(false) };
    if post.domain.office.as_deref() != Some(version.plan.region.id()) {
        return Ok(false);
    }
    let receipts = backend.receipts(&version.plan, summary.period, summary.edition).await?;
    Ok(!receipts.iter().any(|receipt| receipt.post == post.id))
}

/// Under an edition.
pub(crate) async fn receipts(summary: &EditionSummary) -> Result<Option<AnyView>, PageError> {
    let backend = backend();
    let Some(version) = backend.plan_versions(&summary.plan).await?.pop() else { return Ok(None) };
    let signed = backend.receipts(&version.plan, summary.period, summary.edition).await?;
    let address = links::edition(&summary.plan, summary.period, summary.edition);
    section(&version.plan, &signed, &address, "签收本版通报").await
}

/// Under a comparison, or a result that was closed.
pub(crate) async fn of_publication(plan: &Plan, summary: &PublicationSummary) -> Result<Option<AnyView>, PageError> {
    let signed = backend().publication_receipts(plan, &summary.key, summary.edition).await?;
    section(plan, &signed, &links::publication(&summary.key, summary.edition), "签收").await
}

/// Whether whoever looks should sign for this publication and has not.
pub(super) async fn is_publication_unsigned(plan: &Plan, summary: &PublicationSummary) -> Result<bool, PageError> {
    let backend = backend();
    let post = backend.viewer().and_then(|viewer| viewer.post.clone()).filter(|post| post.domain.role.signs());
    let Some(post) = post.filter(|post| post.domain.office.as_deref() == Some(plan.region.id())) else {
        return Ok(false);
    };
    let signed = backend.publication_receipts(plan, &summary.key, summary.edition).await?;
    Ok(!signed.iter().any(|receipt| receipt.post == post.id))
}

/// The button at an address, or the list. Nothing for visitors and administrators.
async fn section(
    plan: &Plan,
    receipts: &[EditionReceipt],
    address: &str,
    button: &'static str,
) -> Result<Option<AnyView>, PageError> {
    let backend = backend();
    let Some(viewer) = backend.viewer().cloned() else { return Ok(None) };
    let Some(post) = &viewer.post else { return Ok(None) };
    if !post.domain.role.signs() && !post.domain.role.is_office() {
        return Ok(None);
    }
    let office = plan.region.id();
    if post.domain.role.is_office() {
        if post.domain.office.as_deref() != Some(office) {
            return Ok(None);
        }
        let posts = backend.posts().await?;
        let expected: Vec<_> = posts
            .iter()
            .filter(|held| {
                held.post.domain.role.signs()
                    && held.post.domain.office.as_deref() == Some(office)
                    && held.holder.is_some()
            })
            .collect();
        let open: Vec<&str> = expected
            .iter()
            .filter(|held| !receipts.iter().any(|receipt| receipt.post == held.post.id))
            .map(|held| held.post.title.as_str())
            .collect();
        let signed = receipts
            .iter()
            .map(|receipt| view! { <li>{format!("{}　{}", receipt.actor, moment(receipt.at))}</li> })
            .collect_view();
        let count = format!("已签收 {} 个岗位，未签收 {} 个。", receipts.len(), open.len());
        let open = (!open.is_empty()).then(|| view! { <p>{format!("还没有签收：{}。", open.join("、"))}</p> });
        return Ok(Some(
            view! {
                <section class="receipts">
                    <h2>"签收情况"</h2>
                    <p>{count}</p>
                    {open}
                    <ul class="plain">{signed}</ul>
                </section>
            }
            .into_any(),
        ));
    }
    let unit = post.domain.unit.clone().unwrap_or_default();
    if viewer.may(Action::SignReceipt, Object::of_unit(office, &unit, State::Approved)).is_err() {
        return Ok(None);
    }
    let body = match receipts.iter().find(|receipt| receipt.post == post.id) {
        Some(receipt) => view! { <p>{format!("已签收：{}　{}", receipt.actor, moment(receipt.at))}</p> }.into_any(),
        None => {
            let action = format!("{address}/receipt");
            view! {
                <form method="post" action=action>
                    <button type="submit">{button}</button>
                </form>
            }
            .into_any()
        }
    };
    Ok(Some(
        view! {
            <section class="receipts" id="receipts">
                <h2>"签收"</h2>
                {body}
            </section>
        }
        .into_any(),
    ))
}
