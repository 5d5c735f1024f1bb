//! Any address no page has.

use leptos::prelude::*;

use crate::parts::{PageError, page};

#[component]
pub(crate) fn NotFound() -> impl IntoView {
    page(async {
        Err(PageError::not_found("没有这个页面，地址可能写错了，或者内容已移走。").with_link("往期通报", "/bulletins"))
    })
}
