//! A button beside what it copies.

use leptos::prelude::*;

use crate::islands::copy::Copy;

/// Copies the text of the element with this id; hidden where no script runs.
pub(crate) fn copy_button(of: String) -> AnyView {
    view! {
        <button type="button" id=format!("copy-{of}") class="second copy" hidden=true>
            "复制"
        </button>
        <Copy of />
    }
    .into_any()
}
