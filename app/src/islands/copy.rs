//! A button that copies what stands beside it: without script there is none, and the text can be selected as ever.

use leptos::prelude::*;

/// Copies the text of the element with this id.
#[island]
pub fn Copy(of: String) -> impl IntoView {
    let copied = RwSignal::new(None::<bool>);
    let ready = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| ready.set(true));
    let click = move |_| {
        #[cfg(feature = "hydrate")]
        copied.set(Some(super::copying::copy(&of)));
        let _ = &of;
    };
    view! {
        <button type="button" class="second copy" hidden=move || !ready.get() on:click=click>
            {move || match copied.get() {
                None => "复制",
                Some(true) => "已复制",
                Some(false) => "没有复制成，请选中后按 Ctrl+C",
            }}
        </button>
    }
}
