//! `/report/{plan}/{period}/{region}`: the entry form, the check page before a submission, the receipt.
//!
//! Complete without script; the island `EntryHelper` works on the same form.

mod check;
mod dialogs;
mod fields;
mod form;
pub(crate) mod head;
mod preview;
mod print;
pub(crate) mod projects;
pub(crate) mod read;
mod steps;

use leptos::prelude::*;

use check::{check_page, receipt_page};
use form::form_page;
pub use head::{Conflicts, MovedBy};
pub use preview::PastePreview;
use print::print_page;

use super::param;
use crate::backend::backend;
use crate::load;
use crate::parts::page;

#[component]
pub(crate) fn OwnReport() -> impl IntoView {
    let (plan, period) = (param("plan"), param("period"));
    page(async move {
        let backend = backend();
        let own = backend.viewer().and_then(|viewer| viewer.post.as_ref()).and_then(|post| post.domain.unit.clone());
        match own {
            Some(unit) => form_page(load::report(&plan, &period, &unit).await?).await,
            // The office has no form of its own: it looks at all of them.
            None => super::review::matrix(&plan, &period).await,
        }
    })
}

#[component]
pub(crate) fn ReportForm() -> impl IntoView {
    let (plan, period, region) = (param("plan"), param("period"), param("region"));
    page(async move { form_page(load::report(&plan, &period, &region).await?).await })
}

#[component]
pub(crate) fn CheckReport() -> impl IntoView {
    let (plan, period, region) = (param("plan"), param("period"), param("region"));
    page(async move { check_page(load::report(&plan, &period, &region).await?).await })
}

#[component]
pub(crate) fn Receipt() -> impl IntoView {
    let (plan, period, region) = (param("plan"), param("period"), param("region"));
    page(async move { receipt_page(&load::report(&plan, &period, &region).await?).await })
}

#[component]
pub(crate) fn SignSheet() -> impl IntoView {
    let (plan, period, region) = (param("plan"), param("period"), param("region"));
    page(async move { print_page(&load::report(&plan, &period, &region).await?) })
}
