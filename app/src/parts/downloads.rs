//! A table taken away as a file, and the day that it is of.

use chrono::NaiveDate;
use leptos::prelude::*;

/// The files of a table: their address without its ending, and what of the page's choice goes with it, from `?` on.
pub(crate) fn downloads(of: &str, query: &str) -> AnyView {
    let files = ["xlsx", "csv", "json"]
        .map(|ending| view! { <a href=format!("{of}.{ending}{query}")>{ending.to_uppercase()}</a> " " });
    view! { "下载：" {files.into_iter().collect_view()} }.into_any()
}

/// The form that asks the page `at` for another day; `name` is that of its box.
pub(crate) fn day_chooser(at: String, label: &'static str, name: &'static str, day: NaiveDate) -> AnyView {
    view! {
        <form method="get" action=at class="chooser">
            <label>{label} " " <input type="text" name=name value=day.to_string() /></label>
            <button type="submit" class="second">
                "看这一天"
            </button>
        </form>
    }
    .into_any()
}
